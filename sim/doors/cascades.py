"""The door for cascades: models/cascades/<nature>.yaml → the edges that begin at that nature, every mistake at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from sim.domain.cascades import Amount, Edge, Form, Where, While
from sim.domain.parameters import Spread, Standing
from sim.doors.common import Day, Named, Quantity, SpreadEntry, spread_of
from sim.doors.hazard import HazardCard
from sim.doors.incident import Grade
from sim.errors import InvalidInput, Problem, suggest
from sim.reader import Document, Entry, Loc, load, parse, wrongs
from sim.units import UnitError, dimension_of, parse_quantity

_SPLIT = str.maketrans({"\u00a0": " "})


def quantity(text: str) -> float:
    """A figure with any known unit, SI; a bare number as it is. Raises `UnitError`."""
    number, _, unit = text.strip().translate(_SPLIT).partition(" ")
    if not unit and text.strip().endswith("%"):
        number, unit = text.strip()[:-1], "%"
    return parse_quantity(f"{number} {unit or '1'}", dimension_of(unit.strip() or "1") if unit else "ratio")


def _figure(written: object) -> object:
    try:
        return quantity(written) if isinstance(written, str) else written
    except UnitError as error:
        raise ValueError(str(error)) from None


Any_ = Annotated[float, BeforeValidator(_figure, json_schema_input_type=float | str)]


class WhileEntry(Entry):
    """A condition: a reading or a service within bounds, or a mode; exactly one of the three."""

    reading: str = Field("", examples=["methane"])
    service: Literal["", "power", "telecom", "water", "gas"] = ""
    mode: Literal["", "latent", "growing", "steady", "declining", "controlled"] = ""
    above: Any_ | None = Field(None, examples=["5 %"])
    below: Any_ | None = Field(None, examples=["16 %"])

    def condition(self) -> While:
        """The condition, SI."""
        bounds = {k: v for k, v in (("above", self.above), ("below", self.below)) if v is not None}
        return While(self.reading, self.service, self.mode, **bounds)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(map(bool, (self.reading, self.service, self.mode))) != 1:
            raise wrongs([("exactly one of 'reading', 'service' and 'mode' must be given", "", ())])
        if not self.mode and self.above is None and self.below is None:
            raise wrongs([("a reading or service has bounds", "add 'above: …' or 'below: …'", ())])
        return self


class FacilityEntry(Entry):
    """Facilities of a category of the city's register, the nearest to the parent first."""

    facility: str = Field(examples=["coal_area"])
    within: Annotated[float, Quantity("length")] = Field(examples=["30 km"])
    most: int = Field(1, ge=1, le=20)


class RiverEntry(Entry):
    """The first place on the river at least so far below the parent."""

    river: Annotated[float, Quantity("length")] = Field(examples=["5 km"])


PlaceEntry = Literal["here", "link", "town"] | FacilityEntry | RiverEntry


class AmountEntry(Entry):
    """`times` a value of the parent's note, shock or reading."""

    of: str
    times: float = Field(1.0, gt=0)


class EdgeEntry(Named):
    """One edge; see `Form` for which keys each form has."""

    to: str
    form: Form
    on: str = ""
    while_: WhileEntry | None = Field(None, alias="while")
    chance: Annotated[float, Quantity("ratio")] | None = Field(None, ge=0, le=1, examples=["20 %"])
    size: str = ""
    threshold: Any_ | None = None
    spread: float | None = Field(None, ge=0, examples=["0.15"])
    rate: Annotated[float, Quantity("rate")] | None = Field(None, ge=0, examples=["1 1/h"])
    lasts: SpreadEntry | None = None
    after: SpreadEntry | None = None
    place: PlaceEntry = "here"
    cause: str = ""
    variant: str = ""
    scope: dict[str, str | AmountEntry] = Field(default_factory=dict)
    standing: Standing
    source: str = Field(min_length=1)
    checked_on: Day | None = None

    _NEEDED: ClassVar[dict[Form, tuple[str, ...]]] = {
        Form.BRANCH: ("on", "chance"), Form.FRAGILITY: ("on", "size", "threshold", "spread"),
        Form.CLOCK: ("while_", "rate"), Form.RACE: ("while_", "lasts"),
    }  # fmt: skip

    @model_validator(mode="after")
    def _sound(self) -> Self:
        needed = self._NEEDED[self.form]
        every = {name for names in self._NEEDED.values() for name in names}
        told: list[tuple[str, str, Loc]] = []
        for name in sorted(every):
            given = getattr(self, name) not in (None, "")
            shown = name.rstrip("_")
            if given and name not in needed:
                told.append((f"'{shown}' is not for the form {self.form.value}", "leave it out", (shown,)))
            elif not given and name in needed:
                told.append((f"the form {self.form.value} needs '{shown}'", f"add '{shown}: …'", ()))
        if told:
            raise wrongs(told)
        return self

    def edge(self, name: str, source: str, child: HazardCard) -> Edge:
        """The edge, SI. Raises `UnitError` for a scale variable that cannot be read."""
        scope, grade = {}, None
        for key, written in self.scope.items():
            if key == "grade":
                continue
            if isinstance(written, AmountEntry):
                scope[key] = Amount(of=written.of, times=written.times)
            else:
                entry = child.scope[key]
                scope[key] = Amount(parse_quantity(written, entry.dimension, entry.unit))
        written_grade = self.scope.get("grade")
        if isinstance(written_grade, str):
            grade = parse(f"'{written_grade}'", name).as_(Grade)
        return Edge(
            name, self.zh, self.en, source, self.to, self.form, self.standing, self.source, on=self.on,
            holds=self.while_.condition() if self.while_ else None, chance=self.chance or 0.0, size=self.size,
            threshold=1.0 if self.threshold is None else self.threshold, spread=self.spread or 0.0, rate=self.rate or 0.0,
            lasts=_span(self.lasts), after=_span(self.after), where=_where(self.place), cause=self.cause,
            variant=self.variant, grade=grade, scope=dict(sorted(scope.items())),
        )  # fmt: skip


