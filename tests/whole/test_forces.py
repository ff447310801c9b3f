"""Forces that others decide over, by hand: asked, allowed, tasked, there, confirmed, let go – or refused.

A force stands at A: orders of the county at 90 s; the normal channel takes an hour, the urgent one ten minutes; its road
outside the network twenty minutes, then thirty from A to D. What is not said is as in `worlds`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import msgspec
import pytest

from sim.analysis import forces as measures
from sim.analysis.invariants import check
from sim.case import Case
from sim.domain import events as ev
from sim.domain.command import Level, Severity
from sim.domain.forces import Force, ForceBook, Organ
from sim.domain.hazards import Demand
from sim.domain.parameters import Parameter, Spread, SpreadKind, Standing, fixed
from sim.domain.places import Weather
from sim.domain.teams import Holding, Team
from tests.whole.worlds import HOUR, LINK, MIN, ORDERED, Bed, Crew, Done, Job, Task, Told, Ungraded, make_case, network

NUMBERS = {
    "forces.urgent_people": 1.0, "forces.urgent_within": HOUR, "forces.urgent_covered": 0.5, "forces.again": HOUR,
    "forces.take_over": 15 * MIN, "forces.look": 30 * MIN, "forces.standby": 2 * HOUR,
    "forces.air_speed": 50.0, "forces.air_wind": 10.0, "forces.air_rain": 5.0, "forces.air_daylight": HOUR,
}  # fmt: skip
START = 70.0  # from an order to wheels rolling
OUTSIDE = 20 * MIN
BIG = 100 * HOUR  # of work: nobody is done before the run ends


def force(
    count: int = 2, *, flies: bool = False, beyond: float = OUTSIDE, normal: Spread | None = None, **facts: object
) -> ForceBook:
    """A book with one force, whose elements supply what those of the team `T1` do."""
    elements = tuple(f"ARMY/{i + 1}" for i in range(count))
    one = Force(
        "ARMY", "部队", "troops", "army", "ORGAN", "队长", "captain", 2, normal or fixed(HOUR), ("ARMY",),
        urgent=None if flies else fixed(10 * MIN), beyond=None if flies else fixed(beyond), flies=flies,
    )  # fmt: skip
    return ForceBook(
        {"army": ("军", "army")}, {"ORGAN": Organ("ORGAN", "机关", "organ")},
        {"ARMY": msgspec.structs.replace(one, **facts)}, {"ARMY": Team("ARMY", "部队", "X", 1, "", 5 * count)},
        (Holding("ARMY", "ARMY", "T1", 1, "", "K", "A", True, elements, (5,) * count),),
    )  # fmt: skip


def world(book: ForceBook | None, *crews: Crew, job: Job | None = None, **how: object) -> Case:
    """A day in a city with these forces."""
    task = Task(job=job or Job(work=HOUR, wanted=2.0))
    case = make_case(crews or (Crew("T1", "C"),), (task,), **how)  # type: ignore[arg-type]
    rules = {k: Parameter(k, fixed(v), "1", "toy", Standing.CONFIG) for k, v in NUMBERS.items()}
    return replace(case, city=replace(case.city, forces=book), rules=dict(case.rules) | rules)


def flight() -> float:
    """Seconds through the air from A to D."""
    nodes = network().nodes
    return nodes["A"].point.distance(nodes["D"].point) / NUMBERS["forces.air_speed"]


def test_through_the_normal_channel_nobody_moves_before_the_organ_says_yes() -> None:
    """Asked with the shortfall, answered an hour later, ordered at once; set out, on the network, there as reckoned."""
    told = Told(world(force()))
    answered = ORDERED + HOUR

    asked, said = told.all(ev.ForceAsked)[0], told.all(ev.ForceAnswered)[0]
    assert (asked.t, asked.post, asked.channel) == (ORDERED, "COUNTY", "normal")
    assert (said.t, said.by, said.answer) == (answered, "ORGAN", "approved")
    assert told.times(ev.OrderGiven, team="ARMY") == [answered]
    assert told.time(ev.ForceTasked, task="LABOR", officer="队长") == answered
    assert told.time(ev.ForceSetOut, due_at=answered + START + OUTSIDE) == answered + START
    there = answered + START + OUTSIDE + 3 * LINK
    assert told.all(ev.OrderGiven, team="ARMY")[0].expected == there
    assert told.times(ev.Arrived, element="ARMY/1") in ([there], [])  # the job may be done before


def test_a_request_says_what_the_regulation_demands() -> None:
    """Kind, time, area, danger, measures taken, strength: none of them empty."""
    content = Told(world(force())).all(ev.ForceAsked)[0].content

    assert content["kind"] == "job"
    assert content["strength"] == "T1=1"
    assert content["measures"] == "level=0 elements=1 people=5"
    assert all(content[part] for part in ("kind", "time", "area", "danger", "measures", "strength"))


def test_asked_directly_it_moves_at_once_and_is_confirmed_afterwards() -> None:
    """A hurt person, and its own cover less than half of what is needed: the urgent channel; the organ follows."""
    told = Told(world(force(), job=Job(work=BIG, wanted=3.0, people="R"), horizon=10 * HOUR))

    assert told.time(ev.ForceAsked, channel="urgent") == ORDERED
    assert told.time(ev.ForceAnswered, answer="approved", by="ARMY") == ORDERED + 10 * MIN
    assert told.time(ev.ForceAnswered, answer="confirmed", by="ORGAN") == ORDERED + HOUR
    there = ORDERED + 10 * MIN + START + OUTSIDE + 3 * LINK
    assert told.times(ev.Arrived, element="ARMY/1") == [there]


@pytest.mark.parametrize("why", ["nobody in danger", "its own cover half of it"])
def test_it_is_not_urgent(why: str) -> None:
    """Without lives at stake, or with half of what is needed there in time, it goes through the normal channel."""
    job = Job(work=HOUR, wanted=3.0) if why == "nobody in danger" else Job(work=HOUR, wanted=2.0, people="R")

    assert Told(world(force(), job=job)).all(ev.ForceAsked)[0].channel == "normal"


def test_it_is_urgent_when_its_own_come_too_late() -> None:
    """Half of the need is on its way, but not there within the time: the troops are asked directly."""
    case = world(force(), job=Job(work=HOUR, wanted=2.0, people="R"))
    slow = {**case.rules, "forces.urgent_within": Parameter("", fixed(5 * MIN), "1", "toy", Standing.CONFIG)}

    assert Told(replace(case, rules=slow)).all(ev.ForceAsked)[0].channel == "urgent"


def test_what_flies_is_refused_by_night_and_asked_again_at_dawn() -> None:
    """At eight in the evening: refused at nine, with the reason. At seven asked again; it flies straight to the site."""
    told = Told(world(force(flies=True), job=Job(work=BIG, wanted=2.0), starts=20 * HOUR, horizon=30 * HOUR))
    dawn = 11 * HOUR

    assert told.time(ev.ForceAnswered, answer="refused", why="night") == ORDERED + HOUR
    assert told.times(ev.ForceAsked) == [ORDERED, dawn]
    assert told.time(ev.ForceAnswered, answer="approved") == dawn + HOUR
    assert told.times(ev.Arrived, element="ARMY/1") == pytest.approx([dawn + HOUR + START + flight()], abs=0.002)
    assert all(e.links == () for e in told.all(ev.Departed, team="ARMY"))


def test_at_dusk_what_flies_goes_home() -> None:
    """It is called back when it gets dark, and is home after its flight."""
    told = Told(world(force(flies=True), job=Job(work=BIG, wanted=2.0), horizon=20 * HOUR))
    dusk = 11 * HOUR

    assert told.time(ev.Recalled, element="ARMY/1", grounds="dark") == dusk
    assert told.times(ev.Returned, element="ARMY/1") == pytest.approx([dusk + flight()], abs=0.002)


@pytest.mark.parametrize(
    ("weather", "why"), [(Weather(wind=11.0), "wind"), (Weather(fog=True), "fog"), (Weather(rain=6.0), "rain")]
)
def test_weather_grounds_what_flies(weather: Weather, why: str) -> None:
    """By day, too: the reason is said, and it is asked again an hour later."""
    case = replace(world(force(flies=True), job=Job(work=BIG, wanted=2.0), horizon=4 * HOUR), weather={"": weather})
    told = Told(case)

    assert {e.why for e in told.all(ev.ForceAnswered)} == {why}
    assert told.times(ev.ForceAsked)[:2] == [ORDERED, ORDERED + 2 * HOUR]
    assert told.all(ev.OrderGiven, team="ARMY") == []


def test_when_the_response_ends_it_is_let_go_and_drives_home() -> None:
    """Released with the end; ready again only when its road outside the network is behind it, too."""
    told = Told(world(force(), job=Job(work=5 * HOUR, wanted=2.0)))

    closed, home = told.time(ev.IncidentClosed), told.all(ev.Returned, element="ARMY/1")[0]
    assert told.time(ev.ForceReleased, force="ARMY") == closed
    assert home.ready == home.t + OUTSIDE
    assert check(told.events, told.cast) == []


def test_who_is_called_back_on_the_road_outside_drives_back_as_long_as_it_came() -> None:
    """The job is done before it reaches the network."""
    work = HOUR + 10 * MIN + 60.0  # T1 alone has done it when the force is on its way from outside
    told = Told(world(force(beyond=HOUR), job=Job(work=work, wanted=2.0)))

    out, home = told.all(ev.ForceSetOut, element="ARMY/1")[0], told.all(ev.Returned, element="ARMY/1")[0]
    assert out.t < home.t < out.due_at
    assert home.ready == home.t + (home.t - out.t)
    assert check(told.events, told.cast) == []


def test_teams_of_the_roster_that_others_decide_over_wait_as_well() -> None:
    """Militia at home in the city: on the board, but not free before its organ has said yes."""
    book = force(teams=("T2",))
    book = msgspec.structs.replace(book, teams={}, holdings=())
    told = Told(world(book, Crew("T1", "C"), Crew("T2", "D"), job=Job(work=BIG, wanted=2.0), horizon=10 * HOUR))

    assert told.times(ev.OrderGiven, team="T1") == [ORDERED]
    assert told.times(ev.OrderGiven, team="T2") == [ORDERED + HOUR]


def test_a_force_that_waits_for_a_higher_level_is_not_asked() -> None:
    """The province does not respond: its teams stay at home."""
    told = Told(world(force(opens_tier=4, opens_level=3)))

    assert told.all(ev.ForceAsked) == []


def test_a_county_asks_for_what_it_may_ask_for() -> None:
    """The city, which does not know of the matter, would have to ask: nobody does."""
    assert Told(world(force(asked_by=3))).all(ev.ForceAsked) == []


def test_only_as_many_as_were_asked_for_are_free() -> None:
    """One element is short, two stand by: one goes."""
    told = Told(world(force(2), job=Job(work=BIG, wanted=2.0), horizon=10 * HOUR))

    assert len(told.all(ev.OrderGiven, team="ARMY")) == 1


# ── the command uses what it was granted ──


class Answered(Ungraded):
    """Whatever is graded is answered with level Ⅱ: first parties are called up."""

    def level(self, severity: Severity, nature: str) -> Level | None:
        """Always the same."""
        return Level.II


@dataclass(frozen=True)
class Easy(Job):
    """A job that tires nobody."""

    def demands(self, state: Done) -> Sequence[Demand]:
        """The same, without wear."""
        return tuple(msgspec.structs.replace(demand, wears=False) for demand in super().demands(state))


def called_up(node: str, *crews: Crew, answered: float, job: Job | None = None, first: int = 1, **how: object) -> Told:
    """A force at a node, of which so many may be called up by the level though the city's own cover all that is needed."""
    book = force(normal=fixed(answered), at_level=2, first=first, urgent=None, beyond=0.0)
    book = msgspec.structs.replace(book, holdings=tuple(msgspec.structs.replace(h, node=node) for h in book.holdings))
    case = world(book, *crews, job=job or Job(work=BIG, wanted=1.0), **how)
    specs = tuple(msgspec.structs.replace(spec, scale="toy") for spec in case.incidents)
    return Told(replace(case, incidents=specs, assessor=Answered()))


