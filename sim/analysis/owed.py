"""What was owed and what became of it: the lines that the ledger, the loop, the mechanisms and the marks are told in.

Plain facts read off a journal; times are seconds since the scenario's start, `seq` are numbers of its events. Nothing here
is a legal judgement: it says what a journal witnesses, for reference (参考).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from sim.journal.cast import Words
from sim.journal.law import NOBODY

Outcome = Literal["met", "late", "missed", "open", "not_owed"]
MET: Final = "met"
LATE: Final = "late"
MISSED: Final = "missed"
OPEN: Final = "open"
NOT_OWED: Final = "not_owed"


@dataclass(frozen=True, slots=True)
class Party:
    """Who owes or is owed: a post, a unit or, where the journal names nobody, a role in words (`id` empty)."""

    id: str
    name: Words
    place: str = ""  # which of the offices of this name, where every place has one


@dataclass(frozen=True, slots=True)
class Step:
    """A link of a chain of causes: an event, how long after the one before it came, and what kind of waiting that was."""

    seq: int
    t: float
    waited: float
    why: str = ""  # a key of `delay.<why>`: withheld, unacknowledged, channel … ; "" where it is only the next thing


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something owed by somebody to somebody by a time, and what became of it."""

    duty: str  # R2, or plan/task
    round: int  # of a repeating duty, from 1
    source: Literal["law", "plan"]
    title: Words
    debtor: Party
    creditor: Party
    clause: Words
    standing: str  # verified | memory | config
    incident: str
    arose: int  # seq
    arose_at: float
    due_at: float | None  # None: no deadline
    done: int | None  # seq
    done_at: float | None
    outcome: Outcome
    chain: tuple[Step, ...] = ()  # from where it arose to where it was done (or to what kept it from being done)
    phase: str = ""
    reports: bool = False  # a duty to report: late, missed, false and concealed are told apart
    evidence: str = ""  # what a task left behind, in its own words
    restated: str = ""  # the plan's task that restates this duty of the law, and is not counted again

    @property
    def lateness(self) -> float:
        """How long after it was due it was done, s; 0 where it was not late."""
        return max(0.0, self.done_at - self.due_at) if self.done_at is not None and self.due_at is not None else 0.0

    @property
    def held_by(self) -> Step | None:
        """The step of its chain that took longest."""
        return max(self.chain, key=lambda step: (step.waited, -step.seq), default=None)

    @property
    def seqs(self) -> tuple[int, ...]:
        """The events that witness it."""
        return (self.arose,) if self.done is None else (self.arose, self.done)


PhaseState = Literal["closed", "open", "broken", "not_due"]


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """One phase of the closed loop for one incident."""

    incident: str
    phase: str
    title: Words
    responsible: Words
    evidence: Words
    state: PhaseState
    outcome: Outcome
    since: int | None = None  # seq
    since_at: float | None = None
    due_at: float | None = None
    done: int | None = None  # seq of the evidence
    done_at: float | None = None
    verifier: Words = NOBODY
    reopened: tuple[int, ...] = ()  # seqs of what opened it again
    why: str = ""  # a key of `broken.<why>`: not_done, own_verifier, not_closed_again


@dataclass(frozen=True, slots=True)
class Loop:
    """The closed loop of one incident: closed, open, or broken, and where first."""

    incident: str
    state: Literal["closed", "open", "broken"]
    phases: tuple[PhaseLine, ...]
    at: PhaseLine | None = None  # the first phase that is broken (or, of an open loop, open)


@dataclass(frozen=True, slots=True)
class Fault:
    """A report that was late, missed, false or concealed (迟报、漏报、谎报、瞒报), for reference.

    Concealed is only what was hidden, past its deadline unreported, and found out; before that it is late or missed, and
    `suspected`.
    """

    kind: Literal["late", "missed", "false", "concealed"]
    incident: str
    sender: Party
    seqs: tuple[int, ...]
    duty: str = ""
    round: int = 0
    lateness: float = 0.0
    gap: dict[str, float] = field(default_factory=dict)  # told less believed, by figure
    proven: bool = False
    suspected: bool = False  # withheld on purpose, and not found out


@dataclass(frozen=True, slots=True)
class Breach:
    """An entry of the negative list (负面清单) that the journal shows, by whom."""

    entry: str
    title: Words
    incident: str
    party: Party
    seqs: tuple[int, ...]
    standing: str
    duty: str = ""


@dataclass(frozen=True, slots=True)
class Consequence:
    """What the law attaches to an act (参考: no judgement): whom it is for, what, by which article."""

    id: str
    subject: Words
    act: Words
    consequence: Words
    source: str
    standing: str
    for_entries: tuple[str, ...]  # of the negative list, found in this journal


@dataclass(frozen=True, slots=True)
class Veto:
    """A ground for the one-vote veto (一票否决) of a unit or government, for reference."""

    ground: str
    title: Words
    incident: str
    party: Party
    seqs: tuple[int, ...]
    standing: str


@dataclass(frozen=True, slots=True)
class Account:
    """One debtor's account: what it had to know (知责), what it did of it (履责), what it may be asked about (问责)."""

    party: Party
    owed: tuple[Obligation, ...]
    breaches: tuple[Breach, ...] = ()
    faults: tuple[Fault, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    vetoes: tuple[Veto, ...] = ()

    def count(self, outcome: Outcome) -> int:
        """How many of its obligations came out so."""
        return sum(o.outcome == outcome for o in self.owed)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One kind of evidence of a mechanism, and the events that are it."""

    title: Words
    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One of the eleven mechanisms of linkage and what the journal holds of it."""

    id: str
    title: Words
    standing: str
    evidence: tuple[Evidence, ...]

    @property
    def state(self) -> Literal["shown", "partly", "absent"]:
        """Shown where there is evidence of every kind."""
        held = sum(bool(e.seqs) for e in self.evidence)
        return "absent" if not held else "shown" if held == len(self.evidence) else "partly"


@dataclass(frozen=True, slots=True)
class Item:
    """One indicator of the scorecard: what was measured against what, the marks, and the events that earned them.

    A gap is an indicator that ought to have been measured and left no trace: it earns nothing and counts. What the day never
    called for (`not_called`) counts neither way.
    """

    id: str
    title: Words
    weight: float
    state: Literal["scored", "gap", "not_called"]
    value: float | None
    unit: str
    full: float  # value that earns all marks, SI
    none: float  # value that earns none, SI
    marks: float
    seqs: tuple[int, ...]
    standing: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension of the scorecard with its items."""

    id: str
    title: Words
    weight: float
    items: tuple[Item, ...]

    @property
    def marks(self) -> float:
        """Marks earned."""
        return sum(i.marks for i in self.items)

    @property
    def out_of(self) -> float:
        """Marks that the day called for, gaps included."""
        return sum(i.weight for i in self.items if i.state != "not_called")


@dataclass(frozen=True, slots=True)
class RedLine:
    """A red line that was crossed: it caps the rating."""

    id: str
    title: Words
    cap: float
    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A run's marks by a rubric (参考配置 reference configuration)."""

    rubric: str
    dimensions: tuple[Dimension, ...]
    red_lines: tuple[RedLine, ...]
    score: float  # of 100: earned of what was called for, capped
    uncapped: float
    band: Words

    @property
    def gaps(self) -> tuple[Item, ...]:
        """Indicators that left no trace."""
        return tuple(i for d in self.dimensions for i in d.items if i.state == "gap")
