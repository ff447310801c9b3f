"""What a law is: it hears events in order, remembers what it must, and says which line breaks it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.domain import events as ev
from sim.journal.cast import Cast

TICK = 0.0015  # s: times stand on a grid of a millisecond, sums of them may miss by one
ROUNDING = 1e-9  # share by which a sum of floats may miss

Handler = Callable[[Any], None]


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """A broken law: the event, its line in `journal.jsonl` (from 1), the law's name, and what is wrong."""

    seq: int
    line: int
    law: str
    what: str

    def __str__(self) -> str:
        return f"journal.jsonl:{self.line}: {self.law}: {self.what}"


class Law(ABC):
    """A group of laws that share their memory. `hears` names the kinds of event it needs, with a method for each."""

    def __init__(self, cast: Cast | None) -> None:
        self.cast = cast
        self.broken: list[Violation] = []
        self.index = 0  # position of the present event; the checker keeps it

    @abstractmethod
    def hears(self) -> Mapping[type[ev.Event], Handler]:
        """The events this law must see."""

    def say(self, event: ev.Event, law: str, what: str) -> None:
        """Note that the present event breaks a law."""
        self.broken.append(Violation(event.seq, self.index + 1, law, what))

    def hold(self, truth: bool, event: ev.Event, law: str, what: str) -> bool:
        """Note a violation unless `truth`; returns `truth`."""
        if not truth:
            self.say(event, law, what)
        return truth
