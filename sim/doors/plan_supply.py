"""Whether the roster has what plans rely on: so much of a capability, in every county, within so long of the alarm.

Reckoned as a planner would: median turnout (after the median recall for those off duty), fair weather, nobody out on other
calls; by day and by night, in the month that is asked for. A shortfall that the plan says is known is no finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.case import City
from sim.doors.plans_files import At, Draft, Plans
from sim.doors.plans_language import NeedEntry
from sim.errors import Problem
from sim.roads.conditions import Conditions
from sim.roads.travel import Router
from sim.units import UnitError, dimension_of, from_si, parse_quantity, show_span


@dataclass(frozen=True)
class Gap:
    """A county where a need is not met in time: what there is by then, and when there would be enough (s, or None)."""

    county: str
    night: bool
    month: int
    there: float
    enough_at: float | None


def supply_findings(plans: Plans, cities: dict[int, City]) -> Iterator[Problem]:
    """Shortfalls of the plans' needs against a city's roster, which differs by month; needs that cannot be read."""
    reckoners = [_Reckoner(city, month, night) for month, city in cities.items() for night in (False, True)]
    for draft in plans.drafts.values():
        for code, need in draft.entry.capabilities.items():
            if need is not None:
                yield from _need(draft, code, need, reckoners)


def _need(draft: Draft, code: str, need: NeedEntry, reckoners: list[_Reckoner]) -> Iterator[Problem]:
    at = draft.at("capabilities", code)
    city = reckoners[0].city
    if code not in city.capabilities:
        return
    unit = city.capabilities[code].unit
    try:
        amount = parse_quantity(need.amount, dimension_of(unit), unit)
    except UnitError as error:
        what, _, remedy = str(error).partition("; ")
        yield at.part("amount").problem(what, remedy)
        return
    counties = [county for county in need.counties or city.counties if county in city.counties]
    worst: dict[str, Gap] = {}
    for reckoner in reckoners:
        for gap in reckoner.gaps(code, amount, need.within, counties):
            if gap.county not in worst or gap.there < worst[gap.county].there:
                worst[gap.county] = gap
    yield from _told(at, city, need, amount, unit, worst)


def _told(at: At, city: City, need: NeedEntry, amount: float, unit: str, gaps: dict[str, Gap]) -> Iterator[Problem]:
    known = set(need.accepted.counties) if need.accepted else set()
    for i, county in enumerate(need.accepted.counties if need.accepted else ()):
        if county in city.counties and county not in gaps:
            name = city.counties[county].name_zh
            yield at.part("accepted", "counties", i).problem(f"{name} ({county}) is not short of it", "take it out")
    open_gaps = [gap for county, gap in gaps.items() if county not in known]
    if open_gaps:
        said = "; ".join(_gap(city, gap, unit) for gap in open_gaps)
        what = f"fewer than {from_si(amount, unit):g} {unit} within {show_span(need.within)} in {len(open_gaps)} counties: {said}"
        yield at.part("amount").problem(what, "ask for less, later, or say in `accepted` what is done about it")


def _gap(city: City, gap: Gap, unit: str) -> str:
    when = f"{'night' if gap.night else 'day'}, month {gap.month}"
    enough = "never" if gap.enough_at is None else f"enough after {show_span(gap.enough_at)}"
    return f"{city.counties[gap.county].name_zh} {gap.county} {from_si(gap.there, unit):g} ({when}; {enough})"


class _Reckoner:
    """Who would be where by when, in one month, by day or by night."""

    def __init__(self, city: City, month: int, night: bool) -> None:
        self.city, self._month, self._night = city, month, night
        self._router = Router(city.network, city.speeds)
        self._roads = Conditions(city.network, night=night)
        self._index = city.network.node_index

    def gaps(self, code: str, amount: float, within: float, counties: list[str]) -> Iterator[Gap]:
        """The counties in which less than `amount` of a capability reaches the seat in time."""
        for county in counties:
            there, sum_, enough = 0.0, 0.0, None
            for arrives, supply in self._arrivals(code, self.city.counties[county].seat):
                sum_ += supply
                there = sum_ if arrives <= within else there
                if sum_ >= amount:
                    enough = arrives
                    break
            if enough is None or enough > within:
                yield Gap(county, self._night, self._month, there, enough)

    def _arrivals(self, code: str, seat: str) -> list[tuple[float, float]]:
        """(when, how much) of all that could come to a node, the first first."""
        found = []
        for holding in self.city.holdings:
            kind = self.city.kinds[holding.kind]
            if not (each := kind.supplies.get(code, 0.0)):
                continue
            ready = (kind.turnout_night if self._night else kind.turnout_day).median
            ready += 0.0 if holding.on_duty else kind.recall.median
            way = float(self._router.times(self._roads, kind.vehicle, seat)[self._index[holding.node]])
            if way < float("inf"):
                found.append((ready + way, each * len(holding.elements)))
        return sorted(found)
