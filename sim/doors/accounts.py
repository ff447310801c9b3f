"""Accounts as data: the negative list, what the law attaches to acts, the mechanisms, the rubric (models/rules, models/scoring)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.analysis.indicators import MEASURES, RED_LINES
from sim.domain.command import Post
from sim.domain.parameters import Parameter, Standing
from sim.doors.common import Bilingual, Figure, Named
from sim.doors.duties import DutyEntry, SignEntry, fields_of, signs_of, undated, words
from sim.doors.parameters import Unit
from sim.errors import InvalidInput, Problem, suggest
from sim.journal.law import (
    Band,
    ConsequenceRow,
    Indicator,
    Law,
    Line,
    MechanismRow,
    NegativeEntry,
    Proof,
    Rubric,
    RubricDimension,
    VetoRow,
)
from sim.reader import Entry, Loc, load, read, wrongs
from sim.units import UnitError, dimension_of, parse_quantity

_Outcome = Literal["late", "missed"]
_Fault = Literal["late", "missed", "false", "concealed"]
_Positive = Annotated[float, Field(gt=0)]


# ── the negative list ──


class NegativeListEntry(Entry):
    """An entry of the negative list: what of a journal is a breach of it."""

    title: Bilingual
    standing: Standing
    source: str = Field(min_length=1)
    duties: list[str] = Field([], description="Obligations by id, `reports`, `phase:<id>`", examples=[["reports"]])
    outcomes: list[_Outcome] = Field([], description="What of them, or of the rule, is a breach")
    rule: DutyEntry | None = Field(None, description="Something of its own that must follow something")
    signs: list[SignEntry] = Field([], description="Events that are a breach in themselves")
    party_is: str = Field("", description="Field of such an event that names who")
    faults: list[_Fault] = Field([], description="Reports that were late, missed, false or concealed")
    figures: list[str] = Field([], description="Published figures that must be what was known", examples=[["dead"]])
    grace: str | None = Field(
        None, description="Number: for so long a figure that was overtaken may still be published"
    )

    def entry(self, name: str, numbers: Mapping[str, Parameter], posts: Mapping[str, Post]) -> NegativeEntry:
        """The entry as a journal of this city is judged by it."""
        return NegativeEntry(
            name, words(self.title), self.standing.value, self.source, tuple(self.duties), tuple(self.outcomes),
            self.rule.duty(name, numbers, posts) if self.rule else None, signs_of(self.signs, posts), self.party_is,
            tuple(self.faults), tuple(self.figures), numbers[self.grace].value if self.grace else 0.0,
        )  # fmt: skip

    @model_validator(mode="after")
    def _sound(self) -> Self:
        told: list[tuple[str, str, Loc]] = []
        if not (self.duties or self.rule or self.signs or self.faults or self.figures):
            told.append(("an entry says what a breach of it is", "give duties, rule, signs, faults or figures", ()))
        if (self.duties or self.rule) and not self.outcomes:
            told.append(("say which outcomes are a breach", "add 'outcomes: [late, missed]'", ()))
        if self.party_is and all(self.party_is not in fields_of(sign.event) for sign in self.signs):
            told.append((f"no event of `signs` has '{self.party_is[:40]}'", "", ("party_is",)))
        if told:
            raise wrongs(told)
        return self


def read_negative_list(
    path: Path, numbers: Mapping[str, Parameter], posts: Mapping[str, Post], *, root: Path | None = None
) -> tuple[NegativeEntry, ...]:
    """The negative list in the file, for a city's posts. Raises `InvalidInput`."""
    document = load(path, root=root)
    entries = document.as_(dict[str, NegativeListEntry])
    problems: list[Problem] = []
    for name, entry in entries.items():
        if entry.rule:
            problems += undated(document, {"rule": entry.rule}, numbers, (name,))
        if entry.grace and entry.grace not in numbers:
            remedy = suggest(entry.grace, sorted(numbers))
            problems.append(document.problem((name, "grace"), f"there is no number '{entry.grace}'", remedy))
    if problems:
        raise InvalidInput(problems)
    return tuple(entry.entry(name, numbers, posts) for name, entry in entries.items())


