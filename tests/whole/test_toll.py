"""What is told of the dead: only whom somebody has seen, declared or reached, and in the end everybody who was found."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest

from sim.case import Hospital
from sim.domain import events as ev
from sim.domain.command import Conduct
from sim.domain.hazards import Effect, Found, Harm, Inputs, Involve, Over, Scene
from sim.domain.people import SEARCH, Person, Status, Triage
from sim.streams import Stream
from tests.whole.offices import DAY, HOUR, MIN, book, with_plans
from tests.whole.shipped import shipped
from tests.whole.worlds import Crew, Done, Fate, Job, Task, Told, told

SPOKEN = ("caller", "crew", "scene", "hospital")
DEADLY = ("shizong_concealed_outburst", "fuyuan_inrush", "huize_slide_raised_twice", "house_collapse_xuanwei",
          "qilin_station_knives", "shop_house_fire_qilin", "xuanwei_slide_search")  # fmt: skip


class Heap(Job):
    """A job with people: two killed at once under it, one alive under it, one killed in the open; the end digs them out."""

    def start(self, scene: Scene, stream: Stream) -> tuple[Done, Sequence[Effect]]:
        """All of it to do."""
        people = tuple(Person(f"P{i}", Status.EXPOSED, "heap", entrapment="heap") for i in range(1, 5))
        blow = (
            Involve(people),
            Harm(("P1", "P2"), Status.DEAD, why="buried", hidden=True),
            Harm(("P3",), Status.TRAPPED, why="buried"),
            Harm(("P4",), Status.DEAD, why="struck"),
        )
        return Done(self.work), blow

    def fire(self, state: Done, name: str, inputs: Inputs) -> tuple[Done, Sequence[Effect]]:
        """Somebody is dug out, living or dead, then the others; over."""
        dug = (Harm(("P3",), Status.WAITING, Triage.GREEN, "dug_out"), Found("dug", 1), Over("done"))
        return Done(0.0, True), dug


def heap(*, waits: float = 5 * DAY) -> Told:
    """The day of the heap in a city with plans: an hour's work for a crew; nobody takes anybody to hospital."""
    case = with_plans(book(), tasks=[Task(job=Heap(work=HOUR))])
    return Told(replace(case, mortality=Fate(waits)))


def figures(day: Told, sender: str) -> list[tuple[int, int, int]]:
    """(dead, trapped, waiting) in what somebody said of it, one after the other."""
    told_ = [e.sighting for e in day.all(ev.ReportSent, sender=sender)]
    return [(s.dead, s.trapped, s.waiting) for s in told_]


def test_the_buried_are_missing_and_the_fallen_are_hurt_until_somebody_is_there() -> None:
    """A caller tells of three under it and of one who lies there; the crew sees that one dead, and digs for the others."""
    day = heap()

    assert figures(day, "caller")[0] == (0, 3, 1)
    assert figures(day, "scene")[0] == (1, 3, 0)


def test_who_dies_under_it_is_no_less_missing() -> None:
    """The one alive under it dies within ten minutes, unseen: no report tells of that before they are dug out."""
    alive, dies = heap(), heap(waits=10 * MIN)
    before = [figures(day, "scene")[0] for day in (alive, dies)]

    assert before == [(1, 3, 0)] * 2
    assert (
        dies.time(ev.PersonChanged, person="F1/P3", status=Status.DEAD) < alive.times(ev.ReportSent, sender="scene")[0]
    )
    assert figures(dies, "scene")[-1][:2] == (4, 0)


def test_the_toll_converges_at_recovery() -> None:
    """Dug out one by one and with the end; everybody is found once, and all are told."""
    day = heap(waits=10 * MIN)
    found = [name for e in day.all(ev.DeadFound) for name in e.persons]

    assert Counter(found) == {"F1/P1": 1, "F1/P2": 1, "F1/P3": 1}
    assert next(e.why for e in day.all(ev.DeadFound)) == "dug_out"
    dead = [d for d, _, _ in figures(day, "scene")]
    assert dead == sorted(dead) and dead[-1] == 4


