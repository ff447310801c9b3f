"""Food poisoning (食物中毒): who ate falls ill after a while; stopping the meal spares those who have not eaten.

Everybody's meal, onset and severity are drawn once. An antidote on the spot makes later onsets milder; inquiry and tests close the
case. Blind to who infects others later, to the worried well, and to where the food came from. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.chances import normal_cdf
from models.hazards.food_poisoning.parameters import Parameters
from models.hazards.food_poisoning.state import Eater, State
from sim.domain.hazards import Demand, DemandKind, Effect, Footprint, Inputs, Involve, Need, Note, Over, Scene, Sighting
from sim.domain.people import Person, Status, Triage
from sim.domain.places import Site
from sim.streams import Stream

__all__ = ["Eater", "Model", "Parameters", "State", "onset_share"]

Jump = tuple[State, Sequence[Effect]]
WORK, HOLD = DemandKind.WORK, DemandKind.HOLD
_BADLY = (Triage.RED, Triage.EXPECTANT)
_MILDER = {Triage.EXPECTANT: Triage.RED, Triage.RED: Triage.YELLOW}


def onset_share(t: float, median: float, dispersion: float) -> float:
    """Share of the ill whose signs have begun `t` after the meal: log-normal (Sartwell)."""
    return normal_cdf(math.log(t / median) / math.log(dispersion)) if t > 0.0 else 0.0


class Model:
    """A food poisoning; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The meal begins: who will eat when, and what becomes of them."""
        p = self.p
        served = p.serving * getattr(p, f"serving_{scene.site.terrain}")
        warm = 1 + p.warm * max(0.0, scene.weather.temperature - p.warm_from)
        attack = min(p.attack_most, p.attack * warm)
        eaters = []
        for i in range(1, min(round(scene.scope["eaters"]), round(p.followed)) + 1):
            falls, eats, z, bad = stream.uniform(), stream.uniform(), stream.normal(), stream.uniform()
            if falls < attack:
                at = eats * served
                eaters.append(Eater(f"p{i:04d}", at, at + p.median * p.dispersion**z, self._colour(bad)))
        eaters.sort(key=lambda who: (who.ill, who.id))
        last = max((who.ill for who in eaters), default=0.0)
        return State(tuple(eaters), p.closing, p.inquiry, p.sampling, last), ()

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """Works go on; whether an antidote is there."""
        effort = inputs.effort
        return replace(
            state,
            closing=kernels.work_left(state.closing, effort.get("closing", 0.0), dt),
            inquiry=kernels.work_left(state.inquiry, effort.get("inquiry", 0.0), dt),
            sampling=kernels.work_left(state.sampling, effort.get("sampling", 0.0), dt),
            age=state.age + dt,
            antidote=effort.get("antidote", 0.0) > 0.0,
        )

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The next onset, the next work done, the end."""
        if state.over:
            return math.inf, ""
        span, name = min(self._due(state, inputs), default=(math.inf, ""))
        return max(0.0, span), name

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The jump at that event."""
        match name:
            case "settled":
                return replace(state, over=True), (Over(name),)
            case "falls_ill":
                who, *others = state.eaters
                colour = _milder(who.colour) if inputs.effort.get("antidote", 0.0) > 0.0 else who.colour
                person = Person(who.id, Status.WAITING, "eaters", colour, harm="illness")
                serious = state.serious + (colour in _BADLY)
                after = replace(
                    state, eaters=tuple(others), ill=state.ill + 1, serious=serious, age=max(state.age, who.ill)
                )
                return after, (Involve((person,)),)
            case "source_closed":
                spared = tuple(who for who in state.eaters if who.eats >= state.age)
                kept = tuple(who for who in state.eaters if who.eats < state.age)
                last = max((who.ill for who in kept), default=state.age)
                after = replace(state, closing=0.0, closed=state.age, eaters=kept, last=last)
                return after, (Note(name, {"spared": float(len(spared))}),)
            case "inquiry_done":
                return replace(state, inquiry=0.0), (Note(name),)
            case _:
                return replace(state, sampling=0.0), (Note(name),)

    def demands(self, state: State) -> Sequence[Demand]:
        """The source shut, the eaters asked, samples taken, an antidote at hand."""
        p, demands = self.p, []
        if state.closing > 0.0:
            demands.append(Demand("closing", WORK, "EPI", state.closing, p.face, priority=1))
        elif state.inquiry > 0.0:
            demands.append(Demand("inquiry", WORK, "EPI", state.inquiry, p.face, priority=3))
        if state.sampling > 0.0:
            demands.append(Demand("sampling", WORK, "LAB", state.sampling, p.lab_face, p.lab_set_up, 4))
        if state.eaters and p.antidote_works:
            demands.append(Demand("antidote", HOLD, "TRIAGE", p.antidote_crews, p.antidote_crews, p.antidote_set_up, 2))
        return demands

    def readings(self, state: State) -> dict[str, float]:
        """How many are ill, how many badly, whether the source is shut."""
        return {
            "ill": float(state.ill),
            "serious": float(state.serious),
            "source_open": float(math.isinf(state.closed)),
        }

    def mode(self, state: State) -> str:
        """latent before the first onset, growing while they come, controlled once the source is shut and none comes."""
        if state.over:
            return "over"
        if not state.eaters:
            return "controlled" if not math.isinf(state.closed) else "steady"
        return "growing" if state.ill else "latent"

    def footprint(self, state: State) -> Footprint:  # noqa: ARG002 - the port's
        """Nothing is dangerous to come near to."""
        return Footprint()

    def observe(self, state: State, stream: Stream) -> Sighting:
        """Those who come forward are counted; how many will, nobody knows."""
        seen = math.exp(self.p.seen_error * stream.normal())
        return Sighting(
            figures={
                "cases": float(round(state.ill * seen)),
                "source_open": float(math.isinf(state.closed)),
                "open_work": float(state.inquiry > 0.0 or state.sampling > 0.0),
            }
        )

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's
        """Inquiry crews by the number of the ill, a laboratory, an antidote where there is one."""
        p, seen = self.p, sighting.figures
        if not seen or not (seen["cases"] or seen["source_open"] or seen["open_work"]):
            return ()
        needs = []
        if seen["source_open"] or seen["open_work"]:
            needs.append(Need("EPI", min(p.face, max(1.0, math.ceil(seen["cases"] / p.crew_serves))), 1))
            needs.append(Need("LAB", 1.0, 4))
        if p.antidote_works and seen["source_open"]:
            needs.append(Need("TRIAGE", p.antidote_crews, 2))
        return needs

    # ── inside ──

    def _colour(self, bad: float) -> Triage:
        shares = {Triage.EXPECTANT: self.p.expectant, Triage.RED: self.p.red, Triage.YELLOW: self.p.yellow}
        for colour, share in shares.items():
            if bad < share:
                return colour
            bad -= share
        return Triage.GREEN

    def _due(self, state: State, inputs: Inputs) -> Iterator[tuple[float, str]]:
        effort = inputs.effort
        if state.eaters:
            yield state.eaters[0].ill - state.age, "falls_ill"
        if state.closing > 0.0:
            yield kernels.work_done_in(state.closing, effort.get("closing", 0.0)), "source_closed"
        elif math.isinf(state.closed):
            yield 0.0, "source_closed"
        else:
            if state.inquiry > 0.0:
                yield kernels.work_done_in(state.inquiry, effort.get("inquiry", 0.0)), "inquiry_done"
            if not state.eaters and state.inquiry <= 0.0 and state.sampling <= 0.0:
                yield state.last + self.p.quiet - state.age, "settled"
        if state.sampling > 0.0:
            yield kernels.work_done_in(state.sampling, effort.get("sampling", 0.0)), "sampled"


def _milder(colour: Triage) -> Triage:
    return _MILDER.get(colour, Triage.GREEN)
