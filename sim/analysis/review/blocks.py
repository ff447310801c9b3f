"""Blocks: what a review is made of, as plain data – so that every form of it says the same, and says it in the same order."""

from __future__ import annotations

import msgspec

from sim.journal.law import NOBODY, Words

GOOD, WARN, BAD, PLAIN = "good", "warn", "bad", ""


class Text(msgspec.Struct, frozen=True, tag="text"):
    """A paragraph; `tone` is good, warn or bad where it says that something went so."""

    text: str
    tone: str = PLAIN


class Bullets(msgspec.Struct, frozen=True, tag="bullets"):
    """Sentences one under the other."""

    items: tuple[str, ...]


class Facts(msgspec.Struct, frozen=True, tag="facts"):
    """Names with their values, in two columns."""

    rows: tuple[tuple[str, str], ...]


class Table(msgspec.Struct, frozen=True, tag="table"):
    """A table with its caption. `widths` are shares of the page, `tones` one a row (for the column `toned`)."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    tones: tuple[str, ...] = ()
    toned: int = -1
    note: str = ""
    number: int = 0


class Figure(msgspec.Struct, frozen=True, tag="figure"):
    """A picture by its name in `Review.pictures`, with its caption; `wide` ones want a page on its side."""

    picture: str
    caption: str
    wide: bool = False
    number: int = 0


PEOPLE, HOURS, LAW = "people", "hours", "law"

Block = Text | Bullets | Facts | Table | Figure


class Section(msgspec.Struct, frozen=True):
    """A heading with what stands under it; never empty."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    parts: tuple[Section, ...] = ()
    number: str = ""


Change = dict[str, str | tuple[str, ...]]
ACTS = ("takes", "faster", "within", "notify", "on_platform", "desk", "amount", "home", "times", "elements", "standby",
        "coverage")  # fmt: skip  # what of a change a run can go by


class Measure(msgspec.Struct, frozen=True):
    """What should change: its kind, who owes it by when under which clause, what closes it and who verifies that.

    `change` is the change as data; without one of `ACTS` in it the next run has nothing to go by, and it is only recorded.
    """

    id: str
    kind: str  # plan_version, deadline, team_home, stock, duty, practice, monitor
    text_zh: str
    text_en: str
    unit_zh: str
    unit_en: str
    due: str  # date on the case's clock
    change: Change = {}
    clause: Words = NOBODY
    proof: Words = NOBODY  # closing evidence
    verifier: Words = NOBODY

    @property
    def acts(self) -> bool:
        """Whether the next run can go by it."""
        return any(name in self.change for name in ACTS)


class Instance(msgspec.Struct, frozen=True):
    """One place where a finding was seen: the incident, what was seen there, how bad, by which events."""

    incident: str
    problem_zh: str
    problem_en: str
    size: float
    evidence: tuple[int, ...]
    unfinished: bool = False


class Finding(msgspec.Struct, frozen=True):
    """A problem that events of the journal prove; `size` is how bad it is, in the unit of its kind (less is better).

    The same problem in several places of one disaster is one finding: told by its worst case, with all of them in `cases`.
    """

    id: str  # the same in every run of the same case
    kind: str
    incident: str  # the accident that it goes back to
    problem_zh: str
    problem_en: str
    size: float
    evidence: tuple[int, ...]  # numbers of events
    measure: Measure | None = None
    weight: float = 0.0  # how much it matters among those of its kind
    matters: str = LAW  # people | hours | law: what it cost
    cases: tuple[Instance, ...] = ()
    unfinished: bool = False  # it was never put right: its size is only where the count was broken off
    by_drill: bool = False  # set by the drill itself (conduct, an inject), and no fault of the plans

    @property
    def total(self) -> float:
        """Its size over all places."""
        return sum(case.size for case in self.cases) or self.size


class Assumed(msgspec.Struct, frozen=True):
    """A number that somebody chose or remembered and nobody has verified."""

    incident: str
    name: str
    what_zh: str
    what_en: str
    value: str
    standing: str
    source: str


class Origin(msgspec.Struct, frozen=True):
    """Where a review comes from: the run it is of, by its digests, and what is known of the numbers behind it."""

    run: str = ""
    digest: str = ""
    case_digest: str = ""
    version: str = ""
    numbers: tuple[Assumed, ...] = ()
    numbers_known: bool = False  # whether the case could be compiled again to look at its numbers
    carried: tuple[str, ...] | None = None  # ids of the accepted measures the run went by; None: not known
    swings: tuple[tuple[str, str, float, float], ...] = ()  # incident, parameter, deaths at its low and at its high end


NO_ORIGIN = Origin()


class Review(msgspec.Struct, frozen=True):
    """The whole review in one language."""

    lang: str
    title: str
    case: str
    cover: tuple[tuple[str, str], ...]
    credits: str
    brief: Section
    sections: tuple[Section, ...]
    findings: tuple[Finding, ...]
    digest: str
    dated: str  # the last moment of the journal on the case's clock, ISO 8601
    signatures: tuple[str, ...]
    contents: str
    format: int = 1