def test_the_dead_of_a_sealed_place_are_never_told() -> None:
    """It is sealed with those under it: they are neither found nor told as dead, and nobody waits for them."""

    class Sealed(Heap):
        def fire(self, state: Done, name: str, inputs: Inputs) -> tuple[Done, Sequence[Effect]]:
            return Done(0.0, True), (Harm(("P3",), Status.MISSING, why="sealed"), Over("sealed", leaves=True))

    case = with_plans(book(), tasks=[Task(job=Sealed(work=HOUR))])
    day = Told(case)

    assert not day.all(ev.DeadFound) and figures(day, "scene")[-1][:2] == (1, 0)
    assert day.all(ev.IncidentClosed)


def test_without_plans_every_death_is_known_at_once() -> None:
    """Made-up towns without plans report as they ever did, and find nobody."""
    day = told(Crew("T", "C"), tasks=[Task(job=Heap(work=HOUR))])

    assert figures(day, "caller")[0] == (3, 1, 0) and not day.all(ev.DeadFound)


@pytest.mark.parametrize("name", DEADLY)
def test_no_more_dead_are_told_than_have_died_and_all_told_add_up(name: str) -> None:
    """At every word from the spot the dead told are no more than the dead; those told dead or missing are those dead or shut in."""
    status: dict[str, Status] = {}
    searched: set[str] = set()
    sized_up = 0
    for e in shipped(name).events:
        match e:
            case ev.PersonsInvolved():
                status |= {f"{e.incident}/{p.id}": p.status for p in e.persons}
            case ev.PersonChanged():
                status[e.person] = e.status
            case ev.RescueBecameSearch():
                searched.add(e.incident)
            case ev.ReportSent(sender=sender) if sender in SPOKEN:
                here = Counter(s for who, s in status.items() if who.startswith(f"{e.incident}/"))
                seen = e.sighting
                assert seen.dead <= here[Status.DEAD]
                if sender == "scene" and e.number > 0 and e.incident not in searched and not here[Status.MISSING]:
                    assert seen.dead + seen.trapped == here[Status.DEAD] + here[Status.TRAPPED]
                    sized_up += 1
    assert sized_up > 0


@pytest.mark.parametrize("name", DEADLY)
def test_whoever_is_found_was_dead_and_out_of_sight_and_is_found_once(name: str) -> None:
    """Nobody who lives is found dead."""
    dead: set[str] = set()
    found: set[str] = set()
    for e in shipped(name).events:
        match e:
            case ev.PersonChanged(status=Status.DEAD):
                dead.add(e.person)
            case ev.DeadFound():
                assert set(e.persons) <= dead - found
                found |= set(e.persons)
    assert found <= dead


@pytest.mark.parametrize("name", [n for n in DEADLY if n != "xuanwei_slide_search"])
def test_the_last_word_from_the_spot_tells_of_all_who_died(name: str) -> None:
    """Whoever dies later, in hospital, is added by the corrections."""
    last: dict[str, tuple[int, int]] = {}
    dead: Counter[str] = Counter()
    closed: set[str] = set()
    for e in shipped(name).events:
        match e:
            case ev.PersonChanged(status=Status.DEAD):
                dead[e.incident] += 1
            case ev.ReportSent(sender="scene"):
                last[e.incident] = (e.sighting.dead, dead[e.incident])
            case ev.IncidentClosed(reason=reason) if reason != SEARCH:
                closed.add(e.incident)
    assert closed and all(told_ == truth for key, (told_, truth) in last.items() if key in closed)


# ── those who come to a doctor by themselves ──


def concealed(*who: str, people: str = "GGGG", **rules: float) -> Told:
    """A job that hurts people, kept back by these; a lightly hurt person has found a doctor after an hour."""
    numbers = {"care.own_way_green": HOUR, "care.own_way_yellow": 2 * HOUR, "conduct.found_unit": 30 * HOUR,
               "conduct.found_post": 60 * HOUR, "conduct.hospital_tells": 2 * HOUR, "conduct.hospital_line": HOUR,
               **rules}  # fmt: skip
    case = with_plans(book(), tasks=[Task(job=Job(work=HOUR, people=people))], rules=numbers, horizon=5 * DAY)
    ways = tuple(Conduct("F1", name, "concealed") for name in who)
    return Told(replace(case, city=replace(case.city, own_way=True), conduct=ways))


def test_doctors_report_several_hurt_from_one_place() -> None:
    """All four are there after an hour; two hours on the hospital tells, and what the unit hid is out, a day before the tip."""
    day = concealed("unit")
    out = day.all(ev.ConductExposed)[0]

    assert (out.t, out.by, out.how) == (HOUR + 2 * HOUR, "hospital", "hospital")
    assert day.all(ev.ReportSent, sender="hospital")[0].t == 3 * HOUR


