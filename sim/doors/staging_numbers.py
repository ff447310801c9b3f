"""Numbers, names and shares of a staged accident: what is written in words becomes positions and SI, every mistake is collected."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import get_args

import msgspec

from sim.domain.people import Status, Triage
from sim.doors.staged_language import Factors, Outcome, StagedPart
from sim.doors.stages import NONE, Amount, Fate
from sim.errors import suggest
from sim.units import DAY, DIMENSIONS, UnitError, dimension_of, parse_quantity

Loc = tuple[str | int, ...]
Mistake = tuple[Loc, str, str]  # where in the file, what is wrong, what would be right

_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_PLAIN = ("ratio", "count")  # dimensions that multiply without making another
_PER_TIME = {"volume": "flow", "length": "speed", "count": "rate", "ratio": "rate"}
_EVEN = 1e-9  # shares that add up to one but for rounding
_COLOURS = frozenset(colour.value for colour in Triage)


class Want(msgspec.Struct, frozen=True):
    """What a number must be: its dimension, perhaps over a time; `unit` of `size` is a further unit that is understood."""

    dimension: str
    unit: str = ""
    size: float = 1.0
    over_time: bool = False

    @property
    def named(self) -> str | None:
        """The dimension of a figure that may stand for it."""
        return _PER_TIME.get(self.dimension) if self.over_time else self.dimension


RATIO, TIME, COUNT, LENGTH = Want("ratio"), Want("time"), Want("count"), Want("length")


def effort_of(unit: str) -> Want:
    """What an effort in a capability's unit is: `m3/h` a flow, `people/h` a rate, pieces of any kind a count."""
    try:
        return Want(dimension_of(unit), unit, DIMENSIONS[dimension_of(unit)][unit])
    except UnitError:
        _, over, time = unit.partition("/")
        return Want("rate", unit, 1 / DIMENSIONS["time"][time]) if over else Want("count", unit)


class Numbers:
    """The table of numbers of one file, and the mistakes found so far.

    `figures` are scope variables and parameters with their dimensions.
    """

    def __init__(self, part: StagedPart, figures: Mapping[str, str]) -> None:
        self.part, self.figures = part, figures
        self.mistakes: list[Mistake] = []
        self._numbers: list[Amount] = []

    # ── words ──

    def _wrong(self, loc: Loc, what: str, remedy: str = "") -> None:
        self.mistakes.append((loc, what, remedy))

    def _position(self, loc: Loc, what: str, name: str, valid: Sequence[str]) -> int:
        """The position of a name among the valid ones."""
        if name in valid:
            return valid.index(name)
        self._wrong(loc, f"no {what} '{name}'", suggest(name, sorted(valid)))
        return NONE

    def _parsed(self, loc: Loc, text: str, want: Want) -> float:
        """A written number, SI."""
        size = 1.0
        amount = text.strip()
        if want.over_time:
            amount, _, time = amount.rpartition("/")
            if not amount or time not in DIMENSIONS["time"]:
                self._wrong(loc, f"expected an amount over a time, got '{text}'", "such as '5 m3/h'")
                return math.nan
            size = 1 / DIMENSIONS["time"][time]
        elif want.unit and amount.endswith(want.unit) and want.unit not in DIMENSIONS[want.dimension]:
            amount, size = f"{amount.removesuffix(want.unit)} {next(iter(DIMENSIONS[want.dimension]))}", want.size
        try:
            value = parse_quantity(amount, want.dimension) * size
        except UnitError as wrong:
            self._wrong(loc, str(wrong), f"write it in {want.unit}" if want.unit else "")
            return math.nan
        if value < 0:
            self._wrong(loc, f"'{text}' is negative", "write a number from 0 up")
        return value

    def _number(self, loc: Loc, entry: Factors | None, want: Want, size: float = 1.0) -> int:
        """The position of a number, divided by `size`, in the table of numbers; NONE if none is written."""
        if entry is None:
            return NONE
        value, names, carried = 1 / size, [], []
        for i, word in enumerate((entry.of, *entry.times)):
            where = (*loc, "times", i - 1) if i else loc
            if not _NAME.fullmatch(word):
                lone = not i and all(self.figures.get(w, "ratio") in _PLAIN for w in entry.times)
                value *= self._parsed(where, word, want if lone else RATIO)
                carried += [want.named] if lone and want.named not in _PLAIN else []
            elif word in self.figures:
                names.append(word)
                carried += [self.figures[word]] if self.figures[word] not in _PLAIN else []
            else:
                self._wrong(where, f"no parameter or scope variable '{word}'", suggest(word, sorted(self.figures)))
                carried.append(want.named)  # one mistake is enough
        if carried != ([] if want.named in _PLAIN else [want.named]):
            got = " × ".join(map(str, carried)) or "a plain number"
            self._wrong(loc, f"expected a {want.named or want.dimension}, got {got}")
        if entry.night != 1.0 and self.part.night is None:
            self._wrong(
                (*loc, "night"),
                "a night factor, but the file does not say when it is night",
                "add 'night: {begins: 22:00, ends: 06:00}'",
            )
        terrain = {str(t): f for t, f in entry.by_terrain.items()}
        self._numbers.append(Amount(value, tuple(names), entry.night, terrain, entry.presence or ""))
        return len(self._numbers) - 1

    def _constant(self, value: float) -> int:
        self._numbers.append(Amount(value))
        return len(self._numbers) - 1

    def _hour(self, loc: Loc, text: str) -> float:
        second = self._parsed(loc, text, TIME)
        if not 0 <= second < DAY:
            self._wrong(loc, f"'{text}' is no time of day", "such as '22:00'")
        return second

    def _fates(
        self, loc: Loc, shares: Mapping[Outcome, float], *, whole: bool, trapped: bool = False
    ) -> tuple[Fate, ...]:
        """Shares of people in a fixed order, so that the same luck always means the same fate."""
        total = math.fsum(shares.values())
        if min(shares.values()) < 0 or total > 1 + _EVEN or (whole and total < 1 - _EVEN):
            self._wrong(
                loc, f"shares add up to {total:g}", "to 1, none negative" if whole else "to at most 1, none negative"
            )
        if "trapped" in shares and not trapped:
            self._wrong(
                (*loc, "trapped"), "nobody becomes trapped here", "use it in people: become, on entering a stage"
            )
        return tuple(
            Fate(shares[o], Status.WAITING, Triage(o)) if o in _COLOURS else Fate(shares[o], Status(o))
            for o in get_args(Outcome)
            if o in shares
        )
