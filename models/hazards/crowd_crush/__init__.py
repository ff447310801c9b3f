"""Crowd crush (拥挤踩踏): more people press into a narrow place than can leave it; who is in front suffocates, who falls is buried.

The number in the narrow place follows Weidmann's flow out, what comes in and what is pulled out behind, exactly; beyond a
density nobody moves, and a clock runs for those in front, one by one. People fall by a clock of their own; the pile they make
shuts the way out further and can be cleared only once the pressure is off. Stopping those who come, opening the way, one
direction, pulling people out behind and calm decide. Blind to waves in the crowd, to several narrow places at once and to
barriers that break. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.crowd_crush import people as front
from models.hazards.crowd_crush import rates
from models.hazards.crowd_crush.flow import Table
from models.hazards.crowd_crush.parameters import Parameters
from models.hazards.crowd_crush.state import Place, Pressed, State
from sim.domain.hazards import (
    Demand,
    DemandKind,
    Effect,
    Footprint,
    Harm,
    Inputs,
    Involve,
    Need,
    Note,
    Over,
    Scene,
    Sighting,
)
from sim.domain.people import Person, Status
from sim.domain.places import Site
from sim.streams import Stream

__all__ = ["Model", "Parameters", "Place", "Pressed", "State"]

Due = tuple[float, str]  # seconds from now, event
Jump = tuple[State, Sequence[Effect]]

WORK, RATE, HOLD, SERVICE = DemandKind.WORK, DemandKind.RATE, DemandKind.HOLD, DemandKind.SERVICE


class Model:
    """A crowd crush; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p
        self.table = Table(p)

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The moment at which what keeps the crowd in order fails: the place, the crowd, and everybody's luck."""
        p, crowd = self.p, scene.scope["crowd"]
        place = rates.place(p, self.table, scene)
        inside = min(crowd, p.begins_at * place.area)
        number = min(round(p.followed), round(p.front_share * p.crushing * place.area), round(crowd))
        waves = tuple(front.draw(p, f"{wave}", number, stream) for wave in front.WAVES)
        falls, groups, clock = [], [], 0.0
        for k in range(round(p.falls_most)):
            clock += stream.exponential()
            falls.append(0.0 if k == 0 and p.first_fall else clock)
            groups.append(front.draw(p, f"f{k + 1}", min(round(p.fall_people), round(crowd)), stream))
        hot = scene.weather.temperature > p.hot
        state = State(
            place, inside, crowd - inside, waves, tuple(groups), tuple(falls), p.shut, p.conflict > 0.0,
            p.hot_factor if hot else 1.0, thin=inside <= self.table.people_at(p.thin, place.area),
        )  # fmt: skip
        return rates.figures(p, self.table, state, Inputs({}, scene.weather)), ()

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The crowd `dt` seconds later."""
        p, effort, table = self.p, inputs.effort, self.table
        gain, width, pull = rates.flows(self.p, state, inputs)
        held = rates.is_held(self.table, state, gain, width, pull)
        came_in = width * table.flows[-1] + pull if held else gain
        falling = rates.falling(self.p, state, inputs)
        people, dose, stumbles, left = state.people, state.dose, state.stumbles, dt
        for stay in table.course(people, state.place.area, gain, width, pull):
            span = min(stay.span, left)
            people = stay.after(span)
            dose += table.pressing[stay.piece] * state.heat * span if state.standing else 0.0
            stumbles += falling * table.unsteady[stay.piece] * span
            left -= span
            if left <= 0.0:
                break
        pulling = rates.pulling(self.p, state, effort)
        after = replace(
            state,
            people=people,
            outside=max(0.0, state.outside - (came_in + state.place.leave) * dt),
            dose=dose,
            stumbles=stumbles,
            pile_dose=state.pile_dose + (dt * state.heat / p.pile_scale if state.pile else 0.0),
            pull=kernels.work_left(state.pull, pulling, dt),
            shut=kernels.work_left(state.shut, min(p.gate_face, effort.get("open_exit", 0.0)), dt),
            age=state.age + dt,
        )
        return rates.figures(p, table, after, inputs)

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return math.inf, ""
        span, name = min(self._due(state, inputs), default=(math.inf, ""))
        return max(0.0, span), name

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The jump at that event, a threshold being set onto its mark."""
        match name:
            case "dispersed":
                return replace(state, over=True), (Over(name),)
            case "suffocated" | "lost_in_pile":
                return self._dies(state, name)
            case "fall":
                return self._falls(state)
            case "pulled_out":
                return self._pulled_out(state, inputs)
            case "unstable" | "crush" | "crush_eases" | "pressure_off":
                return self._presses(state, name, inputs)
        table, area = self.table, state.place.area
        match name:
            case "packed":
                state = replace(state, people=table.people_at(self.p.packed, area), packed=True)
            case "thinned":
                state = replace(state, people=table.people_at(self.p.thin, area), thin=True)
            case "fills":
                state = replace(state, people=table.people_at(self.p.thin, area), thin=False)
            case "nobody_comes":
                state = replace(state, outside=0.0)
            case "exit_open":
                state = replace(state, shut=0.0)
        return state, (Note(name, self._told(state)),)

    def demands(self, state: State) -> Sequence[Demand]:
        """Every way in stopped at once, people led away behind, one direction, the way out opened, the fallen, order."""
        p, place = self.p, state.place
        round_it = p.stop_set_up + 2 * place.way / p.walking  # from one side of the ground to the other, on foot
        inside = place.way / p.crowd_speed
        demands: list[Demand] = []
        if state.outside > 0.0:
            demands.append(Demand("stop", RATE, "CORDON", place.entries, place.entries, round_it, 1, wears=False))
        if state.outside > 0.0 or not state.thin:
            points = place.rear / p.rear_each
            demands.append(Demand("rear", RATE, "CORDON", points, points, round_it, 2, wears=False))
        if state.shut > 0.0:
            demands.append(Demand("open_exit", WORK, "LABOR", state.shut, p.gate_face, inside, 2))
        if state.conflict:
            demands.append(Demand("one_way", HOLD, "CORDON", p.one_way, p.one_way, round_it, 2))
        pressed = len(state.pile) + (len(state.standing) if state.crush or state.dose > 0.0 else 0)
        if pressed:
            helpers = front.helpers_wanted(p, pressed)
            demands.append(Demand("revive", HOLD, "FIRST_AID", helpers, helpers, inside, 2))
        if state.pile:
            left = float(len(state.pile))  # bystanders pull, too: a queue rather than an amount of work
            demands.append(Demand("extract", SERVICE, "LABOR", left, p.pull_face, inside, 2))
        if state.people + state.outside > 0.0 and (points := rates.order(p, rates.came(p, state))) > 0.0:
            demands.append(Demand("order", HOLD, "CORDON", points, points, priority=4, wears=False))
        return sorted(demands, key=lambda d: (d.priority, d.id))

    def readings(self, state: State) -> dict[str, float]:
        """How many stand how close, what comes and goes, who is pressed and who lies in a pile."""
        return {
            "density": state.place.density(state.people),
            "inside": state.people,
            "outside": state.outside,
            "inflow": state.inflow,
            "outflow": state.outflow,
            "pressed": float(len(state.standing)) if state.crush else 0.0,
            "in_pile": float(len(state.pile)),
            "dead": float(state.dead),
        }

    def mode(self, state: State) -> str:
        """latent before it is dangerous, growing while it is, declining when the pressure is off."""
        if state.over:
            return "over"
        if state.unstable:
            return "growing"
        return "declining" if state.ever else "latent"

    def footprint(self, state: State) -> Footprint:
        """The crowd itself."""
        return Footprint(0.0 if state.over else state.place.way + math.sqrt(state.place.area))

    def observe(self, state: State, stream: Stream) -> Sighting:
        """The density is judged by eye, the crowd counted in rough figures; who lies in a pile is seen when it can be reached."""
        p = self.p
        seen = math.exp(p.seen_error * stream.normal())
        crowd = (state.people + state.outside) * math.exp(p.seen_error * stream.normal())
        return Sighting(
            figures={
                "density": state.place.density(state.people) * seen,
                "crowd": round(crowd / p.seen_step) * p.seen_step,
                "entries": state.place.entries if state.outside > 0.0 else 0.0,
                "rear": state.place.rear / p.rear_each if state.outside > 0.0 or not state.thin else 0.0,
                "against": float(state.conflict),
                "shut": float(state.shut > 0.0),
                "fallen": float(len(state.pile)),
            }
        )

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's; a crowd needs the same anywhere
        """Police for every way in and for order, people led away behind, hands for the pile and the gate, helpers."""
        p, seen = self.p, sighting.figures
        if not seen:
            return ()
        points = (
            seen["entries"]
            + seen["rear"]
            + rates.order(self.p, seen["crowd"])
            + (p.one_way if seen["against"] else 0.0)
        )
        hands = (p.pull_face if seen["fallen"] else 0.0) + (p.gate_face if seen["shut"] else 0.0)
        helpers = front.helpers_wanted(p, sighting.trapped)
        wanted = (("CORDON", points, 1), ("LABOR", hands, 1), ("FIRST_AID", helpers, 2))
        return [Need(capability, amount, urgent) for capability, amount, urgent in wanted if amount > 0.0]

    # ── what is due ──

    def _due(self, state: State, inputs: Inputs) -> list[Due]:
        p, effort = self.p, inputs.effort
        gain, width, pull = rates.flows(self.p, state, inputs)
        held = rates.is_held(self.table, state, gain, width, pull)
        due = [rates.on_the_way(self.p, self.table, state, inputs, gain, width, pull)]
        if state.outside > 0.0:
            going = (width * self.table.flows[-1] + pull if held else gain) + state.place.leave
            due.append((kernels.work_done_in(state.outside, going), "nobody_comes"))
        if state.shut > 0.0:
            due.append((kernels.work_done_in(state.shut, min(p.gate_face, effort.get("open_exit", 0.0))), "exit_open"))
        if (who := front.next_lost(state.pile)) is not None:
            due.append((kernels.work_done_in(who.bears - state.pile_dose, state.heat / p.pile_scale), "lost_in_pile"))
            due.append((kernels.work_done_in(state.pull, rates.pulling(self.p, state, effort)), "pulled_out"))
        falls_now = bool(state.falls) and state.falls[0] <= state.stumbles
        if state.thin and not (state.standing or state.pile or falls_now) and gain <= width * self.table.peak + pull:
            due.append((0.0, "dispersed"))
        return due

    # ── jumps ──

    def _presses(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The crowd becomes unstable, crushes, eases, lets go; a mark is set onto its density."""
        p = self.p
        mark = p.crushing if name in ("crush", "crush_eases") else p.unstable
        state = replace(state, people=self.table.people_at(mark, state.place.area))
        effects: list[Effect] = []
        match name:
            case "unstable":
                state = replace(state, unstable=True, ever=True)
                if state.waves:
                    state = replace(state, standing=state.waves[0], waves=state.waves[1:], dose=0.0)
                    persons = tuple(Person(who.id, Status.EXPOSED, "front") for who in state.standing)
                    effects += [Involve(persons)] if persons else []
            case "crush":
                state = replace(state, crush=True)
                if state.standing and state.dose <= 0.0:
                    effects.append(Harm(_names(state.standing), Status.TRAPPED, why="pressed"))
            case "crush_eases":
                state = replace(state, crush=False, packed=False)
            case _:
                state = replace(state, unstable=False)
                state, effects = self._let_out(state, state.standing, state.dose, inputs, "pressure_off")
                state = replace(state, standing=(), dose=0.0)
        return state, [Note(name, self._told(state)), *effects]

    def _falls(self, state: State) -> Jump:
        """Some fall, others over them."""
        group, *later = state.groups
        fallen = tuple(replace(who, bears=who.bears + state.pile_dose, joined=state.pile_dose) for who in group)
        state = replace(
            state,
            pile=state.pile + fallen,
            pull=state.pull if state.pile else self.p.pull_each,
            groups=tuple(later),
            falls=state.falls[1:],
            stumbles=max(state.stumbles, state.falls[0]),
        )
        persons = tuple(Person(who.id, Status.TRAPPED, "pile") for who in fallen)
        effects: list[Effect] = [Note("fall", {"people": float(len(fallen))})]
        return state, [*effects, Involve(persons)] if persons else effects

    def _dies(self, state: State, name: str) -> Jump:
        """The one whose dose is full; the clock is set onto it."""
        if name == "suffocated":
            who = front.next_lost(state.standing)
            assert who is not None, "only somebody who stands there suffocates there"
            state = replace(state, standing=_without(state.standing, who), dose=who.bears)
        else:
            who = front.next_lost(state.pile)
            assert who is not None, "only somebody who lies there is lost there"
            state = replace(state, pile=_without(state.pile, who), pile_dose=who.bears)
            state = self._pile_gone(state)
        return replace(state, dead=state.dead + 1), (Harm((who.id,), Status.DEAD, why=name),)

    def _pulled_out(self, state: State, inputs: Inputs) -> Jump:
        """The next one is out of the pile."""
        first, *others = state.pile
        state, effects = self._let_out(state, (first,), state.pile_dose, inputs, "pulled_out")
        state = self._pile_gone(replace(state, pile=tuple(others), pull=self.p.pull_each))
        return state, effects if others else [*effects, Note("pile_cleared", self._told(state))]

    def _let_out(
        self, state: State, out: Sequence[Pressed], dose: float, inputs: Inputs, why: str
    ) -> tuple[State, list[Effect]]:
        busy = tuple(until for until in state.busy if until > state.age)
        helpers = max(0, int(inputs.effort.get("revive", 0.0)) - len(busy))
        effects, dead, taken = front.come_out(self.p, out, dose, helpers, why)
        busy += (state.age + self.p.revive_for,) * taken
        return replace(state, busy=busy, dead=state.dead + dead), effects

    @staticmethod
    def _pile_gone(state: State) -> State:
        return state if state.pile else replace(state, pile_dose=0.0, pull=0.0)

    def _told(self, state: State) -> dict[str, float]:
        return {"density": state.place.density(state.people), "inside": state.people, "outside": state.outside}


def _names(people: Sequence[Pressed]) -> tuple[str, ...]:
    return tuple(who.id for who in people)


def _without(people: Sequence[Pressed], gone: Pressed) -> tuple[Pressed, ...]:
    return tuple(who for who in people if who is not gone)
