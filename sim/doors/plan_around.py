"""What plans are held against: the models' kinds of accidents, families of plans and deadlines of law; a city's roster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from sim.case import City
from sim.domain.command import Criterion
from sim.domain.parameters import Standing
from sim.doors.elements import load_capabilities
from sim.doors.law import read_plans, read_scales
from sim.doors.plan_checks import Around
from sim.doors.plans_files import Known, read_known
from sim.reader import load


def around_plans(models: Path, city: City | None) -> Around:
    """Everything that checks of plans ask; without a city, nothing is asked of a roster."""
    families = models / "rules" / "plans.yaml"
    entries = read_plans(families).plans if families.is_file() else {}
    supplies: dict[str, set[str]] = {}
    for holding in city.holdings if city else ():
        assert city is not None, "it has holdings"
        supplies.setdefault(city.teams[holding.team].category, set()).update(city.kinds[holding.kind].supplies)
    return Around(
        natures=natures_in(models), families={id_: f"{entry.zh} {entry.en}" for id_, entry in entries.items()},
        law=dict(_law(models)), phases=read_known(models).phases, figures=dict(_figures(models)), scales=_scales(models),
        supplies={category: frozenset(codes) for category, codes in sorted(supplies.items())},
        categories=tuple(sorted(supplies)), capabilities=tuple(city.capabilities) if city else (),
    )  # fmt: skip


def known_alone(models: Path) -> Known:
    """The names that plans may use where no city stands around them."""
    capabilities = load_capabilities(models / "response" / "capabilities.yaml")
    return replace(read_known(models), capabilities=capabilities, categories=None, counties=None)


def natures_in(models: Path) -> tuple[str, ...]:
    """The kinds of accidents that there are models of."""
    folders = [path.parent.name for path in (models / "hazards").glob("*/parameters.yaml")]
    return tuple(sorted([*folders, *(path.stem for path in (models / "hazards" / "staged").glob("*.yaml"))]))


def _figures(models: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """By nature, the figures that its reports carry."""
    folder = models / "hazards"
    for path in (*folder.glob("*/parameters.yaml"), *(folder / "staged").glob("*.yaml")):
        nature = path.parent.name if path.stem == "parameters" else path.stem
        card = load(path).data
        table = (
            "figures" if path.stem == "parameters" else "demands"
        )  # a staged accident reports what is still to be done
        yield nature, frozenset(card.get(table) or ())


def _scales(models: Path) -> Mapping[str, tuple[Criterion, ...]]:
    path = models / "rules" / "severity.yaml"
    return read_scales(path) if path.is_file() else {}


def _law(models: Path) -> Iterator[tuple[str, tuple[str, float]]]:
    """By phase, the number that is its deadline and how long that is, where it was read in a law."""
    numbers = read_known(models).numbers
    path = models / "rules" / "phases.yaml"
    for phase, entry in (load(path).data if path.is_file() else {}).items():
        number = numbers.get(str(entry.get("within")))
        if number is not None and number.standing is Standing.VERIFIED:
            yield phase, (str(entry["within"]), number.value)
