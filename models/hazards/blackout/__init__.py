"""Power-grid blackout (大面积停电): elements fail, flows shift and trip others, load is shed, crews mend line after line.

A reference grid of the surroundings is solved by DC flow whenever something changes. Until dispatchers act, overloaded lines trip;
then they shed what is needed, close again what only tripped, and take load back as elements are mended, in an order fixed by who
hangs on them. Hospitals live on diesel, exchanges on batteries, towns on water towers; mine fans stop at once; in cold homes people
light stoves. Blind to voltage, reactive power, protection errors, and to how a real grid is built. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.blackout import damage, switching, users
from models.hazards.blackout import grid as grids
from models.hazards.blackout.parameters import Parameters
from models.hazards.blackout.state import Condition, State, Use
from models.physics import monoxide
from sim.domain.hazards import Demand, DemandKind, Effect, Footprint, Inputs, Need, Note, Over, Scene, Sighting
from sim.domain.places import Site
from sim.streams import Stream
from sim.units import DAY, HOUR

__all__ = ["Condition", "Model", "Parameters", "State", "Use"]

Due = tuple[float, str, int]  # seconds from now, event, index of what it concerns
Jump = tuple[State, Sequence[Effect]]

WORK, RATE, HOLD = DemandKind.WORK, DemandKind.RATE, DemandKind.HOLD
_SATURDAY, _WEEK = 5, 7
_TOGETHER = 1e-3  # s: what goes dark together turns cold together


class Model:
    """A blackout; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p
        self._parts = (
            (p.morning_from, p.load_morning, False),
            (p.day_from, p.load_day, False),
            (p.evening_from, p.load_evening, False),
            (p.night_from, p.load_night, True),
        )

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The moment load is lost: the grid of the place, what fails in it, and what critical users have in store."""
        p = self.p
        misjudged = math.exp(p.work_error * stream.normal())
        grid = grids.reference(p, scene)
        everyone = users.connected(p, scene, grid, stream)
        key, work = damage.keys(p, grid, stream), damage.work(p, grid, stream)
        luck = [(stream.normal(), stream.normal()) for _ in grid.elements]
        poisoned = monoxide.draw(round(p.co_most), p.co_dead, p.co_red, p.co_yellow, stream)
        lacking = p.short_of_supply > 0.0
        factor, part, left = self._season(scene), *self._part_of_day(scene)
        now = factor * self._parts[part][1]
        tripped: tuple[int, ...] = ()
        broken: tuple[int, ...] = ()
        if p.trips_only:
            tripped = damage.cascade(p, grid, key, scene.scope["load"], now)
        elif not lacking:
            broken = damage.fails(p, grid, key, scene.scope["load"])
        condition = [Condition.IN] * len(grid.elements)
        for failed, how in (((*grid.ties, *tripped), Condition.TRIPPED), (broken, Condition.BROKEN)):
            for k in failed:
                condition[k] = how
        state = State(
            grid,
            condition=tuple(condition),
            work=tuple(w if k in broken else 0.0 for k, w in enumerate(work)),
            repairs=work,
            order=damage.order(grid, broken, work, everyone),
            strength=tuple(p.wind_fails * math.exp(p.wind_spread * z) for z, _ in luck),
            bears=tuple(p.trips_after * math.exp(p.trips_spread * z) for _, z in luck),
            strain=(0.0,) * len(grid.elements),
            users=everyone,
            poisoned=poisoned,
            factor=factor,
            part=part,
            part_left=left,
            patrol=math.fsum(grid.elements[k].length for k in broken) / p.patrol_speed if p.patrols else 0.0,
            patrolled=not (p.patrols and broken),
            misjudged=misjudged,
            acts_left=p.acts_after,
            recloses_left=p.acts_after + p.recloses_after,
            supply=self._supply(grid, scene, now) if lacking else 1.0,
            supply_left=p.supply_back if lacking else math.inf,
            temperature=scene.weather.temperature,
            served=(1.0,) * len(grid.loads),
            loading=(0.0,) * grid.bulk,
            dark=(0.0,) * len(grid.loads),
        )
        after, effects = self._settled(state)
        return replace(after, started=True), effects

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The grid `dt` seconds later: work, stores, strain of overloaded lines, time without power."""
        p, effort = self.p, inputs.effort
        speed, generators = self._speed(state, inputs), effort.get("generators", 0.0)
        crews = effort.get("repair", 0.0)
        work = list(state.work)
        for k, given in damage.shares(p, state.grid, state.broken if state.patrolled else (), crews).items():
            work[k] = kernels.work_left(work[k], given * speed, dt)
        rate = users.poisoning(p, state, inputs.weather.temperature, effort.get("warming", 0.0))
        return replace(
            state,
            work=tuple(work),
            patrol=state.patrol
            if state.patrolled
            else kernels.work_left(state.patrol, effort.get("patrol", 0.0) * speed, dt),
            strain=tuple(s + dt if k in self._strained(state) else s for k, s in enumerate(state.strain)),
            users=users.later(p, state, dt, generators),
            dark=tuple(0.0 if s >= p.mains_needed else d + dt for s, d in zip(state.served, state.dark, strict=True)),
            co=state.co + rate * dt,
            part_left=state.part_left - dt,
            acts_left=state.acts_left - dt,
            recloses_left=state.recloses_left - dt,
            supply_left=state.supply_left - dt,
            temperature=inputs.weather.temperature,
            crews=crews + effort.get("patrol", 0.0),
            generators=generators,
            age=state.age + dt,
        )

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return math.inf, ""
        due = min(self._due(state, inputs))
        return max(0.0, due[0]), due[1]

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The jump at that event; whatever changes the grid has it solved anew."""
        p = self.p
        k = min((due for due in self._due(state, inputs) if due[1] == name), default=(0.0, name, 0))[2]
        match name:
            case "restored":
                return replace(state, over=True), (Over(name),)
            case "patrolled":
                values = {"broken": float(len(state.broken)), "work": math.fsum(state.work)}
                return replace(state, patrol=0.0, patrolled=True), (Note(name, values),)
            case "cold_homes":
                near = p.cold_after - _TOGETHER
                state = replace(state, dark=tuple(max(d, p.cold_after) if d >= near else d for d in state.dark))
                return state, (Note(name, {"people": users.cold(p, state, -math.inf)}),)
            case "co_poisoned":
                return switching.poisoned(state)
            case "line_tripped" | "line_down" | "line_restored":
                state = switching.switched(state, name, k)
            case "dispatcher_acts":
                state = replace(state, managed=True, acts_left=math.inf)
            case "reclosed":
                state = switching.reclosed(state)
            case "supply_back":
                state = replace(state, supply=1.0, supply_left=math.inf)
            case "load_changes":
                part = (state.part + 1) % len(self._parts)
                begins, ends = self._parts[part][0], self._parts[(part + 1) % len(self._parts)][0]
                state = replace(state, part=part, part_left=(ends - begins) % DAY or DAY)
            case _:
                return switching.at_user(state, name, k)
        after, effects = self._settled(state)
        told = () if name == "load_changes" else (Note(name, switching.figures(p, after, self._factor(after))),)
        return after, (*told, *effects)

    def demands(self, state: State) -> Sequence[Demand]:
        """Patrol, then repair; generators for critical users, water, warm places, junctions without lights."""
        p = self.p
        demands = []
        if not state.patrolled:
            places = len(state.broken) * p.patrol_face
            demands.append(Demand("patrol", WORK, "LINE_REPAIR", state.patrol, places, priority=2))
        elif state.broken:
            work = math.fsum(state.work[k] for k in state.broken)
            demands.append(Demand("repair", WORK, "LINE_REPAIR", work, self._face(state), p.repair_set_up, 2))
        if (power := self._lacking(state, math.inf)) > 0.0:
            demands.append(Demand("generators", RATE, "POWER", power, power, p.generator_set_up, 1, wears=False))
        if (dry := users.dry_people(state)) > 0.0:
            litres = dry * p.water_each
            demands.append(Demand("water", RATE, "WATER_SUPPLY", litres, litres, priority=3, wears=False))
        if (cold := self._convoys(users.cold(p, state, state.temperature))) > 0.0:
            demands.append(Demand("warming", HOLD, "SHELTER_STOCK", cold, cold, priority=3, wears=False))
        if (points := self._points(self._towns_dark(state))) > 0.0:
            demands.append(Demand("junctions", HOLD, "TRAFFIC", points, points, priority=4))
        return sorted(demands, key=lambda d: (d.priority, d.id))

    def readings(self, state: State) -> dict[str, float]:
        """Load lost and served, who is dark, the worst line, what is to be mended, critical users without power."""
        p, grid = self.p, state.grid
        wanted = grid.power * self._factor(state)
        customers = (
            math.fsum(load.people * (1 - s) for load, s in zip(grid.loads, state.served, strict=True))
            / p.people_per_customer
        )
        runs = users.powered(p, state, state.generators)
        hubs = sum(user.use is Use.HUB and not run for user, run in zip(state.users, runs, strict=True))
        return {
            "lost": 1 - state.share,
            "load_lost": wanted * (1 - state.share),
            "served": wanted * state.share,
            "customers_dark": customers,
            "towns_dark": float(self._towns_dark(state)),
            "loading": max(state.loading, default=0.0),
            "damaged": float(len(state.broken)),
            "repair_left": math.fsum(state.work[k] for k in state.broken),
            "hospitals_dark": float(users.count(state.users, Use.HOSPITAL)),
            "mines_dark": float(users.count(state.users, Use.MINE)),
            "hubs_on_battery": float(hubs),
            "poisoned": float(state.found),
        }

    def mode(self, state: State) -> str:
        """growing until dispatchers have control, steady while nobody mends, then declining; controlled when nearly all is back."""
        if state.over:
            return "over"
        if not state.managed:
            return "growing"
        if state.share >= 1 - self.p.over / 2:
            return "controlled"
        return "declining" if state.crews > 0.0 else "steady"

    def footprint(self, state: State) -> Footprint:  # noqa: ARG002 - the port's
        """A blackout closes nothing and hurts nobody who passes."""
        return Footprint()

    def observe(self, state: State, stream: Stream) -> Sighting:
        """The dispatch centre knows its load; customers are reckoned; the damage is guessed until lines are patrolled."""
        p, truth = self.p, self.readings(state)
        misjudged = 1.0 if state.patrolled else state.misjudged
        work = truth["repair_left"] * misjudged
        return Sighting(
            figures={
                "lost": truth["lost"],
                "without_power": truth["customers_dark"] * math.exp(p.count_error * stream.normal()),
                "work": work,
                "places": self._face(state),
                "critical": self._lacking(state, p.ahead),
                "dry": users.dry_people(state),
                "cold": users.cold(p, state, state.temperature),
                "junctions": self._points(self._towns_dark(state)),
                "back_within": self._expected(state, truth["repair_left"]),
            }
        )

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's; grids need the same anywhere
        """Crews that would be done in time, generators for who has not long left, water, warm places, traffic points."""
        p, seen = self.p, sighting.figures
        if not seen or not (seen["work"] or seen["critical"] or seen["dry"] or seen["cold"] or seen["junctions"]):
            return ()
        needs = []
        if seen["work"]:
            crews = max(p.crews_least, math.ceil(seen["work"] / p.done_within))
            needs.append(Need("LINE_REPAIR", min(crews, p.crews_most, max(seen["places"], p.crews_least)), 1))
        if seen["critical"]:
            needs.append(Need("POWER", seen["critical"], 1))
        if seen["dry"]:
            needs.append(Need("WATER_SUPPLY", seen["dry"] * p.water_each, 3))
        if seen["cold"]:
            needs.append(Need("SHELTER_STOCK", self._convoys(seen["cold"]), 2))
        if seen["junctions"]:
            needs.append(Need("TRAFFIC", seen["junctions"], 3))
        return needs

    # ── what is due ──

    def _due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        """Everything that will happen by itself under these inputs: (seconds, name, index)."""
        p, effort = self.p, inputs.effort
        generators, speed = effort.get("generators", 0.0), self._speed(state, inputs)
        if state.secure and not any(user.out for user in state.users):
            yield 0.0, "restored", 0
        yield state.acts_left, "dispatcher_acts", 0
        yield state.recloses_left, "reclosed", 0
        yield state.supply_left, "supply_back", 0
        yield state.part_left, "load_changes", 0
        for k, strength in enumerate(state.strength):
            if inputs.weather.wind >= strength and state.up(k):
                yield 0.0, "line_down", k
        for k in self._strained(state):
            yield 0.0 if state.loading[k] > p.trips_now else state.bears[k] - state.strain[k], "line_tripped", k
        if not state.patrolled:
            yield kernels.work_done_in(state.patrol, effort.get("patrol", 0.0) * speed), "patrolled", 0
        else:
            crews = effort.get("repair", 0.0)
            for k, given in damage.shares(p, state.grid, state.broken, crews).items():
                yield kernels.work_done_in(state.work[k], given * speed), "line_restored", k
        yield from users.due(p, state, generators)
        yield from self._in_homes(state, inputs)

    def _in_homes(self, state: State, inputs: Inputs) -> Iterator[Due]:
        """When homes turn cold, and when the next one there is poisoned."""
        p, temperature = self.p, inputs.weather.temperature
        if temperature >= p.cold_below:
            return
        still = [d for d, s in zip(state.dark, state.served, strict=True) if s < p.mains_needed and d < p.cold_after]
        if still:
            yield p.cold_after - max(still), "cold_homes", 0
        if state.poisoned:
            rate = users.poisoning(p, state, temperature, inputs.effort.get("warming", 0.0))
            yield kernels.work_done_in(state.poisoned[0].due - state.co, rate), "co_poisoned", 0

    def _strained(self, state: State) -> tuple[int, ...]:
        """Elements that are in, overloaded, and not yet relieved by dispatchers."""
        if state.managed:
            return ()
        return tuple(k for k, ratio in enumerate(state.loading) if ratio > self.p.trips_at and state.up(k))

    # ── inside ──

    def _settled(self, state: State) -> Jump:
        return switching.settle(self.p, state, self._factor(state), state.factor * self.p.load_evening)

    def _factor(self, state: State) -> float:
        """Load now over that of a usual evening: season, day of the week, hour."""
        return state.factor * self._parts[state.part][1]

    def _season(self, scene: Scene) -> float:
        p, month = self.p, scene.calendar.month
        winter = month >= p.winter_from or month <= p.winter_until
        weekday = (scene.calendar.weekday + int((scene.calendar.second_of_day + scene.begins) // DAY)) % _WEEK
        return (p.winter if winter else 1.0) * (p.holiday if weekday >= _SATURDAY else 1.0)

    def _part_of_day(self, scene: Scene) -> tuple[int, float]:
        """The part of the day in which it begins, and how long that still lasts."""
        second = scene.calendar.hour_at(scene.begins) * HOUR
        begun = [i for i, (begins, _, _) in enumerate(self._parts) if begins <= second]
        part = begun[-1] if begun else len(self._parts) - 1
        ends = self._parts[(part + 1) % len(self._parts)][0]
        return part, (ends - second) % DAY or DAY

    def _supply(self, grid: grids.Grid, scene: Scene, factor: float) -> float:
        """What is left of the supplies, so that the case's load is lacking."""
        wanted = grid.power * factor
        lacks = min(scene.scope["load"], self.p.lost_most * wanted)
        return (wanted - lacks) / math.fsum(w for _, w in grid.supplies) if wanted > 0.0 else 1.0

    def _speed(self, state: State, inputs: Inputs) -> float:
        return damage.speed(self.p, inputs.weather.wind, night=self._parts[state.part][2])

    def _face(self, state: State) -> float:
        """Crews that find room at all that is broken."""
        return math.fsum(damage.face(self.p, state.grid.elements[k].kind) for k in state.broken)

    def _lacking(self, state: State, ahead: float) -> float:
        """Power (W) of critical users off the mains who have less than so long left, or run on generators now."""
        given = users.fed(self.p, state, state.generators)
        return math.fsum(
            user.power
            for user, share in zip(state.users, given, strict=True)
            if not users.on_mains(self.p, state, user) and (user.left < ahead or share > 0.0)
        )

    def _towns_dark(self, state: State) -> int:
        return sum(share < self.p.mains_needed for share in users.served_by(state).values())

    def _points(self, towns: int) -> float:
        return min(self.p.points_most, self.p.points_each * towns)

    def _convoys(self, people: float) -> float:
        return min(self.p.warm_most, float(math.ceil(people / self.p.warm_people)))

    def _expected(self, state: State, work: float) -> float:
        """Share expected back `told_ahead` from now: by experience until the damage is known, then by crews and work."""
        p = self.p
        if state.patrolled and state.crews > 0.0 and work > 0.0:
            return min(1.0, state.share + (1 - state.share) * state.crews * p.told_ahead / work)
        return max(state.share, logistic(state.age + p.told_ahead, p.half_back, p.back_steepness))


def logistic(t: float, half: float, steepness: float) -> float:
    """Share of the load that experience expects to be back `t` seconds after it was lost."""
    return 1 / (1 + math.exp(-steepness * (t - half)))