def test_two_are_no_cluster() -> None:
    """From three on anybody is struck by it: with two the unit is found out by a tip only."""
    assert concealed("unit", people="GG").all(ev.ConductExposed)[0].how == "tip"


def test_a_county_that_hides_it_is_found_out_from_beside() -> None:
    """The line of the doctors reaches the city an hour after the county was told."""
    day = concealed("unit", "COUNTY")
    county = day.all(ev.ConductExposed, sender="COUNTY")[0]

    assert (county.t, county.how) == (4 * HOUR, "hospital")


def test_what_is_no_secret_the_doctors_need_not_tell() -> None:
    """Where a caller has called, nobody is exposed and no hospital reports."""
    day = concealed()

    assert not day.all(ev.ConductExposed) and not day.all(ev.ReportSent, sender="hospital")


def test_the_more_are_lost_the_sooner_a_family_asks() -> None:
    """The least of so many spans: with more people under it concealment never lasts longer."""
    day = Told(replace(with_plans(book(), tasks=[Task(job=Heap(work=HOUR))]), conduct=(Conduct("F1", "unit", "concealed"),),
                       rules=with_plans(book(), rules={"conduct.found_unit": 60 * HOUR}).rules))  # fmt: skip

    assert day.all(ev.ConductExposed)[0].how == "family"
    assert day.all(ev.ConductExposed)[0].t == 30.0 + 30 * HOUR


# ── first aid by those beside them ──


def test_the_unhurt_help_the_hurt_beside_them() -> None:
    """Soon somebody unhurt of the same group gives first aid, not under a heap; who lies alone has it from the crew, if at all."""

    class Bus(Job):
        def start(self, scene: Scene, stream: Stream) -> tuple[Done, Sequence[Effect]]:
            persons = (
                Person("A", Status.WAITING, "bus", Triage.RED),
                Person("B", Status.EXPOSED, "bus"),
                Person("C", Status.WAITING, "car", Triage.RED),
                Person("D", Status.TRAPPED, "bus", Triage.RED, "wreck"),
                Person("E", Status.TRAPPED, "bus", Triage.RED, "heap"),
            )
            return Done(self.work), (Involve(persons),)

    day = Told(with_plans(book(), tasks=[Task(job=Bus(work=DAY))], rules={"care.mates_after": 100.0}))
    aided = {e.person: e.t for e in day.all(ev.CareChanged) if e.care in ("buddy", "trapped_aided")}

    assert aided["F1/A"] == aided["F1/D"] == 100.0 < aided["F1/C"]
    assert "F1/E" not in aided


class Doomed(Fate):
    """Whoever comes into hospital dies there in the end."""

    def doomed(self, person: Person, latent: None) -> bool:
        """Care saves nobody."""
        return True


def ward(lives: float, horizon: float = 3 * DAY, work: float = HOUR) -> Told:
    """One badly hurt is brought to hospital in a city with plans, and lives there for so long."""
    crews = (Crew("T", "C"), Crew("M1", "C", "AMBULANCE", carries=1))
    rules = {"care.doomed_after": lives, "conduct.correction_after": HOUR}
    case = with_plans(book(), *crews, tasks=[Task(job=Job(work=work, people="R"))], rules=rules, horizon=horizon)
    city = replace(case.city, hospitals=(Hospital("H", "H", "H", "D", "K", 10),))
    return Told(replace(case, city=city, mortality=Doomed()))


@pytest.mark.parametrize("lives", [5 * HOUR, 10 * DAY])
def test_who_dies_in_hospital_after_the_field_dies_all_the_same_and_the_figures_follow(lives: float) -> None:
    """The field does not wait for them: it ends as if they lived on, and an hour after the death it is added (伤亡补报)."""
    day = ward(lives)
    ended = day.all(ev.FieldEnded)[0]
    (died,) = day.times(ev.PersonChanged, status=Status.DEAD)
    (corrected,) = day.all(ev.CasualtiesCorrected)

    assert (ended.reason, ended.t) == ("settled", ward(20 * DAY).time(ev.FieldEnded))
    assert ended.t < died
    assert (corrected.t, corrected.dead) == (died + HOUR, 1)


