"""Earthquake (地震): ellipses of intensity over towns; what falls, burns and slides there becomes accidents of its own.

One term of luck for the event, one for the ground of each town. Each town is told as a shock how strong it is shaken and who is
under collapsed houses, so that the cascade table can let collapses, slides, fires and broken dams follow, the worst first. The
earthquake itself keeps roads, services, shelter, reconnaissance, those hurt at the epicentre, and aftershocks drawn once.
Blind to how buildings differ within a town, to tsunamis and liquefaction, and to the rupture's length. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.earthquake import losses, shaking, tasks, towns
from models.hazards.earthquake.parameters import Parameters
from models.hazards.earthquake.state import FIRST, Aftershock, Job, Part, State, Town
from sim.domain.hazards import Demand, Effect, Footprint, Inputs, Need, Note, Over, Scene, Sighting, Strike
from sim.domain.places import Site, Surroundings
from sim.streams import Stream

__all__ = ["Aftershock", "Job", "Model", "Parameters", "Part", "State", "Town"]

Jump = tuple[State, Sequence[Effect]]

DONE = {
    "roads": "road_open", "power": "power_back", "telecom": "telecom_back", "water": "water_back", "recon": "recon_done",
    "inspect": "inspected", "shelter": "sheltered",
}  # fmt: skip
NAMES = {event: job for job, event in DONE.items()}
FACILITIES = {
    "reservoir": "i_reservoir", "industrial_chemical": "i_chemical", "power_plant": "i_power_plant",
    "coal_area": "i_coal_area", "rail_station": "i_rail_station", "metal_mine": "i_metal_mine",
}  # fmt: skip
_TOGETHER = 6  # decimals of a second
IN_HOUSES = ("inspect", "recon")


class Model:
    """An earthquake; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The main shock: every town is shaken at once; roads and services fail; the aftershocks to come are drawn."""
        p, magnitude, around = self.p, scene.scope["magnitude"], scene.around
        term, misread = p.event_spread * stream.normal(), p.magnitude_error * stream.normal()
        misjudged = math.exp(p.seen_error * stream.normal())
        to_come = shaking.draw(p, magnitude, stream)
        hit = towns.shaken(p, scene, magnitude, term, p.strike, stream)
        hurt = towns.hurt(p, hit, around, stream)
        jobs = towns.jobs(p, hit, scene.site.terrain)
        middle = losses.pager(p, ((town.intensity, town.people) for town in hit))
        asleep = around.presence.get("asleep", 0.0)
        night = losses.quick(p, hit, around.density, asleep)
        band = math.exp(p.pager_spread)
        under = math.fsum(town.under for town in hit)
        state = State(
            magnitude, term, p.strike, hit, jobs, to_come, misjudged, misread, p.search_for if under >= 1.0 else p.watch_for,
            next(job.left for job in jobs if job.name == "recon"), around, (middle / band, middle, middle * band), night,
        )  # fmt: skip
        main = {"magnitude": magnitude, "intensity": shaking.epicentral(p, magnitude, term), "under_rubble": under}
        effects: list[Effect] = [Note("main_shock", main | self._facilities(around, magnitude, term)), *hurt]
        effects += towns.failed(p, hit, scene.site.terrain)
        return state, [*effects, *towns.shocks(p, hit, around.slope)]

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The region `dt` seconds later: work goes on in the zone that is being worked on."""
        effort = inputs.effort
        jobs = tuple(
            replace(job, parts=(_worked(job.parts[0], effort.get(job.name, 0.0), dt), *job.parts[1:]))
            if job.parts
            else job
            for job in state.jobs
        )
        return replace(state, age=state.age + dt, jobs=jobs)

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return math.inf, ""
        # works that end together do so in the order of their names, whatever their last digits are
        due = min(self._due(state, inputs), key=lambda one: (round(one[0], _TOGETHER), one[1]), default=(math.inf, ""))
        span, name = due
        return max(0.0, span), name

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The jump at that event."""
        match name:
            case "aftershock":
                jump = self._aftershock(state, inputs)
            case "assessed":
                low, middle, high = state.estimate
                values = {"low": low, "pager": middle, "high": high, "by_collapse": state.by_collapse}
                jump = replace(state, assessed=True), (Note(name, values | {"under_rubble": state.under}),)
            case "watched" | "rescue_phase_over":
                jump = replace(state, over=True), (Over(name),)
            case _:
                jump = self._part_done(state, name)
        return jump

    def demands(self, state: State) -> Sequence[Demand]:
        """What the region needs now, besides what its collapses, fires and slides need."""
        return tasks.demands(self.p, state)

    def readings(self, state: State) -> dict[str, float]:
        """Shaking, losses so far as they are reckoned, work left."""
        low, _, high = state.estimate if state.assessed else (0.0, 0.0, 0.0)
        return {
            "intensity": shaking.epicentral(self.p, state.magnitude, state.term),
            "shaken": math.fsum(town.people for town in state.towns if town.intensity >= self.p.felt),
            "under_rubble": state.under,
            "homeless": tasks.homeless(self.p, state),
            "road_debris": state.job("roads").left,
            "without_power": tasks.unserved(state),
            "unseen": float(math.ceil(state.job("recon").left / self.p.recon_each)),
            "aftershocks": float(state.felt),
            "expected_low": low,
            "expected_high": high,
        }

    def mode(self, state: State) -> str:
        """steady while work is left, controlled while it is only watched."""
        if state.over:
            return "over"
        if any(job.parts for job in state.jobs):
            return "steady" if state.job("roads").parts or state.job("recon").parts else "declining"
        return "controlled"

    def footprint(self, state: State) -> Footprint:
        """As far as it was VII."""
        return Footprint(max(shaking.semi_axes(self.p, state.magnitude, FIRST - state.term - self.p.lift)))

    def observe(self, state: State, stream: Stream) -> Sighting:
        """What is known of it; see `tasks.sighting`."""
        return tasks.sighting(self.p, state, stream)

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's; regions need the same anywhere
        """What a duty officer would ask for who believes this sighting."""
        return tasks.needs(self.p, sighting.figures)

    # ── inside ──

    def _due(self, state: State, inputs: Inputs) -> Iterator[tuple[float, str]]:
        """Everything that will happen by itself under these inputs: (seconds, name)."""
        if not state.assessed:
            yield self.p.assessed_after - state.age, "assessed"
        if state.to_come:
            yield state.to_come[0].at - state.age, "aftershock"
        for job in state.jobs:
            if job.parts:
                yield kernels.work_done_in(job.parts[0].left, inputs.effort.get(job.name, 0.0)), DONE[job.name]
        if not any(job.parts for job in state.jobs):
            yield state.ends - state.age, "rescue_phase_over" if state.under >= 1.0 else "watched"

    def _facilities(self, around: Surroundings, magnitude: float, term: float) -> dict[str, float]:
        """The intensity at the nearest of each kind of facility (its direction is not known: midway between the axes), and of
        the nearest reservoir what it holds."""
        found = {
            name: shaking.intensity(self.p, magnitude, around.near[category], self.p.midway, term)
            for category, name in FACILITIES.items()
            if category in around.near
        }
        basin = around.basins[0] if around.basins else None
        known = basin is not None and basin.volume > 0.0
        found["reservoir_volume"] = basin.volume if basin is not None and known else self.p.reservoir_volume
        found["reservoir_height"] = basin.height if basin is not None and known else self.p.reservoir_height
        return found

    def _aftershock(self, state: State, inputs: Inputs) -> Jump:
        """A shock on damaged houses: more of them fall, and those at work in them may be hit."""
        p, shock = self.p, state.to_come[0]
        at = shaking.epicentral(p, shock.magnitude, shock.term)
        state = replace(state, to_come=state.to_come[1:], felt=state.felt + 1)
        effects: list[Effect] = [Note("aftershock", {"magnitude": shock.magnitude, "intensity": at})]
        if at < p.struck_from:
            return state, effects
        shaken, found, worst = towns.shaken_again(p, state, shock.magnitude, shock.term, state.around)
        effects += found
        if worst > 0.0 and any(inputs.effort.get(name, 0.0) > 0.0 for name in IN_HOUSES):
            dead, red, yellow = (worst * share for share in (p.struck_dead, p.struck_red, p.struck_yellow))
            effects.append(Strike("aftershock", IN_HOUSES, dead, red, yellow))
        ends = state.age + p.search_for if found else state.ends  # whoever it buried is searched for as long
        return replace(state, towns=shaken, ends=ends), effects

    def _part_done(self, state: State, name: str) -> Jump:
        """Work in a zone is done: its roads are open, its service is back."""
        job = state.job(NAMES[name])
        part, rest = job.parts[0], replace(job, parts=job.parts[1:])
        jobs = tuple(rest if other.name == job.name else other for other in state.jobs)
        values: Mapping[str, float] = {"zone": float(part.zone), "towns": float(len(part.towns))}
        return replace(state, jobs=jobs), (Note(name, dict(values)), *towns.done(part, job.name))


def _worked(part: Part, effort: float, dt: float) -> Part:
    return replace(part, left=kernels.work_left(part.left, effort, dt))
