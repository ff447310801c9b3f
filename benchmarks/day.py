"""A busy day over the whole city: 30 incidents of all shipped natures, at places and times drawn by a seed; and the flagship.

Prints what the simulation itself takes, after start-up: CPU seconds and journal events. Every incident is real in the sense
that it begins as a case file would have it begin: the nature's own causes, grades, parameters and discovery.

    python benchmarks/day.py [--incidents 30] [--days 3]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sim.case import Case
from sim.catalog import hazards, scenarios_root
from sim.domain.events import Event, IncidentClosed
from sim.engine.simulation import simulate
from sim.scenario.compile import load_case
from sim.streams import Stream, Streams

HEAD = """\
name: {zh: 繁忙的一天, en: A busy day}
city: qujing
starts_at: 2024-07-19T00:00:00+08:00
incidents:
"""
INCIDENT = """\
  - id: D{number:02d}
    nature: {nature}
    time: +{hour:02d}:{minute:02d}
    location: {{town: {town}}}
    cause: {cause}
    scope: {{grade: {grade}}}
"""
GRADES = {"general": 0.8, "larger": 0.17, "major": 0.03}


def day(towns: list[str], incidents: int, number: int) -> str:
    """The case file of one day: natures in turn, all else drawn."""
    stream = Streams(number)("day")
    natures = list(hazards().values())
    text = HEAD
    for i in range(incidents):
        plugin = natures[i % len(natures)]
        minute = int(stream.uniform() * 24 * 60)
        text += INCIDENT.format(
            number=i,
            nature=plugin.name,
            hour=minute // 60,
            minute=minute % 60,
            town=one_of(stream, towns),
            cause=one_of(stream, sorted(plugin.card.causes)),
            grade=list(GRADES)[stream.index(list(GRADES.values()))],
        )
    return text


def one_of(stream: Stream, names: list[str]) -> str:
    """One of them, all equally likely."""
    return names[int(stream.uniform() * len(names))]


def measured(case: Case) -> str:
    """Run a case; what it took."""
    events: list[Event] = []
    begin = time.process_time()
    simulate(case, events.append)
    took = time.process_time() - begin
    over = {event.incident for event in events if isinstance(event, IncidentClosed)}
    return f"{took:6.2f} s CPU, {len(events):6d} events, {len(over)} of {len(case.incidents)} incidents closed"


def main() -> None:
    """Measure the flagship, then so many days."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--incidents", type=int, default=30)
    parser.add_argument("--days", type=int, default=3)
    wanted = parser.parse_args()
    name = (scenarios_root() / "flagship").read_text(encoding="utf-8").strip()
    (flagship,) = scenarios_root().rglob(f"{name}.yaml")
    case = load_case(flagship)
    print(f"flagship {name}: {measured(case)} (SciPy's import included)")
    print(f"flagship {name}: {measured(load_case(flagship))}")
    names = [town.name_zh for town in case.city.towns.values()]
    towns = sorted(town for town in names if names.count(town) == 1)  # a name that two towns bear would not tell which
    with tempfile.TemporaryDirectory() as folder:
        for number in range(1, wanted.days + 1):
            file = Path(folder) / f"day_{number}.yaml"
            file.write_text(day(towns, wanted.incidents, number), encoding="utf-8")
            print(f"day {number}: {measured(load_case(file))}")


if __name__ == "__main__":
    main()
