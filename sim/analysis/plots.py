"""Plots: what goes into the pictures, as plain rows; `figures` draws them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sim.analysis.lines import SortieLine, Span, Steps, Timeline, value_at
from sim.analysis.tracks import Place
from sim.domain.people import Status
from sim.journal.cast import Cast
from sim.units import DAY, HOUR

# In this order one upon the other: still in danger at the bottom, what cannot be undone on top.
STATUS_ORDER = (
    Status.EXPOSED, Status.TRAPPED, Status.WAITING, Status.CARRIED, Status.HOSPITAL, Status.SAVED, Status.SAFE,
    Status.MISSING, Status.DEAD,
)  # fmt: skip
LANES = 2  # elements of one team drawn one under the other; the rest is folded


@dataclass(frozen=True, slots=True)
class Home:
    """A node that forces came from: how many elements and people, and the highest tier among them."""

    node: str
    place: Place
    tier: int
    elements: int
    people: int
    arrived: float


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team in the timeline: its sorties, the first to come first."""

    team: str
    tier: int
    elements: int
    lanes: tuple[SortieLine, ...]
    first: float

    @property
    def height(self) -> int:
        """How many lanes it takes: one an element."""
        return len({s.element for s in self.lanes})


def tier_of(cast: Cast, team: str) -> int:
    """The tier of a team; 3 where it is not known."""
    known = cast.teams.get(team)
    return known.tier if known else 3


def roads_used(line: Timeline, cast: Cast) -> dict[int, dict[str, int]]:
    """By tier and link: how many sorties drove it on their way to an incident."""
    used: dict[int, dict[str, int]] = {}
    for sortie in line.sorties.values():
        links = {
            leg.link for trip in sortie.trips if trip.bound == "site" for leg in trip.legs if leg.link in cast.links
        }
        counts = used.setdefault(tier_of(cast, sortie.team), {})
        for link in sorted(links):
            counts[link] = counts.get(link, 0) + 1
    return used


def homes(line: Timeline, cast: Cast) -> list[Home]:
    """Where the sorties that left came from, most people first."""
    at: dict[str, list[SortieLine]] = {}
    for sortie in line.sorties.values():
        element = cast.elements.get(sortie.element)
        if sortie.departed is not None and element is not None and element.node in cast.nodes:
            at.setdefault(element.node, []).append(sortie)
    found = []
    for node, sorties in at.items():
        known = cast.nodes[node]
        people = {s.element: s.people for s in sorties}
        arrived = min((s.arrived for s in sorties if s.arrived is not None), default=math.inf)
        tier = min(tier_of(cast, s.team) for s in sorties)
        found.append(Home(node, (known.lon, known.lat), tier, len(people), sum(people.values()), arrived))
    return sorted(found, key=lambda h: (-h.people, h.node))


def frame(places: Iterable[Place], margin: float) -> tuple[float, float, float, float]:
    """West, east, south, north of a box around places, with a margin as a share of its size, never tiny."""
    lons, lats = zip(*places, strict=True)
    west, east, south, north = min(lons), max(lons), min(lats), max(lats)
    pad = max(margin * max(east - west, north - south), 0.02)
    return west - pad, east + pad, south - pad, north + pad


def middle(ring: Sequence[Place]) -> Place:
    """The centre of gravity of a ring's surface."""
    twice, x, y = 0.0, 0.0, 0.0
    for (a, b), (c, d) in pairwise([*ring, ring[0]]):
        cross = a * d - c * b
        twice, x, y = twice + cross, x + (a + c) * cross, y + (b + d) * cross
    return (x / (3 * twice), y / (3 * twice)) if twice else ring[0]


def team_rows(line: Timeline, cast: Cast, most: int) -> tuple[list[TeamRow], int]:
    """The teams that left, in order of arrival, as many as fit into `most` lanes; and how many were left out."""
    teams: dict[str, list[SortieLine]] = {}
    for sortie in line.sorties.values():
        if sortie.departed is not None:
            teams.setdefault(sortie.team, []).append(sortie)
    rows = []
    for team, sorties in teams.items():
        order = sorted(sorties, key=lambda s: (_arrival(s), s.ordered, s.id))
        elements = len({s.element for s in sorties})
        rows.append(TeamRow(team, tier_of(cast, team), elements, _lanes(order), _arrival(order[0])))
    rows.sort(key=lambda r: (r.first, r.team))
    lanes = 0
    for n, row in enumerate(rows):
        lanes += row.height
        if lanes > most:
            return rows[:n], len(rows) - n
    return rows, 0


