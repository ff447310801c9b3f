"""Who is where: the share of people present in each land use by local hour, kind of day and season.

All figures are numbers `occupancy.*` of the models, named <use>_<part of the day>; what a land use is called is theirs to say.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import date, timedelta

from sim.domain.parameters import Parameter
from sim.domain.places import Calendar
from sim.units import DAY, HOUR

PARTS = ("night", "morning", "day", "evening")
_SHIFT = "_shift_1"
_SHIFTS = (1, 2, 3)
_SATURDAY = 5


class Occupancy:
    """The numbers by name, and the land uses among them."""

    def __init__(self, rules: Mapping[str, Parameter]) -> None:
        prefix = "occupancy."
        self._numbers = {name.removeprefix(prefix): p.value for name, p in rules.items() if name.startswith(prefix)}
        self._by_part = sorted({n.removesuffix("_night") for n in self._numbers if n.endswith("_night")})
        self._in_shifts = sorted(n.removesuffix(_SHIFT) for n in self._numbers if n.endswith(_SHIFT))

    def presence(self, calendar: Calendar, t: float, town: str = "") -> dict[str, float]:
        """The share of its people who are present in each land use `t` seconds after the start; `asleep`, of those at home."""
        hour, today = calendar.hour_at(t), day_of(calendar, t)
        number, part = self._numbers, self._part(hour)
        rests, festival, travels = self._rests(today), self._festival(today), self._travels(today)
        found = {}
        for use in self._by_part:
            share = number[f"{use}_{part}"]
            if rests:
                share = number.get(f"{use}_rest_{part}", share)
            if use == "road" and travels:
                share *= number["road_festival"]
            elif use == "market" and part == "day" and self._is_market_day(today, town):
                share = number["market_full"]
            elif use == "school" and self._between_terms(today):
                share = 0.0
            found[use] = round(min(1.0, share), 6)
        for use in self._in_shifts:
            idle = number.get(f"{use}_festival", 1.0) if festival else 1.0
            found[use] = round(min(1.0, idle * number[f"{use}_shift_{self._shift(hour)}"]), 6)
        return dict(sorted(found.items()))

    # ── the clock ──

    def _part(self, hour: float) -> str:
        starts = [(self._numbers[f"{part}_from"] / HOUR, part) for part in PARTS]
        return _latest(starts, hour)

    def _shift(self, hour: float) -> str:
        return _latest([(self._numbers[f"shift_{i}_from"] / HOUR, str(i)) for i in _SHIFTS], hour)

    # ── the calendar ──

    def _rests(self, today: date) -> bool:
        """A weekend or a long holiday; the working weekends around those are not known here."""
        if today.weekday() >= _SATURDAY or self._festival(today):
            return True
        return 0 <= _number(today) - self._days("national_day") < self._days("holiday")

    def _festival(self, today: date) -> bool:
        return 0 <= _number(today) - self._days("spring_festival") < self._days("holiday")

    def _travels(self, today: date) -> bool:
        since = _number(today) - self._days("spring_festival")
        return -self._days("season_before") <= since <= self._days("season_after")

    def _between_terms(self, today: date) -> bool:
        number = _number(today)
        return any(
            self._days(f"{season}_break_from") <= number < self._days(f"{season}_break_until")
            for season in ("winter", "summer")
        )

    def _is_market_day(self, today: date, town: str) -> bool:
        """Each town has its turn in the cycle; which one is a matter of its code, for no register says it."""
        every = max(1, round(self._days("market_every")))
        return today.toordinal() % every == zlib.crc32(town.encode()) % every

    def _days(self, name: str) -> float:
        return self._numbers[name] / DAY


def day_of(calendar: Calendar, t: float) -> date:
    """The local date `t` seconds after the start."""
    return date(calendar.year, calendar.month, calendar.day) + timedelta(days=(calendar.second_of_day + t) // DAY)


def _number(today: date) -> int:
    """The day of the year, from 1."""
    return today.timetuple().tm_yday


def _latest(starts: list[tuple[float, str]], hour: float) -> str:
    """What began last before an hour of the day; before the first of the day, the last of the day before."""
    begun = [(at, name) for at, name in starts if at <= hour]
    return max(begun or starts)[1]
