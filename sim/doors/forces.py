"""`forces.yaml` of a city: forces that others decide over → `ForceBook`, or everything wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from sim.domain.command import Level, Tier
from sim.domain.forces import Force, ForceBook, Organ
from sim.domain.parameters import Parameter, Spread, Standing
from sim.domain.teams import ElementKind, Holding, Team
from sim.doors.common import Bilingual, Day
from sim.doors.elements_language import Times
from sim.doors.parameters import load_parameters
from sim.errors import Problem, suggest
from sim.reader import Document, Entry, Loc
from sim.roads.network import Network

FILE = "forces.yaml"
NUMBERS = (
    "response/forces.yaml"  # of models/: delays by kind of force, limits of flight, the rule for the urgent channel
)
SUBJECT = "forces"
NORMAL, URGENT = "approve", "urgent"
BACKBONE = 1
_TIERS = {"county": Tier.COUNTY, "city": Tier.CITY, "province": Tier.PROVINCE}

TierName = Literal["county", "city", "province"]
LevelName = Literal["I", "II", "III", "IV"]
Code = Annotated[str, Field(pattern=r"^\w[\w.-]*$", max_length=60)]


class KindEntry(Entry):
    """A kind of force: what it is called, and whether it flies."""

    name: Bilingual
    flies: bool = False


class Opens(Entry):
    """What must have happened before a force can be asked at all: a response at this level, at this tier."""

    tier: TierName
    level: LevelName


class ForceEntry(Entry):
    """A force: either teams of the roster, or elements that stand outside."""

    id: Code
    name: Bilingual
    kind: str
    organ: str = Field(description="Who decides, of `organs`")
    officer: Bilingual = Field(description="Who commands it on the spot; the command only gives the task")
    asked_by: TierName
    standing: Standing
    source: str = Field(min_length=1)
    checked_on: Day | None = None
    teams: list[str] = Field([], description="Teams of the roster it consists of")
    elements: dict[str, Annotated[int, Field(gt=0, le=200)]] = Field({}, description="Element kinds and how many")
    home: str = Field("", description="Node where its elements enter the network, or stand")
    beyond: Times | None = Field(None, description="Road time outside the network", examples=["4/5/6 h"])
    county: str = ""
    opens: Opens | None = None
    at_level: LevelName | None = Field(None, description="Asked from this level on without waiting for a shortfall")
    first: Annotated[int, Field(ge=0, le=200)] = 0
    approve: Times | None = Field(None, description="In place of the delay of its kind")


class ForcesFile(Entry):
    """`forces.yaml`."""

    kinds: dict[Code, KindEntry] = Field(min_length=1)
    organs: dict[Code, Bilingual] = Field(min_length=1)
    forces: list[ForceEntry] = Field(min_length=1)


def force_numbers(models: Path) -> dict[str, Parameter]:
    """The numbers of forces, by the names that a case may override. Raises `InvalidInput`."""
    from msgspec.structs import replace

    found = load_parameters(models / NUMBERS, root=models.parent)
    return {f"{SUBJECT}.{name}": replace(number, name=f"{SUBJECT}.{name}") for name, number in found.items()}


def force_mistakes(
    file: ForcesFile,
    document: Document,
    numbers: Mapping[str, Parameter],
    nodes: Sequence[str] | None,
    teams: Mapping[str, int] | None,
    kinds: Mapping[str, ElementKind] | None,
    counties: Sequence[str] | None,
) -> Iterator[Problem]:
    """Names that stand for nothing, forces given twice, a force that is nobody or is everywhere."""

    def known(at: Loc, name: str, valid: Sequence[str] | None, noun: str, *, key: bool = False) -> Iterator[Problem]:
        if name and valid is not None and name not in valid:
            yield document.problem(at, f"no {noun} '{name}'", suggest(name, sorted(valid)), key=key)

    delays = [name.partition(f"{SUBJECT}.{NORMAL}.")[2] for name in numbers if f".{NORMAL}." in name]
    for kind in file.kinds:
        yield from known(("kinds", kind), kind, delays, f"delay in models/{NUMBERS} for kind", key=True)
    ids: dict[str, int] = {}
    owners: dict[str, str] = {}
    for i, entry in enumerate(file.forces):
        at: Loc = ("forces", i)
        if ids.setdefault(entry.id, i) != i:
            yield document.problem((*at, "id"), f"'{entry.id}' was already given", "keep one of them")
        yield from known((*at, "kind"), entry.kind, sorted(file.kinds), "kind of force")
        yield from known((*at, "organ"), entry.organ, sorted(file.organs), "organ")
        yield from known((*at, "home"), entry.home, nodes, "node")
        yield from known((*at, "county"), entry.county, counties, "county")
        if bool(entry.teams) == bool(entry.elements):
            yield document.problem(
                at, "a force is either teams of the roster or elements of its own", "say one of both"
            )
        if entry.elements and not entry.home:
            yield document.problem(at, "nobody knows where it comes from", "add 'home', a node of the network")
        for n, team in enumerate(entry.teams):
            yield from known((*at, "teams", n), team, sorted(teams) if teams is not None else None, "team")
            if owners.setdefault(team, entry.id) != entry.id:
                yield document.problem((*at, "teams", n), f"{team} is already of {owners[team]}", "it obeys one organ")
        for kind in entry.elements:
            yield from known((*at, "elements", kind), kind, sorted(kinds) if kinds else None, "element kind", key=True)


def force_book(
    file: ForcesFile, numbers: Mapping[str, Parameter], kinds: Mapping[str, ElementKind], network: Network
) -> ForceBook:
    """The forces of a city, of a file without mistakes."""
    forces: dict[str, Force] = {}
    teams: dict[str, Team] = {}
    holdings: list[Holding] = []
    for entry in sorted(file.forces, key=lambda e: e.id):
        own = tuple(sorted(entry.teams)) or (entry.id,)
        forces[entry.id] = _force(entry, file, numbers, own)
        if entry.elements:
            people = sum(count * kinds[kind].people for kind, count in entry.elements.items())
            category = next(iter(entry.elements)).partition(".")[0]
            teams[entry.id] = Team(entry.id, entry.name.zh, category, BACKBONE, "", people, entry.name.en)
            holdings += _holdings(entry, kinds, network.nodes[entry.home].county)
    named = {code: (kind.name.zh, kind.name.en) for code, kind in sorted(file.kinds.items())}
    organs = {code: Organ(code, name.zh, name.en) for code, name in sorted(file.organs.items())}
    return ForceBook(named, organs, forces, teams, tuple(sorted(holdings, key=lambda h: h.id)))


def _force(entry: ForceEntry, file: ForcesFile, numbers: Mapping[str, Parameter], teams: tuple[str, ...]) -> Force:
    def delay(channel: str) -> Spread | None:
        number = numbers.get(f"{SUBJECT}.{channel}.{entry.kind}")
        return number.spread if number else None

    normal = entry.approve or delay(NORMAL)
    assert normal is not None, "every kind of force has its delay"
    return Force(
        entry.id, entry.name.zh, entry.name.en, entry.kind, entry.organ, entry.officer.zh, entry.officer.en,
        int(_TIERS[entry.asked_by]), normal, teams, urgent=delay(URGENT), beyond=entry.beyond, county=entry.county,
        opens_tier=int(_TIERS[entry.opens.tier]) if entry.opens else 0,
        opens_level=int(Level[entry.opens.level]) if entry.opens else 0,
        at_level=int(Level[entry.at_level]) if entry.at_level else 0, first=entry.first,
        flies=file.kinds[entry.kind].flies, own_delay=entry.approve is not None,
    )  # fmt: skip


def _holdings(entry: ForceEntry, kinds: Mapping[str, ElementKind], county: str) -> Iterator[Holding]:
    """Its elements, numbered over the force; all of them ready at the turnout of their kind."""
    number, width = 0, max(2, len(str(sum(entry.elements.values()))))
    for kind, count in sorted(entry.elements.items()):
        names = tuple(f"{entry.id}/{number + i:0{width}d}" for i in range(1, count + 1))
        number += count
        yield Holding(
            f"{entry.id}/{kind}@{entry.home}", entry.id, kind, BACKBONE, "", county, entry.home, True, names,
            (kinds[kind].people,) * count,
        )  # fmt: skip
