"""Law as data: severity scales, and the families of plans (models/rules)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from sim.domain.command import Criterion, Severity
from sim.domain.hazards import Sighting
from sim.domain.parameters import Standing
from sim.doors.common import Bilingual, Day, Named
from sim.doors.parameters import Unit
from sim.errors import suggest
from sim.reader import Entry, Loc, read, wrongs
from sim.units import UnitError, dimension_of, parse_quantity

_COUNTED = tuple(f for f in Sighting.__struct_fields__ if f != "figures")


# ── severity scales ──


class Classes(Entry):
    """Where each class begins, in the criterion's unit; 一般 is what is below."""

    larger: str | None = None
    major: str | None = None
    especially_major: str | None = None


class CriterionEntry(Named):
    """What is counted, and where classes begin; one that is otherwise known than its scale says so."""

    unit: Unit
    confirmed: list[str] = Field(
        description="Fields of a report, or figures.<name>, that are added up", examples=[["dead"]]
    )
    potential: list[str] | None = Field(
        None, description="The same for what may yet come of it; as confirmed unless given"
    )
    classes: Classes
    standing: Standing | None = None
    source: str = ""

    def criterion(self, name: str) -> Criterion:
        """The criterion, SI."""
        potential = self.confirmed if self.potential is None else self.potential
        classes = tuple(self._classes())
        return Criterion(name, tuple(self.confirmed), tuple(potential), classes, self.zh, self.en, self.unit)

    def _classes(self) -> Iterator[tuple[Severity, float]]:
        for severity in Severity:
            if written := getattr(self.classes, severity.name.lower(), None):
                yield severity, parse_quantity(written, dimension_of(self.unit), self.unit)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        told: list[tuple[str, str, Loc]] = []
        for table in ("confirmed", "potential"):
            for i, name in enumerate(getattr(self, table) or ()):
                if name not in _COUNTED and not name.startswith("figures."):
                    told.append((f"no report has '{name}'", suggest(name, _COUNTED), (table, i)))
        try:
            figures = [figure for _, figure in self._classes()]
        except UnitError as error:
            told.append((str(error), "", ("classes",)))
        else:
            if sorted(set(figures)) != figures:
                told.append(("each class must begin above the one before", "", ("classes",)))
        if told:
            raise wrongs(told)
        return self


class ScaleEntry(Entry):
    """A severity scale: one criterion reached is enough for a class."""

    title: Bilingual
    standing: Standing
    source: str = Field(min_length=1)
    checked_on: Day | None = None
    criteria: dict[str, CriterionEntry]


def read_scales(path: Path, *, root: Path | None = None) -> dict[str, tuple[Criterion, ...]]:
    """The criteria of each severity scale in the file, by the scale's name. Raises `InvalidInput`."""
    scales = read(path, dict[str, ScaleEntry], root=root)
    return {name: tuple(c.criterion(key) for key, c in scale.criteria.items()) for name, scale in scales.items()}


# ── plans ──


class PlanEntry(Named):
    """A family of special plans, and the legal class of emergencies it is for."""

    legal_class: str = Field(alias="class", examples=["natural"])


class PlansFile(Entry):
    """The families of special plans and the legal classes."""

    standing: Standing
    source: str = Field(min_length=1)
    classes: dict[str, Bilingual] = Field(min_length=1)
    plans: dict[str, PlanEntry] = Field(min_length=1)

    @model_validator(mode="after")
    def _known_classes(self) -> Self:
        told: list[tuple[str, str, Loc]] = [
            (
                f"there is no class '{p.legal_class}'",
                suggest(p.legal_class, list(self.classes)),
                ("plans", key, "class"),
            )
            for key, p in self.plans.items()
            if p.legal_class not in self.classes
        ]
        if told:
            raise wrongs(told)
        return self


def read_plans(path: Path, *, root: Path | None = None) -> PlansFile:
    """The families of special plans in the file. Raises `InvalidInput`."""
    return read(path, PlansFile, root=root)
