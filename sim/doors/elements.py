"""Capabilities and element kinds: what can be asked for, and into which pieces a team of a category is split."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field

from sim.domain.parameters import Spread, SpreadKind, Standing, fixed
from sim.domain.teams import Capability, Category, ElementKind
from sim.doors.common import Bilingual, Day, Named, Span
from sim.doors.parameters import Range, Unit
from sim.errors import InvalidInput, Problem, suggest
from sim.reader import Document, Entry, Loc, load, wrong
from sim.units import UnitError, dimension_of, from_si, parse_quantity

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ELSE = "else"
_N = r"(\d+(?:\.\d+)?)"
_SPANS = re.compile(rf"\s*{_N}(?:/{_N}/{_N}|\.\.{_N})?\s*(\S+)?\s*")


# ── how things are written ──


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


class ElementsFile(Entry):
    """The element kinds of all categories."""

    numbers: dict[Literal["people", "vehicles", "on_duty", "turnout", "recall", "endurance", "rest"], Figure]
    checked_on: Day
    categories: dict[Code, CategoryEntry] = Field(min_length=1)


# ── what it becomes ──


@dataclass(frozen=True)
class Elements:
    """Categories, the kinds of elements by code (`<category>.<kind>`), and how each category is split by weight."""

    categories: Mapping[str, Category]
    kinds: Mapping[str, ElementKind]
    splits: Mapping[str, Mapping[str, float]]  # category -> kind code -> weight


class Said(NamedTuple):
    """A value and where it was said."""

    value: Any
    at: Loc


def load_capabilities(path: Path) -> dict[str, Capability]:
    """Capabilities by code, from `capabilities.yaml`. Raises `InvalidInput`."""
    entries = load(path).as_(dict[Code, CapabilityEntry])
    return {code: Capability(code, e.zh, e.en, e.unit) for code, e in sorted(entries.items())}


def load_elements(path: Path, capabilities: Mapping[str, Capability], vehicles: Collection[str]) -> Elements:
    """Categories and element kinds, from `elements.yaml`; supplies in SI. Raises `InvalidInput` with every mistake."""
    document = load(path)
    file = document.as_(ElementsFile)
    reader = _Reader(document, file, capabilities, sorted(vehicles))
    kinds = {f"{c}.{k}": reader.kind(c, k) for c, e in sorted(file.categories.items()) for k in sorted(e.kinds)}
    reader.check_words()
    if reader.problems:
        raise InvalidInput(reader.problems)
    return Elements(
        {c: Category(c, e.name.zh, e.name.en) for c, e in sorted(file.categories.items())},
        kinds,
        {c: {f"{c}.{k}": weight for k, weight in e.split.items()} for c, e in sorted(file.categories.items())},
    )


class _Reader:
    """Makes kinds of entries and collects what is wrong with them."""

    def __init__(
        self, document: Document, file: ElementsFile, capabilities: Mapping[str, Capability], vehicles: list[str]
    ) -> None:
        self.document, self.file = document, file
        self.capabilities, self.vehicles = capabilities, vehicles
        self.problems: list[Problem] = []

    def kind(self, category: str, name: str) -> ElementKind:
        """One kind of a category, with the category's habits where it says nothing itself."""
        entry = self.file.categories[category].kinds[name]
        here: Loc = ("categories", category, "kinds", name)
        turnout = self._habit(category, name, "turnout", Turnout(day="0 min", night="0 min"))
        if entry.vehicle not in self.vehicles:
            self._wrong(
                (*here, "vehicle"), f"no vehicle class '{entry.vehicle}'", suggest(entry.vehicle, self.vehicles)
            )
        for figure in ("people", "vehicles"):
            self._in_range(figure, Said(float(getattr(entry, figure)), (*here, figure)))
        return ElementKind(
            code=f"{category}.{name}",
            name_zh=entry.name.zh,
            name_en=entry.name.en,
            people=entry.people,
            vehicles=entry.vehicles,
            vehicle=entry.vehicle,
            supplies={
                code: self._supply(code, text, (*here, "supplies", code))
                for code, text in sorted(entry.supplies.items())
            },
            on_duty=self._habit(category, name, "on_duty", (0.0,) * len(MONTHS)).value,
            turnout_day=turnout.value.day,
            turnout_night=turnout.value.night,
            recall=self._habit(category, name, "recall", fixed(0.0)).value,
            endurance=self._habit(category, name, "endurance", 0.0).value,
            rest=self._habit(category, name, "rest", 0.0).value,
            rests_on_site=self._said(category, name, "rests").value == "site",
            off_road=entry.off_road,
            carries=entry.carries,
            platform=bool(self._said(category, name, "platform").value),
        )

    def check_words(self) -> None:
        """The kinds that splits name, and the figures that exceptions name, are there."""
        figures = sorted({*Habits.model_fields, *KindEntry.model_fields, *self.capabilities})
        for code, entry in self.file.categories.items():
            for kind in entry.split:
                if kind not in entry.kinds:
                    near = suggest(kind, sorted(entry.kinds))
                    self._wrong(("categories", code, "split", kind), f"{code} has no kind '{kind}'", near, key=True)
            for path in entry.exceptions:
                if (figure := path.split(".")[-1]) not in figures:
                    at, near = ("categories", code, "exceptions", path), suggest(figure, figures)
                    self._wrong(at, f"'{figure}' is no figure of an element", near, key=True)

    def _said(self, category: str, name: str, habit: str) -> Said:
        entry, here = self.file.categories[category], ("categories", category)
        own = getattr(entry.kinds[name], habit)
        return (
            Said(own, (*here, "kinds", name, habit)) if own is not None else Said(getattr(entry, habit), (*here, habit))
        )

    def _habit(self, category: str, name: str, habit: str, missing: Any) -> Said:
        """What is said of a habit, within its range; `missing` where nothing is, which is a mistake."""
        said = self._said(category, name, habit)
        if said.value is None:
            here: Loc = ("categories", category, "kinds", name)
            self._wrong(here, f"the key '{habit}' is missing", "say it for this kind or for its category", key=True)
            return Said(missing, here)
        for value in _figures(said.value):
            self._in_range(habit, Said(value, said.at))
        return said

    def _in_range(self, figure: str, said: Said) -> None:
        meaning = self.file.numbers.get(figure)  # type: ignore[call-overload]
        if meaning is None:
            return
        low, high = (parse_quantity(text, dimension_of(meaning.unit), meaning.unit) for text in meaning.range)
        if not low <= said.value <= high:
            ends = f"{from_si(low, meaning.unit):g} to {from_si(high, meaning.unit):g} {meaning.unit}"
            what = f"{from_si(said.value, meaning.unit):g} {meaning.unit} cannot be meant"
            self._wrong(said.at, what, f"the range of '{figure}' is {ends}")

    def _supply(self, code: str, text: str, at: Loc) -> float:
        capability = self.capabilities.get(code)
        if capability is None:
            self._wrong(at, f"no capability '{code}'", suggest(code, sorted(self.capabilities)), key=True)
            return 0.0
        try:
            effort = parse_quantity(text, dimension_of(capability.unit), capability.unit)
        except UnitError as error:
            self._wrong(at, str(error).partition("; ")[0], f"{code} is counted in {capability.unit}")
            return 0.0
        if effort <= 0:
            self._wrong(at, f"{code} of {text} is nothing", "leave the capability out, or say how much")
        return effort

    def _wrong(self, at: Loc, what: str, remedy: str, *, key: bool = False) -> None:
        problem = self.document.problem(at, what, remedy, key=key)
        if problem not in self.problems:  # a category's figure is met once for each of its kinds
            self.problems.append(problem)


def _figures(value: Any) -> Iterator[float]:
    """The figures inside what was said of a habit."""
    match value:
        case Turnout():
            yield from (*value.day.figures, *value.night.figures)
        case Spread():
            yield from value.figures
        case tuple():
            yield from value
        case _:
            yield value
