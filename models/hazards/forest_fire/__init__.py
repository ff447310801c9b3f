"""Forest and grassland fire (森林草原火灾): a ring of sectors that spread, against a line that closes them one by one.

Exact between events: every radius, line, clock and queue is linear in time under constant inputs. The force on the line
works from the slowest sector to the fastest that it may attack: tail, flanks, head. Blind to a held sector being
outflanked by its neighbour, to terrain within the fire, to crews caught when the wind turns. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models.hazards.forest_fire import hamlets as villages
from models.hazards.forest_fire import spread
from models.hazards.forest_fire.parameters import Parameters
from models.hazards.forest_fire.state import Edge, Hamlet, Sector, State
from models.kernels import front_race, work_done_in
from sim.domain.hazards import Demand, DemandKind, Effect, Footprint, Inputs, Involve, Need, Note, Over, Scene, Sighting
from sim.domain.people import Person, Status
from sim.domain.places import Site, Weather
from sim.streams import Stream
from sim.units import DAY

__all__ = ["Model", "Parameters", "State"]

Rates = tuple[float, ...]
Due = tuple[float, str, int]  # seconds from now, event, index of the sector or hamlet

_MM_PER_HOUR = 3.6e6  # in 1 m/s


class Model:
    """A forest fire; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p
        count = round(p.sectors)
        self._bearings = tuple(360.0 * k / count for k in range(count))
        self._arc = 2 * math.pi / count  # radians a sector
        self._edge = self._arc * p.line_detour  # m of line per m of radius
        self._parts = tuple(
            sorted(
                [
                    (p.small_hours_from, p.small_hours),
                    (p.morning_from, p.morning),
                    (p.midday_from, p.midday),
                    (p.evening_from, p.evening),
                ]
            )
        )
        self._gust = p.breach_rate * p.heat * p.load / p.breach_intensity  # ember clock per m/s of spread
        self._known: dict[tuple[Weather, int, float], Rates] = {}

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> tuple[State, Sequence[Effect]]:
        """The fire when it can first be seen: a disc of the given area, times its seats."""
        p = self.p
        radius = math.sqrt(scene.scope["area"] * p.seats / math.pi)
        sectors = tuple(
            Sector(radius, radius + p.fuel_break * stream.exponential(), stream.exponential()) for _ in self._bearings
        )
        next_spot = stream.exponential()
        hamlets = villages.settle(p, round(scene.scope.get("people", 0.0)), radius, stream)
        part, left = self._part_of_day(scene.calendar.hour_at(scene.begins) * 3600.0)
        terrain = scene.site.terrain
        state = State(
            sectors,
            hamlets,
            getattr(p, f"slope_{terrain}"),
            getattr(p, f"line_{terrain}") * p.line_share * p.line_fuel,
            next_spot,
            scene.weather,
            part,
            left,
            p.watch_for,
            (stream.normal(), stream.normal()),
        )
        people = tuple(
            Person(who, Status.EXPOSED, f"hamlet-{i}") for i, hamlet in enumerate(hamlets, 1) for who in hamlet.people
        )
        return state, (Involve(people),) if people else ()

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The fire `dt` seconds later: radii, line, mopping, clocks and queues all grow in proportion to time."""
        p, effort, weather = self.p, inputs.effort, inputs.weather
        rates = self._rates(state, weather)
        worked, line = self._worked(state, rates, effort) or (-1, 0.0)
        mopped, mop = _mopped(state, rates), effort.get("mop_up", 0.0) * dt
        gust = self._gust * dt
        sectors = tuple(
            s
            if s.edge is Edge.COLD
            else Sector(
                s.radius + r * dt if s.edge is Edge.OPEN else s.radius,
                s.stops,
                s.next_gust,
                s.edge,
                s.built + line * dt if k == worked else s.built,
                s.gusts + gust * r,
                s.mop - mop if k == mopped else s.mop,
            )
            for k, (s, r) in enumerate(zip(state.sectors, rates, strict=True))
        )
        hamlets = state.hamlets
        if (flow := effort.get("evacuation", 0.0)) and (served := villages.served(hamlets)) is not None:
            h = hamlets[served]
            hamlets = (*hamlets[:served], replace(h, left=h.left + flow * dt), *hamlets[served + 1 :])
        return replace(
            state,
            sectors=sectors,
            hamlets=hamlets,
            weather=weather,
            part_left=state.part_left - dt,
            rain=state.rain + weather.rain / _MM_PER_HOUR * dt,
            spots=state.spots + (p.spot_rate * dt if weather.wind > p.spot_wind else 0.0),
            watch_left=state.watch_left - self._watching(state, effort) * dt,
        )

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return math.inf, ""
        due = min(self._due(state, inputs))
        return max(0.0, due[0]), due[1]

    def fire(self, state: State, name: str, inputs: Inputs) -> tuple[State, Sequence[Effect]]:
        """The jump at that event, on the sector or hamlet that is due."""
        _, _, k = min(due for due in self._due(state, inputs) if due[1] == name)
        effects: Sequence[Effect] = ()
        match name:
            case "daypart":
                part = (state.part + 1) % len(self._parts)
                state = replace(state, part=part, part_left=state.part_left + self._length(part))
            case "line_closed" | "fuel_break":
                state, effects = self._hold(state, k, name)
            case "breach":
                state, effects = self._breach(state, k)
            case "spot_fire":
                state, effects = self._spot(state, k)
            case "mopped_up":
                state, effects = self._cool(state, k)
            case "village_threatened":
                hamlet = replace(state.hamlets[k], threatened=True)
                state, effects = _with_hamlet(state, k, hamlet), (Note(name, {"people": float(len(hamlet.people))}),)
            case "evacuated":
                hamlet, effects = villages.leave(self.p, state.hamlets[k])
                state = _with_hamlet(state, k, hamlet)
            case "village_reached":
                hamlet, effects = villages.caught(self.p, state.hamlets[k])
                state, effects = _with_hamlet(state, k, hamlet), (Note(name), *effects)
            case "rained_out" | "watched":
                hamlets, effects = villages.clear(state.hamlets, state.sectors, everywhere=True)
                state, effects = replace(state, hamlets=hamlets, over=True), (*effects, Over(name))
        return state, effects

    def demands(self, state: State) -> Sequence[Demand]:
        """Line, water, evacuation, mopping up, watch – whatever this stage still asks for."""
        p, demands = self.p, []
        if waiting := villages.waiting(state.hamlets):
            demands.append(Demand("evacuation", DemandKind.SERVICE, "EVAC", waiting, priority=1))
        burning = self._burning(state)
        if burning:
            left = math.fsum(self._edge * (s.radius + r * p.line_within) - s.built for s, r in burning)
            rate = left / p.line_within / state.line_factor
            demands.append(Demand("line", DemandKind.RATE, "FIRE_LINE", rate, priority=2))
            if any(p.attack_hand < spread.intensity(p, r) <= p.attack_water for _, r in burning):
                demands.append(Demand("water", DemandKind.RATE, "FIRE_WATER", p.water, priority=3))
        if mop := math.fsum(s.mop for s in state.sectors if s.edge is Edge.HELD):
            demands.append(Demand("mop_up", DemandKind.WORK, "MOPUP", mop, priority=4))
        if _cold(state):
            demands.append(Demand("watch", DemandKind.HOLD, "WATCH", self._watchers(state), priority=5))
        return demands

    def readings(self, state: State) -> dict[str, float]:
        """Area, edge, head, flame, share held, villagers to be moved."""
        burning = self._burning(state)
        head = 0.0 if state.over else max((r for _, r in burning), default=0.0)
        perimeter = self._perimeter(state)
        open_edge = self._edge * math.fsum(s.radius for s, _ in burning)
        return {
            "area": self._arc / 2 * math.fsum(s.radius * s.radius for s in state.sectors),
            "perimeter": perimeter,
            "burning_edge": 0.0 if state.over else open_edge,
            "head_rate": head,
            "flame_length": spread.flame_length(self.p, spread.intensity(self.p, head)),
            "held": 1 - open_edge / perimeter,
            "threatened": villages.waiting(state.hamlets),
        }

    def mode(self, state: State) -> str:
        """growing, declining once half the edge is held, controlled once all of it is, over."""
        if state.over:
            return "over"
        held = sum(s.edge is not Edge.OPEN for s in state.sectors)
        if held == len(state.sectors):
            return "controlled"
        return "declining" if 2 * held >= len(state.sectors) else "growing"

    def footprint(self, state: State) -> Footprint:
        """As far as the farthest sector reaches; the link it lies on is not closed, crews use it."""
        return Footprint(0.0 if state.over else max(s.radius for s in state.sectors))

    def observe(self, state: State, stream: Stream) -> Sighting:  # noqa: ARG002 - whoever looks errs alike each time
        """Area and speed judged from afar (log-normal error, rounded to tenths of a hectare), the share held by eye.

        The error is drawn once a fire: needs follow the fire, not the mood of each report.
        """
        truth, p = self.readings(state), self.p
        size, pace = (math.exp(p.seen_error * z) for z in state.misjudged)
        return Sighting(
            figures={
                "area": max(1e3, round(truth["area"] * size, -3)),
                "head_rate": truth["head_rate"] * pace,
                "flame_length": spread.flame_length(p, spread.intensity(p, truth["head_rate"] * pace)),
                "held": round(truth["held"], 1),
                "hot": float(any(demand.id == "mop_up" for demand in self.demands(state))),
                "wind": float(round(state.weather.wind)),
                "threatened": truth["threatened"],
            }
        )

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:
        """Line to overtake a believed ellipse, water if flames are high, people to move, to mop up and to watch."""
        p, seen, needs = self.p, sighting.figures, []
        if not seen:
            return ()
        ratio = spread.length_to_breadth(p, min(seen["wind"], p.wind_cap))
        length = spread.ellipse_length(seen["area"], ratio)
        perimeter = p.line_detour * spread.ellipse_perimeter(length, ratio)
        growth = perimeter * seen["head_rate"] * (1 + 1 / spread.head_to_back(ratio)) / length
        burning = 1 - seen["held"]
        if seen["threatened"]:
            needs.append(Need("EVAC", seen["threatened"] / p.evacuation_within, 1))
        if burning > 0:
            kept = getattr(p, f"line_{site.terrain}") * p.line_share * p.line_fuel
            needs.append(Need("FIRE_LINE", burning * (perimeter / p.line_within + growth) / kept, 2))
            if seen["flame_length"] > spread.flame_length(p, p.attack_hand):
                needs.append(Need("FIRE_WATER", p.water, 3))
            needs.append(Need("MOPUP", perimeter * p.mop_work / p.mop_within, 4))
        else:
            if seen["hot"]:
                needs.append(Need("MOPUP", perimeter * p.mop_work / p.mop_within, 2))
            needs.append(Need("WATCH", math.ceil(perimeter / p.watch_spacing), 3))
        return needs

    # ── what is due ──

    def _due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        """Everything that will happen by itself under these inputs: (seconds, name, index)."""
        p, effort, weather = self.p, inputs.effort, inputs.weather
        rates = self._rates(state, weather)
        yield state.part_left, "daypart", 0
        yield work_done_in(p.rain_ends - state.rain, weather.rain / _MM_PER_HOUR), "rained_out", 0
        yield work_done_in(state.watch_left, self._watching(state, effort)), "watched", 0
        if weather.wind > p.spot_wind:
            yield work_done_in(state.next_spot - state.spots, p.spot_rate), "spot_fire", rates.index(max(rates))
        for k, (s, r) in enumerate(zip(state.sectors, rates, strict=True)):
            if s.edge is Edge.OPEN:
                yield work_done_in(s.stops - s.radius, r), "fuel_break", k
            if s.edge is not Edge.COLD:
                yield work_done_in(s.next_gust - s.gusts, self._gust * r), "breach", k
        if (work := self._worked(state, rates, effort)) is not None:
            k, line = work
            missing = max(0.0, self._edge * state.sectors[k].radius - state.sectors[k].built)
            yield front_race(missing, line, self._edge * rates[k]), "line_closed", k
        if (mopped := _mopped(state, rates)) is not None:
            yield work_done_in(state.sectors[mopped].mop, effort.get("mop_up", 0.0)), "mopped_up", mopped
        for k, h in enumerate(state.hamlets):
            arrives = villages.arrival(h, state.sectors[h.sector], rates[h.sector])
            yield arrives, "village_reached", k
            if not h.threatened:
                yield arrives - p.warning, "village_threatened", k
        if (served := villages.served(state.hamlets)) is not None:
            h = state.hamlets[served]
            group = min(h.safe + round(p.evacuation_group), len(h.people))
            yield work_done_in(group - h.left, effort.get("evacuation", 0.0)), "evacuated", served

    def _rates(self, state: State, weather: Weather) -> Rates:
        """Spread (m/s) of every sector in this weather and part of the day, kept once computed."""
        key = weather, state.part, state.slope
        if key not in self._known:
            self._known[key] = spread.rates(self.p, state.slope, weather, self._parts[state.part][1], self._bearings)
        return self._known[key]

    def _burning(self, state: State) -> list[tuple[Sector, float]]:
        """The sectors that burn outwards and how fast, in the weather that was."""
        rates = self._rates(state, state.weather)
        return [(s, r) for s, r in zip(state.sectors, rates, strict=True) if s.edge is Edge.OPEN]

    def _worked(self, state: State, rates: Rates, effort: dict[str, float]) -> tuple[int, float] | None:
        """The sector that the line is being built on, and how fast (m/s); None while the fire outruns everybody.

        It is the slowest open one: so tail, flanks, head; whoever cannot take the slowest cannot take any. Flames that
        hand tools may attack are beaten out, faster than a line is cut; above that water must be on the edge.
        """
        slowest = min(((rates[k], k) for k, s in enumerate(state.sectors) if s.edge is Edge.OPEN), default=None)
        if slowest is None:
            return None
        p, (rate, k) = self.p, slowest
        power = spread.intensity(p, rate)
        line = effort.get("line", 0.0) * state.line_factor
        if power <= p.attack_hand:
            line *= p.beating
        elif power > p.attack_water or effort.get("water", 0.0) < p.water:
            return None
        return (k, line) if line > self._edge * rate else None

    def _watching(self, state: State, effort: dict[str, float]) -> float:
        """How fast the watch runs down: in proportion to the watchers there, not before all is cold."""
        return min(1.0, effort.get("watch", 0.0) / self._watchers(state)) if _cold(state) else 0.0

    def _watchers(self, state: State) -> float:
        return float(math.ceil(self._perimeter(state) / self.p.watch_spacing))

    def _perimeter(self, state: State) -> float:
        return self._edge * math.fsum(s.radius for s in state.sectors)

    def _part_of_day(self, second: float) -> tuple[int, float]:
        """(part of the day, seconds left of it) at a local second of the day."""
        part = max((i for i, (begins, _) in enumerate(self._parts) if begins <= second), default=len(self._parts) - 1)
        following = self._parts[(part + 1) % len(self._parts)][0]
        return part, (following - second) % DAY

    def _length(self, part: int) -> float:
        return (self._parts[(part + 1) % len(self._parts)][0] - self._parts[part][0]) % DAY

    # ── what happens ──

    def _hold(self, state: State, k: int, why: str) -> tuple[State, Sequence[Effect]]:
        """A stretch is closed by its line, or at a fuel break, which embers do not cross."""
        s = state.sectors[k]
        radius = s.stops if why == "fuel_break" else s.radius
        edge = self._edge * radius
        held = replace(
            s,
            edge=Edge.HELD,
            radius=radius,
            built=edge,
            mop=edge * self.p.mop_work,
            next_gust=math.inf if why == "fuel_break" else s.next_gust,
        )
        after = _with_sector(state, k, held)
        done = all(s.edge is not Edge.OPEN for s in after.sectors)
        return after, (Note("all_held", {"perimeter": self._perimeter(after)}),) if done else ()

    def _breach(self, state: State, k: int) -> tuple[State, Sequence[Effect]]:
        """Embers try the line, finished or not: a gap is lost, and a held stretch burns again.

        The clock runs whether or not a line stands there yet, so that no luck depends on the response.
        """
        s = state.sectors[k]
        after = replace(
            s,
            edge=Edge.OPEN,
            mop=0.0,
            next_gust=s.next_gust + 1.0,
            built=min(s.built, (1 - self.p.breach_gap) * self._edge * s.radius),
        )
        return _with_sector(state, k, after), (Note("breach"),) if s.edge is Edge.HELD else ()

    def _spot(self, state: State, k: int) -> tuple[State, Sequence[Effect]]:
        """A spot fire ahead of the head, over line and fuel break; a cold head throws none."""
        state = replace(state, next_spot=state.next_spot + 1.0)
        s = state.sectors[k]
        if s.edge is Edge.COLD:
            return state, ()
        radius = s.radius + self.p.spot_distance
        crossed = radius >= s.stops
        after = Sector(
            radius,
            radius + self.p.fuel_break if crossed else s.stops,
            s.gusts + 1.0 if s.next_gust == math.inf else s.next_gust,
            gusts=s.gusts,
        )
        return _with_sector(state, k, after), (Note("spot_fire", {"distance": self.p.spot_distance}),)

    def _cool(self, state: State, k: int) -> tuple[State, Sequence[Effect]]:
        """A stretch is mopped up; after the last the watch begins."""
        after = _with_sector(state, k, replace(state.sectors[k], edge=Edge.COLD, mop=0.0))
        done = _cold(after)
        hamlets, effects = villages.clear(after.hamlets, after.sectors, everywhere=done)
        after = replace(after, hamlets=hamlets)
        return after, (*effects, Note("all_cold", {"perimeter": self._perimeter(after)})) if done else effects


def _mopped(state: State, rates: Rates) -> int | None:
    """The held sector that is being mopped up: the one whose front would run fastest."""
    held = [k for k, s in enumerate(state.sectors) if s.edge is Edge.HELD]
    return max(held, key=lambda k: (rates[k], -k), default=None)


def _cold(state: State) -> bool:
    return all(s.edge is Edge.COLD for s in state.sectors)


def _with_sector(state: State, k: int, sector: Sector) -> State:
    return replace(state, sectors=(*state.sectors[:k], sector, *state.sectors[k + 1 :]))


def _with_hamlet(state: State, k: int, hamlet: Hamlet) -> State:
    return replace(state, hamlets=(*state.hamlets[:k], hamlet, *state.hamlets[k + 1 :]))
