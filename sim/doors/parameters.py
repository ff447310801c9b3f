"""Files of numbers with passports: a flat mapping name → {description, unit, value, standing, source, checked_on, range}."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from sim.domain.parameters import Parameter, Spread, Standing
from sim.doors.common import Bilingual, Day, Misfit, SpreadEntry, Written, a_date, spread_of
from sim.reader import Entry, Loc, read, wrongs
from sim.units import UnitError, dimension_of, from_si, parse_quantity


def _known(unit: str) -> str:
    dimension_of(unit)
    return unit


Unit = Annotated[str, AfterValidator(_known), Field(examples=["min"])]
Range = tuple[str, str]


class Ranged(Entry):
    """Figures in one unit, and the range outside which nobody should mean them."""

    unit: Unit
    range: Range | None = Field(None, description="Outside it nobody should mean it", examples=[["1", "10"]])

    @property
    def dimension(self) -> str:
        """The dimension of its figures."""
        return dimension_of(self.unit)

    @property
    def bounds(self) -> tuple[float, float]:
        """Its range, SI."""
        if self.range is None:
            return -math.inf, math.inf
        low, high = (parse_quantity(text, self.dimension, self.unit) for text in self.range)
        return low, high


class Passport(Ranged):
    """A number, what it means, where it comes from and how well it is known. Figures are written in `unit`."""

    description: Bilingual = Field(examples=["Order received to wheels rolling, by day"])
    value: SpreadEntry | None = Field(None, description="A number or a spread", examples=["5"])
    values: dict[Day, SpreadEntry] = Field({}, description="Instead of `value`: what holds from each date on")
    standing: Standing = Field(description="Read in a source, from memory, or our own choice", examples=["config"])
    source: str = Field(min_length=1, examples=["our assumption"])
    checked_on: Day | None = Field(None, description="When a human last looked", examples=["2026-11-24"])

    def spread(self, on: date | None = None) -> Spread:
        """What holds on a day, SI: the latest without a day, the first if the day is before all."""
        written = self.value
        if written is None:
            dates = sorted(self.values, key=a_date)
            written = self.values[([d for d in dates if on is None or a_date(d) <= on] or dates[:1])[-1]]
        return spread_of(written, self.dimension, self.unit)

    def parameter(self, name: str, on: date | None = None) -> Parameter:
        """The number in SI, with its passport."""
        low, high = self.bounds
        return Parameter(
            name, self.spread(on), self.unit, self.source, self.standing, str(self.description), low, high,
            self.checked_on or "",
        )  # fmt: skip

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if mistakes := list(self._mistakes()):
            raise wrongs(mistakes)
        return self

    def _mistakes(self) -> Iterator[tuple[str, str, Loc]]:
        if self.standing is Standing.VERIFIED and self.checked_on is None:
            yield "a verified number says when it was checked", "add 'checked_on: 2026-11-24'", ("standing",)
        if (self.value is None) == (not self.values):
            yield "exactly one of 'value' and 'values' must be given", "'values' is for what changes by date", ()
        try:
            low, high = self.bounds
        except UnitError as error:
            yield str(error), "", ("range",)
            return
        if low > high:
            yield "the range is upside down", "put the smaller figure first", ("range",)
            return
        written: list[tuple[Loc, Written]] = [(("values", day), entry) for day, entry in self.values.items()]
        if self.value is not None:
            written.append((("value",), self.value))
        for at, entry in written:
            try:
                typical = spread_of(entry, self.dimension, self.unit).median
            except Misfit as misfit:
                yield misfit.told(at)
                continue
            if not low <= typical <= high:
                ends = f"{from_si(low, self.unit):g} to {from_si(high, self.unit):g} {self.unit}"
                what = f"{from_si(typical, self.unit):g} {self.unit} is outside its own range, {ends}"
                yield what, "correct the value, or the range if it is meant", at


def load_parameters(path: Path, *, on: date | None = None, root: Path | None = None) -> dict[str, Parameter]:
    """The numbers of a passport file by name, SI; of dated values the one in force `on` that day. Raises `InvalidInput`."""
    return {name: p.parameter(name, on) for name, p in sorted(read(path, dict[str, Passport], root=root).items())}
