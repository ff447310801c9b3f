"""Duties as data: obligations and phases of the closed loop, with the events that begin and fulfil them (models/rules)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from pydantic import BeforeValidator, Field, model_validator

from sim.analysis.facts import FOLLOWING
from sim.domain import events as ev
from sim.domain.command import Post, Severity, Tier
from sim.domain.parameters import Parameter, Standing
from sim.doors.common import Bilingual, Named, flag
from sim.errors import InvalidInput, Problem, suggest
from sim.journal.cast import Duty, Sign, Words
from sim.journal.law import NOBODY, Owed
from sim.reader import Document, Entry, Loc, load, wrongs

_FIELDS = {str(e.__struct_config__.tag): e.__struct_fields__ for e in get_args(ev.AnyEvent)}
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
        fields = (*_FIELDS[self.event], *FOLLOWING.get(self.event, ()))
        told: list[tuple[str, str, Loc]] = [
            (f"the event {self.event} has no '{field}'", suggest(field, fields), (table, field))
            for table in ("where", "tier") for field in getattr(self, table) if field not in fields
        ]  # fmt: skip
        if told:
            raise wrongs(told)
        return self


def signs_of(entries: Sequence[SignEntry], posts: Mapping[str, Post]) -> tuple[Sign, ...]:
    """All signs of a list of entries."""
    return tuple(sign for entry in entries for sign in entry.signs(posts))


_SeverityName = Literal["general", "larger", "major", "especially_major"]


class OwedEntry(Entry):
    """When a duty is owed at all; what is not said does not matter."""

    planned: Annotated[bool, flag] = Field(False, description="Only where a response goes by plans")
    families: list[str] = Field([], description="Families of special plans", examples=[["CM"]])
    not_families: list[str] = Field([])
    classes: list[str] = Field([], description="Legal classes of emergencies", examples=[["accident"]])
    confirmed: list[_SeverityName] = Field([], description="Lowest and highest class as graded", max_length=2)
    potential: list[_SeverityName] = Field([], max_length=2)
    after: list[SignEntry] = Field([], description="One of these has come before")
    unless: list[SignEntry] = Field([], description="None of these has come before")
    first: Annotated[bool, flag] = Field(
        False, description="Once a disaster: not by what followed it, whatever plan that is handled by"
    )
    told: Literal["", "casualties"] = Field(
        "", description="Only where a county or the city was told of dead or injured"
    )

    def owed(self, posts: Mapping[str, Post]) -> Owed:
        """The same, for the journal of a city with these posts."""
        named = [Severity[name.upper()] for name in self.confirmed or self.potential]
        low, high = (int(min(named)), int(max(named))) if named else (1, 4)
        return Owed(
            self.planned, tuple(self.families), tuple(self.not_families), tuple(self.classes), (low, high),
            "potential" if self.potential else "confirmed", signs_of(self.after, posts), self.first,
            signs_of(self.unless, posts), self.told,
        )  # fmt: skip

    @model_validator(mode="after")
    def _one_scale(self) -> Self:
        if self.confirmed and self.potential:
            raise wrongs([("severity is either confirmed or potential", "leave one of them out", ("potential",))])
        return self


class DutyEntry(Entry):
    """An obligation, or a phase of the closed loop: when it falls due, what fulfils it, within which number of the models."""

    title: Bilingual
    responsible: Bilingual | None = None
    evidence: Bilingual | None = None
    verifier: Bilingual | None = None
    debtor: Bilingual | None = Field(None, description="Who owes it, in words")
    debtor_id: str = Field("", description="The unit of the city's plans that this is", examples=["enterprise"])
    debtor_is: str = Field("", description="since.<field> or done.<field>: who, as the event names them")
    creditor: Bilingual | None = None
    creditor_id: str = ""
    creditor_is: str = ""
    clause: Bilingual | None = None
    source: str = ""
    standing: Standing | None = None
    reports: Annotated[bool, flag] = Field(False, description="A duty to report")
    owed: OwedEntry | None = None
    since: list[SignEntry] = Field([])
    done: list[SignEntry] = Field([])
    each: Annotated[bool, flag] = Field(False, description="All kinds of `done` must have come")
    if_done: Annotated[bool, flag] = Field(False, description="Judged only where it was done")
    within: str | None = Field(None, description="The name of a number", examples=["deadlines.first_report"])
    counted_from: list[SignEntry] = Field([], description="Events from which `within` counts, instead of `since`")
    lapses: Annotated[bool, flag] = Field(False, description="Nobody owes what arises after its time is up")
    every: str | None = Field(None, description="The name of a number: it falls due again and again")
    until: list[SignEntry] = Field([])
    same: dict[str, str] = Field({}, description="Field of what is done: field of what began it")
    per: str = Field("", description="Field of what begins it: one duty for each of its values")
    by_tasks: Annotated[bool, flag] = Field(
        False, description="A phase that stands as the tasks do which plans ask for in it, where there are any"
    )
    again: list[SignEntry] = Field([], description="What closes it once more after it was opened again")
    reopens: list[SignEntry] = Field([], description="What opens it again")
    reopens_within: dict[str, str] = Field(
        {}, description="Number, counted from the accident, by family of plans, or for any `other`"
    )
    unwitnessed: Bilingual | None = Field(None, description="Why no journal can show it")

    def numbers_named(self) -> Iterator[tuple[Loc, str]]:
        """(place, number) of every number it goes by."""
        for field in ("within", "every"):
            if (name := getattr(self, field)) is not None:
                yield (field,), name
        yield from ((("reopens_within", family), name) for family, name in self.reopens_within.items())

    def duty(self, name: str, numbers: Mapping[str, Parameter], posts: Mapping[str, Post]) -> Duty:
        """The duty as a journal of this city is judged by it."""

        def number(named: str | None) -> float | None:
            return None if named is None else numbers[named].value

        done = signs_of(self.done, posts)
        return Duty(
            name, words(self.title),
            signs_of(self.since, posts) if done else (),  # where no post could receive it, it is nobody's duty
            done, number(self.within), self.source,
            debtor=words(self.debtor or self.responsible), debtor_is=self.debtor_is,
            creditor=words(self.creditor), creditor_is=self.creditor_is, clause=words(self.clause),
            standing=self.standing.value if self.standing else "", reports=self.reports,
            owed=self.owed.owed(posts) if self.owed else Owed(), debtor_id=self.debtor_id, creditor_id=self.creditor_id,
            counted_from=signs_of(self.counted_from, posts), every=number(self.every), until=signs_of(self.until, posts),
            same=dict(self.same), per=self.per, each=self.each, lapses=self.lapses, if_done=self.if_done,
            by_tasks=self.by_tasks, again=signs_of(self.again, posts),
            reopens=signs_of(self.reopens, posts),
            reopens_within={family: numbers[n].value for family, n in self.reopens_within.items()},
            responsible=words(self.responsible), evidence=words(self.evidence), verifier=words(self.verifier),
            unwitnessed=words(self.unwitnessed),
        )  # fmt: skip

    @model_validator(mode="after")
    def _sound(self) -> Self:
        told: list[tuple[str, str, Loc]] = []
        for field in ("debtor_is", "creditor_is"):
            written = getattr(self, field)
            side, _, name = written.partition(".")
            if not written:
                continue
            if side not in ("since", "done") or not name:
                told.append((f"expected since.<field> or done.<field>, got '{written[:40]}'", "", (field,)))
            elif all(name not in fields_of(sign.event) for sign in getattr(self, side)):
                told.append((f"no event of `{side}` has '{name}'", "", (field,)))
        if self.every and not self.until:
            told.append(
                ("what falls due again and again needs an end", "add 'until: [{event: incident_closed}]'", ("every",))
            )
        if (self.within or self.every) and self.unwitnessed:
            told.append(("what no journal can show has no deadline here", "remove one of them", ("unwitnessed",)))
        if told:
            raise wrongs(told)
        return self


def fields_of(kind: str) -> tuple[str, ...]:
    """What may be asked of a kind of event: its fields, and what follows for it from others."""
    return (*_FIELDS.get(kind, ()), *FOLLOWING.get(kind, ()))


def words(entry: Named | None) -> Words:
    """Words of a file as words of the cast."""
    return Words(entry.zh, entry.en) if entry else NOBODY


def read_duties(
    path: Path, numbers: Mapping[str, Parameter], posts: Mapping[str, Post], *, root: Path | None = None
) -> tuple[Duty, ...]:
    """The duties in the file, in its order, with their deadlines from `numbers` (SI) for these posts. Raises `InvalidInput`."""
    document = load(path, root=root)
    duties = document.as_(dict[str, DutyEntry])
    if problems := list(undated(document, duties, numbers)):
        raise InvalidInput(problems)
    return tuple(entry.duty(name, numbers, posts) for name, entry in duties.items())


def undated(
    document: Document, duties: Mapping[str, DutyEntry], numbers: Mapping[str, Parameter], at: Loc = ()
) -> Iterator[Problem]:
    """Numbers that duties name and nobody has."""
    for name, entry in duties.items():
        for field, number in entry.numbers_named():
            if number not in numbers:
                remedy = suggest(number, sorted(numbers))
                yield document.problem((*at, name, *field), f"there is no number '{number}'", remedy)
