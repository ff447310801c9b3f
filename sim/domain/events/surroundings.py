"""The world around: roads, weather, daylight, communications, exercise control."""

from __future__ import annotations

from sim.domain.events.base import Event
from sim.domain.places import Weather


class RoadChanged(Event):
    """A link closed (0), slowed (0–1) or opened (1) in truth; `at` a site on it: reached from both ends, but not passed."""

    link: str
    factor: float
    why: str
    at: str = ""


class RoadKnown(Event):
    """The command system learned the state of a link; routes are planned with it from now on."""

    link: str
    factor: float
    at: str = ""


class WeatherChanged(Event):
    """The weather over a county (or "" for all) became this."""

    county: str
    weather: Weather


class Daylight(Event):
    """Night fell or day broke."""

    night: bool


class ChannelChanged(Event):
    """Communications of a post (or "" for all) became up, degraded or down."""

    post: str
    state: str


class InjectReleased(Event):
    """Exercise control released an inject."""

    inject: str
    action: str
    title_zh: str
    title_en: str


class ExpectationSettled(Event):
    """An expected action was met (`met`), met late (`late`) or missed (`missed`) by its window."""

    expectation: str
    outcome: str
    due: float


class ServiceChanged(Event):
    """What is left of a service (power, telecom, water, gas) in these towns, whoever cut it; 1 is all of it."""

    incident: str
    service: str
    shares: dict[str, float]  # by town code
    why: str = ""


class AlarmRaised(Event):
    """A monitoring system gave an alarm that nothing has happened behind; the desk that has it does not know that yet."""

    system: str
    county: str
    post: str


class AlarmDismissed(Event):
    """A duty desk has checked an alarm: there was nothing. It had people at it for so long (s)."""

    system: str
    county: str
    post: str
    took: float


class HospitalChanged(Event):
    """A hospital takes so many at once from now on."""

    hospital: str
    places: int
    why: str
