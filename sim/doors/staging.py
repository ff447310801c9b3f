"""From the words of a staged accident to what runs: names become positions, units become SI, every mistake is collected."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import msgspec

from sim.domain.hazards import DemandKind
from sim.domain.teams import MEDICAL
from sim.doors.staged_language import (
    BlowEntry,
    DemandEntry,
    EffectEntry,
    EndEntry,
    ServiceEntry,
    StagedPart,
    StageEntry,
    StrikeEntry,
    WeatherEntry,
)
from sim.doors.stages import (
    NONE,
    OVER,
    Addition,
    Area,
    Blow,
    Clock,
    Closure,
    End,
    Entry,
    Group,
    Past,
    Quantity,
    Severed,
    Stage,
    Staged,
    Strike,
    Task,
    Told,
)
from sim.doors.staging_numbers import COUNT, LENGTH, RATIO, TIME, Loc, Numbers, Want, effort_of
from sim.errors import suggest
from sim.units import DIMENSIONS, UnitError, dimension_of, from_si, parse_quantity

_WORK_OF = {"flow": "volume", "speed": "length", "rate": "count", "count": "work"}  # dimension of effort -> of its work
_TAKEN = ("start", "inputs", "over", "freed", "harmed")  # events that exist without a stage of that name
_CONTINUOUS = (DemandKind.RATE, DemandKind.HOLD)
_EVEN = 1e-9  # shares that add up to one but for rounding
_ROADS = {"closed": 0.0, "open": 1.0}


class Staging(Numbers):
    """One file on its way; `staged` runs if there are no `mistakes`.

    `figures` are scope variables and parameters with their dimensions, `capabilities` the codes with their units.
    """

    def __init__(self, part: StagedPart, figures: Mapping[str, str], capabilities: Mapping[str, str]) -> None:
        super().__init__(part, figures)
        self.capabilities = capabilities
        self._groups, self._quantities = tuple(part.people), tuple(part.quantities)
        self._demands, self._stages = tuple(part.demands), tuple(s.id for s in part.stages)
        self._strikes = self._draws = 0
        groups = tuple(
            Group(name, self._number(("people", name, "count"), g.count, COUNT), g.status == "trapped", g.entrapment)
            for name, g in part.people.items()
        )
        quantities = tuple(self._quantity(name) for name in part.quantities)
        self._tasks = tuple(self._task(name, entry) for name, entry in part.demands.items())
        stages = tuple(self._stage(i, entry) for i, entry in enumerate(part.stages))
        begins, ends = (part.night.begins, part.night.ends) if part.night else ("00:00", "00:00")
        self.staged = Staged(
            groups=groups,
            quantities=quantities,
            tasks=self._tasks,
            stages=stages,
            strikes=self._strikes,
            draws=self._draws,
            night_from=self._hour(("night", "begins"), begins),
            night_to=self._hour(("night", "ends"), ends),
            seen_error=self._number(("seen_error",), part.seen_error, RATIO),
            numbers=tuple(self._numbers),
        )
        self._ways(stages)

    # ── entries ──

    def _quantity(self, name: str) -> Quantity:
        loc, entry = ("quantities", name), self.part.quantities[name]
        want = self._unit_of(name)
        if want is None:
            self._wrong((*loc, "unit"), f"unknown unit '{entry.unit}'", suggest(entry.unit, sorted(_UNITS)))
            want = RATIO
        return Quantity(
            name,
            self._number((*loc, "initial"), entry.initial, want),
            self._number((*loc, "rate"), entry.rate, msgspec.structs.replace(want, over_time=True)),
            self._number((*loc, "loses"), entry.loses, Want("rate")),
        )

    def _unit_of(self, quantity: str) -> Want | None:
        unit = self.part.quantities[quantity].unit
        return Want(dimension_of(unit)) if unit in _UNITS else None

    def _task(self, name: str, entry: DemandEntry) -> Task:
        loc, kind = ("demands", name), DemandKind(entry.kind)
        effort = COUNT
        if entry.capability in self.capabilities:
            effort = effort_of(self.capabilities[entry.capability])
        else:
            self._wrong(
                (*loc, "capability"),
                f"no capability '{entry.capability}'",
                suggest(entry.capability, sorted(self.capabilities)),
            )
        if entry.capability in MEDICAL:
            self._wrong(
                (*loc, "capability"),
                f"{entry.capability} is for the hurt, and sent for them by itself",
                "leave it out, or ask for FIRST_AID or TRIAGE",
            )
        work = Want(_WORK_OF.get(effort.dimension, "work"))
        if kind is DemandKind.WORK and effort.dimension not in _WORK_OF:
            self._wrong((*loc, "kind"), f"{entry.capability} does no work that adds up", "use kind: rate")
        if sum((entry.amount is not None, bool(entry.works_off), bool(entry.frees))) != 1:
            self._wrong(loc, "how much of it?", "say exactly one of amount, works_off, frees")
        if kind not in _CONTINUOUS and not entry.within:
            self._wrong(loc, "missing 'within'", "the time in which a duty officer wants it done, such as '4 h'")
        quantity = group = NONE
        if entry.works_off:
            quantity = self._position((*loc, "works_off"), "quantity", entry.works_off, self._quantities)
            amount = self._each(loc, entry, work if kind is DemandKind.WORK else effort, quantity)
            if kind not in (DemandKind.WORK, DemandKind.RATE):
                self._wrong((*loc, "kind"), f"a {entry.kind} demand works nothing off", "use kind: work or kind: rate")
        elif entry.frees:
            group = self._position((*loc, "frees"), "group of people", entry.frees, self._groups)
            amount = self._number((*loc, "each"), entry.each, work) if entry.each else self._constant(1.0)
            if kind in _CONTINUOUS:
                self._wrong((*loc, "kind"), f"a {entry.kind} demand frees nobody", "use kind: work or kind: service")
            elif (kind is DemandKind.WORK) != (entry.each is not None):
                self._wrong(loc, "'each' is the work per person", "WORK needs it, SERVICE goes without")
        else:
            want = effort if kind in _CONTINUOUS else work if kind is DemandKind.WORK else COUNT
            amount = self._number((*loc, "amount"), entry.amount, want)
        return Task(
            name,
            kind,
            entry.capability,
            amount,
            quantity,
            group,
            self._fates((*loc, "gives"), entry.gives, whole=True),
            self._parsed((*loc, "face"), entry.face, effort) if entry.face else math.inf,
            self._parsed((*loc, "set_up"), entry.set_up, TIME),
            entry.priority,
            self._parsed((*loc, "within"), entry.within, TIME) if entry.within else math.nan,
        )

    def _each(self, loc: Loc, entry: DemandEntry, want: Want, quantity: int) -> int:
        """Effort (WORK: work) per SI unit of the quantity."""
        unit = self.part.quantities[self._quantities[quantity]].unit if quantity != NONE else "1"
        dimension = dimension_of(unit) if unit in _UNITS else "ratio"
        if entry.each is not None:
            return self._number((*loc, "each"), entry.each, want, DIMENSIONS[dimension].get(unit, 1.0))
        if dimension != want.dimension and quantity != NONE:
            self._wrong(loc, f"missing 'each': what one {unit} takes of {entry.capability}")
        return self._constant(1.0)

    def _stage(self, i: int, entry: StageEntry) -> Stage:
        loc: Loc = ("stages", i)
        if entry.id in _TAKEN or entry.id in self._stages[:i]:
            self._wrong((*loc, "id"), f"'{entry.id}' is taken", "choose another name for the stage")
        for name in entry.rates:
            self._position((*loc, "rates", name), "quantity", name, self._quantities)
        rates = []
        for name, quantity in self.part.quantities.items():
            want = msgspec.structs.replace(self._unit_of(name) or RATIO, over_time=True)
            if name in entry.rates:
                rates.append(self._number((*loc, "rates", name), entry.rates[name], want))
            else:
                rates.append(self._number(("quantities", name, "rate"), quantity.rate, want))
        tasks = [self._position((*loc, "demands", n), "demand", d, self._demands) for n, d in enumerate(entry.demands)]
        if not entry.ends:
            self._wrong((*loc, "ends"), f"stage '{entry.id}' has no end", "add one under ends")
        return Stage(
            entry.id,
            entry.mode,
            tuple(self._entry((*loc, "on_enter", n), e) for n, e in enumerate(entry.on_enter)),
            tuple(rates),
            tuple(t for t in tasks if t != NONE),
            tuple(
                Clock(
                    self._position((*loc, "harms", n, "group"), "group of people", h.group, self._groups),
                    self._number((*loc, "harms", n, "rate"), h.rate, Want("rate")),
                    self._fates((*loc, "harms", n, "become"), h.become, whole=True),
                    h.why,
                )
                for n, h in enumerate(entry.harms)
            ),
            tuple(self._end((*loc, "ends", n), e, entry) for n, e in enumerate(entry.ends)),
            self._number((*loc, "radius"), entry.radius, LENGTH),
        )

    def _entry(self, loc: Loc, entry: EffectEntry) -> Entry:
        written = [name for name in EffectEntry.model_fields if getattr(entry, name) is not None]
        if len(written) != 1:
            self._wrong(loc, "an effect is one thing", f"write exactly one of {', '.join(EffectEntry.model_fields)}")
        if entry.people is not None:
            return self._strike((*loc, "people"), entry.people)
        if entry.responders is not None:
            return self._blow((*loc, "responders"), entry.responders)
        return self._around(loc, entry)

    def _around(self, loc: Loc, entry: EffectEntry) -> Entry:
        """What a stage does to roads, services and quantities, or has to tell."""
        if entry.road is not None:
            return Closure(self._factor((*loc, "road", "state"), entry.road.state), entry.road.link)
        if entry.roads is not None:
            factor = self._factor((*loc, "roads", "state"), entry.roads.state)
            return Area(factor, self._number((*loc, "roads", "radius"), entry.roads.radius, LENGTH))
        if entry.cut is not None:
            at = (*loc, "cut")
            share = self._number((*at, "share"), entry.cut.share, RATIO)
            return Severed(entry.cut.service, share, self._number((*at, "radius"), entry.cut.radius, LENGTH))
        if entry.add is not None:
            quantity = self._position((*loc, "add", "quantity"), "quantity", entry.add.quantity, self._quantities)
            want = self._unit_of(entry.add.quantity) if quantity != NONE else None
            return Addition(quantity, self._number((*loc, "add", "amount"), entry.add.amount, want or RATIO))
        return Told(entry.note.name if entry.note else "")

    def _factor(self, loc: Loc, state: str) -> float:
        """The share of its speed at which a road is driven."""
        factor = _ROADS[state] if state in _ROADS else self._parsed(loc, state, RATIO)
        if factor > 1:
            self._wrong(loc, f"no road becomes {factor:g} times as fast", "from 0 to 1")
        return factor

    def _blow(self, loc: Loc, entry: BlowEntry) -> Blow:
        for i, name in enumerate(entry.demands):
            self._position((*loc, "demands", i), "demand", name, self._demands)
        if min(entry.become.values()) < 0 or math.fsum(entry.become.values()) > 1 + _EVEN:
            self._wrong((*loc, "become"), "chances of one person cannot add up to more than 1", "none negative")
        return Blow(tuple(entry.demands), {str(k): v for k, v in entry.become.items()}, entry.why)

    def _strike(self, loc: Loc, entry: StrikeEntry) -> Strike:
        self._strikes += 1
        return Strike(
            self._position((*loc, "group"), "group of people", entry.group, self._groups),
            self._fates((*loc, "become"), entry.become, whole=False, trapped=True),
            self._strikes - 1,
            entry.why,
        )

    def _end(self, loc: Loc, entry: EndEntry, stage: StageEntry) -> End:
        if sum(bool(getattr(entry, name)) for name in _ENDS) != 1:
            self._wrong(loc, "what ends the stage?", f"say exactly one of {', '.join(_ENDS)}")
        if (entry.chance is None) != (not entry.otherwise):
            self._wrong(loc, "'chance' and 'otherwise' go together", "chance: 30 %, otherwise: the other stage")
        if entry.rate_met and entry.span is None:
            self._wrong(loc, "missing 'for'", "how long the rate must be met, such as '20 min'")
        if (entry.to == "over") != (entry.reason is not None):
            self._wrong(
                loc,
                "a reason belongs to an end that leads to 'over', and only there",
                "reason: {name: contained, zh: 已控制, en: Contained}",
            )
        threshold = quantity = NONE
        if entry.quantity is not None:
            q = entry.quantity
            quantity = self._position((*loc, "quantity", "name"), "quantity", q.name, self._quantities)
            if (q.below is None) == (q.above is None):
                self._wrong((*loc, "quantity"), "below or above what?", "say exactly one of below, above")
            want = self._unit_of(q.name) if quantity != NONE else None
            key = "below" if q.above is None else "above"
            threshold = self._number((*loc, "quantity", key), q.below if q.above is None else q.above, want or RATIO)
        return End(
            OVER if entry.to == "over" else self._position((*loc, "to"), "stage", entry.to, (*self._stages, "over")),
            entry.to,
            entry.reason.name if entry.reason else "",
            after=self._number((*loc, "after"), entry.after, TIME),
            done=tuple(
                self._asked((*loc, "work_done", n), d, stage, continuous=False) for n, d in enumerate(entry.work_done)
            ),
            met=self._asked((*loc, "rate_met"), entry.rate_met, stage, continuous=True) if entry.rate_met else NONE,
            span=self._number((*loc, "for"), entry.span, TIME),
            quantity=quantity,
            threshold=threshold,
            above=entry.quantity is not None and entry.quantity.above is not None,
            at_rate=self._number((*loc, "at_rate"), entry.at_rate, Want("rate")),
            weather=self._past((*loc, "weather"), entry.weather.figure, entry.weather) if entry.weather else None,
            service=self._past((*loc, "service"), entry.service.name, entry.service) if entry.service else None,
            chance=self._number((*loc, "chance"), entry.chance, RATIO),
            otherwise=self._position((*loc, "otherwise"), "stage", entry.otherwise, self._stages)
            if entry.otherwise
            else NONE,
            luck=self._draw() if entry.at_rate is not None or entry.chance is not None else NONE,
        )

    def _draw(self) -> int:
        self._draws += 1
        return self._draws - 1

    def _past(self, loc: Loc, name: str, entry: WeatherEntry | ServiceEntry) -> Past:
        """A figure from outside and the value it must pass, in the unit in which it is kept."""
        if bool(entry.below) == bool(entry.above):
            self._wrong(loc, "below or above what?", "say exactly one of below, above")
        side = "above" if entry.above else "below"
        dimension, unit = _OUTSIDE.get(name, ("ratio", "1"))
        text = entry.above or entry.below or "0"
        try:
            value = from_si(parse_quantity(text, dimension), unit)
        except UnitError as wrong:
            self._wrong((*loc, side), str(wrong))
            value = math.nan
        return Past(name, value, bool(entry.above))

    def _asked(self, loc: Loc, name: str, stage: StageEntry, *, continuous: bool) -> int:
        """A demand that an end waits for: of the right kind, and asked for in the stage."""
        i = self._position(loc, "demand", name, self._demands)
        if i != NONE and (self._tasks[i].kind in _CONTINUOUS) != continuous:
            kind = self._tasks[i].kind.value
            self._wrong(loc, f"'{name}' is a {kind} demand", "use work_done" if continuous else "use rate_met with for")
        elif i != NONE and name not in stage.demands:
            self._wrong(loc, f"'{name}' is not asked for in stage '{stage.id}'", "add it to the stage's demands")
        return i

    # ── the whole ──

    def _ways(self, stages: Sequence[Stage]) -> None:
        """Every stage is reached from the first, and from every stage there is a way to the end."""
        reached, open_ = {0}, [0]
        while open_:
            for end in stages[open_.pop()].ends:
                for to in {end.to, end.otherwise} - {OVER} - reached:
                    reached.add(to)
                    open_.append(to)
        ending = {OVER}
        while more := [i for i, s in enumerate(stages) if i not in ending and any(_leads(e, ending) for e in s.ends)]:
            ending.update(more)
        for i, stage in enumerate(stages):
            if i not in reached:
                self._wrong(
                    ("stages", i, "id"), f"stage '{stage.id}' is never reached", "lead some end of a stage to it"
                )
            elif i not in ending and stage.ends:
                self._wrong(("stages", i, "ends"), f"from stage '{stage.id}' there is no way to 'over'")
        for name in self._demands:
            if not any(name in s.demands for s in self.part.stages):
                self._wrong(("demands", name), f"no stage asks for '{name}'", "add it to a stage's demands")


_ENDS = ("after", "at_rate", "work_done", "rate_met", "quantity", "weather", "service")
_OUTSIDE = {  # figures of the weather: dimension, and the unit in which it is kept
    "wind": ("speed", "m/s"), "temperature": ("temperature", "degC"), "humidity": ("ratio", "%"), "rain": ("intensity", "mm/h"),
}  # fmt: skip
_UNITS = frozenset(unit for units in DIMENSIONS.values() for unit in units)


def _leads(end: End, ending: set[int]) -> bool:
    """Whether an end leads, or may lead, to one of these."""
    return end.to in ending or (end.otherwise != NONE and end.otherwise in ending)
