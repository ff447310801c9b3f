"""Gas in rooms, cellars and drains: how it gathers, when it can explode, what an explosion does (hazards.md H17)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec.structs import replace

from models import kernels
from models.hazards.gas_leak.parameters import Parameters
from models.hazards.gas_leak.state import Line, Soul, Space, State
from models.physics import blast, sources
from models.physics.blast import Curve
from sim.domain.people import Status, Triage
from sim.domain.places import Weather
from sim.streams import Stream

_NAMES = "abcdefgh"
HARMED = (
    (Status.DEAD, None),
    (Status.WAITING, Triage.RED),
    (Status.WAITING, Triage.YELLOW),
    (Status.WAITING, Triage.GREEN),
)


def spaces(p: Parameters, people: int, asleep: float, stream: Stream) -> tuple[Space, ...]:
    """The spaces that gas may get into, nearest first, with everybody's luck; drawn for the most there may be."""
    most, count = round(p.spaces_most), round(p.spaces)
    draws = []
    for k in range(most):
        distance, volume, delay = stream.uniform(), stream.normal(), stream.uniform()
        draws.append((distance, k, volume, delay, stream.exponential(), stream.uniform()))
    souls = [(stream.uniform(), stream.uniform(), stream.uniform()) for _ in range(round(p.followed))]
    order, found, first, drained = sorted(draws[:count]), [], 0, int(p.drain_first > 0.0)
    for i, (distance, _, volume, delay, bears, chain) in enumerate(order):
        drain = i < drained
        houses = max(1, count - drained)
        each = 0 if drain else people // houses + (i - drained < people % houses)
        size = min(each, round(p.inside_most), max(1, round(each * p.inside)))
        members = tuple(
            Soul(f"{_NAMES[i]}{n + 1:02d}", fate, nose, sleepy >= asleep)
            for n, (fate, nose, sleepy) in enumerate(souls[first : first + size])
        )
        first += size
        fills = p.near_share if i == 0 else p.far_share / max(1, count - 1)
        span = p.arrives_least + (p.arrives_most - p.arrives_least) * (distance + delay) / 2
        arrives = span if i or p.reach else 0.0
        found.append(
            Space(
                _NAMES[i],
                distance * p.reach,
                volume=p.volume * math.exp(p.volume_spread * volume),
                building=0.0 if drain else p.building,
                share=fills,
                arrives=arrives,
                bears=bears,
                chain=chain,
                inside=members,
                others=float(max(0, each - len(members))),
                there=arrives <= 0.0,
                found=i < p.known,
                emptied=not each,
            )
        )
    return tuple(found)


def exchange(p: Parameters, space: Space, weather: Weather) -> float:
    """Air changes per second: once vented many, with open windows some, shut few."""
    if space.vented:
        return p.vented_exchange
    return p.exchange_open if weather.temperature >= p.open_above and space.building else p.exchange


def gain(state: State, space: Space) -> float:
    """What the leak adds to the volume fraction of a space per second."""
    if space.gone or state.burning or not state.seeps or not space.there:
        return 0.0
    return space.share * state.line.feed / state.line.density / space.volume


def later(p: Parameters, state: State, space: Space, dt: float, weather: Weather) -> Space:
    """A space `dt` seconds later: gas and the clock of its ignition."""
    return replace(
        space,
        gas=kernels.first_order(space.gas, gain(state, space), exchange(p, space, weather), dt),
        used=space.used + ignition(p, state, space) * dt,
    )


def ignition(p: Parameters, state: State, space: Space) -> float:
    """How fast the ignition clock of a space runs: faster with people in it, slower without power, not below the limit."""
    if not space.rich or space.gone:
        return 0.0
    rate = p.occupied if space.inside else p.unoccupied
    return rate * (p.power_off if state.powerless else 1.0)


def destroys(p: Parameters, space: Space) -> bool:
    """Whether its gas, if it explodes now, brings the building down; of a rich room a part is always in the worst range."""
    effective = min(space.gas, p.strong_most)
    return space.building > 0.0 and space.gas >= p.strong and effective * space.volume > p.strong_gas


def fates(shares: Sequence[float], souls: Sequence[Soul]) -> list[tuple[tuple[Status, Triage | None], tuple[str, ...]]]:
    """Who is dead, red, yellow, green of these people by their own luck; whoever is left over is unhurt."""
    found: list[tuple[tuple[Status, Triage | None], tuple[str, ...]]] = []
    low = 0.0
    for fate, share in zip((*HARMED, (Status.SAFE, None)), (*shares, 1.0), strict=True):
        names = tuple(soul.id for soul in souls if low <= soul.fate < low + share)
        low += share
        if names:
            found.append((fate, names))
    return found


def glass_reach(p: Parameters, space: Space, ambient: float) -> float:
    """How far (m) its explosion breaks panes."""
    curve = Curve(p.blast_peak, p.blast_bend, p.blast_near, p.blast_middle, p.blast_far)
    gas = min(space.gas, p.strong_most) * space.volume
    return blast.reach(curve, p.glass, blast.tnt_of(p.vented_energy * p.energy * gas, p.tnt), ambient)


def threshold(p: Parameters, space: Space) -> tuple[tuple[float, str], ...]:
    """The marks that its gas may pass, each with what happens there, as long as it has not."""
    marks = []
    if not space.smelt:
        marks.append((p.smell, "smelt"))
    if not space.gone:
        marks.append((p.explosive, "below_limit" if space.rich else "above_limit"))
    return tuple(marks)


def line(p: Parameters, hole: float, temperature: float, ambient: float) -> Line:
    """The pipe with a hole (m): its flow, what feeds it, how long it lasts."""
    kelvin = temperature + p.freezing
    width = min(hole * p.hole_times, p.pipe)
    inner = p.pressure + ambient
    full = sources.gas_flow(
        p.discharge, sources.hole_area(width), inner, ambient, p.molar, p.gamma, kelvin, p.gas_constant
    )
    held = sources.gas_density(inner, p.molar, kelvin, p.gas_constant) * sources.hole_area(p.pipe) * p.length
    density = sources.gas_density(ambient, p.molar, kelvin, p.gas_constant)
    return Line(full, min(full, p.feed_most), sources.blow_down(held, full), density, fire_radius(p, width), ambient)


def fire_radius(p: Parameters, width: float) -> float:
    """Within so many metres a burning rupture of that diameter (m) is deadly: GRI's r = .69·d·√p (ft, in, psig) in SI."""
    return p.radius * width * math.sqrt(p.pressure)
