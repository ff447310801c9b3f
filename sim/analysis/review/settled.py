"""Settled: all accounts of a journal – obligations, loops, marks – read once for all sections."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sim.analysis.accountability import accounts_of
from sim.analysis.duties import unwitnessed
from sim.analysis.facts import Facts
from sim.analysis.indicators import Run
from sim.analysis.mechanisms import mechanisms_of
from sim.analysis.owed import Breach, Consequence, Fault, Loop, Mechanism, Obligation, Scorecard, Veto
from sim.analysis.scoring import score_of
from sim.journal.cast import Duty


@dataclass(frozen=True)
class Settled:
    """All accounts of a run."""

    obligations: tuple[Obligation, ...]
    loops: tuple[Loop, ...]
    unwitnessed: tuple[Duty, ...] = ()  # what no journal can show
    faults: tuple[Fault, ...] = ()
    breaches: tuple[Breach, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    mechanisms: tuple[Mechanism, ...] = ()
    scorecard: Scorecard | None = None


def settle(facts: Facts) -> Settled:
    """The accounts of a journal that was read."""
    run = Run(facts)
    owed, found = run.owed, run.faults
    accounts = accounts_of(facts, owed, found)
    return Settled(
        obligations=tuple(owed),
        loops=tuple(run.loops),
        unwitnessed=tuple(unwitnessed(facts.cast)),
        faults=tuple(found),
        breaches=tuple(dict.fromkeys(b for a in accounts for b in a.breaches)),
        consequences=tuple(_once(c for a in accounts for c in a.consequences)),
        vetoes=tuple(dict.fromkeys(v for a in accounts for v in a.vetoes)),
        mechanisms=tuple(mechanisms_of(facts)),
        scorecard=score_of(run, rubric) if (rubric := facts.cast.law.rubric) is not None else None,
    )


def _once(found: Iterable[Consequence]) -> Iterable[Consequence]:
    """Each row of the law once, for whomever it applies."""
    return {c.id: c for c in found}.values()
