"""The eleven mechanisms of linkage (十一项机制), each with what the journal holds of it."""

from __future__ import annotations

from collections.abc import Iterable

from sim.analysis.facts import Facts
from sim.analysis.owed import Evidence, Mechanism
from sim.domain import events as ev
from sim.journal.cast import Cast


def mechanisms(events: Iterable[ev.Event], cast: Cast) -> list[Mechanism]:
    """The mechanisms of the cast, in its order, with the events that show each."""
    return mechanisms_of(Facts(events, cast))


def mechanisms_of(facts: Facts) -> list[Mechanism]:
    """The same, of a journal that was read already."""
    return [
        Mechanism(
            row.id, row.title, row.standing,
            tuple(
                Evidence(proof.title, tuple(e.seq for e in facts.events if facts.meets(e, proof.signs)))
                for proof in row.proofs
            ),
        )
        for row in facts.cast.law.mechanisms
    ]  # fmt: skip
