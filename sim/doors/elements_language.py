"""How capabilities and element kinds are written in YAML: entries, and the short forms of times and seasons."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from sim.domain.parameters import Spread, SpreadKind, Standing, fixed
from sim.doors.common import Bilingual, Day, Named, Span
from sim.doors.parameters import Range, Unit
from sim.errors import suggest
from sim.reader import Entry, Loc, wrong, wrongs
from sim.units import UnitError, dimension_of, parse_quantity

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ELSE = "else"
_N = r"(\d+(?:\.\d+)?)"
_SPANS = re.compile(rf"\s*{_N}(?:/{_N}/{_N}|\.\.{_N})?\s*(\S+)?\s*")


def _spread(written: Any) -> Any:
    """`1/2/5 min` (least/typical/p90), `30..60 min` (anything between) or `12 h` as a spread of seconds."""
    match = _SPANS.fullmatch(written) if isinstance(written, str) else None
    if match is None or match[5] is None:
        raise wrong(f"expected a time, got '{str(written)[:40]}'", "write '12 min', '1/2/5 min' or '30..60 min'")
    first, typical, p90, high, unit = match.groups()
    try:
        figures = tuple(parse_quantity(f"{f} {unit}", "time") for f in (first, typical, p90, high) if f is not None)
    except UnitError as error:
        raise wrong(str(error)) from None
    if list(figures) != sorted(figures):
        raise wrong(f"the figures of '{written}' descend", "put the smallest first")
    if typical:
        return Spread(SpreadKind.THREE_POINT, figures)
    return Spread(SpreadKind.UNIFORM, figures) if high else fixed(figures[0])


def _season(written: Any) -> Any:
    """`0.3` or `{May-Oct: 0.3, else: 0.1}` as twelve shares, January first."""
    if not isinstance(written, dict):
        return (_share(written),) * len(MONTHS)
    shares: list[float | None] = [None] * len(MONTHS)
    for season, share in written.items():
        for month in _months(season):
            if shares[month] is not None:
                raise wrong(f"{MONTHS[month]} is in two seasons", "", (season,))
            shares[month] = _share(share, (season,))
    rest = _share(written[ELSE], (ELSE,)) if ELSE in written else None
    if rest is None and None in shares:
        raise wrong(f"nothing is said for {MONTHS[shares.index(None)]}", f"add '{ELSE}'")
    return tuple(rest if share is None else share for share in shares)


def _share(written: Any, at: Loc = ()) -> float:
    try:
        share = parse_quantity(str(written), "ratio")
    except UnitError as error:
        raise wrong(str(error), "", at) from None
    if not 0 <= share <= 1:
        raise wrong(f"a share of {share:g}", "a share lies between 0 and 1", at)
    return share


def _months(season: str) -> list[int]:
    if season == ELSE:
        return []
    ends = season.split("-")
    for name in ends:
        if name not in MONTHS:
            raise wrong(f"'{season}' is no season", f"'May-Oct' is one; {suggest(name, MONTHS)}", (season,))
    first, last = MONTHS.index(ends[0]), MONTHS.index(ends[-1])
    return [(first + i) % len(MONTHS) for i in range((last - first) % len(MONTHS) + 1)]


Times = Annotated[Any, BeforeValidator(_spread)]
Shares = Annotated[Any, BeforeValidator(_season)]


def _code(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        raise ValueError(f"'{name[:40]}' cannot be a code; use letters, digits and '_', a letter first")
    return name


Code = Annotated[str, AfterValidator(_code)]


class CapabilityEntry(Named):
    """What can be asked for, and how effort is counted."""

    unit: Unit = Field(examples=["crews"])


class Turnout(Entry):
    """Order received until wheels roll."""

    day: Times = Field(examples=["1/2/5 min"])
    night: Times = Field(examples=["1/3/8 min"])


class Habits(Entry):
    """How elements are called and relieved: said for a category, or for a kind that differs."""

    on_duty: Shares | None = Field(None, examples=["0.3", {"May-Oct": "0.3", "else": "0.1"}])
    turnout: Turnout | None = None
    recall: Times | None = Field(None, description="Until those off duty can turn out", examples=["30..60 min"])
    endurance: Span | None = Field(None, gt=0, examples=["12 h"])
    rest: Span | None = Field(None, examples=["12 h"])
    rests: Literal["home", "site"] | None = None
    platform: bool | None = None


class KindEntry(Habits):
    """A kind of element: what it is, what one of it supplies, and where it differs from its category."""

    name: Bilingual
    people: Annotated[int, Field(gt=0)]
    vehicles: Annotated[int, Field(ge=0)]
    vehicle: str = Field(examples=["light"])
    off_road: bool = False
    carries: Annotated[int, Field(ge=0)] = 0
    supplies: dict[str, str] = Field(examples=[{"SEARCH": "6"}])


class Credit(Entry):
    """Where a number comes from that is not from its category's source."""

    standing: Standing
    source: str = Field(min_length=1)
    checked_on: Day | None = None


class CategoryEntry(Habits):
    """A category of teams: its kinds of elements, and how its people are shared among them (by weight)."""

    name: Bilingual
    standing: Standing
    source: str = Field(min_length=1)
    split: dict[str, Annotated[float, Field(gt=0)]] = Field(min_length=1)
    kinds: dict[Code, KindEntry] = Field(min_length=1)
    exceptions: dict[str, Credit] = Field({}, description="Figures whose standing or source is another")


class Figure(Entry):
    """What one of the figures means, its unit and the range outside which nobody should mean it."""

    description: Bilingual
    unit: Unit
    range: Range

    @model_validator(mode="after")
    def _sound(self) -> Self:
        told: list[tuple[str, str, Loc]] = []
        for i, text in enumerate(self.range):
            try:
                parse_quantity(text, dimension_of(self.unit), self.unit)
            except UnitError as error:
                what, _, remedy = str(error).partition("; ")
                told.append((what, remedy, ("range", i)))
        if told:
            raise wrongs(told)
        return self


class ElementsFile(Entry):
    """The element kinds of all categories."""

    numbers: dict[Literal["people", "vehicles", "on_duty", "turnout", "recall", "endurance", "rest"], Figure]
    checked_on: Day
    categories: dict[Code, CategoryEntry] = Field(min_length=1)
