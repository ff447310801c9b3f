"""时间 → seconds since the start: the local clock of the city at the scenario's start, and what people write against it."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sim.domain.places import Calendar
from sim.doors.case import CaseFile
from sim.doors.common import a_moment
from sim.doors.incident import is_time_of_day
from sim.reader import Loc
from sim.scenario.issues import Issues
from sim.units import DAY, UnitError, parse_quantity


class Clock:
    """The scenario's clock. Before `settle` it goes by what is written; after, by the city's own time."""

    def __init__(self, file: CaseFile, issues: Issues) -> None:
        self.issues = issues
        self.known = bool(file.starts_at)  # else the file is wrong there, and no offset can be judged
        self._begins = a_moment(file.starts_at) if file.starts_at else datetime(1970, 1, 1)

    @property
    def month(self) -> int:
        """The month of the start, 1–12."""
        return self._begins.month

    @property
    def day(self) -> date:
        """The day of the start."""
        return self._begins.date()

    @property
    def text(self) -> str:
        """The start, local, ISO 8601 with offset."""
        return self._begins.isoformat()

    @property
    def calendar(self) -> Calendar:
        """The start as calendar and clock."""
        b = self._begins
        second = timedelta(hours=b.hour, minutes=b.minute, seconds=b.second, microseconds=b.microsecond).total_seconds()
        return Calendar(b.year, b.month, b.day, b.weekday(), second)

    def settle(self, zone: str) -> None:
        """Go by the city's time zone from now on."""
        try:
            local = ZoneInfo(zone)
            self._begins = (
                self._begins.replace(tzinfo=local) if self._begins.tzinfo is None else self._begins.astimezone(local)
            )
            offset = self._begins.utcoffset()
        except ZoneInfoNotFoundError:  # some systems have no time zones of their own
            if self._begins.tzinfo is None:
                self.issues.say(
                    ("starts_at",),
                    f"this machine does not know the time zone {zone}",
                    "write the offset, such as +08:00",
                )
            return
        if offset is not None:  # a fixed offset: the clock does not jump within a scenario
            self._begins = self._begins.replace(tzinfo=timezone(offset))

    def offset(self, loc: Loc, written: str | None) -> float:
        """Seconds since the start; a time of day is the next one. Tells what lies before the start."""
        if not written or not self.known:
            return 0.0
        if not written.lstrip().startswith("+") and is_time_of_day(written):
            return round((parse_quantity(written, "time") - self.calendar.second_of_day) % DAY, 3)
        try:
            t = parse_quantity(written, "time")
        except UnitError:
            moment = a_moment(written)
            t = (moment.replace(tzinfo=moment.tzinfo or self._begins.tzinfo) - self._begins).total_seconds()
        if t < 0:
            self.issues.say(
                loc, f"'{written}' lies before the start, {self.text}", "nothing can happen before the start"
            )
        return round(t, 3)
