"""Drought (干旱): a source that loses more than it gains; farms, works and homes go without in turn, tankers, wells and pumps help.

Stored water is exact between events: what comes in, what is drawn and what evaporates from a surface that shrinks with the store.
Where homes are short, tankers bring drinking water; who gets too little of it may fall ill. Blind to single villages, prices,
livestock, and to ground water that wells draw down. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.drought.parameters import Parameters
from models.hazards.drought.state import Cut, State
from sim.domain.hazards import Demand, DemandKind, Effect, Footprint, Inputs, Involve, Need, Note, Over, Scene, Sighting
from sim.domain.people import Person, Status, Triage
from sim.domain.places import Site, Weather
from sim.streams import Stream
from sim.units import from_si, to_si

__all__ = ["Cut", "Model", "Parameters", "State"]

Jump = tuple[State, Sequence[Effect]]
RATE, WORK, HOLD = DemandKind.RATE, DemandKind.WORK, DemandKind.HOLD


class Model:
    """A drought; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The day the shortage begins to be watched: what is stored, how dry it is and how long it will last."""
        p = self.p
        people = scene.scope["people"] + p.beside * scene.around.residents(p.reach) * (scene.scope["people"] > 0.0)
        need = people * p.home
        usual = need * p.usual_supply * (1 + p.season * min(1.0, to_si(scene.rain_month, "mm") / p.season_rain))
        full = usual * p.full_for
        lasts = scene.scope["lasts"] * math.exp(p.lasts_spread * stream.normal())
        luck, ills, sum_ = [stream.exponential() for _ in range(round(p.followed))], [], 0.0
        for step in luck:
            sum_ += step
            ills.append(sum_)
        colours = tuple(stream.uniform() for _ in luck)
        state = State(
            people, p.stored * full, full, usual, p.dry_share, lasts, Cut.NONE, p.well, 0, tuple(ills), colours,
            scene.weather,
        )  # fmt: skip
        return state, ()

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The store, the wells, the harvest and the sick `dt` later."""
        p, effort = self.p, inputs.effort
        state = self._fed(state, inputs)
        gain, loss = self._flows(state)
        lost = p.crop_loss if state.cut >= Cut.FARMS else 0.0
        return replace(
            state,
            volume=min(state.full, max(0.0, kernels.first_order(state.volume, gain, loss, dt))),
            well=kernels.work_left(state.well, effort.get("wells", 0.0), dt)
            if state.dug < p.wells_most
            else state.well,
            used=state.used + self._illness(state) * dt,
            crops=1 - (1 - state.crops) * math.exp(-lost * dt),
            dry_left=state.dry_left - dt,
            age=state.age + dt,
        )

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return math.inf, ""
        span, name = min(self._due(self._fed(state, inputs), inputs), default=(math.inf, ""))
        return max(0.0, span), name

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The jump at that event, its threshold set onto its mark."""
        p = self.p
        state = self._fed(state, inputs)
        match name:
            case "relieved":
                return replace(state, over=True), (Over(name),)
            case "falls_ill":
                k = state.fallen
                colour = Triage.YELLOW if state.colours[k] < p.ill_serious else Triage.GREEN
                who = Person(f"p{k + 1:04d}", Status.WAITING, "thirst", colour, harm="illness")
                return replace(state, fallen=k + 1, used=max(state.used, state.ills[k])), (Involve((who,)),)
            case "well_done":
                after = replace(state, dug=state.dug + 1, well=p.well)
            case "rains_return":
                after = replace(state, dry_left=0.0, dry=1.0)
            case "dry_out" | "brim":
                after = replace(state, volume=0.0 if name == "dry_out" else state.full)
            case "farms_cut" | "works_cut" | "homes_cut":
                cut = (Cut.FARMS, Cut.WORKS, Cut.HOMES)[("farms_cut", "works_cut", "homes_cut").index(name)]
                after = replace(state, cut=cut, volume=min(state.volume, self._mark(state, cut)))
            case _:  # given back: the last cut is lifted
                after = replace(state, cut=Cut(state.cut - 1), volume=max(state.volume, self._back(state, state.cut)))
        return after, (Note(name, {"days_left": self.days_left(after), "short": self.short(after)}),)

    def demands(self, state: State) -> Sequence[Demand]:
        """Water for those who are short, wells, pumps from elsewhere, rain made when clouds allow, watch over the quality."""
        p, demands = self.p, []
        if (wanted := self._tanker_need(state)) > 0.0:
            demands.append(Demand("tankers", RATE, "WATER_SUPPLY", wanted, wanted, p.tanker_set_up, 1, wears=False))
        if state.cut >= Cut.WORKS and state.dug < p.wells_most:
            left = state.well + (p.wells_most - state.dug - 1) * p.well
            demands.append(Demand("wells", WORK, "DRILL", left, p.wells_face, p.well_set_up, 3, wears=False))
        if state.cut >= Cut.FARMS:
            face = p.pump_face * state.usual
            demands.append(Demand("pumps", RATE, "DRAIN", face, face, p.pump_set_up, 4, wears=False))
        if state.cut >= Cut.FARMS and state.dry < 1.0:
            demands.append(Demand("rain_making", HOLD, "WX", 1.0, 1.0, priority=5, wears=False))
        if state.cut >= Cut.HOMES:
            demands.append(Demand("quality", HOLD, "ENV_MON", 1.0, 1.0, priority=4, wears=False))
        return demands

    def readings(self, state: State) -> dict[str, float]:
        """The store and what it still lasts for, who is short, what tankers bring, wells, the harvest, how dry it is."""
        return {
            "volume": state.volume,
            "days_left": self.days_left(state),
            "short": self.short(state),
            "tanked": state.tanked,
            "wells": float(state.dug),
            "crops": state.crops,
            "dryness": 1 - state.dry,
            "ill": float(state.fallen),
        }

    def mode(self, state: State) -> str:
        """growing while the store falls, steady while homes are short, declining once it rises, over."""
        if state.over:
            return "over"
        gain, loss = self._flows(state)
        if gain - loss * state.volume > 0.0:
            return "declining"
        return "steady" if state.cut is Cut.HOMES else "growing"

    def footprint(self, state: State) -> Footprint:  # noqa: ARG002 - the port's; a drought closes nothing
        """Nothing is dangerous to come near to, nothing closes."""
        return Footprint()

    def observe(self, state: State, stream: Stream) -> Sighting:
        """The store is gauged, those short are counted by the villages, roughly."""
        p, error = self.p, math.exp(self.p.count_error * stream.normal())
        short = self.short(state)
        return Sighting(
            figures={
                "short": short * error,
                "days_left": self.days_left(state) * math.exp(p.gauge_error * stream.normal()),
                "cut": float(state.cut),
                "flow": state.usual,
                "wells_left": p.wells_most - state.dug,
            }
        )

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's
        """Tankers for those who are short, rigs and pumps as the cuts deepen."""
        p, seen = self.p, sighting.figures
        if not seen:
            return ()
        needs = []
        if seen["short"] >= 1.0:
            needs.append(Need("WATER_SUPPLY", seen["short"] * p.ration, 1))
            needs.append(Need("ENV_MON", 1.0, 4))
        if seen["cut"] >= Cut.WORKS and seen["wells_left"] >= 1.0:
            needs.append(Need("DRILL", min(p.wells_face, seen["wells_left"]), 3))
        if seen["cut"] >= Cut.FARMS:
            needs.append(Need("DRAIN", p.pump_face * seen["flow"], 4))
            needs.append(Need("WX", 1.0, 5))
        return needs

    # ── figures ──

    def days_left(self, state: State) -> float:
        """How long (s) the store would feed the homes alone."""
        home = state.people * self.p.home
        return state.volume / home if home > 0.0 else math.inf if state.volume else 0.0

    def short(self, state: State) -> float:
        """People whose taps give too little."""
        return state.people * self.p.rationed if state.cut is Cut.HOMES else 0.0

    def _tanker_need(self, state: State) -> float:
        return self.short(state) * self.p.ration

    def _illness(self, state: State) -> float:
        """How many fall ill a second: those who are short and get less than the least by tanker."""
        need = self._tanker_need(state)
        if need <= 0.0:
            return 0.0
        least = need * self.p.least / self.p.ration
        unserved = max(0.0, 1 - state.tanked / least)
        return self.short(state) * unserved * self.p.ill

    def _fed(self, state: State, inputs: Inputs) -> State:
        """The state with what the efforts bring."""
        effort = inputs.effort
        seeded = effort.get("rain_making", 0.0) > 0.0 and inputs.weather.humidity >= from_si(self.p.clouds, "%")
        return replace(
            state, tanked=min(effort.get("tankers", 0.0), self._tanker_need(state)), pumped=effort.get("pumps", 0.0),
            seeded=seeded, weather=inputs.weather,
        )  # fmt: skip

    def _flows(self, state: State) -> tuple[float, float]:
        """(gain m³/s, loss 1/s) of the store: V' = gain − loss · V."""
        p, home = self.p, state.people * self.p.home
        inflow = state.usual * state.dry * (1 + p.seeding * state.seeded) + _rained(p, state.weather) * state.usual
        drawn = home * (1 - p.rationed if state.cut is Cut.HOMES else 1.0)
        drawn += home * p.works * (state.cut < Cut.WORKS) + home * p.farms * (state.cut < Cut.FARMS)
        gain = inflow + state.pumped + state.dug * p.well_yield - drawn
        evaporation = p.evaporation * max(0.0, 1 + p.warm * (state.weather.temperature - p.mild))
        if state.volume <= 0.0:  # what is not there is not drawn
            gain = max(0.0, gain)
        elif state.volume >= state.full:
            gain = min(gain, evaporation / p.depth * state.full)
        return gain, evaporation / p.depth

    def _mark(self, state: State, cut: Cut) -> float:
        """The store at which a cut is made."""
        days = (0.0, self.p.farms_at, self.p.works_at, self.p.homes_at)[cut]
        return min(state.full, days * state.people * self.p.home)

    def _back(self, state: State, cut: Cut) -> float:
        """The store at which it is lifted again."""
        return min(state.full, self._mark(state, cut) * self.p.back)

    def _due(self, state: State, inputs: Inputs) -> Iterator[tuple[float, str]]:
        """Everything that will happen by itself under these inputs: (seconds, name)."""
        p, volume = self.p, state.volume
        gain, loss = self._flows(state)
        if state.dry < 1.0:
            yield state.dry_left, "rains_return"
        elif not state.cut:
            enough = min(state.full, p.relieved_at * state.people * p.home)
            yield (0.0 if volume >= enough else kernels.first_order_reaches(volume, gain, loss, enough)), "relieved"
        falling = gain - loss * volume < 0.0
        if falling and volume > 0.0:
            if state.cut < Cut.HOMES:
                mark = self._mark(state, Cut(state.cut + 1))
                name = ("farms_cut", "works_cut", "homes_cut")[state.cut]
                yield (0.0 if volume <= mark else kernels.first_order_reaches(volume, gain, loss, mark)), name
            yield kernels.first_order_reaches(volume, gain, loss, 0.0), "dry_out"
        elif not falling:
            if state.cut:
                mark = self._back(state, state.cut)
                name = ("", "farms_back", "works_back", "homes_back")[state.cut]
                yield (0.0 if volume >= mark else kernels.first_order_reaches(volume, gain, loss, mark)), name
            if volume < state.full:
                yield kernels.first_order_reaches(volume, gain, loss, state.full), "brim"
        if state.cut >= Cut.WORKS and state.dug < p.wells_most:
            yield kernels.work_done_in(state.well, inputs.effort.get("wells", 0.0)), "well_done"
        if state.fallen < len(state.ills):
            yield kernels.work_done_in(state.ills[state.fallen] - state.used, self._illness(state)), "falls_ill"


def tankers(people: float, ration: float, load: float, trips: float) -> float:
    """Tankers that it takes to bring so much a person (m³/s) with so many trips (1/s) of a load (m³)."""
    return people * ration / (load * trips)


def _rained(p: Parameters, weather: Weather) -> float:
    """Share of the usual inflow that rain over the catchment adds."""
    return min(p.rain_most, p.rain_gives * weather.rain)
