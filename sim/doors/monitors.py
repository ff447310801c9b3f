"""The monitoring systems of a city (`monitoring.yaml`): what each sees, how late, where, and the signals of weather it gives."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from sim.domain.monitors import Monitors, Signal, System
from sim.domain.parameters import Standing
from sim.doors.common import Day, Figure, Misfit, Named, SpreadEntry, flag, spread_of
from sim.errors import InvalidInput, Problem, suggest
from sim.reader import Document, Entry, load
from sim.units import UnitError, from_si, parse_quantity

COLOURS = {"red": 1, "orange": 2, "yellow": 3, "blue": 4}
_FIGURES = {"rain": ("intensity", "mm/h"), "wind": ("speed", "m/s"), "temperature": ("temperature", "C")}
_ICE = {"none": 0, "snow": 1, "packed": 2, "glaze": 3}
_TERRAINS = ("basin", "hilly", "mountain", "gorge")
Share = Annotated[float, Field(ge=0, le=1)]


class SystemEntry(Named):
    """监测系统 · Which accidents it sees, with which lag, over which share of places (by county code or terrain; `*` the rest)."""

    sees: list[str] = Field(description="Kinds of accidents", examples=[["forest_fire"]])
    lag: SpreadEntry = Field(description="From the beginning of the accident to the alarm")
    coverage: dict[str, Share] = Field(examples=[{"*": "0.6", "mountain": "0.3"}])
    blind: Share = Field(0.0, description="Share of days on which it is out of order or shows nothing usable")
    false_alarms: float = Field(
        0.0, ge=0, le=50, description="Alarms a day that reach a duty desk and turn out to be nothing", examples=[2]
    )
    fault: Named | None = Field(None, description="What goes wrong with it")
    standing: Standing
    source: str = Field(min_length=1)


class SignalEntry(Named):
    """预警信号 · From which figure of the weather on it is given in which colour, and which accidents it warns of."""

    system: str
    figure: Literal["rain", "wind", "temperature", "fog", "ice"]
    below: Annotated[bool, flag] = Field(False, description="The colour holds at the figure and below it")
    colours: dict[Literal["red", "orange", "yellow", "blue"], Figure] = Field(min_length=1)
    natures: list[str]
    standing: Standing
    source: str = Field(min_length=1)


class MonitoringFile(Entry):
    """`monitoring.yaml`."""

    checked_on: Day | None = None
    systems: dict[str, SystemEntry] = Field(min_length=1)
    signals: dict[str, SignalEntry] = Field({})


def load_monitors(path: Path, natures: Collection[str], counties: Collection[str]) -> Monitors:
    """What watches over a city. Raises `InvalidInput` with every mistake."""
    document = load(path)
    file, problems = document.check(MonitoringFile)
    if file is not None:
        problems = [*problems, *_mistakes(document, file, natures, counties)]
    if file is None or problems:
        raise InvalidInput(list(problems))
    return Monitors(
        {
            id_: System(
                id_,
                s.zh,
                s.en,
                tuple(sorted(s.sees)),
                spread_of(s.lag, "time"),
                dict(s.coverage),
                s.blind,
                s.false_alarms,
            )
            for id_, s in sorted(file.systems.items())
        },
        tuple(_signal(id_, s) for id_, s in sorted(file.signals.items())),
    )


def _signal(id_: str, entry: SignalEntry) -> Signal:
    colours = tuple((COLOURS[c], _level(entry.figure, text)) for c, text in sorted(entry.colours.items()))
    natures = tuple(sorted(entry.natures))
    return Signal(id_, entry.zh, entry.en, entry.system, entry.figure, colours, natures, entry.below)


def _level(figure: str, text: str) -> float:
    """A figure of the weather as `Weather` has it: rain in mm/h, fog 1, ice in order of how slippery it is."""
    if figure == "ice":
        return float(_ICE[text])
    if figure == "fog":
        return 1.0
    dimension, unit = _FIGURES[figure]
    value = parse_quantity(text, dimension)
    return round(from_si(value, unit), 9) if figure == "rain" else value


def _mistakes(
    document: Document, file: MonitoringFile, natures: Collection[str], counties: Collection[str]
) -> Iterator[Problem]:
    for table in ("systems", "signals"):
        for id_, entry in getattr(file, table).items():
            key = "sees" if table == "systems" else "natures"
            for i, nature in enumerate(getattr(entry, key)):
                if nature not in natures:
                    what = f"no accident model '{nature[:40]}'"
                    yield document.problem((table, id_, key, i), what, suggest(nature, sorted(natures)))
    for id_, system in file.systems.items():
        try:
            spread_of(system.lag, "time")
        except Misfit as misfit:
            what, remedy, at = misfit.told(("systems", id_, "lag"))
            yield document.problem(at, what, remedy)
        for place in system.coverage:
            if place != "*" and place not in _TERRAINS and place not in counties:
                what = f"'{place[:40]}' is no county's code and no terrain"
                known = suggest(place, [*counties, *_TERRAINS, "*"])
                yield document.problem(("systems", id_, "coverage", place), what, known, key=True)
    for id_, signal in file.signals.items():
        if signal.system not in file.systems:
            what = f"there is no system '{signal.system[:40]}'"
            yield document.problem(("signals", id_, "system"), what, suggest(signal.system, list(file.systems)))
        for colour, text in signal.colours.items():
            try:
                _level(signal.figure, text)
            except (UnitError, KeyError):
                what = f"'{text[:40]}' is no figure of {signal.figure}"
                yield document.problem(
                    ("signals", id_, "colours", colour), what, "write it with its unit, or a state of ice"
                )
