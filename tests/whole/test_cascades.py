"""What follows what, in the small world: the four forms, luck by name, limits of depth and number, and what help prevents."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec
import pytest

from sim.case import Case, Child, IncidentSpec, Limit, Town
from sim.domain import events as ev
from sim.domain.cascades import Edge, Form, While
from sim.domain.hazards import Cut, Demand, Effect, Inputs, Note, Over, Roads, Scene, Shock, Strike
from sim.domain.parameters import Standing, fixed
from sim.domain.people import Status
from sim.domain.places import Site
from sim.streams import Stream, Streams
from tests.whole.worlds import HOUR, MIN, Bed, Crew, Job, Task, Told, make_case

ARRIVES = 1360.0  # T1 from B to D, see test_timelines


class At(msgspec.Struct, frozen=True):
    """How long it has been going on, how much of the script is over, and the work that is left."""

    age: float = 0.0
    done: int = 0
    left: float = 0.0
    over: bool = False


@dataclass(frozen=True)
class Script(Job):
    """A job during which things happen at given times, whatever is done; its reading `level` grows by `rise` a second.

    It ends with its work, or at `ends`.
    """

    script: tuple[tuple[float, str, tuple[Effect, ...]], ...] = ()
    rise: float = 0.0
    ends: float = math.inf

    def start(self, scene: Scene, stream: Stream) -> tuple[At, Sequence[Effect]]:
        return At(left=self.work), ()

    def advance(self, state: At, dt: float, inputs: Inputs) -> At:
        left = max(0.0, state.left - dt * inputs.effort.get("job", 0.0))
        return msgspec.structs.replace(state, age=state.age + dt, left=left)

    def next_event(self, state: At, inputs: Inputs) -> tuple[float, str]:
        if state.over:
            return math.inf, ""
        due = [(t - state.age, name) for t, name, _ in self.script[state.done : state.done + 1]]
        effort = inputs.effort.get("job", 0.0)
        due.append((state.left / effort if effort > 0.0 else math.inf, "finished"))
        due.append((self.ends - state.age, "ends"))
        span, name = min(due)
        return max(0.0, span), name

    def fire(self, state: At, name: str, inputs: Inputs) -> tuple[At, Sequence[Effect]]:
        if name in ("finished", "ends"):
            return msgspec.structs.replace(state, over=True), (Over(name),)
        return msgspec.structs.replace(state, done=state.done + 1), self.script[state.done][2]

    def demands(self, state: At) -> Sequence[Demand]:
        return () if state.over else super().demands(state)  # type: ignore[arg-type]

    def readings(self, state: At) -> dict[str, float]:
        return {"level": self.rise * state.age}

    def mode(self, state: At) -> str:
        return "over" if state.over else "steady"


@dataclass
class Kids:
    """Children at a node each; `node` by edge; noticed after so many seconds."""

    case: Case | None = None
    nodes: Mapping[str, str] = field(default_factory=dict)
    work: float = HOUR
    noticed: float = 30.0

    def targets(self, edge: Edge, parent: IncidentSpec, town: str = "") -> Sequence[tuple[str, Site]]:
        return ((town, parent.site),)

    def child(self, edge: Edge, id_: str, site: Site, t: float, values: Mapping[str, float]) -> Child:
        spec = IncidentSpec(id_, edge.to, t, site, "toil", dict(values), "子", "Child", "ordinary", fixed(self.noticed))
        return Child(spec, Job(self.work), {})


def edge(form: Form, **how: object) -> Edge:
    """An edge from a job to another, all else ordinary."""
    plain = Edge("then", "继发", "then", "job", "kid", form, Standing.CONFIG, "toy")
    return msgspec.structs.replace(plain, **how)


def day(job: Job, *edges: Edge, crews: Sequence[Crew] = (), noticed: float = 30.0, **how: object) -> Told:
    """The job at D, with what may follow it."""
    case = make_case(tuple(crews), (Task(job=job),), horizon=30 * HOUR, **how)  # type: ignore[arg-type]
    city = replace(case.city, towns={n: Town(n, n, n, "K", n) for n in ("D", "E")})
    spec = case.incidents[0]
    site = msgspec.structs.replace(spec.site, town="D")
    case = replace(
        case, city=city, incidents=(msgspec.structs.replace(spec, site=site, limits=(Limit("high", "level", 0.0, 5.0),)),),
        edges={"job": edges}, nursery=Kids(noticed=noticed),
    )  # fmt: skip
    return Told(case)


def luck(name: str = "") -> float:
    """The number that decides the edge `then` of F1, by its name alone."""
    return Streams(1, 0).uniform("cascade", "F1", "then", name)


BLOW = ((600.0, "blow", (Note("blow", {"size": 8.0}),)),)


def test_a_branch_is_taken_just_if_its_luck_lies_below_its_chance() -> None:
    """Drawn once, by name: a hair above the luck it comes, a hair below it does not."""
    job = Script(script=BLOW, ends=2 * HOUR)
    comes = day(job, edge(Form.BRANCH, on="blow", chance=luck() + 1e-9))
    stays = day(job, edge(Form.BRANCH, on="blow", chance=luck() - 1e-9))

    assert comes.time(ev.Cascaded) == 600.0 and comes.time(ev.IncidentOccurred, incident="F1.then") == 600.0
    (child,) = comes.all(ev.IncidentOccurred, incident="F1.then")
    assert child.parent == "F1" and child.scope == {"size": 8.0}
    assert stays.all(ev.Cascaded) == []


def test_a_fragile_thing_fails_at_the_shock_that_its_luck_says() -> None:
    """P = Φ(ln(x/θ)/β): the shock that is just as large as its quantile is the threshold."""
    from statistics import NormalDist

    strength = 6.0 * math.exp(0.3 * NormalDist().inv_cdf(luck("E")))
    for size, fails in ((strength * 1.001, True), (strength * 0.999, False)):
        job = Script(script=((60.0, "shake", (Shock("shaking", "E", {"pga": size}),)),), ends=HOUR)
        found = day(job, edge(Form.FRAGILITY, on="shaking", size="pga", threshold=6.0, spread=0.3))

        assert bool(found.all(ev.Cascaded)) is fails
        assert found.time(ev.ShockFelt) == 60.0


def test_a_clock_runs_while_its_condition_holds_and_no_longer() -> None:
    """The reading is between 1 and 2 from 1,000 to 2,000 s: it rings after −ln(u)/λ of that, if that is soon enough."""
    job = Script(rise=0.001, ends=3000.0)
    wait = -math.log(luck())
    for rings_after in (400.0, 999.0, 1001.0):
        found = day(job, edge(Form.CLOCK, holds=While("level", above=1.0, below=2.0), rate=wait / rings_after))

        times = found.times(ev.Cascaded)
        assert times == ([pytest.approx(1000.0 + rings_after, abs=0.01)] if rings_after < 1000.0 else [])


def test_a_race_is_won_by_whoever_ends_the_condition_first() -> None:
    """What fails after 1,200 s without power does not, if help restores it before."""
    dark = ((100.0, "dark", (Cut("power", 0.0),)), (1000.0, "light", (Cut("power", 1.0),)))
    holds = While(service="power", below=0.5)
    lost = day(Script(script=dark[:1], ends=3000.0), edge(Form.RACE, holds=holds, lasts=fixed(1200.0)))
    kept = day(Script(script=dark, ends=3000.0), edge(Form.RACE, holds=holds, lasts=fixed(1200.0)))

    assert lost.times(ev.Cascaded) == [1300.0]
    assert kept.times(ev.Cascaded) == [] and [e.shares for e in kept.all(ev.ServiceChanged)] == [{"D": 0.0}, {"D": 1.0}]


def test_when_an_accident_is_over_nothing_of_it_holds_any_more() -> None:
    """Its clocks stop, and what it cut is there again."""
    job = Script(script=((100.0, "dark", (Cut("power", 0.2),)),), ends=500.0)
    found = day(job, edge(Form.RACE, holds=While(mode="steady"), lasts=fixed(600.0)))

    assert found.times(ev.Cascaded) == []
    assert [(e.t, e.shares["D"]) for e in found.all(ev.ServiceChanged)] == [(100.0, 0.2), (500.0, 1.0)]


def test_help_changes_what_happens_but_not_the_luck() -> None:
    """The same edge with and without a crew: the clock's number is the same, the condition ends earlier."""
    job = Script(work=1200.0, rise=0.0001)
    watch = edge(Form.CLOCK, holds=While("level", above=0.05), rate=-math.log(luck()) / 5000.0)
    alone, helped = day(job, watch), day(job, watch, crews=[Crew("T1", "B")])

    assert alone.times(ev.Cascaded) == [pytest.approx(500.0 + 5000.0, abs=0.01)]
    assert helped.times(ev.Cascaded) == [] and helped.time(ev.HazardOver, incident="F1") == ARRIVES + 1200.0


