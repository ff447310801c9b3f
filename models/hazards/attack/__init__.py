"""Attack (暴力袭击): blades, a vehicle, a device, hostages; how many are hit is a race against whoever stops it.

An attacker hits people at a rate that dies away as they flee; each victim's moment and wound are drawn once. Police stop them
one by one, or they flee and are searched for. A device harms at once by blast and fragments, and a second one may lie there.
Hostages depend on tension, which negotiators lower, and on an assault that is ready when one of them is killed. Blind to
firearms at a distance, to several places at once, to inquiries afterwards. See README.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.attack import people, tasks
from models.hazards.attack.parameters import Parameters
from models.hazards.attack.people import victims
from models.hazards.attack.state import Bystander, Captive, State, Victim
from models.physics import blast, hurt
from sim.domain.hazards import (
    Demand,
    Effect,
    Footprint,
    Harm,
    Inputs,
    Involve,
    Need,
    Note,
    Over,
    Road,
    Scene,
    Sighting,
    Strike,
)
from sim.domain.people import Person, Status, Triage
from sim.domain.places import Site
from sim.streams import Stream

__all__ = ["Bystander", "Captive", "Model", "Parameters", "State", "Victim", "victims"]

Due = tuple[float, str]  # seconds from now, event
Jump = tuple[State, Sequence[Effect]]


class Model:
    """An attack; see the module's docstring."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    # ── the port ──

    def start(self, scene: Scene, stream: Stream) -> Jump:
        """The first moment, and everybody's luck."""
        p, there = self.p, people.present(self.p, scene)
        flees, second, second_luck, temper = (
            stream.exponential(), stream.exponential(), stream.uniform(), stream.normal(),
        )  # fmt: skip
        ambient = blast.air_pressure(p.sea_level, p.pressure_scale, scene.site.elevation)
        charge = scene.scope["charge"]
        hit = people.draw_victims(p, there, stream)
        captives, kills = people.draw_captives(p, round(p.hostage_share * there), stream)
        blown = people.draw_device(p, there if p.bomb else 0, charge, ambient, stream)
        harmed = sum(outcome is not None for outcome in blown)
        looking = round(p.onlook_share * (there - harmed)) if p.bomb else 0
        bystanders = people.draw_bystanders(p, looking, p.second_charge * charge, ambient, stream)
        number = 0 if p.bomb or p.hostages else min(round(scene.scope["attackers"]), round(p.attackers_most))
        dark = people.is_dark(p, scene)
        state = State(
            attackers=number,
            first_attackers=number,
            rate=p.rate * people.crowded(p, scene.around.density * there / max(1.0, scene.scope["people"])),
            victims=hit,
            neutralise=p.neutralise,
            flees_at=p.stays + p.flees_after * flees if number else math.inf,
            sweep=p.sweep,
            captives=captives if p.hostages else (),
            first_captives=len(captives) if p.hostages else 0,
            kills=kills,
            tension=min(p.tension_most, max(p.tension_least, p.tension + p.tension_spread * temper))
            if p.hostages
            else 0.0,
            prepare=p.prepare,
            bystanders=bystanders,
            onlookers=float(len(bystanders)),
            second_at=p.second_least + p.second_after * second if p.bomb and second_luck < p.second else math.inf,
            search_for=p.search * (p.search_dark if dark else 1.0),
            bomb=bool(p.bomb),
            on_road=bool(scene.site.link),
        )
        effects: list[Effect] = [Road(p.road_left, why="cordoned")] if state.on_road else []
        if p.bomb:
            state, told = _blown_up(state, blown)
            effects += told
            effects.append(Note("explosion", {"charge": charge, "people": float(harmed)}))
        elif p.hostages:
            held = tuple(Person(who.id, Status.TRAPPED, "hostages") for who in state.captives)
            effects += [Involve(held)] if held else []
            effects.append(Note("hostages_taken", {"people": float(len(held))}))
        else:
            effects.append(Note("rams" if p.rams else "attacks", {"attackers": float(number), "people": float(there)}))
        return state, effects

    def advance(self, state: State, dt: float, inputs: Inputs) -> State:
        """Clocks, tension and work `dt` seconds later."""
        p, effort = self.p, inputs.effort
        rate = self._tension_rate(state, inputs)
        anger = kernels.ramp_used(*self._anger(state, rate), dt) if state.captives else 0.0
        return replace(
            state,
            used=state.used + kernels.fading_used(self._hitting(state, inputs), p.lasts, dt),
            neutralise=kernels.work_left(state.neutralise, effort.get("neutralise", 0.0), dt)
            if state.attackers
            else 0.0,
            sweep=kernels.work_left(state.sweep, effort.get("sweep", 0.0), dt) if state.clear else state.sweep,
            tension=min(1.0, max(0.0, state.tension + rate * dt)) if state.captives else state.tension,
            anger=state.anger + anger,
            prepare=kernels.work_left(state.prepare, effort.get("prepare", 0.0), dt)
            if state.captives
            else state.prepare,
            search=kernels.work_left(state.search, effort.get("search", 0.0), dt, self._widens(inputs))
            if state.at_large
            else 0.0,
            onlookers=kernels.work_left(state.onlookers, self._leaving(inputs), dt),
            age=state.age + dt,
        )

    def next_event(self, state: State, inputs: Inputs) -> tuple[float, str]:
        """The soonest of all that may happen by itself."""
        if state.over:
            return math.inf, ""
        span, name = min(self._due(state, inputs), default=(math.inf, ""))
        return max(0.0, span), name

    def fire(self, state: State, name: str, inputs: Inputs) -> Jump:
        """The jump at that event, a threshold being set onto its mark."""
        match name:
            case "victim":
                jump: Jump = self._hits(state)
            case "neutralised":
                jump = self._stopped(state)
            case "flees":
                away = replace(
                    state, attackers=0, at_large=True, fled_at=state.age, search=state.search_for, neutralise=0.0
                )
                jump = self._reached(away, [Note(name, self._told(away))])
            case "hostage_killed" | "lets_some_go" | "surrender" | "assault":
                jump = self._hostages(state, name)
            case "second_device":
                jump = self._second(state, inputs)
            case "suspects_held" | "handed_over" | "made_safe":
                opened = [Road(1.0, why="reopened")] if state.on_road else []
                jump = replace(state, over=True), (*opened, Over(name))
            case _:
                jump = self._goes_on(state, name)
        return jump

    def demands(self, state: State) -> Sequence[Demand]:
        """Stopping them, shielding people, negotiators, the assault, the search, the sweep, a cordon held at a distance."""
        return tasks.demands(self.p, state)

    def readings(self, state: State) -> dict[str, float]:
        """Who attacks, who was hit, who is held, tension, what is left to search and sweep."""
        return {
            "attackers": float(state.attackers),
            "hit": float(state.hit),
            "killed": float(state.killed),
            "unreached": float(len(state.unreached)),
            "hostages": float(len(state.captives)),
            "tension": state.tension,
            "onlookers": state.onlookers,
            "to_search": state.search,
            "to_sweep": state.sweep,
        }

    def mode(self, state: State) -> str:
        """growing while people are hit, steady while some are held or sought, declining once it is only made safe."""
        if state.over:
            return "over"
        if state.attackers:
            return "growing"
        return "steady" if state.captives or state.at_large else "declining"

    def footprint(self, state: State) -> Footprint:
        """The reach of those who attack, the staging distance while a device may lie there."""
        if state.over or not (state.attackers or state.captives or (state.bomb and state.sweep > 0.0)):
            return Footprint()
        return Footprint(self.p.staging if state.bomb else self.p.danger)

    def observe(self, state: State, stream: Stream) -> Sighting:
        """Attackers are miscounted in the confusion; whether a second device lies there nobody knows."""
        return tasks.observe(self.p, state, stream)

    def needs(self, sighting: Sighting, site: Site) -> Sequence[Need]:  # noqa: ARG002 - the port's; the same anywhere
        """Special police, patrols for cordons, negotiators, searchers, people led away."""
        return tasks.needs(self.p, sighting)

    # ── rates ──

    def _hitting(self, state: State, inputs: Inputs) -> float:
        """Victims a second now: those who attack, fading as people flee, less what police shield."""
        wanted = tasks.shield_points(self.p, state)
        shielded = self.p.shields * min(1.0, inputs.effort.get("shield", 0.0) / wanted) if wanted else 0.0
        return state.attackers * state.rate * math.exp(-state.age / self.p.lasts) * (1 - shielded)

    def _tension_rate(self, state: State, inputs: Inputs) -> float:
        """How tension changes: it rises by itself, every crew that talks lowers it; nowhere beyond its bounds."""
        crews = min(self.p.talk_face, inputs.effort.get("negotiate", 0.0))
        rate = self.p.tension_rise - self.p.talk * crews
        stuck = (state.tension >= 1.0 and rate > 0.0) or (state.tension <= 0.0 and rate < 0.0)
        return 0.0 if stuck else rate

    def _anger(self, state: State, rate: float) -> tuple[float, float]:
        """Level and slope of the clock of killings."""
        return self.p.kills * (state.tension - self.p.kills_from), self.p.kills * rate

    def _widens(self, inputs: Inputs) -> float:
        """How fast the area to be searched grows, unless a ring is held round it."""
        return self.p.search_grows * (1 - min(1.0, inputs.effort.get("ring", 0.0) / self.p.ring))

    def _leaving(self, inputs: Inputs) -> float:
        return self.p.walk_off + inputs.effort.get("move_away", 0.0)

    # ── what is due ──

    def _due(self, state: State, inputs: Inputs) -> Iterator[Due]:
        p, effort = self.p, inputs.effort
        if state.attackers:
            if state.hit < len(state.victims):
                left = state.victims[state.hit].mark - state.used
                yield kernels.fading_rings_in(left, self._hitting(state, inputs), p.lasts), "victim"
            yield kernels.work_done_in(state.neutralise, effort.get("neutralise", 0.0)), "neutralised"
            yield state.flees_at - state.age, "flees"
        if state.captives:
            yield from self._due_hostages(state, inputs)
        if state.at_large:
            yield kernels.work_done_in(state.search, effort.get("search", 0.0), self._widens(inputs)), "caught"
            yield state.fled_at + p.gone - state.age, "escaped"
        if state.onlookers > 0.0:
            yield kernels.work_done_in(state.onlookers, self._leaving(inputs)), "cleared_away"
        yield state.second_at - state.age, "second_device"
        if state.clear and state.sweep > 0.0:
            yield kernels.work_done_in(state.sweep, effort.get("sweep", 0.0)), "swept"
        if state.clear and state.sweep <= 0.0 and not state.at_large:
            yield 0.0, "made_safe" if state.bomb else "handed_over" if state.escaped else "suspects_held"

    def _due_hostages(self, state: State, inputs: Inputs) -> Iterator[Due]:
        p, rate = self.p, self._tension_rate(state, inputs)
        left = state.kills[state.killed] - state.anger
        yield kernels.ramp_rings_in(left, *self._anger(state, rate)), "hostage_killed"
        if not state.prepared:
            yield kernels.work_done_in(state.prepare, inputs.effort.get("prepare", 0.0)), "assault_ready"
        elif state.deadly:
            yield 0.0, "assault"
        if rate < 0.0 and not state.deadly:
            if not state.eased:
                yield max(0.0, (p.eases - state.tension) / rate), "lets_some_go"
            yield max(0.0, (p.gives_up - state.tension) / rate), "surrender"
        if rate > 0.0:
            yield (1 - state.tension) / rate, "beside_himself"

    # ── jumps ──

    def _goes_on(self, state: State, name: str) -> Jump:
        """A step that nobody is harmed or saved by at once."""
        match name:
            case "caught" | "escaped":
                state = replace(state, at_large=False, search=0.0, escaped=name == "escaped")
            case "assault_ready":
                state = replace(state, prepare=0.0, prepared=True)
            case "beside_himself":
                state = replace(state, tension=1.0)
            case "cleared_away":
                state = replace(state, onlookers=0.0, bystanders=())
            case "swept":
                name = "device_found" if state.second_at < math.inf else name
                state = replace(state, sweep=0.0, second_at=math.inf)
        return state, (Note(name, self._told(state)),)

    def _hits(self, state: State) -> Jump:
        """The next one is hit; the clock is set onto the mark."""
        who = state.victims[state.hit]
        state = replace(state, hit=state.hit + 1, used=max(state.used, who.mark))
        if who.colour is None:
            state = replace(state, killed=state.killed + 1)
            return state, (
                Involve((Person(who.id, Status.EXPOSED, "struck"),)),
                Harm((who.id,), Status.DEAD, why="victim"),
            )
        state = replace(state, unreached=(*state.unreached, who))
        return state, (Involve((Person(who.id, Status.TRAPPED, "struck", who.colour, "vehicle"),)),)

    def _stopped(self, state: State) -> Jump:
        """One attacker is stopped; with the last of them help can come in."""
        left = state.attackers - 1
        state = replace(state, attackers=left, neutralise=self.p.neutralise if left else 0.0)
        p = self.p
        blow = Strike("neutralised", ("neutralise",), p.police_dead, p.police_red, p.police_yellow, p.police_green)
        effects: list[Effect] = [Note("neutralised", self._told(state)), blow]
        return (state, effects) if left else self._reached(state, effects)

    def _reached(self, state: State, effects: list[Effect]) -> Jump:
        """Nobody attacks here any more: those hit can be reached."""
        for colour in Triage:
            if names := tuple(who.id for who in state.unreached if who.colour is colour):
                effects.append(Harm(names, Status.WAITING, colour, "reached"))
        return replace(state, unreached=()), effects

    def _hostages(self, state: State, name: str) -> Jump:
        p = self.p
        match name:
            case "hostage_killed":
                who, *others = state.captives
                mark = state.kills[state.killed]
                state = replace(
                    state, captives=tuple(others), anger=max(state.anger, mark), deadly=True, killed=state.killed + 1
                )
                return state, (Harm((who.id,), Status.DEAD, why=name),)
            case "lets_some_go":
                stay = math.ceil(len(state.captives) * (1 - p.eased))
                out = tuple(who.id for who in state.captives[stay:])
                state = replace(state, captives=state.captives[:stay], tension=min(state.tension, p.eases), eased=True)
                return state, [Note(name, self._told(state)), *([Harm(out, Status.SAFE, why=name)] if out else [])]
            case "surrender":
                out = tuple(who.id for who in state.captives)
                state = replace(state, captives=(), tension=min(state.tension, p.gives_up))
                return state, (Note(name, self._told(state)), Harm(out, Status.SAFE, why=name))
        return self._assaulted(state)

    def _assaulted(self, state: State) -> Jump:
        """What was prepared is done: each hostage meets the luck that was drawn at the beginning."""
        p = self.p
        fates: dict[tuple[Status, Triage | None], list[str]] = {}
        for captive in state.captives:
            killed, colour = people.assaulted(p, captive)
            status = Status.DEAD if killed else Status.WAITING if colour else Status.SAFE
            fates.setdefault((status, colour), []).append(captive.id)
        dead = len(fates.get((Status.DEAD, None), ()))
        state = replace(state, captives=(), killed=state.killed + dead)
        blow = Strike("assault", ("prepare",), p.police_dead, p.police_red, p.police_yellow, p.police_green)
        harms = [Harm(tuple(who), status, colour, "assault") for (status, colour), who in fates.items()]
        return state, [Note("assault", self._told(state)), *harms, blow]

    def _second(self, state: State, inputs: Inputs) -> Jump:
        """The second device goes off among those who are not held back."""
        p = self.p
        held = min(1.0, inputs.effort.get("stand_off", 0.0) / p.stand_off)
        near = state.bystanders[: math.ceil(state.onlookers)]
        struck = [who for who in near if who.held_back >= held and (who.killed or who.hit)]
        state = replace(
            state, second_at=math.inf, bystanders=(), onlookers=0.0,
            hit=state.hit + len(struck), killed=state.killed + sum(who.killed for who in struck),
        )  # fmt: skip
        open_ = 1 - held
        blow = Strike(
            "second_device",
            (),
            p.second_dead * open_,
            p.second_red * open_,
            p.second_yellow * open_,
            p.second_green * open_,
        )
        outcomes = [(who.id, None if who.killed else who.hit) for who in struck]
        return state, [Note("second_device", self._told(state)), *_told_of(outcomes, "second_device"), blow]

    def _told(self, state: State) -> dict[str, float]:
        return {"attackers": float(state.attackers), "hit": float(state.hit), "hostages": float(len(state.captives))}


def _blown_up(state: State, blown: Sequence[hurt.Outcome]) -> tuple[State, list[Effect]]:
    """The first device: everybody at once."""
    outcomes: list[tuple[str, Triage | None]] = []
    for k, outcome in enumerate(blown):
        if outcome is not None:
            outcomes.append((f"d{k + 1:04d}", outcome if isinstance(outcome, Triage) else None))
    killed = sum(colour is None for _, colour in outcomes)
    return replace(state, hit=len(outcomes), killed=killed), _told_of(outcomes, "explosion")


def _told_of(outcomes: Iterable[tuple[str, Triage | None]], why: str) -> list[Effect]:
    """People come into harm's way and are hurt so badly (None: killed)."""
    by: dict[Triage | None, list[str]] = {}
    for who, colour in outcomes:
        by.setdefault(colour, []).append(who)
    persons = tuple(Person(who, Status.EXPOSED, "about") for some in by.values() for who in some)
    effects: list[Effect] = [Involve(persons)] if persons else []
    for colour, some in by.items():
        effects.append(Harm(tuple(some), Status.WAITING if colour else Status.DEAD, colour, why))
    return effects