def test_a_force_that_is_there_sooner_takes_over_and_who_is_still_far_turns_back() -> None:
    """T1 is half an hour away and covers everything; the force, ten minutes away, may go a minute later: it goes, T1 does not."""
    told = called_up("E", Crew("T1", "A"), answered=MIN, horizon=10 * HOUR)
    yes = ORDERED + MIN

    assert told.times(ev.OrderGiven, team="ARMY") == [yes]
    assert told.times(ev.Recalled, element="T1/1", grounds="taken_over") == [yes]
    assert told.times(ev.Arrived, element="ARMY/1") == [yes + START + LINK]
    assert told.times(ev.Arrived, element="T1/1") == []
    assert check(told.events, told.cast) == []


def test_who_would_be_there_hardly_sooner_does_not_take_over() -> None:
    """Less than a quarter of an hour is not worth turning a column round."""
    told = called_up("E", Crew("T1", "B"), answered=MIN, horizon=5 * HOUR)

    assert told.times(ev.Recalled, element="T1/1") == []
    assert len(told.times(ev.Arrived, element="T1/1")) == 1


def test_a_sooner_yes_never_brings_help_later() -> None:
    """The same day with answers after one, five, twenty and sixty minutes: a sooner yes, never a later first arrival."""
    first = [
        min(told.times(ev.Arrived))
        for told in (called_up("E", Crew("T1", "A"), answered=wait * MIN, horizon=6 * HOUR) for wait in (1, 5, 20, 60))
    ]

    assert first == sorted(first)
    assert first[0] < first[-1]