def test_chains_end_at_the_depth_and_the_number_that_are_set() -> None:
    """A job that brings about itself stops at the third generation; what is left out is told."""
    always = edge(Form.BRANCH, to="job", on="start", chance=1.0)
    found = day(Script(script=BLOW, ends=HOUR), always)

    assert [e.child for e in found.all(ev.Cascaded)] == ["F1.then", "F1.then.then", "F1.then.then.then"]
    assert [e.why for e in found.all(ev.CascadeHeld)] == ["depth"]
    few = day(Script(script=BLOW, ends=HOUR), always, rules={"cascades.budget": 1.0})
    assert [e.why for e in few.all(ev.CascadeHeld)] == ["budget"]


def test_a_child_may_come_later_than_its_cause() -> None:
    """`after` is drawn once; the run does not end before it has come."""
    found = day(Script(script=BLOW, ends=700.0), edge(Form.BRANCH, on="blow", chance=1.0, after=fixed(2 * HOUR)))

    assert found.time(ev.IncidentOccurred, incident="F1.then") == 600.0 + 2 * HOUR


def test_crews_on_the_spot_notice_what_follows_beside_them() -> None:
    """Nobody telephones for hours; the crew that is there has looked round after five minutes (`reporting.size_up`)."""
    blow, ends = ((ARRIVES + 600.0, "blow", (Note("blow", {"size": 8.0}),)),), ARRIVES + HOUR
    follows = edge(Form.BRANCH, on="blow", chance=1.0)
    there = day(Script(work=9 * HOUR, script=blow), follows, crews=[Crew("T1", "B")], noticed=5 * HOUR)
    alone = day(Script(script=blow, ends=ends), follows, noticed=5 * HOUR)

    seen = there.all(ev.Discovered, incident="F1.then")
    assert [(e.t, e.by) for e in seen] == [(ARRIVES + 600.0 + 300.0, "crew")]
    assert [e.by for e in alone.all(ev.Discovered, incident="F1.then")] == ["witness"]


