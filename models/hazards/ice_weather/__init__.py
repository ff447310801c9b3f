"""Low-temperature rain, snow and ice (低温雨雪冰冻): iced lines fail, roads freeze and close, people are stuck in the cold.

Ice grows on lines by rain and wind, of the case's weather or of the spell itself; each group of lines has a strength of its own.
Roads of a kind freeze when wet, ploughs and salt treat a share of them that fades while it goes on falling; steep ones close on
glaze, others by crashes, and traffic runs into them until somebody closes it off upstream. Those who sit in cars grow cold when
fuel is gone. What lines that are down do to the grid, and crashes with many casualties, are other accidents (models/cascades).
Blind to avalanches, to crops and cattle, and to how roads differ within a kind. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.ice_weather import asking, homes, icing, roads, stranded
from models.hazards.ice_weather.parameters import Parameters
from models.hazards.ice_weather.state import Batch, Frail, Line, Phase, Road, State, Surface
from models.physics import monoxide
from sim.domain.hazards import Demand, Effect, Footprint, Harm, Inputs, Involve, Need, Note, Over, Scene, Sighting
from sim.domain.hazards import Roads as RoadsChange
from sim.domain.people import Person, Status, Triage
from sim.domain.places import Site, Weather
from sim.streams import Stream
from sim.units import DAY, HOUR, to_si

__all__ = ["Batch", "Frail", "Line", "Model", "Parameters", "Phase", "Road", "State", "Surface"]

Due = tuple[float, str, int]  # seconds from now, event, index of what it concerns
Jump = tuple[State, Sequence[Effect]]

_MM_H = to_si(1.0, "mm") / HOUR
_KM = to_si(1.0, "km")
_FINE = 6  # decimals of speeds: sums may differ in the last
_NOW = 0.01  # s: what is due within it is what an event is about


class Model:
    """A spell of ice; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The spell begins: how much it will bring, roads, lines and people around, everybody's luck."""
        p, scope = self.p, scene.scope
        falls_for = scope["hours"] * p.fall_share
        rain = p.wetness * icing.rain_for(p, scope["ice"] / falls_for, scene.weather.wind)
        design = icing.design(p, scene.site.elevation)
        lines = tuple(
            Line(icing.strength(p, design, stream.normal()), k < round(p.meltable * p.lines))
            for k in range(round(p.lines))
        )
        kinds = roads.kinds(p, scene, stream)
        waiting = stranded.batches(p, stream)
        poisoned = monoxide.draw(round(p.stoves_most), p.stoves_dead, p.stoves_red, p.stoves_yellow, stream)
        second = scene.calendar.hour_at(scene.begins) * HOUR
        day = p.day_from <= second < p.night_from
        around = scene.around.residents(p.radius) or scene.site.population
        state = State(
            Phase.FALLING,
            phase_left=falls_for,
            lingers=p.lingers + scope["hours"] - falls_for,
            rain=rain,
            cold=icing.coldness(p, scene.site),
            roads=kinds,
            batches=waiting,
            lines=lines,
            design=design,
            poisoned=poisoned,
            people=around,
            day=day,
            part_left=((p.night_from if day else p.day_from) - second) % DAY or DAY,
            festival=self._festival(scene),
            melt=p.melt_work,
            trees_from=p.trees_from * math.exp(p.trees_spread * stream.normal()),
        )
        return self._wetted(self._under(state, scene.weather)), ()

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The spell `dt` seconds later: ice, roads, people, work."""
        p, effort = self.p, inputs.effort
        state = self._under(state, inputs.weather)
        given = roads.shares(p, state, effort.get("ploughing", 0.0))
        convoys, points = effort.get("supplies", 0.0), effort.get("closure", 0.0)
        rate = self._ice_rate(state)
        there = stranded.arrived(p, state, points, dt)
        return replace(
            state,
            phase_left=state.phase_left - dt,
            ice=max(0.0, state.ice + rate * dt),
            lines=tuple(replace(line, ice=max(0.0, line.ice + rate * dt)) for line in state.lines),
            snow=max(0.0, state.snow + self._snow_rate(state) * dt),
            roads=tuple(
                replace(
                    road,
                    hold=min(1.0, max(0.0, road.hold + roads.hold_rate(p, road, state) * dt)),
                    snowed=road.snowed + dt if road.surface is Surface.SNOW else road.snowed,
                    treated=roads.treated_after(p, road, state, ploughs, dt),
                    risk=road.risk + roads.risk(p, road, state) * dt,
                )
                for road, ploughs in zip(state.roads, given, strict=True)
            ),
            batches=stranded.later(p, state, dt, convoys),
            arrived=there,
            left=min(there, state.left + stranded.going(p, state, effort.get("evacuation", 0.0)) * dt),
            melt=kernels.work_left(state.melt, effort.get("melting", 0.0), dt) if self._melting(state) else state.melt,
            trees=kernels.work_left(state.trees, effort.get("trees", 0.0), dt),
            wreck=kernels.work_left(state.wreck, effort.get("wrecks", 0.0), dt),
            pipes=kernels.work_left(state.pipes, effort.get("pipes", 0.0), dt, homes.bursting(p, state)),
            co=state.co + homes.poisoning(p, state, effort.get("wardens", 0.0)) * dt,
            part_left=state.part_left - dt,
            age=state.age + dt,
        )

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return math.inf, ""
        due = min(self._due(self._under(state, inputs.weather), inputs))
        return max(0.0, due[0]), due[1]

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The jump at that event; roads are then judged anew, and told where that changes."""
        p, state = self.p, self._under(state, inputs.weather)
        ripe = (due for due in self._due(state, inputs) if due[1] == name and due[0] <= _NOW)
        k = min(ripe, default=(0.0, name, -1))[2]
        effects: Sequence[Effect] = (Note(name, self._figures(state)),)
        match name:
            case "thawed":
                opened = RoadsChange(1.0, p.radius, why=name)
                return replace(state, over=True), (opened, Over(name))
            case "fall_ends":
                state = replace(state, phase=Phase.COLD, phase_left=state.lingers)
            case "cold_ends":
                state = replace(state, phase=Phase.PAST, phase_left=math.inf)
            case "traffic_changes":
                span = (p.day_from - p.night_from) % DAY if state.day else (p.night_from - p.day_from) % DAY
                state, effects = replace(state, day=not state.day, part_left=span), ()
            case "wreck_gone":
                state = replace(roads.one_wreck_less(state), wreck=max(0, len(state.queue) - 1) * p.wreck_work)
            case "trees_down":
                state = replace(state, trees_fell=True, blocked=True, trees=p.trees_volume * state.lanes / _KM)
                effects = (*effects, RoadsChange(0.0, p.radius, per_km=p.trees_per_km, why=name))
            case "trees_gone":
                state = replace(state, trees=0.0, blocked=False, slowed=1.0)
                effects = (*effects, RoadsChange(1.0, p.radius, why=name))
            case "line_fails" | "line_melted":
                state, effects = self._line(state, name, k)
            case "more_stranded" | "brought_away" | "all_away" | "hypothermia":
                state, effects = self._people(state, name, k)
            case "co_poisoned":
                return homes.found_poisoned(state)
            case _ if k >= 0:
                snow = roads.snowing(state, self._snow_share(state)) or p.snow_share > 1 - p.snow_share
                road = roads.happens(p, state.roads[k], name, Surface.SNOW if snow else Surface.GLAZE)
                state = replace(state, roads=(*state.roads[:k], road, *state.roads[k + 1 :]))
                if name == "crash_blocks":
                    state = replace(state, wreck=state.wreck + p.wreck_work, queue=(*state.queue, k))
                effects = (Note(name, self._figures(state) | {"lanes": road.length}),)
        state = self._wetted(self._under(state, inputs.weather))
        looked = tuple(replace(road, seen=road.treated) for road in state.roads)
        state = replace(state, roads=looked, crowd=state.stranded)
        after, told = self._told(roads.judged(p, state), inputs.weather)
        return after, (*effects, *told)

    def demands(self, state: State) -> Sequence[Demand]:
        """Ploughs, closure upstream, people to be taken away and fed, wrecks, lines, trees, pipes, wardens."""
        return asking.demands(self.p, state)

    def readings(self, state: State) -> dict[str, float]:
        """Ice, snow, cold; roads frozen, treated, closed; people stranded and hurt; lines, pipes."""
        p, lanes = self.p, state.lanes
        frozen = math.fsum(road.length for road in state.roads if road.surface.frozen)
        glazed = math.fsum(road.length * road.untreated for road in state.roads if road.surface is Surface.GLAZE)
        treated = math.fsum(road.length * road.treated for road in state.roads if road.surface.frozen)
        worst = max((road.surface for road in state.roads), default=Surface.DRY)
        return {
            "ice": state.ice,
            "snow": state.snow,
            "temperature": state.temperature,
            "glaze": glazed / lanes,
            "treated": treated / frozen if frozen > 0.0 else 1.0,
            "closed": math.fsum(road.length for road in state.roads if road.closed) / lanes,
            "stopping": roads.stopping(p, p.speed, roads.friction(p, worst)),
            "stranded": state.stranded,
            "stranded_all": state.arrived,
            "lines_down": float(state.down),
            "load_down": homes.customers_down(p, state) * p.customer_power,
            "customers_down": homes.customers_down(p, state),
            "line_load": icing.weight(p, state.ice),
            "pipes": state.pipes / p.pipe_work,
            "hypothermia": float(state.hypothermic),
            "poisoned": float(state.found),
        }

    def mode(self, state: State) -> str:
        """growing while it falls, steady in the cold, controlled when roads are treated and nobody is stranded, then declining."""
        if state.over:
            return "over"
        frozen = [road for road in state.roads if road.surface.frozen]
        if frozen and all(road.good and not road.closed for road in frozen) and state.stranded < 1.0:
            return "controlled"
        if state.falls > 0.0 and state.phase is Phase.FALLING:
            return "growing"
        return "steady" if state.temperature <= self.p.thaws_above else "declining"

    def footprint(self, state: State) -> Footprint:
        """Roads are slippery all around; none is closed by name."""
        return Footprint(self.p.radius if any(road.surface.frozen for road in state.roads) else 0.0)

    def observe(self, state: State, stream: Stream) -> Sighting:
        """Ice is measured on a few lines, people are reckoned by the length of queues; the rest is counted."""
        return asking.seen(self.p, state, stream)

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's; ice needs the same anywhere
        """Ploughs for what is frozen, points upstream, buses and supplies for the stranded, crews for lines, trees, pipes."""
        return asking.needs(self.p, sighting)

    # ── what is due ──

    def _due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        """Everything that will happen by itself under these inputs: (seconds, name, index)."""
        p, effort = self.p, inputs.effort
        if self._done(state, inputs):
            yield 0.0, "thawed", -1
        if state.phase is not Phase.PAST:
            yield state.phase_left, "fall_ends" if state.phase is Phase.FALLING else "cold_ends", -1
        yield state.part_left, "traffic_changes", -1
        yield from roads.due(p, state, effort.get("ploughing", 0.0))
        if any(road.surface is Surface.DRY for road in state.roads) and state.falls > 0.0:
            yield 0.0, "road_wet", -1
        yield from stranded.due(
            p, state, effort.get("closure", 0.0), effort.get("evacuation", 0.0), effort.get("supplies", 0.0)
        )
        rate = self._ice_rate(state)
        for k, line in enumerate(state.lines):
            if not line.down:
                yield kernels.work_done_in(line.strength - line.ice, rate), "line_fails", k
        if (k := self._next_melted(state)) >= 0:
            yield kernels.work_done_in(state.melt, effort.get("melting", 0.0)), "line_melted", k
        if not state.trees_fell:
            yield kernels.work_done_in(state.trees_from - state.ice, rate), "trees_down", -1
        elif state.blocked:
            yield kernels.work_done_in(state.trees, effort.get("trees", 0.0)), "trees_gone", -1
        if state.queue:
            before = (len(state.queue) - 1) * p.wreck_work
            yield kernels.work_done_in(state.wreck - before, effort.get("wrecks", 0.0)), "wreck_gone", -1
        if state.poisoned:
            rate = homes.poisoning(p, state, effort.get("wardens", 0.0))
            yield kernels.work_done_in(state.poisoned[0].due - state.co, rate), "co_poisoned", -1

    def _done(self, state: State, inputs: Inputs) -> bool:
        """Whether it has thawed, roads are open and free of trees, nobody is stuck, and the place has its power."""
        return (
            state.phase is Phase.PAST
            and state.temperature > self.p.thaws_above
            and all(road.good or not road.surface.frozen for road in state.roads)
            and not (state.closed or state.blocked)
            and state.stranded <= 0.0
            and inputs.service("power") >= self.p.power_needed
        )

    # ── inside ──

    def _under(self, state: State, weather: Weather) -> State:
        """The state under that weather: the spell's own cold and rain, or the weather's if it is worse."""
        temperature, falls = weather.temperature, weather.rain * _MM_H
        if state.phase is not Phase.PAST:
            temperature = min(temperature, state.cold)
        if state.phase is Phase.FALLING:
            falls = max(falls, state.rain)
        return replace(state, temperature=temperature, falls=falls, wind=weather.wind)

    def _snow_share(self, state: State) -> float:
        """Share of what falls now that is snow; what the weather brings in a frost besides is taken for the same."""
        return self.p.snow_share if state.temperature < self.p.ice_warm else 0.0

    def _ice_rate(self, state: State) -> float:
        """Growth of ice on lines (m/s), or its melting, below 0."""
        p = self.p
        if state.falls > 0.0 and icing.freezes_on(p, state.temperature):
            return icing.growth(p, state.falls * (1 - self._snow_share(state)), state.wind)
        return -p.melts * max(0.0, state.temperature - p.ice_warm)

    def _snow_rate(self, state: State) -> float:
        p = self.p
        melts = p.snow_melts * max(0.0, state.temperature - p.thaws_above)
        return state.falls * self._snow_share(state) * p.snow_ratio - melts

    def _melting(self, state: State) -> bool:
        return self._next_melted(state) >= 0

    def _next_melted(self, state: State) -> int:
        """The group of lines that is melted next: the one with most ice among those that carry enough; -1: none."""
        ready = [
            (-line.ice, k)
            for k, line in enumerate(state.lines)
            if line.meltable and not line.down and line.ice >= self.p.melt_from * state.design
        ]
        return min(ready)[1] if ready else -1

    def _wetted(self, state: State) -> State:
        """Dry roads are wet as soon as anything falls on them."""
        if state.falls <= 0.0:
            return state
        wet = (replace(r, surface=Surface.WET) if r.surface is Surface.DRY else r for r in state.roads)
        return replace(state, roads=tuple(wet))

    def _line(self, state: State, name: str, k: int) -> Jump:
        """A group of lines fails or is melted free; at the first half the grid is told."""
        if k < 0:
            return state, ()
        line = state.lines[k]
        down = name == "line_fails"
        line = replace(line, ice=line.strength, down=True) if down else replace(line, ice=0.0)
        state = replace(state, lines=(*state.lines[:k], line, *state.lines[k + 1 :]), melt=self.p.melt_work)
        effects: list[Effect] = [Note(name, self._figures(state))]
        if down and not state.grid_told and 2 * state.down >= len(state.lines):
            state = replace(state, grid_told=True)
            effects.append(Note("grid_fails", self._figures(state)))
        return state, effects

    def _people(self, state: State, name: str, k: int) -> Jump:
        """A batch is stranded or gets away; somebody suffers from the cold: the clocks are set onto their marks."""
        if name == "all_away" or k < 0:
            return replace(state, left=state.arrived), (Note(name, self._figures(state)),)
        batch = state.batches[k]
        effects: list[Effect] = []
        match name:
            case "more_stranded":
                batch = replace(batch, there=True)
                state = replace(state, arrived=max(state.arrived, batch.last))
                persons = tuple(Person(who.id, Status.EXPOSED, "stranded") for who in batch.frail)
                effects += [Involve(persons)] if persons else []
                effects.append(Note(name, self._figures(state)))
            case "brought_away":
                if batch.frail:
                    effects.append(Harm(tuple(who.id for who in batch.frail), Status.SAFE, why=name))
                state = replace(state, left=min(state.arrived, max(state.left, batch.last)))
                batch = replace(batch, there=False, frail=())
            case _:
                gone = min(batch.frail, key=lambda w: (self._cold_left(w, batch, state), w.id))
                colour = Triage.RED if gone.badly else Triage.YELLOW
                batch = replace(batch, frail=tuple(who for who in batch.frail if who is not gone))
                effects.append(Harm((gone.id,), Status.WAITING, colour, name))
                state = replace(state, hypothermic=state.hypothermic + 1)
        return replace(state, batches=(*state.batches[:k], batch, *state.batches[k + 1 :])), effects

    def _cold_left(self, who: Frail, batch: Batch, state: State) -> float:
        """Seconds until somebody suffers, at the cold of now and without help."""
        rate = stranded.chill(self.p, state, 0.0)
        warm = max(0.0, who.fuel - batch.waited)
        return warm + (who.bears - who.cold) / rate if rate > 0.0 else math.inf

    def _told(self, state: State, weather: Weather) -> Jump:
        """Roads around are told how fast one gets on, beyond what the weather says, where that has changed by a step."""
        p = self.p
        now = round(min(1.0, roads.overall(p, state) / roads.by_weather(p, weather)), _FINE)
        now = 1.0 if now >= round(1 - p.slow_step, _FINE) else round(now / p.slow_step) * p.slow_step
        if abs(now - state.slowed) < p.slow_step / 2:
            return state, ()
        effects: list[Effect] = [
            RoadsChange(round(now, 4), p.radius, why="road_thaws" if now >= 1.0 else "road_freezes")
        ]
        if state.blocked:  # who opens or slows all must shut again what trees lie on
            effects.append(RoadsChange(0.0, p.radius, per_km=p.trees_per_km, why="trees_down"))
        return replace(state, slowed=now), effects

    def _figures(self, state: State) -> dict[str, float]:
        """What is told at an event: ice and snow (m), load (W) and customers on lines that are down, people stranded."""
        customers = homes.customers_down(self.p, state)
        return {
            "ice": state.ice,
            "snow": state.snow,
            "load": customers * self.p.customer_power,
            "customers": customers,
            "groups": float(state.down),
            "stranded": state.stranded,
        }

    def _festival(self, scene: Scene) -> float:
        p = self.p
        today = (scene.calendar.month - 1) * p.month_days + scene.calendar.day * DAY
        return p.festival if p.festival_from <= today < p.festival_until else 1.0