def test_a_force_relieves_those_who_tire() -> None:
    """T1 works alone; when it has been at it for two hours its relief is there, and only then does it go home."""
    rules = {"relief.grace": 2 * HOUR, "relief.lead": HOUR}
    told = called_up("A", Crew("T1", "D"), answered=3 * HOUR, horizon=10 * HOUR, rules=rules)
    relief = told.times(ev.Arrived, element="ARMY/1")[0]

    assert told.all(ev.OrderGiven, team="ARMY")[0].grounds == "relief"
    assert told.times(ev.Recalled, element="T1/1", grounds="relieved") == [relief]
    assert told.times(ev.Arrived, element="T1/1")[0] + HOUR < relief
    assert check(told.events, told.cast) == []


def test_who_has_nothing_to_do_is_stood_down_and_the_journal_says_why() -> None:
    """T1 is on the spot and does not tire: the force stands by for two hours, then it need not come, and does not."""
    job, rules = Easy(work=BIG, wanted=1.0), {"relief.grace": 2 * HOUR}
    told = called_up("A", Crew("T1", "D"), answered=3 * HOUR, job=job, horizon=14 * HOUR, rules=rules)
    (down,) = told.all(ev.ForceStoodDown)
    asked = measures.requests(told.events, told.cast)[0]

    assert (down.elements, down.why) == (1, "covered")
    assert told.all(ev.OrderGiven, team="ARMY") == []
    assert asked.idle == down.t - (asked.answered_at or 0.0) >= 2 * HOUR
    assert check(told.events, told.cast) == []