def test_who_dies_in_hospital_after_a_field_that_was_cut_short_is_added_too() -> None:
    """The work is not done by the horizon: nobody reports any more, so the figures are corrected from the hospital."""
    day = ward(5 * DAY, horizon=2 * DAY, work=30 * DAY)
    (died,) = day.times(ev.PersonChanged, status=Status.DEAD)

    assert day.time(ev.FieldEnded) == 2 * DAY < died
    assert [(e.t, e.dead) for e in day.all(ev.CasualtiesCorrected)] == [(died + HOUR, 1)]


def test_what_one_post_told_another_arrives_before_the_field_ends() -> None:
    """The last report up the line is heard, though nobody is left on the spot."""
    day = ward(5 * HOUR)
    heard = {e.report for e in day.all(ev.ReportReceived)}

    assert [e.report for e in day.all(ev.ReportSent) if e.sender not in SPOKEN and e.report not in heard] == []


def test_nobody_is_told_of_twice() -> None:
    """Three hurt die where they lie: from the next report on there are three dead and no hurt, and never six people."""

    class Blow(Job):
        """A job with three people hurt at once, whom nobody helps in time."""

        def start(self, scene: Scene, stream: Stream) -> tuple[Done, Sequence[Effect]]:
            """All of it to do."""
            hurt = (("P1", Triage.RED), ("P2", Triage.YELLOW), ("P3", Triage.GREEN))
            people = tuple(Person(name, Status.WAITING, "yard", colour) for name, colour in hurt)
            return Done(self.work), (Involve(people),)

    day = Told(replace(with_plans(book(), tasks=[Task(job=Blow(work=DAY))]), mortality=Fate(3 * HOUR)))
    died = day.times(ev.PersonChanged, status=Status.DEAD)[0]
    reports = [(e.t >= died, e.sighting) for e in day.all(ev.ReportSent, sender="scene")]

    told_ = {(after, s.dead, s.injured, s.seriously_injured) for after, s in reports}
    assert told_ == {(False, 0, 3, 1), (True, 3, 0, 0)}


@pytest.mark.parametrize("name", ["fuyuan_inrush", "roof_fall_luoping"])
def test_the_dead_the_missing_and_the_hurt_are_no_more_than_there_were(name: str) -> None:
    """The last toll and the last notice count no more people than were ever in harm's way."""
    events = shipped(name).events
    people = sum(len(e.persons) for e in events if isinstance(e, ev.PersonsInvolved))
    toll = [e for e in events if isinstance(e, ev.TollStated)][-1]
    notice = [e for e in events if isinstance(e, ev.Published)][-1]

    assert toll.dead + toll.missing + toll.injured <= people
    assert sum(notice.figures.values()) <= people


# ── what reports are about, and how often they come ──


@pytest.mark.parametrize("name", DEADLY)
def test_a_report_goes_back_to_what_it_reports(name: str) -> None:
    """Whoever speaks from the spot speaks of something that happened there: not of the last thing that happened anywhere."""
    events = shipped(name).events
    of_the_spot = (ev.Discovered, ev.HazardChanged, ev.HazardOver, ev.PersonsInvolved, ev.PersonChanged, ev.DeadFound,
                   ev.ConductExposed, ev.SceneCalled)  # fmt: skip
    for e in events:
        if isinstance(e, ev.ReportSent) and e.sender in SPOKEN:
            about = events[e.cause or 0]
            by_control = isinstance(about, ev.InjectReleased)  # exercise control told of more people
            assert by_control or (isinstance(about, of_the_spot) and about.incident == e.incident)


@pytest.mark.parametrize(("severity", "span"), [(1, DAY), (2, 12 * HOUR)])
def test_what_is_stable_and_small_is_reported_daily_what_is_large_twice_a_day(severity: int, span: float) -> None:
    """A job of a fortnight with nobody in danger: from the fourth day on the rhythm is that of its class."""
    long = Task(job=Job(work=14 * DAY))
    day = Told(with_plans(book(), tasks=[long], severity=severity, horizon=12 * DAY))
    times = [t for t in day.times(ev.ReportSent, sender="scene") if 4 * DAY < t < 12 * DAY]

    assert len(times) > 3 and {round(b - a) for a, b in itertools.pairwise(times)} == {round(span)}
