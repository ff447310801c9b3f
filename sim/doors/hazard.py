"""The card of a hazard: models/hazards/<name>/parameters.yaml, or the part of a staged accident that is the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from sim.domain.parameters import Spread, Standing
from sim.doors.common import Bilingual, Misfit, Named, spread_of
from sim.doors.parameters import Passport, Ranged, Unit
from sim.errors import suggest
from sim.reader import Entry, Loc, read, wrongs
from sim.units import UnitError, from_si, parse_quantity

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", examples=["people"])]
GRADES = 4  # general, larger, major, especially major
WEATHER = ("wind", "temperature", "humidity", "rain")  # figures of the weather that a limit may be about


class Setting(Named):
    """What is special in some accidents of a nature: by how much it multiplies parameters, and which it sets."""

    standing: Standing
    source: str = Field(min_length=1)
    factors: dict[Identifier, Annotated[float, Field(ge=0)]] = Field({}, examples=[{"decay": "0.5"}])
    values: dict[Identifier, str] = Field({}, description="Figures with a unit, or in the parameter's own")


class CauseEntry(Setting):
    """A cause (原因)."""


class VariantEntry(Setting):
    """A kind of thing that is concerned: a substance, a building, a disease. A cause changes what it sets."""


class ScopeEntry(Named, Ranged):
    """A scale variable (范围) and its value by grade: general, larger, major, especially major."""

    by_grade: tuple[str, str, str, str] = Field(examples=[["3", "8", "25", "150"]])
    standing: Standing
    source: str = Field(min_length=1)
    variants: list[str] = Field([], description="The variants that it is about; all of them where none is named")

    def at_grade(self, grade: int) -> float:
        """Its value, SI, at a grade from 1 (general) to 4 (especially major)."""
        return parse_quantity(self.by_grade[grade - 1], self.dimension, self.unit)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        told: list[tuple[str, str, Loc]] = []
        try:
            low, high = self.bounds
        except UnitError as error:
            raise wrongs([(str(error), "", ("range",))]) from None
        for i, text in enumerate(self.by_grade):
            try:
                figure = self.at_grade(i + 1)
            except UnitError as error:
                told.append((str(error), "", ("by_grade", i)))
                continue
            if not low <= figure <= high:
                ends = f"{from_si(low, self.unit):g} to {from_si(high, self.unit):g} {self.unit}"
                told.append((f"{text} is outside its own range, {ends}", "correct one of them", ("by_grade", i)))
        if told:
            raise wrongs(told)
        return self


class MeasureEntry(Named):
    """A figure that the model shows, and the unit in which people read it."""

    unit: Unit


class LimitEntry(Named, Ranged):
    """Up to where a formula holds: outside the range the run says so, and goes on.

    `of` is a reading, a scale variable, or a figure of the weather (`weather.wind`).
    """

    of: str = Field(min_length=1, examples=["people"])
    source: str = Field(min_length=1)


class BalanceEntry(Entry):
    """A reading that is a stock, and the readings, a rate each, by which alone it grows and falls."""

    gains: list[Identifier] = Field(min_length=1)
    losses: list[Identifier] = Field([])


class Discovery(Entry):
    """How long it takes until someone reports it, and who that is."""

    by: Bilingual | None = Field(None, description="Who reports it; people on the spot where nobody is named")
    day: Passport
    night: Passport


class HazardCard(Entry):
    """All that a hazard says of itself besides its equations."""

    title: Bilingual
    severity_scale: str = Field(min_length=1, description="A key of models/rules/severity.yaml")
    description: Bilingual
    plans: list[str] = Field([], description="Keys of the special plans that are about it", examples=[["CM"]])
    causes: dict[Identifier, CauseEntry] = Field(min_length=1)
    variants: dict[Identifier, VariantEntry] = Field({}, description="Kinds of the thing concerned; the first is usual")
    scope: dict[Identifier, ScopeEntry] = Field(min_length=1)
    readings: dict[Identifier, MeasureEntry] = Field({})
    balances: dict[Identifier, BalanceEntry] = Field(
        {}, description="Stocks among the readings, which every journal must balance"
    )
    figures: dict[Identifier, MeasureEntry] = Field({})
    scenes: str = Field(
        "one", description="Whether vehicles crowd at `one` place, `many`, or as many as a scale variable says"
    )
    limits: dict[Identifier, LimitEntry] = Field({}, description="Where its formulas stop being valid")
    events: dict[Identifier, Bilingual] = Field({})
    demands: dict[Identifier, Bilingual] = Field({})
    discovery: Discovery
    parameters: dict[Identifier, Passport] = Field({})

    def spread(self, name: str, cause: str, variant: str = "") -> Spread:
        """What a parameter may be in an accident of that cause and variant, SI, before the case says otherwise.

        The variant speaks first, the cause then of what it made.
        """
        passport = self.parameters[name]
        base = passport.spread()
        for entry in (self.variants[variant] if variant else None, self.causes[cause]):
            if entry is None:
                continue
            if name in entry.values:
                base = spread_of(entry.values[name], passport.dimension, passport.unit)
            elif (factor := entry.factors.get(name)) is not None:
                base = Spread(base.kind, tuple(figure * factor for figure in base.figures))
        return base

    @model_validator(mode="after")
    def _settings_fit(self) -> Self:
        if mistakes := list(self._mistakes()):
            raise wrongs(mistakes)
        return self

    def _mistakes(self) -> Iterator[tuple[str, str, Loc]]:
        for stock, balance in self.balances.items():
            for name, loc in ((stock, ()), *((n, ("gains", i)) for i, n in enumerate(balance.gains)),
                              *((n, ("losses", i)) for i, n in enumerate(balance.losses))):  # fmt: skip
                if name not in self.readings:
                    told = suggest(name, sorted(self.readings))
                    yield f"there is no reading '{name}'", told, ("balances", stock, *loc)
        if self.scenes not in ("one", "many", *self.scope):
            near = suggest(self.scenes, ["one", "many", *self.scope])
            yield f"'{self.scenes}' is no scale variable", near, ("scenes",)
        watched = sorted({*self.readings, *self.scope, *(f"weather.{name}" for name in WEATHER)})
        for name, limit in self.limits.items():
            if limit.of not in watched:
                yield (
                    f"there is nothing called '{limit.of}' to watch",
                    suggest(limit.of, watched),
                    ("limits", name, "of"),
                )
            if limit.range is None:
                yield "a limit has a range", "add 'range: [lowest, highest]'", ("limits", name)
        for name, entry in self.scope.items():
            for i, variant in enumerate(entry.variants):
                if variant not in self.variants:
                    near = suggest(variant, list(self.variants))
                    yield f"there is no variant '{variant}'", near, ("scope", name, "variants", i)
        for causes, entries in (("causes", self.causes), ("variants", self.variants)):
            yield from self._settings(causes, entries)

    def _settings(self, kind: str, entries: Mapping[str, Setting]) -> Iterator[tuple[str, str, Loc]]:
        names = sorted(self.parameters)
        for title, entry in entries.items():
            for table in ("factors", "values"):
                for name in getattr(entry, table):
                    if name not in self.parameters:
                        yield f"there is no parameter '{name}'", suggest(name, names), (kind, title, table, name)
            for name in sorted(set(entry.values) & set(self.parameters)):
                passport = self.parameters[name]
                try:
                    spread_of(entry.values[name], passport.dimension, passport.unit)
                except Misfit as misfit:
                    yield misfit.told((kind, title, "values", name))


def read_hazard(path: Path, *, root: Path | None = None) -> HazardCard:
    """The card in the file at `path`. Raises `InvalidInput` with every mistake."""
    return read(path, HazardCard, root=root)