def people_by_status(line: Timeline, incident: str = "") -> tuple[list[float], dict[Status, list[int]]]:
    """Times, and how many people had each status from then on; of one incident, or of all."""
    people = [p for p in line.persons.values() if not incident or p.incident == incident]
    changes: list[tuple[float, Status, int]] = []
    for person in people:
        before: Status | None = None
        for t, status, _ in person.statuses:
            changes.append((t, status, 1))
            if before is not None:
                changes.append((t, before, -1))
            before = status
    times = sorted({t for t, _, _ in changes} | {line.ended})
    counts = dict.fromkeys(STATUS_ORDER, 0)
    rows: dict[Status, list[int]] = {status: [] for status in STATUS_ORDER}
    pending = sorted(changes, key=lambda c: c[0])
    done = 0
    for t in times:
        while done < len(pending) and pending[done][0] <= t:
            counts[pending[done][1]] += pending[done][2]
            done += 1
        for status in STATUS_ORDER:
            rows[status].append(counts[status])
    return times, {status: row for status, row in rows.items() if any(row)}


def capabilities_to_show(line: Timeline, incident: str, most: int) -> list[str]:
    """The capabilities of an incident most worth plotting: those that were short, then those most worked at."""
    shown = line.incidents[incident]
    codes = {*shown.needed, *shown.believed, *(d.capability for d in shown.demands.values())}
    short = {s.capability for s in line.shortfalls if s.incident == incident}

    def worked(code: str) -> float:
        return area(line.working(incident, code), line.ended)

    useful = [c for c in sorted(codes) if c in short or worked(c) > 0.0 or shown.needed.get(c)]
    return sorted(useful, key=lambda c: (c not in short, -worked(c) / (peak(shown.believed.get(c, [])) or 1.0), c))[
        :most
    ]


def main_incident(line: Timeline) -> str:
    """Of the incidents that followed no other, the one with most people in harm's way, then most sorties; "" if there is none."""

    def weight(key: str) -> tuple[bool, int, int]:
        people = sum(p.incident == key for p in line.persons.values())
        return not line.incidents[key].parent, people, sum(s.incident == key for s in line.sorties.values())

    return max(line.incidents, key=weight, default="")


def area(steps: Steps, end: float) -> float:
    """The integral of a stepwise quantity until `end`."""
    return sum(value * (later - t) for (t, value), later in zip(steps, [*(t for t, _ in steps[1:]), end], strict=True))


def peak(steps: Steps) -> float:
    """The highest value of a stepwise quantity."""
    return max((value for _, value in steps), default=0.0)


def until(steps: Steps, start: float, end: float) -> tuple[list[float], list[float]]:
    """Times and values of a stepwise quantity from `start` to `end`, both ends included."""
    inside = [(t, v) for t, v in steps if start < t < end]
    points = [(start, value_at(steps, start)), *inside, (end, value_at(steps, end))]
    return [t for t, _ in points], [v for _, v in points]


def clock_ticks(starts_at: str, end: float, most: int) -> tuple[list[float], list[str]]:
    """Where clock times stand on an axis, at most about `most`, and how they read; the date stands at each midnight."""
    steps = (0.25, 0.5, 1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 48.0)
    step = next((hours for hours in steps if end / HOUR / hours <= most), 168.0) * HOUR
    start = datetime.fromisoformat(starts_at)
    offset = (start - start.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds()
    ticks = [k * step - offset for k in range(math.ceil(offset / step), math.floor((end + offset) / step) + 1)]
    names = []
    for t in ticks:
        moment = start + timedelta(seconds=round(t))
        dated = t == ticks[0] or round(t + offset) % round(DAY) == 0
        names.append(moment.strftime("%H:%M\n%m-%d" if dated else "%H:%M"))
    return ticks, names


def round_length(kilometres: float) -> float:
    """The largest of 1, 2, 5 × 10ⁿ that is not longer: the length of a scale bar."""
    ten = 10.0 ** math.floor(math.log10(kilometres))
    return max(ten * m for m in (1.0, 2.0, 5.0) if ten * m <= kilometres)


def numbered(times: Sequence[float], near: float) -> list[tuple[str, float]]:
    """Numbers 1, 2, … of moments in order; those nearer than `near` to the one before share a label, `2–3`."""
    groups: list[list[int]] = []
    for i, t in enumerate(times):
        if groups and t - times[groups[-1][-1]] < near:
            groups[-1].append(i)
        else:
            groups.append([i])
    return [
        (f"{g[0] + 1}–{g[-1] + 1}" if len(g) > 1 else str(g[0] + 1), (times[g[0]] + times[g[-1]]) / 2) for g in groups
    ]


def merged(spans: Sequence[Span]) -> list[Span]:
    """Spans with those of one kind that follow each other at once made one."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].what == span.what and joined[-1].end >= span.start:
            joined[-1] = Span(span.what, joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def shape_of(cast: Cast, link: str, nodes: Mapping[str, Place]) -> list[Place]:
    """The line of a link; straight where its shape is not known."""
    known = cast.links[link]
    return list(known.shape) or [nodes[n] for n in (known.a, known.b) if n in nodes]


def _lanes(order: Sequence[SortieLine]) -> tuple[SortieLine, ...]:
    """One lane an element, its first sortie; later sorties of an element share its lane in the drawing."""
    elements = list(dict.fromkeys(s.element for s in order))[:LANES]
    return tuple(s for s in order if s.element in elements)


def _arrival(sortie: SortieLine) -> float:
    return sortie.arrived if sortie.arrived is not None else math.inf