def _span(written: SpreadEntry | None) -> Spread | None:
    return None if written is None else spread_of(written, "time")


def _where(written: PlaceEntry) -> Where:
    if isinstance(written, FacilityEntry):
        return Where("facility", written.facility, written.within, written.most)
    if isinstance(written, RiverEntry):
        return Where("river", within=written.river)
    return Where(written)


def read_edges(path: Path, cards: Mapping[str, HazardCard], *, root: Path | None = None) -> tuple[Edge, ...]:
    """The edges of the file at `path`, which begin at the nature it is named after; `cards` are all hazards' by name.

    Raises `InvalidInput` with every mistake: unknown natures, causes, events, readings, scale variables.
    """
    document = load(path, root=root)
    entries, problems = document.check(dict[str, EdgeEntry])
    if path.stem not in cards:
        remedy = suggest(path.stem, sorted(cards))
        problems.append(document.problem((), f"the file is named after '{path.stem}', which is no hazard", remedy))
    if entries is None or problems:
        raise InvalidInput(problems)
    return edges_of(document, (), entries, path.stem, cards[path.stem], cards)


def edges_of(
    document: Document,
    at: Loc,
    entries: Mapping[str, EdgeEntry],
    source: str,
    parent: HazardCard,
    cards: Mapping[str, HazardCard],
) -> tuple[Edge, ...]:
    """The edges written at a place in a document, which begin at `source`. Raises `InvalidInput` with every mistake."""
    if problems := list(_misfits(document, at, entries, source, parent, cards)):
        raise InvalidInput(problems)
    return tuple(entry.edge(name, source, cards[entry.to]) for name, entry in sorted(entries.items()))


def _misfits(
    document: Document,
    at: Loc,
    entries: Mapping[str, EdgeEntry],
    source: str,
    parent: HazardCard,
    cards: Mapping[str, HazardCard],
) -> Iterator[Problem]:
    for name, entry in entries.items():
        here = (*at, name)
        if entry.to not in cards:
            yield document.problem((*here, "to"), f"there is no hazard '{entry.to}'", suggest(entry.to, sorted(cards)))
            continue
        child = cards[entry.to]
        reading = entry.while_.reading if entry.while_ else ""
        for loc, what, word, owner, table in (
            (("cause",), "cause", entry.cause, entry.to, child.causes),
            (("variant",), "variant", entry.variant, entry.to, child.variants),
            (("on",), "event", entry.on, source, parent.events),
            (("while", "reading"), "reading", reading, source, parent.readings),
        ):
            if word and word not in table:
                yield document.problem((*here, *loc), f"'{owner}' has no {what} '{word}'", suggest(word, sorted(table)))
        yield from _scope_misfits(document, here, entry, child)


def _scope_misfits(document: Document, here: Loc, entry: EdgeEntry, child: HazardCard) -> Iterator[Problem]:
    for key, written in entry.scope.items():
        at = (*here, "scope", key)
        if key == "grade":
            try:
                parse(f"'{written}'", key).as_(Grade)
            except InvalidInput as error:
                yield from (document.problem(at, p.what, p.remedy) for p in error.problems)
        elif key not in child.scope:
            yield document.problem(
                at, f"'{entry.to}' has no scale variable '{key}'", suggest(key, ["grade", *child.scope]), key=True
            )
        elif isinstance(written, str):
            try:
                parse_quantity(written, child.scope[key].dimension, child.scope[key].unit)
            except UnitError as error:
                yield document.problem(at, str(error))