def test_who_would_come_after_all_is_covered_is_not_called_up() -> None:
    """T1 is half an hour away; a force that may go in an hour finds nothing to do, one that may go at once takes over."""
    asked = {
        wait: called_up("E", Crew("T1", "A"), answered=wait, horizon=6 * HOUR).all(ev.ForceAsked)
        for wait in (MIN, HOUR)
    }

    assert (len(asked[MIN]), len(asked[HOUR])) == (1, 0)


def test_no_more_are_called_up_than_there_is_to_do() -> None:
    """Three may come first; one crew is wanted, and the city's own is half an hour away: one is asked for."""
    told = called_up("E", Crew("T1", "A"), answered=MIN, horizon=6 * HOUR, first=3)
    (asked,) = told.all(ev.ForceAsked)

    assert asked.content["strength"].rpartition("=")[2] == "1"


def test_when_all_is_there_nobody_is_called_up() -> None:
    """What is needed is on the spot before the level is raised, an hour after the first report: no first party is asked for."""
    told = called_up("A", Crew("T1", "D"), answered=HOUR, horizon=3 * HOUR, rules={"reporting.grade": HOUR})

    assert told.times(ev.ResponseChanged)[0] > told.times(ev.Arrived, element="T1/1")[0]
    assert told.all(ev.ForceAsked) == []


# ── luck ──


def test_the_same_seed_tells_the_same_story() -> None:
    """Twice the same journal, byte for byte."""
    three = Spread(SpreadKind.THREE_POINT, (10 * MIN, 20 * MIN, 40 * MIN))
    one, two = (Told(world(force(normal=three))) for _ in range(2))

    assert list(map(msgspec.json.encode, one.events)) == list(map(msgspec.json.encode, two.events))


def test_an_answer_takes_as_long_whoever_else_is_out() -> None:
    """The delay belongs to force and incident: other crews, another share of the need, the same luck."""
    three = Spread(SpreadKind.THREE_POINT, (10 * MIN, 20 * MIN, 40 * MIN))

    def took(*crews: Crew) -> float | None:
        told = Told(world(force(normal=three), *crews, job=Job(work=BIG, wanted=5.0), horizon=5 * HOUR))
        return measures.requests(told.events, told.cast)[0].answer_took

    assert took(Crew("T1", "C")) == took(Crew("T1", "E", count=2), Crew("T3", "B"))


# ── laws and measures ──


def journal() -> tuple[list[ev.Event], Told]:
    """A run in which troops are asked directly, move, are confirmed and let go."""
    crews = (Crew("T1", "C"), Crew("M1", "D", supplies="AMBULANCE", carries=1))
    job = Job(work=10 * HOUR, wanted=3.0, people="R")
    told = Told(world(force(), *crews, job=job, hospitals=[Bed("H", "E", 5)]))
    return told.events, told