# ── what else a hazard does to the world ──


def test_responders_who_are_hit_are_people_and_their_element_goes_home() -> None:
    """Five of a crew of five: all are hit by a blow that spares none; the post is told and sends others."""
    blow = Strike("blast", ("job",), dead=0.4, red=0.6)
    job = Script(work=4 * HOUR, script=((ARRIVES + 600.0, "blast", (blow,)),))
    found = day(job, crews=[Crew("T1", "B"), Crew("T2", "A")])

    (hit,) = found.all(ev.RespondersHit)
    assert hit.dead + hit.hurt == 5 and hit.t == ARRIVES + 600.0
    people = [p for e in found.all(ev.PersonsInvolved) for p in e.persons]
    assert len(people) == 5 and {p.group for p in people} == {"responders"}
    assert len(found.all(ev.PersonChanged, status=Status.DEAD, why="blast")) == hit.dead
    assert found.time(ev.Released, sortie="S1") == hit.t
    assert [e.element for e in found.all(ev.OrderGiven)][:2] == ["T1/1", "T2/1"]


def test_nobody_is_hit_who_is_not_there() -> None:
    """A blow before anybody has come hits nobody; one for another task neither."""
    early = (
        (60.0, "blast", (Strike("blast", dead=1.0),)),
        (ARRIVES + 60.0, "b", (Strike("blast", ("other",), dead=1.0),)),
    )
    found = day(Script(work=HOUR, script=early), crews=[Crew("T1", "B")])

    assert found.all(ev.RespondersHit) == []


def test_a_place_without_room_lets_vehicles_in_one_by_one_and_slows_the_work() -> None:
    """Room for one vehicle: the second waits a minute at the gate, and two at the place do less than two crews."""
    tight = {"scene.room_hilly": 1.0, "scene.loss": 0.25}
    job = Job(2 * HOUR, wanted=2.0)
    crews = [Crew("T1", "B"), Crew("T2", "B")]
    free, full = day(job, crews=crews), day(job, crews=crews, rules=tight)

    assert free.time(ev.HazardOver) == ARRIVES + HOUR
    (queued,) = full.all(ev.Queued)
    assert queued.t == ARRIVES and full.times(ev.Arrived) == [ARRIVES, ARRIVES + 60.0]
    # one crew alone for a minute, then two at three quarters of what they can
    assert full.time(ev.HazardOver) == pytest.approx(ARRIVES + 60.0 + (2 * HOUR - 60.0) / 1.5, abs=0.01)


