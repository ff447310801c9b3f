"""Water-source pollution (水源污染): a substance runs down a river; intakes shut before its edge comes, or drink it.

Concentration at every intake follows exactly from what was let in, advection, dispersion and decay; weather changes the
discharge, sealing and containing end the inflow, a carbon dam takes out a share. An intake that is told in time shuts before the
edge, and its towns live on stored water and tankers; one that is not takes it in until its own laboratory notices: people fall
ill, and the pipes must be flushed. Blind to tributaries that bring clean water, to what sinks into the bed, to dams that hold
water back, and to forecasts that are wrong. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.water_pollution import course, plume
from models.hazards.water_pollution.parameters import Parameters
from models.hazards.water_pollution.state import Drinker, Inflow, Intake, River, State, Treated
from sim.domain.hazards import (
    Cut,
    Demand,
    DemandKind,
    Effect,
    Footprint,
    Inputs,
    Involve,
    Need,
    Note,
    Over,
    Scene,
    Shock,
    Sighting,
)
from sim.domain.people import Person, Status, Triage
from sim.domain.places import Site
from sim.streams import Stream

__all__ = ["Drinker", "Inflow", "Intake", "Model", "Parameters", "River", "State", "Treated"]

Due = tuple[float, str, int]  # seconds from now, event, index of the intake
Jump = tuple[State, Sequence[Effect]]

WORK, RATE, HOLD = DemandKind.WORK, DemandKind.RATE, DemandKind.HOLD
_LIMIT = 1.0  # ratio of concentration to the stop level at which an intake must be shut


class Model:
    """A polluted river; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The moment it gets into the water; who would fall ill of how much is drawn."""
        return course.begin(self.p, scene, stream), ()

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The river `dt` seconds later: water runs, the source empties, work is done, stored water is drunk."""
        p, effort = self.p, inputs.effort
        state = self._under(state, inputs)
        s = state.s + state.velocity * dt
        out = min(state.left, state.leaking * dt)
        kept = state.contained * p.caught
        later = replace(
            state,
            s=s,
            left=state.left - out,
            entered=state.entered + (1.0 - kept) * out,
            caught=state.caught + kept * out,
            seal=kernels.work_left(state.seal, effort.get("seal", 0.0), dt),
            contain=kernels.work_left(state.contain, effort.get("contain", 0.0), dt),
            sample=kernels.work_left(state.sample, effort.get("sample", 0.0), dt),
            dam=kernels.work_left(state.dam, effort.get("dam", 0.0), dt),
            order=state.order - dt,
            quiet_for=state.quiet_for + dt if state.quiet else 0.0,
        )
        return replace(later, intakes=tuple(self._later(state, i, s, dt, inputs) for i in state.intakes))

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return math.inf, ""
        due = min(self._due(state, inputs), default=(math.inf, "", 0))
        return max(0.0, due[0]), due[1]

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The jump at that event, at the source or at the intake that is due."""
        if name == "clean":
            return replace(state, over=True), (Over(name),)
        if name in ("quiet", "threat_again"):
            return replace(state, quiet=name == "quiet", quiet_for=0.0), ()
        if name in _AT_SOURCE:
            return self._at_source(state, name)
        k = min(due for due in self._due(state, inputs) if due[1] == name)[2]
        return self._at_intake(state, name, k)

    def demands(self, state: State) -> Sequence[Demand]:
        """Stop it, keep it out of the river, find out what it is, warn the intakes, dam with carbon, flush, bring water."""
        p = self.p
        asked = [
            Demand("monitor", HOLD, "ENV_MON", p.monitors, priority=3, wears=False),
            Demand("bank", HOLD, "CORDON", p.bank, priority=6, wears=False),
        ]
        if state.leaking > 0.0:
            asked.append(Demand("seal", WORK, "LEAK_STOP", state.seal, p.seal_face, priority=1))
            if not state.contained:
                asked.append(Demand("contain", WORK, "FLOOD", state.contain, p.contain_face, priority=1))
        if state.sample > 0.0:
            asked.append(Demand("sample", WORK, "ENV_MON", state.sample, p.sample_face, priority=1, wears=False))
        if self._dam_serves(state):
            if state.dam > 0.0:
                asked.append(Demand("dam", WORK, "LABOR", state.dam, p.dam_face, priority=2))
            else:
                asked.append(Demand("dosing", RATE, "LABOR", p.dosing, p.dosing, priority=2))
        for intake in state.intakes:
            if not intake.told and not intake.shut:
                asked.append(Demand(f"warn_{intake.id}", WORK, "WATER_REPAIR", intake.ready, 1.0, 0.0, 1, wears=False))
            if intake.fouled and not intake.above:
                asked.append(Demand(f"flush_{intake.id}", WORK, "WATER_REPAIR", intake.flush, p.flush_face, priority=3))
        if state.short > 0.0:
            water = p.ration * state.short
            asked.append(Demand("tankers", RATE, "WATER_SUPPLY", water, water, p.tanker_set_up, 2, wears=False))
        return sorted(asked, key=lambda demand: (demand.priority, demand.id))

    def readings(self, state: State) -> dict[str, float]:
        """What got in and how, the worst water at an intake, who is shut, short of water, ill."""
        p = self.p
        worst = max((plume.ratio(p, state, i, state.s) for i in state.intakes), default=0.0)
        return {
            "entered": state.entered,
            "inflow": state.leaking * (1.0 - state.contained * p.caught),
            "flow": state.flow,
            "front": state.s,
            "worst": worst,
            "shut": float(sum(intake.shut for intake in state.intakes)),
            "fouled": float(sum(intake.fouled for intake in state.intakes)),
            "short": state.short,
            "thirsty": max(0.0, state.short - state.served),
            "ill": float(sum(intake.ill for intake in state.intakes)),
        }

    def mode(self, state: State) -> str:
        """growing while it runs in, steady while it threatens intakes, declining while they wait, controlled when it is past."""
        if state.over:
            return "over"
        if state.quiet:
            return "controlled"
        if state.leaking > 0.0:
            return "growing"
        return "declining" if any(intake.shut for intake in state.intakes) else "steady"

    def footprint(self, state: State) -> Footprint:
        """The bank at the spill, while it runs."""
        return Footprint(self.p.danger if state.leaking > 0.0 else 0.0)

    def observe(self, state: State, stream: Stream) -> Sighting:
        """Intakes are known; how much got in is guessed, wrong by the same factor each time."""
        p = self.p
        ahead = [i for i in state.intakes if not i.shut and not state.quiet]
        flush = math.fsum(i.flush for i in state.intakes if i.fouled)
        return Sighting(
            figures={
                "mass": state.entered * state.misjudged * math.exp(p.look_error * stream.normal()),
                "leaking": float(state.leaking > 0.0),
                "unknown": float(state.sample > 0.0),
                "intakes": float(sum(not i.told for i in ahead)),
                "intake_people": math.fsum(i.people for i in state.intakes if i.shut),
                "threatened": math.fsum(i.people for i in ahead),
                "dam": float(self._dam_serves(state)),
                "short": state.short,
                "flush": flush,
            }
        )

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's; rivers need the same anywhere
        """Samplers always; leak and dike crews while it runs, water crews to warn and flush, carriers of carbon, tankers."""
        p, seen = self.p, sighting.figures
        if not seen:
            return ()
        crews = seen["intakes"] + min(p.flush_face, math.ceil(seen["flush"] / p.flush_within))
        asked = [
            Need("ENV_MON", p.monitors + (p.sample_face if seen["unknown"] else 0.0), 1),
            Need("CORDON", p.bank, 4),
            Need("LEAK_STOP", p.seal_face * seen["leaking"], 1),
            Need("FLOOD", p.contain_face * seen["leaking"], 1),
            Need("WATER_REPAIR", min(p.crews_most, crews), 1),
            Need("LABOR", p.dam_face * seen["dam"], 2),
            Need("WATER_SUPPLY", p.ration * seen["short"], 2),
        ]
        return [need for need in asked if need.amount > 0.0]

    # ── inputs ──

    def _under(self, state: State, inputs: Inputs) -> State:
        """The state with discharge, velocity and treatment as these inputs have them; what runs in begins a new record."""
        p, effort = self.p, inputs.effort
        flow, velocity = course.speed(p, state.river, inputs.weather)
        if velocity != state.velocity:
            state = _running_in(replace(state, flow=flow, velocity=velocity), p)
        share = 0.0
        if state.dam <= 0.0 and p.dosing > 0.0:
            share = p.removal * min(1.0, effort.get("dosing", 0.0) / p.dosing)
        if share != state.treated[-1].share:
            state = replace(state, treated=(*state.treated, Treated(state.s, share)))
        return replace(state, served=effort.get("tankers", 0.0) / p.ration)

    def _later(self, state: State, intake: Intake, s: float, dt: float, inputs: Inputs) -> Intake:
        """An intake after the odometer has run on to `s`."""
        p, effort = self.p, inputs.effort
        changed = {}
        if not intake.told:
            changed["ready"] = kernels.work_left(intake.ready, effort.get(f"warn_{intake.id}", 0.0), dt)
        if not intake.shut:
            changed["taken"] = intake.taken + plume.dose_between(p, state, intake, state.s, s)
            changed["bad"] = intake.bad + (dt if intake.above else 0.0)
        else:
            changed["stored"] = max(0.0, intake.stored - dt)
        if intake.shut or intake.fouled:
            changed["clear"] = 0.0 if intake.above else intake.clear + dt
        if intake.fouled and not intake.above:
            changed["flush"] = kernels.work_left(intake.flush, effort.get(f"flush_{intake.id}", 0.0), dt)
        return replace(intake, **changed)

    def _dam_serves(self, state: State) -> bool:
        """Whether carbon can still take out something that an intake would get."""
        if math.isinf(state.node) or state.quiet:
            return False
        past = state.s - state.node > self.p.dam_until * math.sqrt(2 * state.river.dispersivity * state.node)
        return state.leaking > 0.0 or not past

    # ── what is due ──

    def _due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        """Everything that will happen by itself under these inputs: (seconds, name, index)."""
        p, effort = self.p, inputs.effort
        state = self._under(state, inputs)
        if state.leaking > 0.0:
            yield state.left / state.leaking, "empty", 0
            yield kernels.work_done_in(state.seal, effort.get("seal", 0.0)), "sealed", 0
            if not state.contained:
                yield kernels.work_done_in(state.contain, effort.get("contain", 0.0)), "contained", 0
        if state.sample > 0.0:
            yield kernels.work_done_in(state.sample, effort.get("sample", 0.0)), "identified", 0
        elif not state.ordered:
            yield state.order, "ordered", 0
        if state.dam > 0.0:
            yield kernels.work_done_in(state.dam, effort.get("dam", 0.0)), "dam_built", 0
        threat = state.leaking > 0.0
        for k, intake in enumerate(state.intakes):
            edge = math.inf if intake.above else plume.rises_above(p, state, intake, _LIMIT)
            threat = threat or intake.above or intake.shut or intake.fouled or edge < math.inf
            yield from self._at(state, k, intake, edge, inputs)
        if threat:
            if state.quiet:
                yield 0.0, "threat_again", 0
        elif state.quiet:
            yield p.watch - state.quiet_for, "clean", 0
        else:
            yield 0.0, "quiet", 0

    def _at(self, state: State, k: int, intake: Intake, edge: float, inputs: Inputs) -> Iterator[Due]:
        """What is due at one intake, to which the edge comes when the odometer shows `edge`."""
        p, effort, velocity = self.p, inputs.effort, state.velocity
        wait = (edge - state.s) / velocity
        if not intake.above:
            yield wait, "edge_comes", k
        else:
            yield (plume.falls_below(p, state, intake, _LIMIT) - state.s) / velocity, "edge_past", k
        if not intake.told:
            yield kernels.work_done_in(intake.ready, effort.get(f"warn_{intake.id}", 0.0)), "warned", k
        if intake.shut:
            if not intake.dry:
                yield intake.stored, "stored_out", k
        else:
            if intake.told:
                yield (0.0 if intake.above else wait - p.lead), "intake_shut", k
            if intake.above:
                yield intake.alarm - intake.bad, "noticed", k
            if intake.ill < len(intake.drinkers):
                dose = intake.drinkers[intake.ill].dose - intake.taken
                yield (plume.dose_reached(p, state, intake, dose) - state.s) / velocity, "falls_ill", k
        if (intake.shut or intake.fouled) and not intake.above and wait > p.lead:
            flushed = 0.0
            if intake.fouled:
                by_crews = kernels.work_done_in(intake.flush, effort.get(f"flush_{intake.id}", 0.0))
                flushed = min(by_crews, p.own_flush - intake.clear)
            yield max(p.settle - intake.clear, flushed), "intake_open" if intake.shut else "pipes_clean", k

    # ── jumps ──

    def _at_source(self, state: State, name: str) -> Jump:
        """The source, the sample, the order, the dam."""
        p = self.p
        match name:
            case "empty" | "sealed":
                state = _running_in(replace(state, leaking=0.0, left=0.0, seal=0.0), p)
            case "contained":
                state = _running_in(replace(state, contain=0.0, contained=True), p)
            case "identified":
                state = replace(state, sample=0.0, order=p.order)
            case "ordered":
                intakes = tuple(replace(intake, told=True) for intake in state.intakes)
                state = replace(state, ordered=True, order=math.inf, intakes=intakes)
            case "dam_built":
                state = replace(state, dam=0.0)
        values = {"entered": state.entered, "caught": state.caught, "front": state.s}
        return state, (Note(name, values),)

    def _at_intake(self, state: State, name: str, k: int) -> Jump:
        """What happens at one intake."""
        p, intake = self.p, state.intakes[k]
        effects: list[Effect] = []
        values = {"people": intake.people, "along": intake.x, "ratio": plume.ratio(p, state, intake, state.s)}
        match name:
            case "edge_comes":
                intake = replace(intake, above=True, clear=0.0, fouled=intake.fouled or not intake.shut)
                what = "edge_at_shut" if intake.shut else "edge_at_open"
                effects.append(Note(what, values))
                if intake.towns:
                    effects.append(Shock("polluted_water", intake.towns[0], values))
            case "edge_past":
                intake = replace(intake, above=False)
                effects.append(Note(name, {**values, "peak": plume.worst(p, state, intake)}))
            case "warned":
                intake = replace(intake, told=True, ready=0.0)
                effects.append(Note(name, values))
            case "intake_shut" | "noticed":
                intake = replace(intake, shut=True, told=True, clear=0.0)
                effects.append(Note(name, values))
            case "stored_out":
                intake = replace(intake, dry=True, stored=0.0)
                effects += [Note(name, values), Cut("water", p.other_source, towns=intake.towns, why=name)]
            case "intake_open":
                effects.append(Note(name, values))
                if intake.dry:
                    effects.append(Cut("water", 1.0, towns=intake.towns, why=name))
                intake = replace(
                    intake,
                    shut=False,
                    fouled=False,
                    dry=False,
                    stored=intake.stores,
                    flush=course.ahead(p, intake.people),
                )
            case "pipes_clean":
                intake = replace(intake, fouled=False, flush=course.ahead(p, intake.people))
                effects.append(Note(name, values))
            case "falls_ill":
                one = intake.drinkers[intake.ill]
                name, colour = f"p{intake.id}{intake.ill + 1:03d}", self._colour(one.luck)
                who = Person(name, Status.WAITING, intake.id, colour, harm="illness")
                intake = replace(intake, ill=intake.ill + 1, taken=one.dose)
                effects.append(Involve((who,)))
        return replace(state, intakes=(*state.intakes[:k], intake, *state.intakes[k + 1 :])), effects

    def _colour(self, luck: float) -> Triage:
        if luck < self.p.red:
            return Triage.RED
        return Triage.YELLOW if luck < self.p.red + self.p.yellow else Triage.GREEN


_AT_SOURCE = ("empty", "sealed", "contained", "identified", "ordered", "dam_built")


def _running_in(state: State, p: Parameters) -> State:
    """The record of what runs in, closed here and opened again at the rate of now."""
    rate = state.leaking * (1.0 - state.contained * p.caught) / state.velocity
    last = state.inflows[-1] if state.inflows else None
    records = state.inflows
    if last is not None and math.isinf(last.ends):
        records = (*records[:-1], Inflow(last.begins, state.s, last.rate)) if last.begins < state.s else records[:-1]
    if rate > 0.0:
        records = (*records, Inflow(state.s, math.inf, rate))
    return replace(state, inflows=records)
