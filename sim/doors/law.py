"""Law as data: severity scales, and duties with the events that begin and fulfil them (models/rules)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from pydantic import BeforeValidator, Field, model_validator

from sim.domain import events as ev
from sim.domain.command import Criterion, Post, Severity, Tier
from sim.domain.hazards import Sighting
from sim.domain.parameters import Parameter, Standing
from sim.doors.common import Bilingual, Day, Named
from sim.doors.parameters import Unit
from sim.errors import InvalidInput, Problem, suggest
from sim.journal.cast import Duty, Sign, Words
from sim.reader import Document, Entry, Loc, load, read, wrongs
from sim.units import UnitError, dimension_of, parse_quantity

_COUNTED = tuple(f for f in Sighting.__struct_fields__ if f != "figures")
_FIELDS = {str(e.__struct_config__.tag): e.__struct_fields__ for e in get_args(ev.AnyEvent)}


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
        return Criterion(name, tuple(self.confirmed), tuple(potential), tuple(self._classes()))

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


# ── duties ──

_TierName = Literal["township", "county", "city", "province"]


def _listed(written: object) -> object:
    return [written] if isinstance(written, str) else written


class SignEntry(Entry):
    """An event, told by its kind, by what its fields are, and by the tier of the posts that they name."""

    event: str
    where: dict[str, Annotated[list[str], BeforeValidator(_listed)]] = Field({}, examples=[{"level": ["1", "2"]}])
    tier: dict[str, Annotated[list[_TierName], BeforeValidator(_listed)]] = Field({}, examples=[{"post": "county"}])

    def signs(self, posts: Mapping[str, Post]) -> Iterator[Sign]:
        """One sign for each combination of the values its fields may have."""
        values: dict[str, Sequence[str]] = dict(self.where)
        for field, tiers in self.tier.items():
            wanted = {Tier[name.upper()] for name in tiers}
            values[field] = [post for post in sorted(posts) if posts[post].tier in wanted]
        for combination in itertools.product(*values.values()):
            yield Sign(self.event, dict(zip(values, combination, strict=True)))

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.event not in _FIELDS:
            raise wrongs([(f"there is no event '{self.event}'", suggest(self.event, sorted(_FIELDS)), ("event",))])
        fields = _FIELDS[self.event]
        told: list[tuple[str, str, Loc]] = [
            (f"the event {self.event} has no '{field}'", suggest(field, fields), (table, field))
            for table in ("where", "tier") for field in getattr(self, table) if field not in fields
        ]  # fmt: skip
        if told:
            raise wrongs(told)
        return self


class DutyEntry(Entry):
    """An obligation, or a phase of the closed loop: when it falls due, what fulfils it, within which number of the models."""

    title: Bilingual
    responsible: Bilingual | None = None
    evidence: Bilingual | None = None
    source: str = ""
    since: list[SignEntry] = Field([])
    done: list[SignEntry] = Field([])
    within: str | None = Field(None, description="The name of a number", examples=["deadlines.first_report"])

    def duty(self, name: str, numbers: Mapping[str, Parameter], posts: Mapping[str, Post]) -> Duty:
        """The duty as a journal of this city is judged by it."""
        since = tuple(sign for entry in self.since for sign in entry.signs(posts))
        done = tuple(sign for entry in self.done for sign in entry.signs(posts))
        within = None if self.within is None else numbers[self.within].value
        # where no post could receive it, it is nobody's duty
        return Duty(name, Words(self.title.zh, self.title.en), since if done else (), done, within, self.source)


def read_duties(
    path: Path, numbers: Mapping[str, Parameter], posts: Mapping[str, Post], *, root: Path | None = None
) -> tuple[Duty, ...]:
    """The duties in the file, in its order, with their deadlines from `numbers` (SI) for these posts. Raises `InvalidInput`."""
    document = load(path, root=root)
    duties = document.as_(dict[str, DutyEntry])
    if problems := list(_undated(document, duties, numbers)):
        raise InvalidInput(problems)
    return tuple(entry.duty(name, numbers, posts) for name, entry in duties.items())


def _undated(
    document: Document, duties: Mapping[str, DutyEntry], numbers: Mapping[str, Parameter]
) -> Iterator[Problem]:
    for name, entry in duties.items():
        if entry.within is not None and entry.within not in numbers:
            remedy = suggest(entry.within, sorted(numbers))
            yield document.problem((name, "within"), f"there is no number '{entry.within}'", remedy)
