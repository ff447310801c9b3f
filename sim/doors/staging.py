"""From the words of a staged accident to what runs: names become positions, units become SI, every mistake is collected."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import get_args

import msgspec

from sim.domain.hazards import DemandKind
from sim.domain.people import Status, Triage
from sim.doors.staged_language import (
    DemandEntry,
    EffectEntry,
    EndEntry,
    Factors,
    Outcome,
    StagedPart,
    StageEntry,
    StrikeEntry,
)
from sim.doors.stages import (
    NONE,
    OVER,
    Addition,
    Amount,
    Clock,
    Closure,
    End,
    Entry,
    Fate,
    Group,
    Quantity,
    Stage,
    Staged,
    Strike,
    Task,
    Told,
)
from sim.errors import suggest
from sim.units import DAY, DIMENSIONS, UnitError, dimension_of, parse_quantity

Loc = tuple[str | int, ...]
Mistake = tuple[Loc, str, str]  # where in the file, what is wrong, what would be right

_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_PLAIN = ("ratio", "count")  # dimensions that multiply without making another
_PER_TIME = {"volume": "flow", "length": "speed", "count": "rate", "ratio": "rate"}
_WORK_OF = {"flow": "volume", "speed": "length", "rate": "count", "count": "work"}  # dimension of effort -> of its work
_TAKEN = ("start", "inputs", "over", "freed", "harmed")  # events that exist without a stage of that name
_CONTINUOUS = (DemandKind.RATE, DemandKind.HOLD)
_EVEN = 1e-9  # shares that add up to one but for rounding
_ROADS = {"closed": 0.0, "open": 1.0}


class Want(msgspec.Struct, frozen=True):
    """What a number must be: its dimension, perhaps over a time; `unit` of `size` is a further unit that is understood."""

    dimension: str
    unit: str = ""
    size: float = 1.0
    over_time: bool = False

    @property
    def named(self) -> str | None:
        """The dimension of a figure that may stand for it."""
        return _PER_TIME.get(self.dimension) if self.over_time else self.dimension


_RATIO, _TIME, _COUNT, _LENGTH = Want("ratio"), Want("time"), Want("count"), Want("length")


def effort_of(unit: str) -> Want:
    """What an effort in a capability's unit is: `m3/h` a flow, `people/h` a rate, pieces of any kind a count."""
    try:
        return Want(dimension_of(unit), unit, DIMENSIONS[dimension_of(unit)][unit])
    except UnitError:
        _, over, time = unit.partition("/")
        return Want("rate", unit, 1 / DIMENSIONS["time"][time]) if over else Want("count", unit)


