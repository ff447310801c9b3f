"""Telecom outage (通信中断): batteries give out, rings are cut, everybody calls; crews bring station after station back.

Stations without mains die as their batteries do, by a normal distribution; a town is silent when its ring is cut on both sides or
its spur once; destroyed stations are rebuilt in proportion to the work; calls get through by Erlang B. Coverage times success is
what a town gets of telecom; how that delays reports and orders is the engine's affair. Blind to which operator, to data traffic, to
priority calls, and to where within a town a station stands. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.telecom_outage import network, traffic
from models.hazards.telecom_outage.network import Cell, Fibre
from models.hazards.telecom_outage.parameters import Parameters
from models.hazards.telecom_outage.state import State
from sim.domain.hazards import (
    Cut,
    Demand,
    DemandKind,
    Effect,
    Footprint,
    Inputs,
    Need,
    Note,
    Over,
    Scene,
    Sighting,
)
from sim.domain.places import Site
from sim.streams import Stream
from sim.units import DAY, HOUR

__all__ = ["Cell", "Fibre", "Model", "Parameters", "State"]

Due = tuple[float, str, int]  # seconds from now, event, index of the fibre
Jump = tuple[State, Sequence[Effect]]

WORK, RATE, HOLD = DemandKind.WORK, DemandKind.RATE, DemandKind.HOLD
_NEARLY = 0.01  # shares below it are as good as none


class Model:
    """A telecom outage; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p
        self._lasts = traffic.lasts(p)

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The moment it fails: which towns, whose mains, which fibres, what is destroyed, how many call."""
        p = self.p
        misjudged = math.exp(p.work_error * stream.normal())
        cells = network.cells(p, scene, stream)
        stretches, soon = network.fibres(p, cells, stream)
        hit = scene.scope["hit"]
        fibres = network.cut(cells, stretches, soon, hit * p.cuts) if cells else stretches
        stations = math.fsum(cell.stations for cell in cells)
        dark, wrecked = hit * p.mains, hit * p.destroyed
        mended = dark > 0.0 and p.mains_work > 0.0
        state = State(
            cells,
            fibres,
            network.order(cells, fibres),
            own_dark=dark,
            mains_work=p.mains_work * dark * stations / p.mains_per if mended else 0.0,
            outage_left=p.outage_for if dark > 0.0 and not mended else math.inf,
            rebuild=wrecked * stations * p.rebuild,
            rebuild_all=wrecked * stations * p.rebuild,
            wrecked=wrecked,
            core=p.core_work if p.core else 0.0,
            core_share=hit * p.core,
            surge=p.surge - 1,
            misjudged=misjudged,
            hour=scene.calendar.hour_at(scene.begins) * HOUR,
            tick_left=p.tick,
            dark=dark,
            drained=p.drained,
            told=(1.0,) * len(cells),
        )
        return self._told(state)

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """The network `dt` seconds later: batteries, work, calls fading."""
        p, effort = self.p, inputs.effort
        fibres = list(state.fibres)
        for k, crews in self._splicing(state, effort.get("splicing", 0.0)).items():
            fibres[k] = replace(fibres[k], work=kernels.work_left(fibres[k].work, crews, dt))
        dark, sets, generators = self._outside(state, inputs)
        drained = state.drained + dt if dark > 0.0 else max(0.0, state.drained - dt / p.recharges)
        return replace(
            state,
            fibres=tuple(fibres),
            rebuild=kernels.work_left(state.rebuild, effort.get("rebuilding", 0.0), dt),
            core=kernels.work_left(state.core, effort.get("core", 0.0), dt),
            mains_work=kernels.work_left(state.mains_work, effort.get("mains", 0.0), dt),
            outage_left=state.outage_left - dt,
            dark=dark,
            drained=drained,
            sets=sets,
            generators=generators,
            tick_left=state.tick_left - dt,
            age=state.age + dt,
        )

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return math.inf, ""
        due = min(self._due(state, inputs))
        return max(0.0, due[0]), due[1]

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The jump at that event; towns are told what they get now."""
        state = self._seen(state, inputs)
        match name:
            case "restored":
                return replace(state, over=True), (Over(name),)
            case "round":
                told: tuple[Effect, ...] = ()
            case "mains_back":
                state = replace(state, own_dark=0.0, mains_work=0.0, outage_left=math.inf)
                state, told = self._seen(state, inputs), (Note(name),)
            case "spliced":
                k = min((due for due in self._due(state, inputs) if due[1] == name), default=(0.0, name, -1))[2]
                if k >= 0:
                    fibre = replace(state.fibres[k], cut=False, work=0.0)
                    state = replace(state, fibres=(*state.fibres[:k], fibre, *state.fibres[k + 1 :]))
                told = (Note(name),)
            case "core_mended":
                state, told = replace(state, core=0.0, core_share=0.0), (Note(name),)
            case "rebuilt":
                state, told = replace(state, rebuild=0.0, wrecked=0.0), (Note(name),)
            case _:
                state, told = replace(state, empty=True), (Note(name, {"stations": state.stations * state.dark}),)
        state = replace(state, tick_left=self.p.tick if self._moves(state, inputs) else self.p.tick_idle)
        after, effects = self._told(replace(state, done=self._done(state)))
        return after, (*told, *effects)

    def demands(self, state: State) -> Sequence[Demand]:
        """The core, splicing, mains and generators, rebuilding; mobile stations and liaison while people are uncovered."""
        p, cut = self.p, [f for f in state.fibres if f.cut]
        demands = []
        if state.core > 0.0:
            demands.append(Demand("core", WORK, "TEL_REPAIR", state.core, p.core_face, p.repair_set_up, 1))
        if cut:
            work, face = math.fsum(f.work for f in cut), p.splice_face * len(cut)
            demands.append(Demand("splicing", WORK, "TEL_REPAIR", work, face, p.repair_set_up, 2))
        if state.mains_work > 0.0:
            face = max(1.0, p.mains_face * state.own_dark * state.stations / p.mains_per)
            demands.append(Demand("mains", WORK, "LINE_REPAIR", state.mains_work, face, p.repair_set_up, 2))
        if state.rebuild > 0.0:
            face = max(1.0, p.rebuild_face * state.destroyed * state.stations)
            demands.append(Demand("rebuilding", WORK, "TEL_REPAIR", state.rebuild, face, p.repair_set_up, 3))
        if (power := self._power(state)) > 0.0:
            most = state.dark * state.stations * p.draw
            demands.append(Demand("generators", RATE, "POWER", power, most, p.generator_set_up, 2, wears=False))
        if (sets := self._sets(self._uncovered(state))) > 0.0:
            demands.append(Demand("vehicles", RATE, "COMMS", sets, max(sets, p.sets_most), p.set_up, 2, wears=False))
            demands.append(Demand("runners", HOLD, "COMMS", p.runners, p.runners, priority=1, wears=False))
        return sorted(demands, key=lambda d: (d.priority, d.id))

    def readings(self, state: State) -> dict[str, float]:
        """Stations out and why, coverage, calls that get through, towns without telecom, work left."""
        there, shares = network.joined(state.cells, state.fibres), self._shares(state)
        off = math.fsum(c.stations for c, on in zip(state.cells, there, strict=True) if not on)
        working = self._working(state)
        coverage, success = self._coverage(state), self._success(state)
        return {
            "lost": 1 - working,
            "coverage": coverage,
            "success": success,
            "stations_down": state.stations * (1 - working),
            "on_battery": state.stations * state.dark * self._alive(state),
            "cut_off": off,
            "destroyed": state.stations * state.destroyed,
            "towns_out": float(sum(share * success < self.p.bad for share in shares)),
            "surge": self._surge(state),
            "work": self._work(state),
        }

    def mode(self, state: State) -> str:
        """growing while batteries drain or calls grow beyond the network, declining as work goes on, else steady."""
        if state.over:
            return "over"
        if state.dark > 0.0 and self._alive(state) > _NEARLY:
            return "growing"
        if self._coverage(state) >= self.p.enough:
            return "controlled"
        return "declining" if self._work(state) < math.inf and (state.sets or state.generators) else "steady"

    def footprint(self, state: State) -> Footprint:  # noqa: ARG002 - the port's
        """An outage closes nothing and hurts nobody."""
        return Footprint()

    def observe(self, state: State, stream: Stream) -> Sighting:  # noqa: ARG002 - the operators' screens show it
        """The operators' screens show which stations are off; how much work that is is judged, wrong alike each time."""
        success = self._success(state)
        return Sighting(
            figures={
                "lost": 1 - self._working(state),
                "uncovered": self._uncovered(state),
                "success": success,
                "work": self._work(state) * state.misjudged,
                "places": self._places(state),
                "power": self._power(state),
                "mains": state.mains_work * state.misjudged,
            }
        )

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's; networks need the same anywhere
        """Crews that would be done in time, mobile stations for who is uncovered, liaison for command, power for the main sites."""
        p, seen = self.p, sighting.figures
        if not seen:
            return ()
        needs = []
        if seen["work"]:
            crews = min(p.crews_most, max(1, math.ceil(seen["work"] / p.done_within)), max(1.0, seen["places"]))
            needs.append(Need("TEL_REPAIR", crews, 1))
        sets = self._sets(seen["uncovered"])
        if sets or 0.0 < seen["success"] < p.bad:
            needs.append(Need("COMMS", sets + p.runners, 1))
        if seen["mains"]:
            crews = min(p.line_crews_most, max(1, math.ceil(seen["mains"] / p.done_within)))
            needs.append(Need("LINE_REPAIR", crews, 1))
        if seen["power"]:
            needs.append(Need("POWER", seen["power"], 2))
        return needs

    # ── what is due ──

    def _due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        """Everything that will happen by itself under these inputs: (seconds, name, index)."""
        effort = inputs.effort
        if state.done:
            yield 0.0, "restored", -1
        changed = state.seen != self._outside(state, inputs)  # whoever comes or goes, mains too: the network is another
        yield 0.0 if changed else state.tick_left, "round", -1
        if state.own_dark > 0.0:
            yield state.outage_left, "mains_back", -1
            if math.isinf(state.outage_left):
                yield kernels.work_done_in(state.mains_work, effort.get("mains", 0.0)), "mains_back", -1
        for k, crews in self._splicing(state, effort.get("splicing", 0.0)).items():
            yield kernels.work_done_in(state.fibres[k].work, crews), "spliced", k
        if state.core_share > 0.0:
            yield kernels.work_done_in(state.core, effort.get("core", 0.0)), "core_mended", -1
        if state.wrecked > 0.0:
            yield kernels.work_done_in(state.rebuild, effort.get("rebuilding", 0.0)), "rebuilt", -1
        if state.dark > 0.0 and not state.empty:
            # two spreads beyond the mean, one battery in forty lasts
            yield self._lasts + 2 * self.p.battery_spread - state.drained, "batteries_empty", -1

    def _done(self, state: State) -> bool:
        """Whether coverage and success are enough without mobile stations and generators, and mains are there."""
        p = self.p
        if state.dark > 1 - p.enough:
            return False
        bare = replace(state, sets=0.0, generators=0.0)
        return self._coverage(bare) >= p.enough and self._success(bare) >= p.enough

    def _moves(self, state: State, inputs: Inputs) -> bool:
        """Whether anything changes between events: batteries, calls, the hour, work."""
        if any(inputs.effort.values()) or self._surge(state) > 1 + _NEARLY:
            return True
        return self._alive(state) > _NEARLY if state.dark > 0.0 else state.drained > 0.0

    def _outside(self, state: State, inputs: Inputs) -> tuple[float, float, float]:
        """What comes from outside: share of the stations without mains, mobile stations, generators (W)."""
        dark = max(state.own_dark, 1 - min(1.0, max(0.0, inputs.service("power"))))
        return dark, inputs.effort.get("vehicles", 0.0), inputs.effort.get("generators", 0.0)

    def _seen(self, state: State, inputs: Inputs) -> State:
        """The network under what comes from outside now."""
        seen = dark, sets, generators = self._outside(state, inputs)
        return replace(state, dark=dark, sets=sets, generators=generators, seen=seen)

    # ── inside ──

    def _splicing(self, state: State, crews: float) -> dict[int, float]:
        """Crews by cut when so many splice: down the list, as many at each as find room."""
        given = {}
        for k in state.order:
            if state.fibres[k].cut and crews > 0.0:
                given[k] = min(self.p.splice_face, crews)
                crews -= given[k]
        return given

    def _alive(self, state: State) -> float:
        """Share of the stations without mains that run: on their batteries, or on generators."""
        last = traffic.alive(state.drained, self._lasts, self.p.battery_spread)
        dead = state.dark * state.stations * (1 - last) * self.p.draw
        return last + (1 - last) * min(1.0, state.generators / dead) if dead > 0.0 else last

    def _running(self, state: State) -> float:
        """Share of the stations, joined or not, that run and reach the core if their fibres do."""
        powered = 1 - state.dark * (1 - self._alive(state))
        return powered * (1 - state.destroyed) * (1 - state.core_share)

    def _working(self, state: State) -> float:
        """Share of the stations in service."""
        if not state.cells:
            return 1.0
        there = network.joined(state.cells, state.fibres)
        on = math.fsum(c.stations for c, is_there in zip(state.cells, there, strict=True) if is_there)
        return self._running(state) * on / state.stations

    def _shares(self, state: State) -> list[float]:
        """Coverage by town; mobile stations stand where most people are uncovered."""
        running, there = self._running(state), network.joined(state.cells, state.fibres)
        shares = [running if on else 0.0 for on in there]
        left = state.sets * self.p.set_people
        for k in sorted(range(len(shares)), key=lambda k: (-(1 - shares[k]) * state.cells[k].people, k)):
            people = state.cells[k].people
            added = min(left, (1 - shares[k]) * people)
            shares[k] = min(1.0, shares[k] + added / people)
            left -= added
        return shares

    def _coverage(self, state: State) -> float:
        if state.people <= 0.0:
            return 1.0
        shares = self._shares(state)
        covered = math.fsum(c.people * s for c, s in zip(state.cells, shares, strict=True))
        return min(1.0, covered / state.people)

    def _uncovered(self, state: State) -> float:
        """People without coverage, mobile stations left aside."""
        return state.people * (1 - self._coverage(replace(state, sets=0.0)))

    def _surge(self, state: State) -> float:
        """Traffic over the usual now."""
        return 1 + state.surge * math.exp(-state.age / self.p.surge_fades)

    def _success(self, state: State) -> float:
        """Calls that get through; those without coverage crowd the stations that work."""
        p, coverage = self.p, self._coverage(state)
        if coverage <= _NEARLY or not state.cells:
            return 1.0 if not state.cells else 0.0
        hour = (state.hour + state.age) % DAY
        night = p.night_offered if hour >= p.night_from or hour < p.night_until else 1.0
        each = state.people / state.stations * p.offered * night
        return traffic.success(p, each * self._surge(state) / coverage)

    def _work(self, state: State) -> float:
        return state.core + state.rebuild + math.fsum(fibre.work for fibre in state.fibres)

    def _places(self, state: State) -> float:
        p = self.p
        cuts = p.splice_face * sum(fibre.cut for fibre in state.fibres)
        return cuts + (p.core_face if state.core > 0.0 else 0.0) + p.rebuild_face * state.destroyed * state.stations

    def _power(self, state: State) -> float:
        p = self.p
        return min(p.power_most, p.generator_share * state.dark * state.stations * p.draw)

    def _sets(self, uncovered: float) -> float:
        """Mobile stations for so many people; none for a remainder that is no outage."""
        if uncovered < self.p.set_people / 2:
            return 0.0
        return min(self.p.sets_most, float(math.ceil(uncovered / self.p.set_people)))

    def _told(self, state: State) -> Jump:
        """Towns are told what they get of telecom where that has changed by a step, together where it is the same."""
        p, success = self.p, self._success(state)
        now = [share * success for share in self._shares(state)]
        groups: dict[float, list[str]] = {}
        told = list(state.told)
        for k, share in enumerate(now):
            full = share >= p.enough
            if abs(share - told[k]) >= p.told_step or (full and told[k] < 1.0):
                told[k] = 1.0 if full else round(share / p.told_step) * p.told_step
                groups.setdefault(round(told[k], 4), []).append(state.cells[k].town)
        effects: list[Effect] = []
        for share, towns in sorted(groups.items()):
            why = "service_returns" if share >= 1.0 else "service_falls"
            effects.append(Cut("telecom", share, towns=tuple(town for town in towns if town), why=why))
        word = self._coverage(state) * success
        if abs(word - state.word) >= 2 * p.told_step:
            name = "service_falls" if word < state.word else "service_returns"
            effects.append(Note(name, {"coverage": self._coverage(state), "success": success}))
            state = replace(state, word=word)
        if (
            success < p.bad
            and not any(isinstance(e, Note) and e.name == "congested" for e in effects)
            and state.age <= 0.0
        ):
            effects.append(Note("congested", {"success": success}))
        return replace(state, told=tuple(told)), effects
