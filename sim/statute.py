"""Statute: law and plan as data (models/rules) – duties, phases, the negative list – read for the posts of a city."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from msgspec.structs import replace

from sim import catalog
from sim.domain.command import Post
from sim.domain.parameters import Parameter
from sim.doors.accounts import read_law
from sim.doors.duties import read_duties
from sim.doors.parameters import load_parameters
from sim.journal.cast import Duty, Law

_BESIDE_SIM = Path(__file__).parents[1]


def terms(on: date | None = None) -> dict[str, Parameter]:
    """The terms by which a finished journal is judged, by name; no run depends on them. Raises `InvalidInput`."""
    numbers = load_parameters(catalog.models_root() / "rules" / "terms.yaml", on=on, root=_BESIDE_SIM)
    return {f"terms.{name}": replace(number, name=f"terms.{name}") for name, number in numbers.items()}


def obligations(
    numbers: Mapping[str, Parameter], posts: Mapping[str, Post], on: date | None = None
) -> tuple[Duty, ...]:
    """The legal obligations that a journal can witness, with their deadlines from `numbers`, for a city's posts."""
    return _duties("obligations", numbers, posts, on)


def phases(numbers: Mapping[str, Parameter], posts: Mapping[str, Post], on: date | None = None) -> tuple[Duty, ...]:
    """The phases of the closed loop; one that no event witnesses never falls due."""
    return _duties("phases", numbers, posts, on)


def _duties(
    table: str, numbers: Mapping[str, Parameter], posts: Mapping[str, Post], on: date | None
) -> tuple[Duty, ...]:
    file = catalog.models_root() / "rules" / f"{table}.yaml"
    return read_duties(file, {**numbers, **terms(on)}, posts, root=_BESIDE_SIM)


def law(numbers: Mapping[str, Parameter], posts: Mapping[str, Post], on: date | None = None) -> Law:
    """What accounts are settled by: the negative list, consequences, mechanisms, the rubric. Raises `InvalidInput`."""
    families = {key: plan.legal_class for key, plan in catalog.plans()[0].items()}
    return read_law(catalog.models_root(), families, {**numbers, **terms(on)}, posts, root=_BESIDE_SIM)
