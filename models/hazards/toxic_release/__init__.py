"""Toxic release (危险化学品有毒泄漏): a cloud drifts over people until the leak is stopped or empty.

The leak runs at a steady rate, or as a vessel of gas that empties; a Gaussian plume by Briggs in the air of the hour carries it
over cells of people. Each person has a lethal dose drawn once; outdoors and in rooms the dose follows exactly. Those who smell
it leave or shut their windows, those who are told do so at once, those in the core are led out, those who collapse are brought
out in suits. Blind to buildings and slopes in the way, to heavy gas beyond 10 kg/s, to what runs into drains. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.toxic_release import cloud, leak, people, tasks
from models.hazards.toxic_release.parameters import Parameters
from models.hazards.toxic_release.state import Air, Disc, Group, Luck, Place, State, Where
from models.physics import plume, probit, sun
from sim.domain.hazards import (
    Demand,
    Effect,
    Footprint,
    Inputs,
    Need,
    Note,
    Over,
    Scene,
    Sighting,
    Strike,
)
from sim.domain.places import Site
from sim.streams import Stream
from sim.units import DAY, HOUR

__all__ = ["Air", "Disc", "Group", "Luck", "Model", "Parameters", "Place", "State", "Where"]

Due = tuple[float, str, int]  # seconds from now, event, index of the group
Jump = tuple[State, Sequence[Effect]]

_CROWD = ("curtain", "cordon", "warning", "moving")  # who works without a suit
_MILLION = 1e6
_FIRST = "chlorine"  # the substance whose figures stand in the card itself
_POISONS_WATER = ("ammonia", "hydrogen_cyanide")


class Model:
    """A toxic release; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The moment it begins to leak: how much, into which air, who lives around."""
        p, outside = self.p, leak.ambient(self.p, scene.site.elevation)
        place = self._place(scene, stream, outside)
        rate = leak.rate_at(p, scene.scope["rate"], scene.weather.temperature, outside)
        mass = scene.scope["inventory"]
        height, until = cloud.height_until(place, 0.0)
        state = State(
            place,
            cloud.air(p, place, scene.weather, height),
            left=mass,
            rate=rate,
            tau=mass / rate if leak.empties(p) and rate > 0.0 else math.inf,
            step_left=math.inf,
            floor=p.gas_rest * mass,
            to_air=rate,
            sun=height,
            sky_left=until,
            seal=p.seal if p.sealable else math.inf,
            transfer=0.0,
            alkali=self._alkali(mass),
            burn=p.burn if p.burnable else math.inf,
            survey=p.survey,
            carry=p.rescue,
        )
        state = leak.stepped(p, state)
        return self._zoned(replace(state, to_air=leak.airborne(p, state, 0.0))), ()

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The release `dt` seconds later: mass, work and people moved; doses follow from when their air last changed."""
        state, effort = self._adapted(state, inputs), inputs.effort
        out = min(state.left, state.rate * dt) if state.leaks else 0.0
        entry = _guarded(inputs)
        return replace(
            state,
            age=state.age + dt,
            left=state.left - out,
            released=state.released + out,
            step_left=state.step_left - dt,
            sky_left=state.sky_left - dt,
            seal=kernels.work_left(state.seal, effort.get("sealing", 0.0) * entry, dt),
            burn=kernels.work_left(state.burn, effort.get("burning_off", 0.0) * entry, dt),
            transfer=kernels.work_left(state.transfer, effort.get("transfer", 0.0) * entry * (not state.leaks), dt),
            alkali=kernels.work_left(state.alkali, effort.get("alkali", 0.0), dt),
            survey=kernels.work_left(state.survey, self._surveying(state, inputs), dt),
            told=state.told + self._telling(state, inputs) * dt,
            led=state.led + self._leading(state, inputs) * dt,
            carry=kernels.work_left(state.carry, self._carrying(state, inputs), dt),
            washing=max(0.0, state.washing - effort.get("decontamination", 0.0) * dt),
            water=state.water + self._water(state, inputs) * dt,
            caught=state.caught + state.rate * leak.held_back(self.p, state, self._water(state, inputs)) * dt,
        )

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return math.inf, ""
        due = min(self._due(self._adapted(state, inputs), inputs), default=(math.inf, "", 0))
        return max(0.0, due[0]), due[1]

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The jump at that event, for the group or ring that is due."""
        p, state = self.p, self._adapted(state, inputs)
        jump: Jump
        match name:
            case "all_clear":
                jump = replace(state, over=True), (Over(name),)
            case "cloud_reaches":
                jump = self._reaches(state)
            case "cloud_passes":
                jump = people.clear(p, state, state.cleared)
            case "people_act" | "people_fall":
                k = min(due for due in self._due(state, inputs) if due[1] == name)[2]
                jump = people.acts(p, state, k) if name == "people_act" else people.falls(p, state, k)
            case "ring_warned":
                ring = tasks.next_ring(state.zone, state.warned)
                state = replace(state, warned=ring + 1, told=0.0, heard=state.heard + state.zone[ring])
                jump = people.warn(p, state, ring)
            case "ring_moved":
                ring = tasks.next_ring(state.core, state.moved)
                state = replace(state, moved=ring + 1, led=0.0, away=state.away + state.core[ring])
                jump = people.lead_out(p, state, ring)
            case "brought_out":
                jump = people.bring_out(p, state)
            case "wind_turned":
                strike = Strike(name, _CROWD, 0.0, p.struck_red, p.struck_yellow, p.struck_green)
                jump = replace(state, turned=False), (Note(name, {"towards": state.air.towards}), strike)
            case "sun_changes":
                height, until = cloud.height_until(state.place, state.age)
                jump = self._adapted(replace(state, sun=height, sky_left=until), inputs), ()
            case _:
                jump = self._at_leak(state, name, inputs)
        return jump

    def demands(self, state: State) -> Sequence[Demand]:
        """See `tasks.demands`; most urgent first."""
        return sorted(tasks.demands(self.p, state), key=lambda demand: (demand.priority, demand.id))

    def readings(self, state: State) -> dict[str, float]:
        """The leak and what is left, the reach of the cloud, people in it, warned and moved."""
        return tasks.readings(self.p, state)

    def mode(self, state: State) -> str:
        """growing while the cloud spreads, steady while it stands, declining once nothing leaks, controlled when it has passed."""
        if state.over:
            return "over"
        if state.leaks:
            return "growing" if tasks.front(self.p, state) < math.inf else "steady"
        return "controlled" if tasks.cleared(self.p, state) and not state.exposed else "declining"

    def footprint(self, state: State) -> Footprint:
        """As far as the cloud endangers life."""
        return Footprint(tasks.readings(self.p, state)["reach"])

    def observe(self, state: State, stream: Stream) -> Sighting:
        """See `tasks.seen`."""
        return Sighting(figures=tasks.seen(self.p, state, stream))

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's; the figures say it all
        """See `tasks.needs`."""
        return list(tasks.needs(self.p, sighting.figures)) if sighting.figures else []

    # ── the beginning ──

    def _place(self, scene: Scene, stream: Stream, outside: float) -> Place:
        """Everything about the substance, the people around and their luck that stays as it is."""
        p, site, around = self.p, scene.site, scene.around
        substance = scene.variant or _FIRST
        poison = probit.toxic("tno" if p.tno else "lees", substance)
        warm = scene.weather.temperature + p.freezing
        per_ppm = plume.parts_per_million(1.0, p.molar, warm, outside, p.gas_constant)
        misjudged = math.exp(p.rate_error * stream.normal())
        clock = scene.calendar.hour_at(scene.begins)
        workers = people.at_work(p, clock * HOUR, stream)
        cells, pool = people.lucks(p, stream)
        home = min(1.0, around.share("dwelling"))
        present = home + p.nearby * (1 - home)
        return Place(
            substance,
            poison.a,
            poison.b,
            poison.n,
            scale=per_ppm if poison.unit == "ppm" else _MILLION,
            danger=p.danger * _MILLION / per_ppm,
            harm=p.harm * _MILLION / per_ppm,
            discs=people.discs(p, around),
            present=present,
            outdoors=around.presence.get("outdoors", p.outdoors),
            asleep=around.presence.get("asleep", 0.0) * home / present,
            workers=workers,
            valley=cloud.valley(p, site, around),
            urban=around.density >= p.urban_density,
            latitude=site.point.lat,
            day=sun.day_of_year(scene.calendar.month, scene.calendar.day) + scene.begins // DAY,
            hour=sun.solar_hour(clock, site.point.lon, p.meridian),
            cells=cells,
            pool=pool,
            misjudged=misjudged,
            on_road=bool(site.link),
        )

    def _alkali(self, mass: float) -> float:
        """Work to bring what neutralises the whole of it; inf for what alkali does not help against."""
        p = self.p
        return mass * p.alkali_ratio * p.alkali_excess / p.alkali_load * p.alkali if p.alkali_ratio else math.inf

    # ── the air and the leak as they are now ──

    def _adapted(self, state: State, inputs: Inputs) -> State:
        """The state in the air of these inputs, with what now gets past the curtain; itself if nothing has changed."""
        if not state.leaks:
            return state  # what is on its way goes on in the air it was released into
        p = self.p
        air = cloud.air(p, state.place, inputs.weather, state.sun)
        to_air = leak.airborne(p, state, inputs.effort.get("curtain", 0.0))
        if air == state.air and to_air == state.to_air:
            return state
        turned = abs((air.towards - state.air.towards + 180.0) % 360.0 - 180.0)
        if air != state.air:
            state = replace(state, since=state.age, reached=0, met_at=())
        else:  # where it was weaker when its front passed, it may no longer be harmless
            weaker = (k for k, rate in enumerate(state.met_at) if rate < to_air)
            state = replace(state, reached=next(weaker, state.reached))
        if turned >= p.turns:
            state = replace(state, turned=True, warned=0, told=0.0, moved=0, led=0.0)
        state = replace(state, air=air, to_air=to_air)
        return self._zoned(replace(state, groups=people.adapted(p, state, state.groups)))

    def _zoned(self, state: State) -> State:
        """How many people are to be warned and moved in this air."""
        p, place = self.p, state.place
        zone = cloud.inside(p, place, state.air, state.to_air, place.harm)
        core = cloud.inside(p, place, state.air, state.to_air, place.danger)
        return replace(state, zone=zone, core=core)

    # ── effort ──

    def _surveying(self, state: State, inputs: Inputs) -> float:
        return inputs.effort.get("survey", 0.0) if tasks.cleared(self.p, state) else 0.0

    def _telling(self, state: State, inputs: Inputs) -> float:
        return inputs.effort.get("warning", 0.0) * self.p.warn_per_move if tasks.to_warn(state) > 0.0 else 0.0

    def _leading(self, state: State, inputs: Inputs) -> float:
        return inputs.effort.get("moving", 0.0) if tasks.to_move(state) > 0.0 else 0.0

    def _carrying(self, state: State, inputs: Inputs) -> float:
        return inputs.effort.get("rescue", 0.0) * _guarded(inputs) if state.collapsed else 0.0

    def _water(self, state: State, inputs: Inputs) -> float:
        return inputs.effort.get("curtain", 0.0) if state.leaks else 0.0

    # ── what is due ──

    def _due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        """Everything that will happen by itself under these inputs: (seconds, name, index)."""
        p, effort, age = self.p, inputs.effort, state.age
        yield tasks.front(self.p, state), "cloud_reaches", 0
        for k, group in enumerate(state.groups):
            yield group.due - age, "people_fall", k
            yield group.acts - age, "people_act", k
        if state.collapsed:
            yield kernels.work_done_in(state.carry, self._carrying(state, inputs)), "brought_out", 0
        if state.washing > 0.0:
            yield kernels.work_done_in(state.washing, effort.get("decontamination", 0.0)), "decontaminated", 0
        yield from self._leak_due(state, inputs)
        if not state.leaks and state.cleared < state.farthest:
            yield state.stopped + cloud.middles(p)[state.cleared] / state.air.wind - age, "cloud_passes", 0
        yield from self._zone_due(state, inputs)
        if tasks.cleared(p, state):
            if state.survey > 0.0:
                yield kernels.work_done_in(state.survey, self._surveying(state, inputs)), "surveyed", 0
            elif not (state.groups or state.washing > 0.0 or state.transfer > 0.0):
                yield 0.0, "all_clear", 0

    def _leak_due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        effort, entry = inputs.effort, _guarded(inputs)
        if state.leaks:
            if state.turned:
                yield 0.0, "wind_turned", 0
            yield state.sky_left, "sun_changes", 0
            yield state.step_left, "pressure_falls", 0
            if state.step_left == math.inf:
                yield kernels.work_done_in(state.left, state.rate), "emptied", 0
            if state.seal < math.inf:
                yield kernels.work_done_in(state.seal, effort.get("sealing", 0.0) * entry), "sealed", 0
            if state.burn < math.inf and not state.burnt:
                yield kernels.work_done_in(state.burn, effort.get("burning_off", 0.0) * entry), "burnt_off", 0
            if 0.0 < state.alkali < math.inf:
                yield kernels.work_done_in(state.alkali, effort.get("alkali", 0.0)), "alkali_there", 0
            if not state.ran_off:
                more = self.p.runoff - state.water
                yield kernels.work_done_in(more, self._water(state, inputs)), "water_runs_off", 0
        elif state.transfer > 0.0:
            yield kernels.work_done_in(state.transfer, effort.get("transfer", 0.0) * entry), "transferred", 0

    def _zone_due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        if tasks.cleared(self.p, state):
            return
        if (ring := tasks.next_ring(state.zone, state.warned)) < len(state.zone):
            rate = self._telling(state, inputs)
            yield kernels.work_done_in(state.zone[ring] - state.told, rate), "ring_warned", 0
        if (ring := tasks.next_ring(state.core, state.moved)) < len(state.core):
            rate = self._leading(state, inputs)
            yield kernels.work_done_in(state.core[ring] - state.led, rate), "ring_moved", 0

    # ── jumps ──

    def _reaches(self, state: State) -> Jump:
        """The front is in the next ring; a road in the cloud is worth telling once."""
        ring, first = state.reached, state.farthest == 0
        state, effects = people.meets(self.p, state, ring)
        if first and state.place.on_road:
            effects = (Note("cloud_on_road", {"rate": state.rate}), *effects)
        return state, effects

    def _at_leak(self, state: State, name: str, inputs: Inputs) -> Jump:
        """What happens at the source, or to work for all; what is done is set to done."""
        p, figures = self.p, {"leak": state.rate, "left": state.left, "released": state.released}
        match name:
            case "pressure_falls":
                return self._adapted(leak.stepped(p, state), inputs), ()
            case "sealed":
                state = replace(
                    state, seal=0.0, sealed=True, stopped=state.age, transfer=p.transfer * state.left / p.transfer_rate
                )
            case "emptied":
                state = replace(state, left=0.0, released=state.released + state.left, stopped=state.age)
            case "burnt_off":
                state = self._adapted(replace(state, burn=0.0, burnt=True), inputs)
            case "alkali_there":
                state = self._adapted(replace(state, alkali=0.0), inputs)
            case "water_runs_off":
                state = replace(state, water=p.runoff, ran_off=True)
                figures = {"water": state.water, "mass": state.caught}
                if state.place.substance in _POISONS_WATER:
                    return state, (Note(name, figures), Note(f"{state.place.substance}_runs_off", figures))
            case "transferred":
                state = replace(state, transfer=0.0)
            case "decontaminated":
                return replace(state, washing=0.0), ()
            case "surveyed":
                state = replace(state, survey=0.0)
        return state, (Note(name, figures),)


def _guarded(inputs: Inputs) -> bool:
    """Whether pairs in suits are there; without them nobody goes to the leak."""
    return inputs.effort.get("entry", 0.0) > 0.0
