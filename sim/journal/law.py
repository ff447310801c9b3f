"""Law as a journal is judged by it: duties and phases, the negative list, mechanisms, the rubric – plain data of the cast."""

from __future__ import annotations

import msgspec


class Words(msgspec.Struct, frozen=True, array_like=True):
    """The same words in Chinese and in English."""

    zh: str
    en: str

    def of(self, lang: str) -> str:
        """The words in `lang` (zh or en); in the other language where one is missing."""
        return (self.zh or self.en) if lang == "zh" else (self.en or self.zh)


class Sign(msgspec.Struct, frozen=True):
    """A kind of event that proves or begins something; `where` are field values it must have, as text; `>=1`: at least."""

    kind: str
    where: dict[str, str] = {}


NOBODY = Words("", "")


class Owed(msgspec.Struct, frozen=True, omit_defaults=True):
    """When a duty is owed at all. Severity is as graded, `of` confirmed (last) or potential (highest)."""

    planned: bool = False  # only where the response goes by plans
    families: tuple[str, ...] = ()  # empty: any
    not_families: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()  # legal classes; empty: any
    severity: tuple[int, int] = (1, 4)
    of: str = "confirmed"
    after: tuple[Sign, ...] = ()  # one of these must have come before
    first: bool = False  # once a disaster: not by what followed it, whatever plan that is handled by
    unless: tuple[Sign, ...] = ()  # none of these may have come before
    told: str = ""  # `casualties`: only where a county or the city was told of dead or injured


class Duty(msgspec.Struct, frozen=True, omit_defaults=True):
    """An obligation or a phase of the closed loop, judged once an incident, or every so often.

    It arises with the first event of `since`; one of `done` (with `each`: all kinds of them) must follow within `within`
    seconds, counted from the first event of `counted_from` where that is given. With `every` it falls due again and again,
    until an event of `until`.
    """

    id: str
    title: Words
    since: tuple[Sign, ...]
    done: tuple[Sign, ...]
    within: float | None = None  # s; None: no deadline
    source: str = ""
    debtor: Words = NOBODY
    debtor_is: str = ""  # since.<field> or done.<field>: who, as the event names them
    debtor_id: str = ""  # the unit of the city's plans that the words mean
    creditor: Words = NOBODY
    creditor_id: str = ""
    creditor_is: str = ""
    clause: Words = NOBODY
    standing: str = ""
    reports: bool = False
    owed: Owed = Owed()
    counted_from: tuple[Sign, ...] = ()
    every: float | None = None
    until: tuple[Sign, ...] = ()
    same: dict[str, str] = {}  # field of what is done: field of what began it, which must be equal
    per: str = ""  # field of what begins it: one duty for each of its values
    each: bool = False
    lapses: bool = False  # nobody owes it where it arises after its time is up
    if_done: bool = False  # judged only where it was done: nothing says that it had to be
    by_tasks: bool = False  # a phase that stands as the tasks stand which plans ask for in it, where there are any
    again: tuple[Sign, ...] = ()  # what closes it once more after it was opened again; empty: as `done`
    reopens: tuple[Sign, ...] = ()
    reopens_within: dict[str, float] = {}  # s after the accident, by family of plans or for any `other`
    responsible: Words = NOBODY
    evidence: Words = NOBODY
    verifier: Words = NOBODY
    unwitnessed: Words = NOBODY  # why no journal can show it; then it is never judged


class NegativeEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry of the negative list, as a predicate over the journal: any of its parts that is true is a breach."""

    id: str
    title: Words
    standing: str
    source: str
    duties: tuple[str, ...] = ()  # obligations, or phases as `phase:<id>`; `reports`: all duties to report
    outcomes: tuple[str, ...] = ()  # that are a breach of them: late, missed
    rule: Duty | None = None  # something of its own that must follow something
    signs: tuple[Sign, ...] = ()  # events that are a breach in themselves
    party_is: str = ""  # field of such an event that names who
    faults: tuple[str, ...] = ()  # late, missed, false, concealed
    figures: tuple[str, ...] = ()  # published ones that must be what the post had been told
    grace: float = 0.0  # s for which an older figure may still be published


class ConsequenceRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the law attaches to an act; `entries` of the negative list call for it."""

    id: str
    subject: Words
    act: Words
    consequence: Words
    source: str
    standing: str
    entries: tuple[str, ...]
    parties: tuple[str, ...] = ()  # only for these; empty: for any
    not_parties: tuple[str, ...] = ()
    families: tuple[str, ...] = ()  # of plans whose accidents the law is about; empty: any
    classes: tuple[str, ...] = ()  # legal classes; empty: any


class VetoRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A ground for the one-vote veto: so many dead in an accident of these plans, or a fault of this kind."""

    id: str
    title: Words
    source: str
    standing: str
    families: tuple[str, ...] = ()
    not_families: tuple[str, ...] = ()
    dead: int = 0
    faults: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()  # legal classes; empty: any


class Proof(msgspec.Struct, frozen=True):
    """One kind of evidence of a mechanism."""

    title: Words
    signs: tuple[Sign, ...]


class MechanismRow(msgspec.Struct, frozen=True):
    """One of the mechanisms of linkage and what shows that it works."""

    id: str
    title: Words
    source: str
    standing: str
    proofs: tuple[Proof, ...]


class Indicator(msgspec.Struct, frozen=True, omit_defaults=True):
    """One indicator of a rubric: `measure` names the function; marks run in a straight line from `none` to `full`, SI."""

    id: str
    title: Words
    measure: str
    weight: float
    unit: str
    full: float
    none: float
    standing: str
    source: str = ""
    of: tuple[str, ...] = ()  # what the measure is taken of: duties, phases, statuses …


class RubricDimension(msgspec.Struct, frozen=True):
    """A dimension of a rubric."""

    id: str
    title: Words
    weight: float
    indicators: tuple[Indicator, ...]


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """A red line: what must never be; it caps the score."""

    id: str
    title: Words
    measure: str
    cap: float


class Band(msgspec.Struct, frozen=True):
    """A rating, and the score it begins at."""

    title: Words
    least: float


class Rubric(msgspec.Struct, frozen=True):
    """How a run is marked."""

    id: str
    title: Words
    dimensions: tuple[RubricDimension, ...]
    red_lines: tuple[Line, ...]
    bands: tuple[Band, ...]  # best first


class Law(msgspec.Struct, frozen=True):
    """What accounts are settled by, besides obligations and phases."""

    families: dict[str, str] = {}  # family of plans: legal class
    negative_list: tuple[NegativeEntry, ...] = ()
    consequences: tuple[ConsequenceRow, ...] = ()
    vetoes: tuple[VetoRow, ...] = ()
    mechanisms: tuple[MechanismRow, ...] = ()
    rubric: Rubric | None = None