# ── consequences and vetoes ──


class ConsequenceEntry(Entry):
    """What the law attaches to an act."""

    subject: Bilingual
    act: Bilingual
    consequence: Bilingual
    source: str = Field(min_length=1)
    standing: Standing
    entries: list[str] = Field(min_length=1, description="Of the negative list")
    parties: list[str] = Field([], description="Units of the city's plans; empty: any")
    not_parties: list[str] = Field([])
    families: list[str] = Field([], description="Families of plans whose accidents the law is about; empty: any")
    classes: list[str] = Field([], description="Legal classes; empty: any")


class VetoEntry(Entry):
    """A ground for the one-vote veto."""

    title: Bilingual
    source: str = Field(min_length=1)
    standing: Standing
    families: list[str] = Field([])
    not_families: list[str] = Field([])
    dead: int = Field(0, ge=0)
    faults: list[_Fault] = Field([])
    classes: list[str] = Field([], description="Legal classes; empty: any")

    @model_validator(mode="after")
    def _grounded(self) -> Self:
        if not self.dead and not self.faults:
            raise wrongs([("a veto needs a ground", "give dead or faults", ())])
        return self


class ConsequencesFile(Entry):
    """Consequences and vetoes."""

    consequences: dict[str, ConsequenceEntry]
    vetoes: dict[str, VetoEntry]


def read_consequences(
    path: Path, *, root: Path | None = None
) -> tuple[tuple[ConsequenceRow, ...], tuple[VetoRow, ...]]:
    """The consequences and the vetoes in the file. Raises `InvalidInput`."""
    file = read(path, ConsequencesFile, root=root)
    rows = tuple(
        ConsequenceRow(
            name, words(c.subject), words(c.act), words(c.consequence), c.source, c.standing.value,
            tuple(c.entries), tuple(c.parties), tuple(c.not_parties), tuple(c.families), tuple(c.classes),
        )
        for name, c in file.consequences.items()
    )  # fmt: skip
    vetoes = tuple(
        VetoRow(
            name, words(v.title), v.source, v.standing.value, tuple(v.families), tuple(v.not_families), v.dead,
            tuple(v.faults), tuple(v.classes),
        )
        for name, v in file.vetoes.items()
    )  # fmt: skip
    return rows, vetoes


# ── mechanisms ──


class ProofEntry(Named):
    """One kind of evidence of a mechanism."""

    signs: list[SignEntry] = Field(min_length=1)


class MechanismEntry(Entry):
    """A mechanism of linkage and what shows that it works."""

    title: Bilingual
    standing: Standing
    source: str = Field(min_length=1)
    proofs: list[ProofEntry] = Field(min_length=1)


def read_mechanisms(path: Path, posts: Mapping[str, Post], *, root: Path | None = None) -> tuple[MechanismRow, ...]:
    """The mechanisms in the file. Raises `InvalidInput`."""
    return tuple(
        MechanismRow(
            name,
            words(m.title),
            m.source,
            m.standing.value,
            tuple(Proof(words(p), signs_of(p.signs, posts)) for p in m.proofs),
        )
        for name, m in read(path, dict[str, MechanismEntry], root=root).items()
    )


# ── the rubric ──


