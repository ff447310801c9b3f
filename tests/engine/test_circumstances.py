"""Circumstances: what a county or the city was told of an accident and of what followed it – and nothing else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from sim.domain import events as ev
from sim.domain.command import Severity, Tier
from sim.domain.hazards import Sighting
from sim.domain.plans import Circumstance
from sim.engine.circumstances import Circumstances


class Scene:
    """An accident F, what followed it, and who has heard what; nothing runs."""

    def __init__(self) -> None:
        tiers = {"scene": Tier.TOWNSHIP, "county": Tier.COUNTY, "city": Tier.CITY}
        posts = {name: SimpleNamespace(tier=tier) for name, tier in tiers.items()}
        clock = SimpleNamespace(now=0.0, at=lambda t, then, turn: then(None))
        self.world: dict[str, Any] = {}
        case = SimpleNamespace(city=SimpleNamespace(posts=posts), assessor=self)
        self.sim: Any = SimpleNamespace(
            case=case, clock=clock, listeners=[], world=SimpleNamespace(incidents=self.world),
            response_of=lambda name: self.up(name, stop=True), root_of=self.up,
        )  # fmt: skip
        self.dossiers: dict[str, Any] = {}
        self.woken: list[int] = []
        self.known = Circumstances(self.sim, self.dossiers, lambda dossier, cause: self.woken.append(cause))
        self.occurs("F", county="A")
        self.answer("F", county="A")
        self._seq = 0

    def up(self, name: str, stop: bool = False) -> str:
        """What it goes back to; with `stop`, no further than to what has a response of its own."""
        while self.world[name].parent and not (stop and name in self.dossiers):
            name = self.world[name].parent
        return name

    def severity(self, scale: str, seen: Sighting) -> tuple[Severity, Severity, str]:
        """The scale of these tests: three dead, or a figure of ten, is larger."""
        found = Severity.LARGER if seen.dead >= 3 or seen.figures.get("area", 0.0) >= 10 else Severity.GENERAL
        return found, found, scale

    def occurs(self, name: str, county: str, parent: str = "", nature: str = "flood") -> None:
        """An accident is in the world."""
        self.world[name] = SimpleNamespace(parent=parent, nature=nature, site=SimpleNamespace(county=county))

    def answer(self, name: str, county: str, nature: str = "flood") -> None:
        """It has a response of its own."""
        site = SimpleNamespace(county=county)
        self.dossiers[name] = SimpleNamespace(id=name, potential=1, spec=SimpleNamespace(site=site, nature=nature))

    def told(self, to: str, incident: str = "F", **seen: Any) -> None:
        """A report goes out and is received."""
        self._seq += 2
        report = f"R{self._seq}"
        sighting = Sighting(**seen)
        self.known.hear(ev.ReportSent(self._seq, 0.0, None, report, incident, "x", to, 0, sighting, "phone", 0.0))
        self.known.hear(ev.ReportReceived(self._seq + 1, 0.0, self._seq, report, incident, to))

    def figure(self, of: str, incident: str = "F") -> float:
        """A figure as the offices know it."""
        return self.known.figure(self.dossiers[incident], of)

    def holds(self, *every: Circumstance) -> bool:
        """Whether all of these hold for F."""
        return self.known.hold(self.dossiers["F"], (every,))


def test_only_what_reached_a_county_or_the_city_counts() -> None:
    """What was sent and is under way, or told on the spot, is not known."""
    scene = Scene()
    scene.known.hear(ev.ReportSent(1, 0.0, None, "R", "F", "x", "county", 0, Sighting(dead=2), "phone", 0.0))
    scene.told("scene", dead=2)
    assert scene.figure("dead") == 0.0

    scene.told("county", dead=2)

    assert scene.figure("dead") == 2.0 and scene.woken


def test_the_missing_are_as_told_last_and_the_trapped_the_most_ever_told() -> None:
    """Whoever was brought out is missing no more, but there were people to account for."""
    scene = Scene()
    scene.told("county", trapped=4)
    scene.told("city", trapped=0, injured=4)

    assert (scene.figure("missing"), scene.figure("trapped"), scene.figure("casualties")) == (0.0, 4.0, 4.0)
    assert scene.holds(Circumstance("trapped", 1.0), Circumstance("dead", below=1.0))
    assert not scene.holds(Circumstance("casualties", below=1.0))


def test_what_followed_counts_with_it_and_with_a_response_of_its_own() -> None:
    """The dead of a collapse after a shock are the shock's dead, even when a plan of its own is started for it."""
    scene = Scene()
    scene.occurs("F-1", "B", parent="F", nature="collapse")
    scene.occurs("F-1-1", "B", parent="F-1", nature="fire")
    scene.told("county", "F", dead=1)
    scene.told("county", "F-1", dead=2)
    scene.told("county", "F-1-1", dead=4)
    assert scene.figure("dead") == 7.0

    scene.answer("F-1", "B", "collapse")

    assert (scene.figure("dead"), scene.figure("dead", "F-1")) == (7.0, 6.0)


def test_severity_by_a_scale_goes_by_the_last_count_and_the_corrections() -> None:
    """Two dead are not three; a third who dies later makes it so; a water level that has fallen still was so high."""
    scene = Scene()
    scene.told("city", dead=2, injured=5)
    assert scene.known.severity(scene.dossiers["F"], "lives") == Severity.GENERAL

    scene.known.hear(ev.CasualtiesCorrected(90, 0.0, None, "F", "county", 3, 0, 4))
    assert scene.known.severity(scene.dossiers["F"], "lives") == Severity.LARGER
    assert scene.figure("injured") == 4.0

    other = Scene()
    other.told("city", figures={"area": 12.0})
    other.told("city", figures={"area": 0.0})
    assert other.known.severity(other.dossiers["F"], "lives") == Severity.LARGER


def test_a_county_owes_where_the_same_came_or_people_were_told_to_be_in_need() -> None:
    """A flood that runs on into B, a fire with people threatened in C; a fire in D that threatens nobody is not D's flood."""
    scene = Scene()
    scene.occurs("F-1", "B", parent="F")
    scene.occurs("F-2", "C", parent="F", nature="fire")
    scene.occurs("F-3", "D", parent="F", nature="fire")
    for name, seen in (("F-1", {}), ("F-2", {"threatened": 9}), ("F-3", {})):
        scene.told("county", name, **seen)

    assert scene.known.counties(scene.dossiers["F"]) == ["A", "B", "C"]
    assert scene.figure("counties") == 3.0