def test_who_waits_at_the_gate_can_be_called_back_from_there() -> None:
    """The work is done before the second is let in: it goes home from the gate, and every law holds."""
    from sim.analysis import invariants

    crews = [Crew("T1", "B"), Crew("T2", "B")]
    rules = {"scene.room_hilly": 1.0, "scene.squeeze": 2 * HOUR}
    found = day(Job(600.0, wanted=2.0), crews=crews, rules=rules)

    assert len(found.all(ev.Queued)) == 1 and len(found.all(ev.Arrived)) == 1
    assert len(found.all(ev.Returned)) == 2
    assert [str(v) for v in invariants.check(found.events, found.cast)] == []


def test_a_hospital_in_the_dark_takes_fewer_when_its_generators_are_empty() -> None:
    """An hour of fuel; the places come back with the power."""
    dark = ((600.0, "dark", (Cut("power", 0.0),)), (3 * HOUR, "light", (Cut("power", 1.0),)))
    found = day(Script(script=dark, ends=4 * HOUR), hospitals=[Bed("H", "D", 10)])

    assert [(e.t, e.places) for e in found.all(ev.HospitalChanged)] == [(600.0 + HOUR, 0), (3 * HOUR, 10)]


def test_a_report_takes_longer_where_the_network_is_down() -> None:
    """Noticed and taken in three times as slowly while the town has no telecom."""
    found = day(Script(script=((0.0, "cut", (Cut("telecom", 0.0),)),), ends=2 * HOUR), crews=[Crew("T1", "B")])

    assert found.time(ev.ReportReceived, report="R1") == 30.0 + 3 * 60.0


def test_what_leaves_the_range_of_a_formula_is_told_once() -> None:
    """The reading passes 5 at its next event after; the run goes on."""
    ticks = tuple((t, "tick", ()) for t in (1000.0, 6000.0, 7000.0))
    found = day(Script(rise=0.001, script=ticks, ends=2 * HOUR))

    (limit,) = found.all(ev.LimitPassed)
    assert (limit.t, limit.limit, limit.value) == (6000.0, "high", pytest.approx(6.0))


def test_an_area_closes_its_roads_but_not_the_way_in() -> None:
    """Roads that touch the area close; those that end at the site are left to the rescuers, and all open again."""
    shut = ((60.0, "shut", (Roads(0.0, towns=("E",)),)), (3 * HOUR, "open", (Roads(1.0, towns=("E",)),)))
    found = day(Script(script=shut, ends=4 * HOUR))
    wide = day(Script(script=((60.0, "shut", (Roads(0.0, radius=12_000.0),)),), ends=HOUR))

    assert found.all(ev.RoadChanged) == []  # DE ends at the site D
    assert {e.link for e in wide.all(ev.RoadChanged)} == {"AC", "BC"}  # CD, DE and DF end at the site


def test_roads_are_hit_by_a_luck_of_their_own() -> None:
    """With a chance a kilometre each link meets its own number, whatever the order."""
    job = Script(script=((60.0, "quake", (Roads(0.0, radius=50_000.0, per_km=0.1),)),), ends=HOUR)
    hit = {e.link for e in day(job).all(ev.RoadChanged)}
    lengths = {"AB": 10, "BC": 10, "CD": 10, "DE": 10, "DF": 10, "AC": 40}

    assert hit == {name for name, km in lengths.items() if Streams(1, 0).uniform("road_hit", "F1", name) >= 0.9**km}


def test_the_same_day_gives_the_same_journal() -> None:
    """Chains are as reproducible as all else."""
    job = Script(work=20 * MIN, rise=0.001, script=BLOW, ends=5 * HOUR)
    edges = (
        edge(Form.BRANCH, on="blow", chance=0.7),
        edge(Form.CLOCK, id="tick", holds=While("level", above=1.0), rate=1e-3),
    )
    one, two = (day(job, *edges, crews=[Crew("T1", "B", count=2)]) for _ in range(2))

    assert [msgspec.json.encode(e) for e in one.events] == [msgspec.json.encode(e) for e in two.events]


def test_the_red_wait_for_an_operating_theatre() -> None:
    """One theatre, an hour each: the second red person is in definitive care an hour after the first."""
    from tests.whole.worlds import told

    crews = [Crew("A1", "D", supplies="AMBULANCE", count=2, carries=1)]
    rules = {"care.theatres": 0.1, "care.operation": HOUR, "medical.ambulance_per_serious": 1.0}
    found = told(*crews, tasks=[Task(job=Job(people="RR", capability="AMBULANCE", wanted=2.0))], hospitals=[Bed("H", "D", 10)],
                 rules=rules, horizon=12 * HOUR)  # fmt: skip

    one, two = sorted(found.times(ev.CareChanged, care="definitive"))
    assert two == pytest.approx(one + HOUR, abs=1.0)
