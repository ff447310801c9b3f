"""Capabilities and element kinds: what can be asked for, and into which pieces a team of a category is split."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from sim.domain.parameters import Spread, Standing, fixed
from sim.domain.teams import Capability, Category, ElementKind
from sim.doors.elements_language import MONTHS, CapabilityEntry, Code, ElementsFile, Habits, Turnout
from sim.errors import InvalidInput, Problem, suggest
from sim.reader import Document, Loc, load
from sim.units import UnitError, dimension_of, from_si, parse_quantity


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
        """The kinds that splits name, and the figures that exceptions name (`duty.turnout`, `supplies.SEARCH`), are there."""
        figures = [*Habits.model_fields, "people", "vehicles", "carries", *(f"supplies.{c}" for c in self.capabilities)]
        for code, entry in self.file.categories.items():
            for kind in entry.split:
                if kind not in entry.kinds:
                    near = suggest(kind, sorted(entry.kinds))
                    self._wrong(("categories", code, "split", kind), f"{code} has no kind '{kind}'", near, key=True)
            valid = sorted([*figures, *(f"{kind}.{figure}" for kind in entry.kinds for figure in figures)])
            for figure, credit in entry.exceptions.items():
                at: Loc = ("categories", code, "exceptions", figure)
                if figure not in valid:
                    self._wrong(at, f"{code} has no figure '{figure}'", suggest(figure, valid), key=True)
                if credit.standing is Standing.VERIFIED and credit.checked_on is None:
                    self._wrong(at, "a verified number says when it was checked", "add 'checked_on: 2026-11-24'")

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