class Staging:
    """One file on its way; `staged` runs if there are no `mistakes`.

    `figures` are scope variables and parameters with their dimensions, `capabilities` the codes with their units.
    """

    def __init__(self, part: StagedPart, figures: Mapping[str, str], capabilities: Mapping[str, str]) -> None:
        self.part, self.figures, self.capabilities = part, figures, capabilities
        self.mistakes: list[Mistake] = []
        self._numbers: list[Amount] = []
        self._groups, self._quantities = tuple(part.people), tuple(part.quantities)
        self._demands, self._stages = tuple(part.demands), tuple(s.id for s in part.stages)
        self._strikes = 0
        groups = tuple(
            Group(name, self._number(("people", name, "count"), g.count, _COUNT), g.status == "trapped", g.entrapment)
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
            night_from=self._hour(("night", "begins"), begins),
            night_to=self._hour(("night", "ends"), ends),
            seen_error=self._number(("seen_error",), part.seen_error, _RATIO),
            numbers=tuple(self._numbers),
        )
        self._ways(stages)

    # ── words ──

    def _wrong(self, loc: Loc, what: str, remedy: str = "") -> None:
        self.mistakes.append((loc, what, remedy))

    def _position(self, loc: Loc, what: str, name: str, valid: Sequence[str]) -> int:
        """The position of a name among the valid ones."""
        if name in valid:
            return valid.index(name)
        self._wrong(loc, f"no {what} '{name}'", suggest(name, sorted(valid)))
        return NONE

    def _parsed(self, loc: Loc, text: str, want: Want) -> float:
        """A written number, SI."""
        size = 1.0
        amount = text.strip()
        if want.over_time:
            amount, _, time = amount.rpartition("/")
            if not amount or time not in DIMENSIONS["time"]:
                self._wrong(loc, f"expected an amount over a time, got '{text}'", "such as '5 m3/h'")
                return math.nan
            size = 1 / DIMENSIONS["time"][time]
        elif want.unit and amount.endswith(want.unit) and want.unit not in DIMENSIONS[want.dimension]:
            amount, size = f"{amount.removesuffix(want.unit)} {next(iter(DIMENSIONS[want.dimension]))}", want.size
        try:
            value = parse_quantity(amount, want.dimension) * size
        except UnitError as wrong:
            self._wrong(loc, str(wrong), f"write it in {want.unit}" if want.unit else "")
            return math.nan
        if value < 0:
            self._wrong(loc, f"'{text}' is negative", "write a number from 0 up")
        return value

    def _number(self, loc: Loc, entry: Factors | None, want: Want, size: float = 1.0) -> int:
        """The position of a number, divided by `size`, in the table of numbers; NONE if none is written."""
        if entry is None:
            return NONE
        value, names, carried = 1 / size, [], []
        for i, word in enumerate((entry.of, *entry.times)):
            where = (*loc, "times", i - 1) if i else loc
            if not _NAME.fullmatch(word):
                lone = not i and all(self.figures.get(w, "ratio") in _PLAIN for w in entry.times)
                value *= self._parsed(where, word, want if lone else _RATIO)
                carried += [want.named] if lone and want.named not in _PLAIN else []
            elif word in self.figures:
                names.append(word)
                carried += [self.figures[word]] if self.figures[word] not in _PLAIN else []
            else:
                self._wrong(where, f"no parameter or scope variable '{word}'", suggest(word, sorted(self.figures)))
                carried.append(want.named)  # one mistake is enough
        if carried != ([] if want.named in _PLAIN else [want.named]):
            got = " × ".join(map(str, carried)) or "a plain number"
            self._wrong(loc, f"expected a {want.named or want.dimension}, got {got}")
        if entry.night != 1.0 and self.part.night is None:
            self._wrong(
                (*loc, "night"),
                "a night factor, but the file does not say when it is night",
                "add 'night: {begins: 22:00, ends: 06:00}'",
            )
        self._numbers.append(Amount(value, tuple(names), entry.night, {str(t): f for t, f in entry.by_terrain.items()}))
        return len(self._numbers) - 1

    def _constant(self, value: float) -> int:
        self._numbers.append(Amount(value))
        return len(self._numbers) - 1

    def _hour(self, loc: Loc, text: str) -> float:
        second = self._parsed(loc, text, _TIME)
        if not 0 <= second < DAY:
            self._wrong(loc, f"'{text}' is no time of day", "such as '22:00'")
        return second

    def _fates(
        self, loc: Loc, shares: Mapping[Outcome, float], *, whole: bool, trapped: bool = False
    ) -> tuple[Fate, ...]:
        """Shares of people in a fixed order, so that the same luck always means the same fate."""
        total = math.fsum(shares.values())
        if min(shares.values()) < 0 or total > 1 + _EVEN or (whole and total < 1 - _EVEN):
            self._wrong(
                loc, f"shares add up to {total:g}", "to 1, none negative" if whole else "to at most 1, none negative"
            )
        if "trapped" in shares and not trapped:
            self._wrong(
                (*loc, "trapped"), "nobody becomes trapped here", "use it in people: become, on entering a stage"
            )
        return tuple(
            Fate(shares[o], Status.WAITING, Triage(o)) if o in _COLOURS else Fate(shares[o], Status(o))
            for o in get_args(Outcome)
            if o in shares
        )

    # ── entries ──

    def _quantity(self, name: str) -> Quantity:
        loc, entry = ("quantities", name), self.part.quantities[name]
        want = self._unit_of(name)
        if want is None:
            self._wrong((*loc, "unit"), f"unknown unit '{entry.unit}'", suggest(entry.unit, sorted(_UNITS)))
            want = _RATIO
        return Quantity(
            name,
            self._number((*loc, "initial"), entry.initial, want),
            self._number((*loc, "rate"), entry.rate, msgspec.structs.replace(want, over_time=True)),
        )

    def _unit_of(self, quantity: str) -> Want | None:
        unit = self.part.quantities[quantity].unit
        return Want(dimension_of(unit)) if unit in _UNITS else None

    def _task(self, name: str, entry: DemandEntry) -> Task:
        loc, kind = ("demands", name), DemandKind(entry.kind)
        effort = _COUNT
        if entry.capability in self.capabilities:
            effort = effort_of(self.capabilities[entry.capability])
        else:
            self._wrong(
                (*loc, "capability"),
                f"no capability '{entry.capability}'",
                suggest(entry.capability, sorted(self.capabilities)),
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
            want = effort if kind in _CONTINUOUS else work if kind is DemandKind.WORK else _COUNT
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
            self._parsed((*loc, "set_up"), entry.set_up, _TIME),
            entry.priority,
            self._parsed((*loc, "within"), entry.within, _TIME) if entry.within else math.nan,
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
            want = msgspec.structs.replace(self._unit_of(name) or _RATIO, over_time=True)
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
            self._number((*loc, "radius"), entry.radius, _LENGTH),
        )

    def _entry(self, loc: Loc, entry: EffectEntry) -> Entry:
        written = [e for e in (entry.people, entry.road, entry.note, entry.add) if e is not None]
        if len(written) != 1:
            self._wrong(loc, "an effect is one thing", "write exactly one of people, road, note, add")
        if entry.people is not None:
            return self._strike((*loc, "people"), entry.people)
        if entry.road is not None:
            state = entry.road.state
            factor = _ROADS[state] if state in _ROADS else self._parsed((*loc, "road", "state"), state, _RATIO)
            if factor > 1:
                self._wrong((*loc, "road", "state"), f"no road becomes {factor:g} times as fast", "from 0 to 1")
            return Closure(factor, entry.road.link)
        if entry.add is not None:
            quantity = self._position((*loc, "add", "quantity"), "quantity", entry.add.quantity, self._quantities)
            want = self._unit_of(entry.add.quantity) if quantity != NONE else None
            return Addition(quantity, self._number((*loc, "add", "amount"), entry.add.amount, want or _RATIO))
        return Told(entry.note.name if entry.note else "")

    def _strike(self, loc: Loc, entry: StrikeEntry) -> Strike:
        self._strikes += 1
        return Strike(
            self._position((*loc, "group"), "group of people", entry.group, self._groups),
            self._fates((*loc, "become"), entry.become, whole=False, trapped=True),
            self._strikes - 1,
            entry.why,
        )

    def _end(self, loc: Loc, entry: EndEntry, stage: StageEntry) -> End:
        written = (entry.after is not None, bool(entry.work_done), bool(entry.rate_met), entry.quantity is not None)
        if sum(written) != 1:
            self._wrong(loc, "what ends the stage?", "say exactly one of after, work_done, rate_met, quantity")
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
            threshold = self._number((*loc, "quantity", key), q.below if q.above is None else q.above, want or _RATIO)
        return End(
            OVER if entry.to == "over" else self._position((*loc, "to"), "stage", entry.to, (*self._stages, "over")),
            entry.to,
            entry.reason.name if entry.reason else "",
            after=self._number((*loc, "after"), entry.after, _TIME),
            done=tuple(
                self._asked((*loc, "work_done", n), d, stage, continuous=False) for n, d in enumerate(entry.work_done)
            ),
            met=self._asked((*loc, "rate_met"), entry.rate_met, stage, continuous=True) if entry.rate_met else NONE,
            span=self._number((*loc, "for"), entry.span, _TIME),
            quantity=quantity,
            threshold=threshold,
            above=entry.quantity is not None and entry.quantity.above is not None,
        )

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
                if end.to not in reached and end.to != OVER:
                    reached.add(end.to)
                    open_.append(end.to)
        ending = {OVER}
        while more := [i for i, s in enumerate(stages) if i not in ending and any(e.to in ending for e in s.ends)]:
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


_UNITS = frozenset(unit for units in DIMENSIONS.values() for unit in units)
_COLOURS = frozenset(colour.value for colour in Triage)
