"""Railway accident (铁路交通事故): a wire that must be dead first, people cut free and borne out, then cars, track and line.

How many cars are crushed goes by the speed; what became of everybody aboard by the car they sat in, drawn once. Nobody goes in
before the wire above is known to be dead. The caught are cut free, stretcher patients borne to the road by teams of six, the
unhurt led to buses; when all cars have been searched twice they are lifted and the line is mended. Wagons with dangerous goods
may leak. Blind to fire on board and to what a second train would do. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models.hazards.rail_accident import seen, site, train
from models.hazards.rail_accident.parameters import Parameters
from models.hazards.rail_accident.state import Damage, Goods, Held, State
from sim.domain.hazards import (
    Demand,
    DemandKind,
    Effect,
    Footprint,
    Found,
    Harm,
    Inputs,
    Need,
    Note,
    Over,
    Scene,
    Sighting,
)
from sim.domain.people import Status, Triage
from sim.domain.places import Site
from sim.streams import Stream

__all__ = ["Damage", "Goods", "Held", "Model", "Parameters", "State"]

Due = tuple[float, str, int]  # seconds from now, event, index of the person
Jump = tuple[State, Sequence[Effect]]

WORK, HOLD, SERVICE = DemandKind.WORK, DemandKind.HOLD, DemandKind.SERVICE


class Model:
    """A railway accident; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The moment after it has come to rest: the cars, the people, the track."""
        p = self.p
        misjudged = math.exp(p.seen_error * stream.normal())
        isolated, wagons = stream.uniform(), train.wagons(p, round(scene.scope["derailed"]), stream)
        metres = site.way(p, scene, stream)
        cars = train.damage(p, scene, stream)
        curve = train.entrapment(p, scene.weather)
        aboard = train.settle(p, round(scene.scope["people"]), cars, site.bearing(p, metres), curve, stream)
        energy = train.energy(p.mass, scene.scope["speed"])
        hit = sum(cars[: Damage.STANDING])
        dark, light_left = site.light(p, scene.calendar.hour_at(scene.begins) * 3600.0)
        state = State(
            cars, energy, metres, curve, train.in_order(aboard.cut), train.in_order(aboard.bear), tuple(aboard.walking),
            tuple(aboard.unhurt), p.help_share * p.help_worth * len(aboard.unhurt), len(aboard.dead),
            search=p.search_twice * p.search_each * sum(cars), debris=p.debris,
            lift=p.lift * hit, line=p.line_least + energy / p.track_energy * p.line_each,
            live=p.wired * (p.dead_least + (p.dead_most - p.dead_least) * isolated), walk=metres / p.walking,
            goods=wagons, seen=misjudged, dark=dark, light_left=light_left, weather=scene.weather,
        )  # fmt: skip
        figures = {"people": scene.scope["people"], "energy": energy, "cars": float(hit)}
        leaks = [Note(f"leaks_{wagon.kind}", {"mass": wagon.mass}) for wagon in wagons]
        return state, [*aboard.effects(), Note("at_rest", figures), *leaks]

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The site `dt` seconds later; its telephones are as they are now."""
        after = site.later(self.p, state, dt, inputs)
        return replace(after, light_left=state.light_left - dt, weather=inputs.weather)

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return math.inf, ""
        due = min(self._due(state, inputs))
        return max(0.0, due[0]), due[1]

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The jump at that event."""
        match name:
            case "cut_free" | "borne_out":
                k = min(due for due in self._due(state, inputs) if due[1] == name)[2]
                jump: Jump = self._out(state, name, k)
            case "walked_out":
                jump = replace(state, walking=(), walk=0.0), (_hurt(state.walking, Triage.GREEN, name),)
            case "led_away":
                n = round(site.bus(self.p, state))
                gone, left = state.unhurt[:n], state.unhurt[n:]
                jump = replace(state, unhurt=left, led=0.0), (Harm(gone, Status.SAFE, why=name),)
            case "link_changes":
                jump = replace(state, linked=site.linked(self.p, inputs)), ()
            case "line_open":
                jump = replace(state, over=True), (Over(name),)
            case _:
                jump = self._goes_on(state, name)
        state, effects = jump
        gone_out = name in ("borne_out", "walked_out", "led_away") and not state.inside
        return state, [*effects, Note("all_out")] if gone_out else effects

    def demands(self, state: State) -> Sequence[Demand]:
        """Watch over the track; once the wire is dead: cutting, bearing, buses, search, light; at last cranes and track crews."""
        p = self.p
        demands = [
            Demand("guard", HOLD, "RAIL", p.guard, priority=2, wears=False),
            Demand("cordon", HOLD, "CORDON", p.cordon, priority=4, wears=False),
        ]
        if state.live > 0.0:
            return demands
        if state.cut:
            faces = p.crews_car * max(1, state.cars[Damage.CRUSHED] + state.cars[Damage.OVERTURNED])
            face = min(float(len(state.cut)), faces)
            demands.append(Demand("cutting", SERVICE, "RESCUE_CUT", float(len(state.cut)), face, p.cut_set_up, 1))
        if state.bear:
            face = p.bearers * len(state.bear)
            demands.append(Demand("bearing", SERVICE, "LABOR", float(len(state.bear)), face, p.bear_set_up, 2))
        if state.unhurt:
            demands.append(Demand("leading", SERVICE, "EVAC", float(len(state.unhurt)), p.leading_most, priority=3))
        if state.search > 0.0:
            face = p.searchers * sum(state.cars)
            demands.append(Demand("search", WORK, "SEARCH", state.search, face, priority=3))
        if state.dark and (state.inside or state.search > 0.0):
            demands.append(Demand("lights", HOLD, "POWER", p.lights, p.lights, p.lights_set_up, 3, wears=False))
        if state.debris > 0.0:
            demands.append(Demand("debris", WORK, "ROAD_CLEAR", state.debris, p.debris_face, priority=3))
        if site.clear_to_lift(state) and state.lift > 0.0:
            demands.append(Demand("lifting", WORK, "CRANE", state.lift, p.cranes, p.crane_set_up, 4))
        elif site.clear_to_mend(state) and state.line > 0.0:
            demands.append(Demand("line", WORK, "RAIL", state.line, p.line_face, p.line_set_up, 5))
        return demands

    def readings(self, state: State) -> dict[str, float]:
        """People caught, on stretchers, unhurt on the spot; search, cars and track still to be done; whether the wire is live."""
        return {
            "caught": float(len(state.cut)),
            "stretchers": float(len(state.bear)),
            "walking": float(len(state.walking)),
            "unhurt": float(len(state.unhurt)),
            "not_searched": state.search,
            "cars_left": state.lift / self.p.lift,
            "line_work": state.line,
            "debris": state.debris,
            "live": float(state.live > 0.0),
        }

    def mode(self, state: State) -> str:
        """growing while nobody may go in, steady while people are inside, declining while the line is restored, over."""
        if state.over:
            return "over"
        if state.live > 0.0:
            return "growing"
        return "steady" if state.inside or state.search > 0.0 else "declining"

    def footprint(self, state: State) -> Footprint:
        """Around a wire that may be live."""
        return Footprint(self.p.danger if state.live > 0.0 else 0.0)

    def observe(self, state: State, stream: Stream) -> Sighting:
        """Counts at sight are wrong by the same factor each time; the train's list tells how many were aboard."""
        return seen.sighting(self.p, state, stream)

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's; trains need the same anywhere
        """Two crews a car with people caught in it, six bearers a stretcher, buses, search; then cranes and track crews."""
        return tuple(seen.needs(self.p, sighting))

    # ── what is due ──

    def _due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        """Everything that will happen by itself under these inputs: (seconds, name, index)."""
        yield state.light_left, "dawn" if state.dark else "dusk", 0
        if state.live > 0.0 and site.linked(self.p, inputs) is not state.linked:
            yield 0.0, "link_changes", 0
        else:
            yield from site.due(self.p, state, inputs)
        if not (state.inside or state.search > 0.0 or state.lift > 0.0 or state.line > 0.0 or state.debris > 0.0):
            yield 0.0, "line_open", 0

    # ── jumps ──

    def _goes_on(self, state: State, name: str) -> Jump:
        """What changes the site as a whole; work that is done is set onto its end."""
        effects: Sequence[Effect] = (Note(name),)
        match name:
            case "dusk" | "dawn":
                state, effects = replace(state, dark=name == "dusk", light_left=site.light_for(self.p, name)), ()
            case "wire_dead":
                state = replace(state, live=0.0)
            case "searched":
                state, effects = replace(state, search=0.0, bodies=0), (*effects, Found(name))
            case "debris_cleared":
                state = replace(state, debris=0.0)
            case "cars_lifted":
                state = replace(state, lift=0.0)
            case "line_restored":
                state = replace(state, line=0.0)
        return state, effects

    def _out(self, state: State, name: str, k: int) -> Jump:
        """Somebody is cut free, and lies there to be borne out or can walk; or is at the road."""
        if name == "borne_out":
            who = state.bear[k]
            return replace(state, bear=state.bear[:k] + state.bear[k + 1 :]), (_hurt((who.id,), who.triage, name),)
        who = state.cut[k]
        state = replace(state, cut=state.cut[:k] + state.cut[k + 1 :])
        bearing = site.bearing(self.p, state.way)
        state = replace(state, bear=train.in_order((*state.bear, Held(who.id, who.triage, bearing))))
        return state, (Note(name, {"caught": float(len(state.cut))}),)


def _hurt(names: tuple[str, ...], colour: Triage, why: str) -> Harm:
    return Harm(names, Status.WAITING, colour, why)