class IndicatorEntry(Named):
    """One indicator: what is measured, of what, and between which figures the marks run."""

    measure: str
    of: list[str] = Field([])
    weight: _Positive
    unit: Unit
    full: Figure = Field(description="Earns all marks")
    none: Figure = Field(description="Earns none")
    standing: Standing | None = None
    source: str = ""

    def indicator(self, name: str, file: RubricFile) -> Indicator:
        """The indicator, SI."""
        full, none = (parse_quantity(f, dimension_of(self.unit), self.unit) for f in (self.full, self.none))
        return Indicator(
            name, words(self), self.measure, self.weight, self.unit, full, none, (self.standing or file.standing).value,
            self.source or file.source, tuple(self.of),
        )  # fmt: skip

    @model_validator(mode="after")
    def _sound(self) -> Self:
        told: list[tuple[str, str, Loc]] = []
        if self.measure not in MEASURES:
            told.append(
                (f"there is no measure '{self.measure[:40]}'", suggest(self.measure, list(MEASURES)), ("measure",))
            )
        figures: list[float] = []
        for field in ("full", "none"):
            try:
                figures.append(parse_quantity(getattr(self, field), dimension_of(self.unit), self.unit))
            except UnitError as error:
                told.append((str(error), "", (field,)))
        if len(set(figures)) == 1 and len(figures) > 1:
            told.append(("full and none must differ", "", ("none",)))
        if told:
            raise wrongs(told)
        return self


class DimensionEntry(Entry):
    """A dimension of the rubric."""

    title: Bilingual
    weight: _Positive
    indicators: dict[str, IndicatorEntry] = Field(min_length=1)

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        total = sum(i.weight for i in self.indicators.values())
        if total != self.weight:
            raise wrongs([(f"its indicators weigh {total:g}, not {self.weight:g}", "", ("weight",))])
        return self


class RedLineEntry(Named):
    """A red line."""

    measure: str
    cap: Annotated[float, Field(ge=0, le=100)]

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.measure not in RED_LINES:
            what = f"there is no red line '{self.measure[:40]}'"
            raise wrongs([(what, suggest(self.measure, list(RED_LINES)), ("measure",))])
        return self


class BandEntry(Named):
    """A rating, and the score it begins at."""

    least: Annotated[float, Field(ge=0, le=100)]


class RubricFile(Entry):
    """A rubric of a hundred marks."""

    title: Bilingual
    standing: Standing
    source: str = Field(min_length=1)
    dimensions: dict[str, DimensionEntry] = Field(min_length=1)
    red_lines: dict[str, RedLineEntry] = Field({})
    bands: list[BandEntry] = Field(min_length=1)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        told: list[tuple[str, str, Loc]] = list(self._wrong())
        if told:
            raise wrongs(told)
        return self

    def _wrong(self) -> Iterator[tuple[str, str, Loc]]:
        total = sum(d.weight for d in self.dimensions.values())
        if total != 100:
            yield f"the dimensions weigh {total:g}, not 100", "", ("dimensions",)
        least = [band.least for band in self.bands]
        if sorted(set(least), reverse=True) != least or least[-1] != 0:
            yield "bands go down from the best, and the last begins at 0", "", ("bands",)


def read_rubric(path: Path, *, root: Path | None = None) -> Rubric:
    """The rubric in the file. Raises `InvalidInput`."""
    file = read(path, RubricFile, root=root)
    return Rubric(
        path.stem,
        words(file.title),
        tuple(
            RubricDimension(
                name, words(d.title), d.weight, tuple(i.indicator(key, file) for key, i in d.indicators.items())
            )
            for name, d in file.dimensions.items()
        ),
        tuple(Line(name, words(line), line.measure, line.cap) for name, line in file.red_lines.items()),
        tuple(Band(words(band), band.least) for band in file.bands),
    )


# ── all of it ──


def read_law(
    models: Path, families: dict[str, str], numbers: Mapping[str, Parameter], posts: Mapping[str, Post], *, root: Path
) -> Law:
    """All tables of the folder of models that accounts are settled by. Raises `InvalidInput`."""
    rules = models / "rules"
    consequences, vetoes = read_consequences(rules / "consequences.yaml", root=root)
    return Law(
        families,
        read_negative_list(rules / "negative_list.yaml", numbers, posts, root=root),
        consequences,
        vetoes,
        read_mechanisms(rules / "mechanisms.yaml", posts, root=root),
        read_rubric(models / "scoring" / "reference.yaml", root=root),
    )