def without(events: Sequence[ev.Event], kind: type[ev.Event], **where: object) -> list[ev.Event]:
    """The journal with the first such line torn out, numbered anew."""
    gone = next(e for e in events if type(e) is kind and all(getattr(e, k) == v for k, v in where.items()))
    kept = [e for e in events if e is not gone]
    for number, event in enumerate(kept):
        event.seq, event.cause = number, None
    return kept


def changed(events: Sequence[ev.Event], kind: type[ev.Event], **facts: object) -> list[ev.Event]:
    """The journal with the first such line rewritten."""
    found = next(e for e in events if type(e) is kind)
    for name, value in facts.items():
        setattr(found, name, value)
    return list(events)


def stood_down(
    events: list[ev.Event], *, before: type[ev.Event] = ev.ForceReleased, elements: int = 2, why: str = "covered"
) -> list[ev.Event]:
    """The journal with the request stood down before the troops' first such line, numbered anew."""
    asked = next(e for e in events if isinstance(e, ev.ForceAsked))
    at = next(i for i, e in enumerate(events) if type(e) is before and getattr(e, "team", "ARMY") == "ARMY")
    down = ev.ForceStoodDown(0, events[at].t, None, asked.request, asked.incident, asked.force, elements, why)
    kept = [*events[:at], down, *events[at:]]
    for number, event in enumerate(kept):
        event.seq, event.cause = number, None
    return kept


PLANTED: dict[str, tuple[str, Callable[[list[ev.Event]], list[ev.Event]]]] = {
    "they move without a yes": ("approval", lambda es: without(es, ev.ForceAnswered, answer="approved")),
    "the yes was for elsewhere": ("forces", lambda es: changed(es, ev.ForceAnswered, incident="F9")),
    "a refusal without a reason": ("forces", lambda es: changed(es, ev.ForceAnswered, answer="refused")),
    "tasked before it was allowed": ("approval", lambda es: changed(es, ev.ForceAnswered, answer="refused", why="fog")),
    "a request that does not say where": ("forces", lambda es: changed(es, ev.ForceAsked, content={"kind": "job"})),
    "confirmed though nobody was asked directly": ("forces", lambda es: changed(es, ev.ForceAsked, channel="normal")),
    "let go though never asked": ("forces", lambda es: changed(es, ev.ForceReleased, request="R9")),
    "stood down without a reason": ("forces", lambda es: stood_down(es, why="")),
    "more stood down than were asked for": ("forces", lambda es: stood_down(es, elements=9)),
    "stood down, and yet they move": ("approval", lambda es: stood_down(es, before=ev.OrderGiven, elements=2)),
    "commanded by nobody of its own": ("forces", lambda es: changed(es, ev.ForceTasked, officer="")),
    "due before it sets out": ("forces", lambda es: changed(es, ev.ForceSetOut, due_at=0.0)),
}


@pytest.mark.parametrize("name", PLANTED)
def test_the_law_finds_what_was_planted(name: str) -> None:
    """An honest journal breaks no law; each doctored one breaks the one it was doctored against."""
    law, plant = PLANTED[name]
    events, told = journal()
    assert check(events, told.cast) == []

    assert law in {violation.law for violation in check(plant(events), told.cast)}


def test_the_measures_tell_what_became_of_a_request() -> None:
    """From the question to the release, with the events that say so; and who came in which wave."""
    events, told = journal()
    asked = measures.requests(events, told.cast)[0]

    assert (asked.channel, asked.answer, asked.kind) == ("urgent", "approved", "army")
    assert asked.answer_took == 10 * MIN
    assert asked.arrival_took == 10 * MIN + START + OUTSIDE + 3 * LINK
    assert asked.expected_at == asked.first_arrived_at
    assert (asked.elements, asked.people, asked.tasks) == (2, 10, ["LABOR"])
    assert asked.released_at == told.time(ev.IncidentClosed) and not asked.moved_unconfirmed
    first, second = measures.waves(events, told.cast)[:2]
    assert (first.people, second.people) == ({"": 10}, {"army": 10})


def test_a_city_without_such_forces_knows_nothing_of_them() -> None:
    """No book, no listener, nothing on the board that others decide over."""
    with_none = Told(world(None))

    assert not [e for e in with_none.events if type(e).__name__.startswith("Force")]
    assert with_none.times(ev.OrderGiven, team="T1") == [ORDERED]
