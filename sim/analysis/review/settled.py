"""Settled: all accounts of a journal – obligations, loops, marks – read once for all sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.analysis.duties import ledger_of
from sim.analysis.facts import Facts
from sim.analysis.owed import Breach, Consequence, Fault, Loop, Mechanism, Obligation, Scorecard, Veto
from sim.analysis.phases import loops_of
from sim.domain import events as ev
from sim.journal.cast import Cast, Duty


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


def settle(events: Sequence[ev.Event], cast: Cast) -> Settled:
    """The accounts of a journal."""
    facts = Facts(events, cast)
    return Settled(
        tuple(ledger_of(facts)), tuple(loops_of(facts)), tuple(duty for duty in cast.obligations if duty.unwitnessed.zh)
    )
