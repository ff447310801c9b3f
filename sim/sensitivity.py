"""Sensitivity of one case: one assumed number at a time, from end to end of its range, all else and all luck the same.

Only numbers whose standing is `memory` or `config` are varied: what somebody has verified is not ours to doubt here. Flags
(1 yes, 0 no) are no assumed numbers. A share whose range is the whole of 0 to 1 has been given none: it is varied from half
to twice its own value. A bar of the tornado says how far an outcome moves; it is not a probability, and numbers that matter
only together do not show. An outcome that moves to the same side at both ends was moved by luck (every draw after the first
change differs), not by the number: such a bar has no direction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim.case import Case
from sim.domain import events as ev
from sim.domain.parameters import Parameter, Standing
from sim.domain.people import Status
from sim.engine.simulation import simulate
from sim.units import dimension_of, from_si

_WHOLE = (0.0, 1.0)  # the range of whatever is a share: no range has been thought of
_FLAG_SIGNS = ("1 是", "1 有", "1 yes", "1: yes")
OUTCOMES = ("dead", "over", "people")  # deaths; seconds until the last hazard was over; people sent out
Told = Callable[[int, int], None]  # runs done, runs in all


@dataclass(frozen=True)
class Bar:
    """What an incident's parameter does to each outcome at the low and at the high end of its range."""

    incident: str
    parameter: Parameter
    base: float  # the value of the case itself, SI
    ends: tuple[float, float]  # the values it was varied to, SI
    guessed: bool  # the card gives no range of its own: half to twice the value
    low: Mapping[str, float]
    high: Mapping[str, float]

    def directed(self, outcome: str, base: float) -> bool:
        """Whether the ends lie on different sides of the case itself, or one of them on it."""
        return (self.low[outcome] - base) * (self.high[outcome] - base) <= 0.0

    def swing(self, outcome: str, base: float) -> float:
        """How far apart the outcomes lie, those of the case itself among them."""
        values = (self.low[outcome], self.high[outcome], base)
        return max(values) - min(values)


@dataclass(frozen=True)
class Sensitivity:
    """The outcomes of the case itself, and a bar for each number that was varied."""

    base: Mapping[str, float]
    bars: Sequence[Bar]
    complete: bool = True

    def ranked(self, outcome: str) -> list[Bar]:
        """The bars that move an outcome, the longest first."""
        moved = [bar for bar in self.bars if bar.swing(outcome, self.base[outcome]) > 0.0]
        return sorted(moved, key=lambda b: (-b.swing(outcome, self.base[outcome]), b.incident, b.parameter.name))

    def document(self) -> dict[str, Any]:
        """All of it in plain values, figures in the units of the card."""
        rows = [
            {
                "incident": bar.incident, "parameter": bar.parameter.name, "unit": bar.parameter.unit,
                "standing": bar.parameter.standing.value, "source": bar.parameter.source,
                "value": from_si(bar.base, bar.parameter.unit),
                "range": [from_si(end, bar.parameter.unit) for end in bar.ends],
                "range_from": "half to double" if bar.guessed else "card",
                "directed": {name: bar.directed(name, self.base[name]) for name in OUTCOMES},
                "low": dict(bar.low), "high": dict(bar.high),
            }
            for bar in self.bars
        ]  # fmt: skip
        return {"base": dict(self.base), "complete": self.complete, "bars": rows}


def outcomes(case: Case) -> dict[str, float]:
    """What comes of a case: deaths, when the last hazard was over (the horizon if one was not), people sent out."""
    over: dict[str, float] = {}
    sent: dict[str, int] = {}

    def hear(event: ev.Event) -> None:
        match event:
            case ev.IncidentOccurred():
                over[event.incident] = case.horizon
            case ev.HazardOver():
                over[event.incident] = event.t
            case ev.Departed(bound="site"):
                sent[event.element] = event.people

    world = simulate(case, hear)
    dead = sum(person.status is Status.DEAD for person in world.persons.values())
    return {"dead": float(dead), "over": max(over.values(), default=0.0), "people": float(sum(sent.values()))}


def vary(case: Case, told: Told | None = None) -> Sensitivity:
    """Run a case once as it is and twice for each number; a Ctrl-C ends it with what has been run so far."""
    numbers = list(_numbers(case))
    bars: list[Bar] = []
    base = outcomes(case)
    try:
        for i, (incident, parameter) in enumerate(numbers):
            if told is not None:
                told(2 * i, 2 * len(numbers))
            drawn = case.incident_parameters[incident][parameter.name]
            ends, guessed = ends_of(parameter, drawn)
            low, high = (_at(case, incident, parameter.name, end) for end in ends)
            bars.append(Bar(incident, parameter, drawn, ends, guessed, low, high))
    except KeyboardInterrupt:
        return Sensitivity(base, tuple(bars), complete=False)
    return Sensitivity(base, tuple(bars))


def _numbers(case: Case) -> Iterator[tuple[str, Parameter]]:
    """The numbers that are assumed and have a range, by incident."""
    for incident, maker in sorted(case.makers.items()):
        for name, passport in maker.card.parameters.items():
            parameter: Parameter = passport.parameter(name)
            bounded = parameter.low > float("-inf") and parameter.high < float("inf")
            assumed = parameter.standing is not Standing.VERIFIED and bounded and parameter.low < parameter.high
            drawn = case.incident_parameters[incident][name]
            if assumed and not is_flag(parameter) and ends_of(parameter, drawn)[0] != (drawn, drawn):
                yield incident, parameter


def is_flag(parameter: Parameter) -> bool:
    """Whether a number only says yes (1) or no (0)."""
    whole = parameter.unit == "1" and (parameter.low, parameter.high) == _WHOLE
    return whole and any(sign in parameter.description for sign in _FLAG_SIGNS)


def ends_of(parameter: Parameter, drawn: float) -> tuple[tuple[float, float], bool]:
    """The values to which a number is varied, SI, and whether they are ours: its range, or half to double within it."""
    if (parameter.low, parameter.high) != _WHOLE or dimension_of(parameter.unit) != "ratio":
        return (parameter.low, parameter.high), False
    return (drawn / 2.0, min(2.0 * drawn, parameter.high)), True


def _at(case: Case, incident: str, name: str, value: float) -> dict[str, float]:
    drawn = {**case.incident_parameters[incident], name: value}
    return outcomes(replace(case, hazards={**case.hazards, incident: case.makers[incident].build(drawn)}))
