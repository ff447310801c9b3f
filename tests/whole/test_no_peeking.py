"""Nobody decides by what they cannot know: strategies get pictures, desks read reports, and the truth may be anything."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sim import catalog
from sim.case import Action
from sim.domain import events as ev
from sim.domain.command import Order
from sim.domain.places import Weather
from sim.engine.simulation import Simulation
from sim.journal.world import World
from sim.ports import Picture, Strategy
from sim.roads.travel import Conditions
from sim.scenario.compile import load_case
from sim.streams import Stream
from tests.whole.shipped import CASES, ROOT
from tests.whole.worlds import NEVER, Crew, Job, Nearest, Task, at, close, make_case, told

DISPATCH = sorted((ROOT / "models" / "dispatch").glob("*.py"))


class Suspicious:
    """A strategy that is asked twice: once as things are, once behind a scrambled truth."""

    def __init__(self, inner: Strategy) -> None:
        self.inner = inner
        self.sim: Simulation | None = None
        self.asked = 0

    def decide(self, picture: Picture, incident: str, stream: Stream) -> Sequence[Order]:
        """The orders, if they are the same both times."""
        orders = tuple(self.inner.decide(picture, incident, stream))
        sim = self.sim
        assert sim is not None
        kept = (
            sim.traffic.truth,
            sim.world,
            sim.care.wards,
            {i: (x.present, x.demands) for i, x in sim.incidents.items()},
        )
        states = {i: x.state for i, x in sim.incidents.items() if hasattr(x, "state")}
        try:
            self._scramble(sim)
            assert tuple(self.inner.decide(picture, incident, stream)) == orders
        finally:
            sim.traffic.truth, sim.world, sim.care.wards, seen = kept
            for i, (present, demands) in seen.items():
                sim.incidents[i].present, sim.incidents[i].demands = present, demands
            for i, state in states.items():
                sim.incidents[i].state = state
            sim.fleet._etas.clear()
        self.asked += 1
        return orders

    @staticmethod
    def _scramble(sim: Simulation) -> None:
        """Every road shut in truth, nobody anywhere, no state, no people; only daylight and weather, which all can see, stay."""
        truth = Conditions(sim.case.city.network)
        for link in sorted(sim.case.city.network.links):
            truth.set_link(link.split("#")[0], 0.0, "")
        world = World()
        world.weather, world.daylight_night = sim.world.weather, sim.world.daylight_night
        sim.traffic.truth, sim.world, sim.care.wards = truth, world, {}
        for incident in sim.incidents.values():
            incident.present, incident.demands, incident.state = {}, (), None
        sim.fleet._etas.clear()


@pytest.mark.parametrize("strategy", sorted(catalog.strategies()))
def test_orders_do_not_depend_on_what_the_post_cannot_know(strategy: str) -> None:
    """Asked again behind a scrambled truth, every strategy orders the same, all through a drill with a closed road."""
    case = load_case(CASES["fuyuan_inrush"], strategy=strategy)
    asked = Suspicious(case.strategies(strategy))
    sim = Simulation(replace(case, strategies=lambda _: asked), lambda _: None)
    asked.sim = sim
    sim.run()
    assert asked.asked > 3


class Peeper(Nearest):
    """Sends nobody where it can see that nothing is going on."""

    def __init__(self) -> None:
        self.sim: Simulation | None = None

    def decide(self, picture: Picture, incident: str, stream: Stream) -> Sequence[Order]:
        """Looks before it decides."""
        assert self.sim is not None
        return super().decide(picture, incident, stream) if self.sim.world.incidents else ()


def test_a_strategy_that_looked_would_be_caught() -> None:
    """The guard for the test above: it fails for one that reads the world."""
    peeper = Peeper()
    asked = Suspicious(peeper)
    sim = Simulation(replace(make_case([Crew("T1", "B")]), strategies=lambda _: asked), lambda _: None)
    asked.sim = peeper.sim = sim
    with pytest.raises(AssertionError):
        sim.run()


def orders_of(day: Any) -> list[tuple[Any, ...]]:
    """Who was ordered where, when, for when."""
    return [(e.t, e.element, e.incident, e.task, e.expected) for e in day.all(ev.OrderGiven)]


def test_a_closure_nobody_has_found_changes_no_order() -> None:
    """The road is shut before the report comes; orders and expected arrivals are those of an open road."""
    crews = Crew("T1", "A"), Crew("T2", "E")
    blind = told(*crews, injects=[at(50, close("BC", NEVER))])
    assert orders_of(blind) == orders_of(told(*crews))
    assert orders_of(told(*crews, injects=[at(50, close("CD"))])) == orders_of(told(*crews)), "E is on this side of it"


class Quiet(Job):
    """A job that looks the same however much of it there is."""

    def observe(self, state: Any, stream: Stream) -> Any:
        """Nothing to be seen of the amount."""
        return msgspec.structs.replace(super().observe(state, stream), figures={})


def test_what_is_needed_is_what_was_reported_not_what_is() -> None:
    """Two accidents that look alike are answered alike, though one is ten times as bad."""
    small, large = (told(Crew("T1", "B", count=3), tasks=[Task(job=Quiet(work=w, wanted=2))]) for w in (3600, 36000))
    assert orders_of(small) == orders_of(large) != []


def test_the_weather_all_can_see_is_taken_into_account() -> None:
    """The guard against a test that would pass for a strategy that looks at nothing: rain changes the expected arrival."""
    rain = told(Crew("T1", "A"), injects=[at(10, Action("weather", weather=Weather(rain=2.0)))])
    assert orders_of(rain) != orders_of(told(Crew("T1", "A")))


# ── by the text ──────────────────────────────────────────────────────────────────────────────────────────────────────

MAY_IMPORT = ("sim.ports", "sim.domain", "sim.streams", "sim.errors", "numpy", "scipy", "models.dispatch")
STDLIB = (
    "__future__",
    "bisect",
    "collections",
    "dataclasses",
    "functools",
    "heapq",
    "itertools",
    "math",
    "operator",
    "typing",
)


@pytest.mark.parametrize("file", DISPATCH, ids=lambda f: f.name)
def test_a_strategy_imports_nothing_by_which_it_could_look(file: Path) -> None:
    """Ports, the vocabulary, arithmetic: nothing of the engine, the journal, the case or the roads; and no getattr tricks."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    named = [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
    named += [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    wrong = [m for m in named if not any(m == ok or m.startswith(ok + ".") for ok in (*MAY_IMPORT, *STDLIB))]
    private = [n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and _is_private(n)]
    tricks = [
        n.id
        for n in ast.walk(tree)
        if isinstance(n, ast.Name) and n.id in ("getattr", "vars", "globals", "eval", "exec")
    ]
    assert (wrong, private, tricks) == ([], [], [])


def _is_private(node: ast.Attribute) -> bool:
    of_self = isinstance(node.value, ast.Name) and node.value.id == "self"
    return node.attr.startswith("_") and not node.attr.endswith("__") and not of_self


# What a desk may ask of an incident and of the simulation, and why it is no peeking.
OF_INCIDENT = {
    "id", "spec",  # the name of the file, where it is, what sort: what the first report says
    "model",  # only .needs(sighting, site): the duty officer's rule of thumb
    "closed", "known_to",  # this desk's own decision, and who was told
    "over",  # why it ended, for the record of the closing; the closing itself goes by the final report
}  # fmt: skip
OF_SIM = {
    "case", "clock", "now", "night", "record", "draw", "number", "streams",  # books, clock, daylight
    "desks", "leads", "strategy", "wires", "fleet",  # other posts, the platform, one's own forces
    "forces",  # only .show(incident): what the board may show of those that others decide over
    "root_of", "response_of",  # what it followed, which the first report of it says, and in which response it is handled
}  # fmt: skip


def test_a_desk_asks_nothing_of_the_truth() -> None:
    """By its text: no world, no traffic, no care, no state of an incident."""
    files = [ROOT / "sim" / "engine" / name for name in ("posts.py", "passing_on.py")]
    tree = ast.Module([line for file in files for line in ast.parse(file.read_text(encoding="utf-8")).body], [])
    asked: dict[str, set[str]] = {"incident": set(), "sim": set()}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            value = node.value
            name = value.id if isinstance(value, ast.Name) else value.attr if isinstance(value, ast.Attribute) else ""
            if isinstance(value, ast.Subscript) and ast.unparse(value.value) in ("self._known", "sim.incidents"):
                name = "incident"
            if name in asked and node.attr not in {"id", *asked}:
                asked[name].add(node.attr)
    assert asked["incident"] - OF_INCIDENT == set()
    assert asked["sim"] - OF_SIM == {"care", "candour", "headquarters"}
    assert _asked_of(tree, "care") == {"tasks"}, "which capabilities are medical is no secret"
    assert _asked_of(tree, "headquarters") <= {"level", "carries", "is_graded", "holds_open", "disasters"}, (
        "what its plan says, and what posts were told of a disaster"
    )
    assert _asked_of(tree, "disasters") <= {"told", "joint"}, "its own reports, added up"
    assert _asked_of(tree, "candour") <= {"withholds", "told", "sent", "due", "checked"}, (
        "what it does with its own reports"
    )


def test_a_toll_is_added_up_of_what_posts_were_told_and_of_nothing_else() -> None:
    """By its text: no world, no care, no incident – sightings, corrections, the books and the clock."""
    tree = ast.parse((ROOT / "sim" / "engine" / "disasters.py").read_text(encoding="utf-8"))

    assert _asked_of(tree, "sim") <= {"case", "clock", "families", "leads", "now", "number", "record"}
    assert _asked_of(tree, "incident") == set()


def test_whoever_asks_for_forces_asks_nothing_of_the_truth() -> None:
    """By its text: the picture, the board, the rules; of an incident no more than its name and where it is."""
    tree = ast.parse((ROOT / "sim" / "engine" / "asking.py").read_text(encoding="utf-8"))
    assert _asked_of(tree, "incident") <= {"id", "spec"}
    assert _asked_of(tree, "sim") <= OF_SIM | {"incidents", "rule"}


def test_a_desk_asks_the_model_only_what_a_sighting_calls_for() -> None:
    """`incident.model` appears in the desk with `.needs` and nothing else."""
    tree = ast.parse((ROOT / "sim" / "engine" / "posts.py").read_text(encoding="utf-8"))
    assert _asked_of(tree, "model") == {"needs"}


def _asked_of(tree: ast.AST, name: str) -> set[str]:
    """What is read of any attribute of that name."""
    return {
        node.attr for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == name
    }  # fmt: skip
