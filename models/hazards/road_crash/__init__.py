"""Road crash (道路交通事故): people caught in wrecks, wrecks on lanes, a queue that slows those who come.

Each person's injury is drawn once; one crew at a time finds room at somebody who is caught, the worst hurt first. Wrecks are
lifted when nobody is in them any more; lanes open by and by; the queue grows and goes by arrivals less capacity, exactly, and
while it stands a second crash may happen at its end. In a tunnel a vehicle may burn: air against smoke decides who is in danger,
water how soon crews can work; a lorry with dangerous goods must be emptied before it is lifted, and its leak may set off other
accidents. Blind to fire in the open and the other carriageway. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.road_crash import goods, smoke, traffic, tunnel
from models.hazards.road_crash import people as crew
from models.hazards.road_crash.parameters import Parameters
from models.hazards.road_crash.state import Access, Blocked, Fire, Goods, Held, Second, State
from sim.domain.hazards import (
    Demand,
    DemandKind,
    Effect,
    Footprint,
    Harm,
    Inputs,
    Need,
    Note,
    Over,
    Road,
    Scene,
    Sighting,
)
from sim.domain.people import Status
from sim.domain.places import Site
from sim.streams import Stream
from sim.units import DAY

__all__ = ["Access", "Blocked", "Fire", "Goods", "Held", "Model", "Parameters", "State"]

Due = tuple[float, str, int]  # seconds from now, event, index of the person
Jump = tuple[State, Sequence[Effect]]

WORK, HOLD = DemandKind.WORK, DemandKind.HOLD


class Model:
    """A road crash; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p
        self._parts = traffic.parts(p)

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The moment after the crash: who is dead, hurt, caught; what stands on the road."""
        p, terrain = self.p, scene.site.terrain
        vehicles, number = max(1, round(scene.scope["vehicles"])), round(scene.scope["people"])
        seconds = self._seconds(stream)
        heavy = sum(stream.uniform() < p.heavy_share for _ in range(vehicles))
        off_road = sum(stream.uniform() < getattr(p, f"edge_{terrain}") * p.edge for _ in range(vehicles))
        curve = crew.entrapment(p, scene.weather)
        stopped = round(p.stopped * number) if p.tunnel else 0
        people = crew.occupants("p", number - stopped, vehicles, stream)
        cut, haul, effects = crew.crash(p, people, off_road, vehicles - heavy, curve)
        wrecks = (vehicles - heavy) * p.lift_car + heavy * p.lift_heavy
        fire = None
        if p.tunnel:
            burning = frozenset(who.id for who in people if who.vehicle == 0)
            fire = tunnel.ignite(p, scene.site, stopped, cut, burning, stream)
            effects += smoke.involve(fire, frozenset(held.id for held in cut))
        tanker = None if fire else goods.aboard(p, heavy, off_road / vehicles, stream)
        blocked = Blocked.TWO_LANES if fire or vehicles >= p.blocks_two else Blocked.ONE_LANE
        part, left = self._part_of_day(scene.calendar.hour_at(scene.begins) * 3600.0)
        state = State(
            vehicles, heavy, cut, haul, blocked, wrecks, wrecks, p.debris, getattr(p, f"busy_{terrain}"),
            bool(scene.site.link), curve, seconds, scene.weather, part, left, fire=fire, goods=tanker,
        )  # fmt: skip
        return state, [*effects, *goods.told(tanker)]

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The road `dt` seconds later: queue and work change in proportion to time."""
        effort, flow = inputs.effort, self._parts[state.part][1]
        rate = traffic.growth(self.p, state, flow, inputs)
        queue = max(0.0, state.queue + rate * dt)
        return replace(
            state,
            cut=tunnel.worked(state.cut, _cutting(state, effort), dt),
            haul=tunnel.worked(state.haul, effort.get("hauling", 0.0), dt),
            wrecks=kernels.work_left(state.wrecks, effort.get("wrecks", 0.0), dt),
            debris=kernels.work_left(state.debris, effort.get("debris", 0.0), dt),
            queue=queue,
            delay=state.delay + (state.queue + queue) / 2 * dt,
            clock=state.clock + traffic.risk(self.p, state, flow, inputs) * dt,
            part_left=state.part_left - dt,
            weather=inputs.weather,
            fire=state.fire and tunnel.later(self.p, state.fire, dt, effort),
            goods=state.goods and goods.later(state.goods, dt, effort),
        )

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return math.inf, ""
        due = min(self._due(state, inputs))
        return max(0.0, due[0]), due[1]

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The jump at that event."""
        match name:
            case "freed" | "hauled_up" | "walked_out" | "overcome" | "brought_out":
                k = min(due for due in self._due(state, inputs) if due[1] == name)[2]
                fire = state.fire if name != "hauled_up" else None
                jump: Jump = self._in_tunnel(state, fire, name, k) if fire else _out(state, name, k)
            case "second_crash":
                jump = self._second(state)
            case "access_changed":
                way = traffic.access(self.p, state, inputs)
                factor = traffic.speed_factor(self.p, way)
                jump = replace(state, access=way), (Road(factor, why="queue" if factor < 1 else "queue_gone"),)
            case "road_open":
                jump = replace(state, over=True), (Over(name),)
            case _ if state.fire and name in tunnel.OWN:
                jump = self._burns(state, state.fire, name, inputs)
            case _ if state.goods and name in goods.OWN:
                jump = replace(state, goods=goods.happens(state.goods, name)), (Note(name),)
            case _:
                jump = self._on_road(state, name)
        return jump

    def demands(self, state: State) -> Sequence[Demand]:
        """Cutting out, hauling up, traffic points, wrecks and debris as soon as nobody is in them; what a tunnel fire takes."""
        p = self.p
        demands = list(tunnel.demands(p, state.fire)) if state.fire else []
        if state.goods:
            demands += goods.demands(p, state.goods)
        if state.cut and not (state.fire and not state.fire.near):
            work = math.fsum(held.left for held in state.cut)
            demands.append(Demand("cutting", WORK, "RESCUE_CUT", work, float(len(state.cut)), p.cut_set_up, 1))
        if state.haul:
            work = math.fsum(held.left for held in state.haul)
            demands.append(Demand("hauling", WORK, "ROPE", work, min(len(state.haul), p.ropes), p.haul_set_up, 1))
        if state.blocked or state.queue > 0.0:
            demands.append(Demand("traffic", HOLD, "TRAFFIC", p.points, priority=2))
        if not _occupied(state):
            if state.debris > 0.0:
                demands.append(Demand("debris", WORK, "ROAD_CLEAR", state.debris, p.clear_face, priority=3))
            if state.wrecks > 0.0:
                demands.append(Demand("wrecks", WORK, "CRANE", state.wrecks, p.cranes, p.crane_set_up, 3))
        return demands

    def readings(self, state: State) -> dict[str, float]:
        """People still caught, the queue and its length, what gets through, wrecks left, delay."""
        return {
            "caught": float(len(state.cut)),
            "down_slope": float(len(state.haul)),
            "queue": state.queue,
            "queue_length": traffic.length(self.p, state.queue),
            "through": traffic.capacity(self.p, state.blocked),
            "wrecks": state.wrecks / state.wrecks_all,
            "delay": state.delay,
            "goods": goods.aboard_still(self.p, state.goods) if state.goods else 0.0,
        } | tunnel.readings(self.p, state.fire)

    def mode(self, state: State) -> str:
        """growing while lanes are shut, steady while one is, declining as the rest goes, over."""
        if state.over:
            return "over"
        if state.blocked is Blocked.TWO_LANES:
            return "growing"
        return "steady" if state.blocked is Blocked.ONE_LANE else "declining"

    def footprint(self, state: State) -> Footprint:  # noqa: ARG002 - the port's; a crash has no reach
        """Nobody beyond the wrecks is in danger; the road is slowed by effects, never closed to rescuers."""
        return Footprint()

    def observe(self, state: State, stream: Stream) -> Sighting:
        """Those caught are miscounted at first sight; the queue is judged to a few hundred metres."""
        p = self.p
        caught = len(state.cut) * math.exp(p.seen_error * stream.normal())
        queue = traffic.length(p, state.queue) * math.exp(p.seen_error * stream.normal())
        return Sighting(
            figures={
                "caught": max(float(min(1, len(state.cut))), round(caught)),
                "down_slope": float(len(state.haul)),
                "vehicles": float(state.vehicles),
                "heavy": float(state.heavy),
                "queue_length": round(queue / p.seen_step) * p.seen_step,
                "wrecks": state.wrecks / state.wrecks_all,
                "debris": state.debris,
                "placards": float(state.goods is not None),
                "leaking": float(state.goods is not None and state.goods.leaks and state.goods.seal > 0.0),
            }
            | tunnel.seen(p, state.fire, stream)
        )

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's; roads need the same anywhere
        """A crew for two who are caught, ropes, traffic points and more along a long queue, a crane for five heavies."""
        p, seen = self.p, sighting.figures
        if not seen:
            return ()
        needs = [*tunnel.needs(p, seen), *goods.needs(p, seen)]
        if seen["caught"]:
            needs.append(Need("RESCUE_CUT", math.ceil(seen["caught"] / p.crew_serves), 1))
        if seen["down_slope"]:
            needs.append(Need("ROPE", min(p.ropes, math.ceil(seen["down_slope"] / p.crew_serves)), 1))
        points = p.points + math.ceil(seen["queue_length"] / p.points_every)
        needs.append(Need("TRAFFIC", min(p.points_most, points), 2))
        if seen["wrecks"]:
            needs.append(Need("CRANE", max(1.0, min(p.cranes, math.ceil(seen["heavy"] / p.crane_serves))), 4))
        if seen["debris"]:
            needs.append(Need("ROAD_CLEAR", seen["debris"] / p.clear_within, 3))
        return needs

    # ── what is due ──

    def _due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        """Everything that will happen by itself under these inputs: (seconds, name, index)."""
        p, effort, flow = self.p, inputs.effort, self._parts[state.part][1]
        caught = _occupied(state)
        if state.fire:
            yield from tunnel.due(p, state.fire, inputs)
        if state.goods:
            yield from goods.due(state.goods, effort)
        yield state.part_left, "traffic_changes", 0
        for held, name, crews in (
            (state.cut, "freed", _cutting(state, effort)),
            (state.haul, "hauled_up", effort.get("hauling", 0.0)),
        ):
            for k, who in enumerate(held):
                yield kernels.work_done_in(who.left, min(1.0, crews - k)), name, k
        if not caught and state.blocked:
            yield from self._clearing(state, effort)
        rate = traffic.growth(p, state, flow, inputs)
        yield traffic.queue_reaches(state.queue, rate, 0.0), "queue_gone", 0
        yield traffic.queue_reaches(state.queue, rate, p.queue_long), "queue_at_mark", 0
        if rate > 0.0:
            yield traffic.queue_reaches(state.queue, rate, p.queue_most), "queue_full", 0
        if state.seconds:
            strikes = state.seconds[0].strikes
            yield kernels.work_done_in(strikes - state.clock, traffic.risk(p, state, flow, inputs)), "second_crash", 0
        if state.on_road and traffic.access(p, state, inputs) is not state.access:
            yield 0.0, "access_changed", 0
        elif not (caught or state.blocked or state.queue > 0.0):
            yield 0.0, "road_open", 0

    def _clearing(self, state: State, effort: dict[str, float]) -> Iterator[Due]:
        """When the next lane opens: as cranes lift the wrecks, once loaders have cleared the debris."""
        p, cranes, loaders = self.p, effort.get("wrecks", 0.0), effort.get("debris", 0.0)
        if state.debris > 0.0:
            yield kernels.work_done_in(state.debris, loaders), "debris_cleared", 0
        if state.blocked is Blocked.TWO_LANES:
            left, name = p.left_two, "lane_open"
        elif state.blocked is Blocked.ONE_LANE:
            left, name = p.left_one, "lanes_open"
        else:
            left, name = 0.0, "cleared"
        if state.debris <= 0.0:
            yield kernels.work_done_in(state.wrecks - left * state.wrecks_all, cranes), name, 0

    # ── jumps ──

    def _on_road(self, state: State, name: str) -> Jump:
        """Lanes open, the queue passes a mark, traffic changes with the hour."""
        p = self.p
        effects: Sequence[Effect] = (Note(name, {"queue": state.queue, "delay": state.delay}),)
        match name:
            case "lane_open":
                state = replace(state, blocked=Blocked.ONE_LANE)
            case "lanes_open":
                state = replace(state, blocked=Blocked.SHOULDER)
            case "cleared":
                state = replace(state, blocked=Blocked.NOTHING, wrecks=0.0)
            case "debris_cleared":
                state = replace(state, debris=0.0)
            case "queue_gone":
                state = replace(state, queue=0.0)
            case "queue_full":
                state = replace(state, queue=p.queue_most)
            case "queue_at_mark":
                growing = state.access is Access.FREE
                state = replace(state, queue=p.queue_long if growing else math.nextafter(p.queue_long, 0.0))
            case "traffic_changes":
                part = (state.part + 1) % len(self._parts)
                begins, ends = self._parts[part][0], self._parts[(part + 1) % len(self._parts)][0]
                state = replace(state, part=part, part_left=(ends - begins) % DAY or DAY)
                effects = ()
        return state, effects

    def _burns(self, state: State, fire: Fire, name: str, inputs: Inputs) -> Jump:
        """What the fire does by itself; whoever is caught in what burns is lost when its cabin does."""
        after = tunnel.happens(self.p, fire, name, inputs)
        gone = tuple(who.id for who in fire.walkers if who.burns) if name == "cabin_burnt" else ()
        lost = (Harm(gone, Status.DEAD, why=name),) if gone else ()
        return replace(state, fire=after), (Note(name, {"heat": after.heat, "air": after.air}), *lost)

    def _in_tunnel(self, state: State, fire: Fire, name: str, k: int) -> Jump:
        """Somebody gets out of a burning tunnel, or is overcome; the dead must be brought out like the living."""
        if name == "freed":
            after, effects = smoke.got_out(self.p, fire, state.cut[k], name)
            state = replace(state, cut=state.cut[:k] + state.cut[k + 1 :])
        elif name == "brought_out":
            after, effects = smoke.got_out(self.p, fire, fire.within_reach[k], name)
        else:
            after, effects = smoke.leaves(self.p, fire, fire.walkers[k], name)
        state = replace(state, fire=after)
        return state, effects if _inside(state) else [*effects, Note("all_out")]

    def _second(self, state: State) -> Jump:
        """A crash at the end of the queue: more people, more wrecks."""
        p, (second, *later) = self.p, state.seconds
        vehicles = round(p.second_vehicles)
        cut, _, effects = crew.crash(p, second.people, 0, vehicles, state.entrapment)
        wrecks = state.wrecks + vehicles * p.lift_car
        state = replace(
            state,
            vehicles=state.vehicles + vehicles,
            cut=crew.in_order((*state.cut, *cut)),
            wrecks=wrecks,
            wrecks_all=wrecks,
            blocked=max(state.blocked, Blocked.ONE_LANE),
            clock=second.strikes,
            seconds=tuple(later),
        )
        return state, (Note("second_crash", {"people": float(len(second.people))}), *effects)

    def _seconds(self, stream: Stream) -> tuple[Second, ...]:
        """The second crashes that may happen, with the luck of whoever would be in them."""
        p, strikes, seconds = self.p, 0.0, []
        for n in range(round(p.second_most)):
            strikes += stream.exponential()
            people = crew.occupants("qrstuv"[n], round(p.second_people), round(p.second_vehicles), stream)
            seconds.append(Second(strikes, people))
        return tuple(seconds)

    def _part_of_day(self, clock: float) -> tuple[int, float]:
        """The part of the day's traffic at a local clock (s), and how long it lasts from there."""
        begun = [k for k, (begins, _) in enumerate(self._parts) if begins <= clock]
        part = begun[-1] if begun else len(self._parts) - 1
        ends = self._parts[(part + 1) % len(self._parts)][0]
        return part, (ends - clock) % DAY or DAY


def _cutting(state: State, effort: dict[str, float]) -> float:
    """Crews that cut: none while the heat keeps them away."""
    return 0.0 if state.fire and not state.fire.near else effort.get("cutting", 0.0)


def _inside(state: State) -> bool:
    """Whether anybody is still in a wreck, down a slope or in a burning tunnel."""
    fire = state.fire
    return bool(state.cut or state.haul or (fire and (fire.walkers or fire.up or fire.down)))


def _occupied(state: State) -> bool:
    """Whether wrecks must be left alone: for people, for fire, or for what a tanker holds."""
    return _inside(state) or bool((state.fire and not state.fire.out) or state.goods)


def _out(state: State, name: str, k: int) -> Jump:
    """Somebody is out of the wreck, or up on the road."""
    held = state.cut if name == "freed" else state.haul
    who, left = held[k], held[:k] + held[k + 1 :]
    state = replace(state, cut=left) if name == "freed" else replace(state, haul=left)
    effects: list[Effect] = [Harm((who.id,), Status.WAITING, who.triage, name)]
    if not _inside(state):
        effects.append(Note("all_out"))
    return state, effects
