"""The exact solutions that the hazards share (hazards.md section 2, K1–K10): the state later, and when it crosses a threshold.

Inputs are constant over the span. Every solution is exact under splitting (a then b = a + b); every crossing is seconds from
now, 0.0 if already there and `inf` if never. Units are the caller's, as long as they agree; nothing here is a number of a model.
"""

from __future__ import annotations

import math
from collections.abc import Callable

# ── K1 work: W' = growth − effort ────────────────────────────────────────────────────────────────────────────────────


def work_left(work: float, effort: float, dt: float, growth: float = 0.0) -> float:
    """Work still to be done after `dt`; never below 0 (it does not come back once done)."""
    return max(0.0, work + (growth - effort) * dt)


def work_done_in(work: float, effort: float, growth: float = 0.0) -> float:
    """Time until the work is done; inf if it grows as fast as it is worked off."""
    if work <= 0.0:
        return 0.0
    return work / (effort - growth) if effort > growth else math.inf


# ── K2 first order: x' = gain − loss · x ─────────────────────────────────────────────────────────────────────────────


def first_order(x: float, gain: float, loss: float, dt: float) -> float:
    """x after `dt`; without loss it grows in proportion to time."""
    if loss <= 0.0:
        return x + gain * dt
    return x * math.exp(-loss * dt) + gain * (-math.expm1(-loss * dt) / loss)


def first_order_reaches(x: float, gain: float, loss: float, target: float) -> float:
    """Time until x is `target`; inf if it moves away from it or only comes near."""
    if x == target:
        return 0.0
    if loss <= 0.0:
        span = (target - x) / gain if gain else math.inf
        return span if span > 0.0 else math.inf
    rest = gain / loss
    # both differences must have one sign, and the target must lie nearer to rest
    ratio = (x - target) / (target - rest) if target != rest else 0.0
    return math.log1p(ratio) / loss if ratio > 0.0 else math.inf


def first_order_sum(x: float, gain: float, loss: float, dt: float) -> float:
    """∫ x over the next `dt`: what is taken up from a level that follows K2."""
    if loss <= 0.0:
        return x * dt + gain * dt * dt / 2
    z, once = loss * dt, -math.expm1(-loss * dt) / loss
    # dt − once cancels where z is small: there the series of (z − 1 + e^−z) / z²
    series = math.fsum((-z) ** n / math.factorial(n + 2) for n in range(6)) if z < 1e-2 else 0.0
    return x * once + gain * (dt * dt * series if series else (dt - once) / loss)


def first_order_sum_reaches(x: float, gain: float, loss: float, total: float) -> float:
    """Time until ∫ x is `total` for a level x ≥ 0 that does not turn negative; inf if all that will come is less."""
    if total <= 0.0:
        return 0.0
    if x <= 0.0 and gain <= 0.0:
        return math.inf
    if gain <= 0.0 and loss > 0.0 and x / loss <= total:
        return math.inf

    def step(t: float) -> float:
        level = first_order(x, gain, loss, t)
        return (total - first_order_sum(x, gain, loss, t)) / level if level > 0.0 else 0.0

    if gain <= loss * x:  # the level falls: the sum bends downwards, Newton comes from the left
        return newton(0.0, step, up=True)
    late = math.sqrt(2 * total / gain)  # as if nothing were lost, and none there yet
    late = min(late, total / x) if x > 0.0 else late
    while first_order_sum(x, gain, loss, late) < total:
        late *= 2
    return newton(late, step, up=False)


# ── K2 by its slope: x' = rate + slope · (x − x0), where the slope may be of either sign ─────────────────────────────


def drift(x: float, rate: float, slope: float, dt: float) -> float:
    """x after `dt`, which now changes at `rate`, and by `slope` faster for every unit that it rises."""
    return x + rate * (math.expm1(slope * dt) / slope if slope else dt)


def drift_reaches(x: float, rate: float, slope: float, target: float) -> float:
    """Time until x is `target`; inf if it moves away from it or comes to rest before."""
    if x == target:
        return 0.0
    if rate == 0.0 or (target - x) / rate <= 0.0:
        return math.inf
    straight = (target - x) / rate
    bend = slope * straight
    if bend <= -1.0:
        return math.inf
    return math.log1p(bend) / slope if bend else straight


# ── K3 finite source and constant flows: V' = decaying · e^(−t/tau) + steady ─────────────────────────────────────────


def sink_level(volume: float, decaying: float, tau: float, steady: float, dt: float) -> float:
    """The volume after `dt` with an inflow that decays over `tau` (inf: constant) and a net steady flow (less pumps)."""
    return volume + _decayed(decaying, tau, dt) + steady * dt


def sink_turning(decaying: float, tau: float, steady: float) -> float:
    """Time until the outflow overtakes the inflow and the volume falls; inf if it never does."""
    if decaying + steady < 0.0:
        return 0.0
    if steady >= 0.0 or math.isinf(tau):
        return math.inf
    return tau * math.log(decaying / -steady) if decaying > 0.0 else math.inf


def sink_rises_to(volume: float, decaying: float, tau: float, steady: float, target: float) -> float:
    """Time until the volume has risen to `target`; inf if it turns before."""
    if volume >= target:
        return 0.0
    if decaying <= 0.0 or math.isinf(tau):
        rate = decaying + steady
        return (target - volume) / rate if rate > 0.0 else math.inf
    if steady <= 0.0:
        top = sink_turning(decaying, tau, steady)
        crest = volume + decaying * tau if math.isinf(top) else sink_level(volume, decaying, tau, steady, top)
        if crest <= target:
            return math.inf
    return _sink_root(0.0, volume, decaying, tau, steady, target, up=True)


def sink_falls_to(volume: float, decaying: float, tau: float, steady: float, target: float) -> float:
    """Time until the volume has fallen to `target`, perhaps after having risen; inf if inflow wins for good."""
    if volume <= target:
        return 0.0
    if decaying <= 0.0 or math.isinf(tau):
        rate = decaying + steady
        return (target - volume) / rate if rate < 0.0 else math.inf
    if steady >= 0.0:
        return math.inf
    latest = (volume + decaying * tau - target) / -steady  # as if all that is still to come were there already
    return _sink_root(latest, volume, decaying, tau, steady, target, up=False)


def _sink_root(
    start: float, volume: float, decaying: float, tau: float, steady: float, target: float, *, up: bool
) -> float:
    """Newton from one side: the curve bends downwards, so it never oversteps on the branch that is asked for."""

    def step(t: float) -> float:
        slope = decaying * math.exp(-t / tau) + steady
        return (target - sink_level(volume, decaying, tau, steady, t)) / slope if slope else 0.0

    return newton(start, step, up=up)


def _decayed(decaying: float, tau: float, dt: float) -> float:
    return decaying * dt if math.isinf(tau) else decaying * tau * -math.expm1(-dt / tau)


# ── K4 fire and water: Q = s², s' = √growth · (1 − cooling / s²) ─────────────────────────────────────────────────────


def fire_heat(heat: float, growth: float, cooling: float, dt: float) -> float:
    """Heat release after `dt` of a t² fire (`growth` = α) of which water absorbs `cooling`; 0 once it is out."""
    s, root = math.sqrt(heat), math.sqrt(cooling)
    step = math.sqrt(growth) * dt
    if root == s:
        return heat
    if root < s:
        goal = _grown(s, root) + step
        s = newton(s, lambda s: (goal - _grown(s, root)) * (1 - cooling / (s * s)), up=True)
        return s * s
    goal = _shrunk(s, root) - step
    if goal <= 0.0:
        return 0.0
    s = newton(s, lambda s: (goal - _shrunk(s, root)) * (cooling / (s * s) - 1), up=False)
    return s * s


def fire_reaches(heat: float, growth: float, cooling: float, target: float) -> float:
    """Time until the fire releases `target`, above or below what it does now; inf if water or growth forbids it."""
    s, root, goal = math.sqrt(heat), math.sqrt(cooling), math.sqrt(target)
    if s == goal:
        return 0.0
    if root < s < goal:
        return (_grown(goal, root) - _grown(s, root)) / math.sqrt(growth)
    if root > s > goal:
        return (_shrunk(s, root) - _shrunk(goal, root)) / math.sqrt(growth)
    return math.inf


def fire_out_in(heat: float, growth: float, cooling: float) -> float:
    """Time until water has put the fire out; inf while it absorbs no more than the fire releases."""
    return fire_reaches(heat, growth, cooling, 0.0)


def fire_released(heat: float, growth: float, cooling: float, dt: float) -> float:
    """∫ heat over the next `dt`: what water takes away, and what the fire has grown or shrunk by, (s₁³ − s₀³) / 3√growth."""
    out = fire_out_in(heat, growth, cooling)
    after = 0.0 if dt >= out else fire_heat(heat, growth, cooling, dt)
    return cooling * min(dt, out) + float(after**1.5 - heat**1.5) / (3 * math.sqrt(growth))


def fire_released_reaches(heat: float, growth: float, cooling: float, total: float) -> float:
    """Time until ∫ heat is `total`; inf if the fire is put out before."""
    if total <= 0.0:
        return 0.0
    if heat <= 0.0:
        return math.inf
    out = fire_out_in(heat, growth, cooling)
    if out < math.inf and fire_released(heat, growth, cooling, out) <= total:
        return math.inf

    def step(t: float) -> float:
        level = fire_heat(heat, growth, cooling, t)
        return (total - fire_released(heat, growth, cooling, t)) / level if level > 0.0 else 0.0

    return newton(0.0, step, up=True) if cooling > heat else newton(total / heat, step, up=False)


def _grown(s: float, root: float) -> float:
    return s + root / 2 * math.log((s - root) / (s + root)) if root > 0.0 else s


def _shrunk(s: float, root: float) -> float:
    return root * math.atanh(s / root) - s


# ── K5 front race ────────────────────────────────────────────────────────────────────────────────────────────────────


def front_race(gap: float, line: float, growth: float) -> float:
    """Time until a line built at rate `line` has caught an edge that is `gap` longer and grows at `growth`."""
    return work_done_in(gap, line, growth)


def circle_race(radius: float, line: float, spread: float) -> float:
    """Time until a line built at rate `line` goes round a circle whose radius grows at `spread`; inf if too slow."""
    return front_race(math.tau * radius, line, math.tau * spread)


# ── K6 reservoir: S' = inflow − S / lag ──────────────────────────────────────────────────────────────────────────────


def reservoir(store: float, inflow: float, lag: float, dt: float) -> float:
    """What a linear reservoir stores after `dt`; its outflow is store / lag."""
    return first_order(store, inflow, 1 / lag, dt)


def reservoir_reaches(store: float, inflow: float, lag: float, target: float) -> float:
    """Time until it stores `target`; inf if never."""
    return first_order_reaches(store, inflow, 1 / lag, target)


def reservoir_chain(stores: tuple[float, ...], inflow: float, lag: float, dt: float) -> tuple[float, ...]:
    """What equal linear reservoirs, each flowing into the next (Nash), store after `dt`; the last one's outflow is store / lag.

    Their distances from rest fall as e^(−t/lag) times polynomials: each gets, a Poisson share later, what those above it had.
    """
    rest, span = inflow * lag, dt / lag
    shares = [math.exp(-span)]
    for m in range(1, len(stores)):
        shares.append(shares[-1] * span / m)
    off = [store - rest for store in stores]
    return tuple(rest + math.fsum(off[k - m] * shares[m] for m in range(k + 1)) for k in range(len(stores)))


# ── K7 logistic: x' = rate · x · (1 − x / most) ──────────────────────────────────────────────────────────────────────


def logistic(x: float, rate: float, most: float, dt: float) -> float:
    """x after `dt` of growth towards `most`."""
    return most / (1 + (most / x - 1) * math.exp(-rate * dt)) if x > 0.0 else 0.0


def logistic_reaches(x: float, rate: float, most: float, target: float) -> float:
    """Time until x has come to `target`; inf if that lies behind it or beyond `most`."""
    if x == target:
        return 0.0
    if x <= 0.0 or target <= 0.0 or most in (x, target) or rate <= 0.0:
        return math.inf
    odds = target * (most - x) / (x * (most - target))
    return math.log(odds) / rate if odds > 1.0 else math.inf


# ── K8 hazard clock: Λ = (age / tau)^k, running `factor` times as fast ───────────────────────────────────────────────


def clock_used(age: float, dt: float, k: float, tau: float, factor: float) -> float:
    """By how much a Weibull hazard clock advances between `age` and `age + dt`."""
    return factor * float(((age + dt) / tau) ** k - (age / tau) ** k)


def clock_rings_in(left: float, age: float, k: float, tau: float, factor: float) -> float:
    """Time until the clock has used up what is `left` of its threshold; inf while it stands still."""
    if left <= 0.0:
        return 0.0
    if factor <= 0.0:
        return math.inf
    return float(tau * (left / factor + (age / tau) ** k) ** (1 / k)) - age


# ── K8 with a rate that changes steadily: H' = max(0, level + slope · t) ──────────────────────────────────────────────


def ramp_used(level: float, slope: float, dt: float) -> float:
    """∫ max(0, level + slope·t) over the next `dt`."""
    begins, ends = _ramp_runs(level, slope, dt)
    return (level + slope * (begins + ends) / 2) * (ends - begins) if ends > begins else 0.0


def ramp_rings_in(left: float, level: float, slope: float) -> float:
    """Time until that integral has come to `left`; inf if the level falls to nothing before."""
    if left <= 0.0:
        return 0.0
    if level <= 0.0:
        return -level / slope + math.sqrt(2 * left / slope) if slope > 0.0 else math.inf
    squared = level * level + 2 * slope * left
    return 2 * left / (level + math.sqrt(squared)) if squared >= 0.0 else math.inf


def _ramp_runs(level: float, slope: float, dt: float) -> tuple[float, float]:
    """The part of the next `dt` in which the level is above nothing."""
    if slope == 0.0:
        return (0.0, dt) if level > 0.0 else (0.0, 0.0)
    zero = -level / slope
    return (min(dt, max(0.0, zero)), dt) if slope > 0.0 else (0.0, min(dt, max(0.0, zero)))


# ── K8 with a rate that dies away: H' = rate · e^(−t/tau) ─────────────────────────────────────────────────────────────


def fading_used(rate: float, tau: float, dt: float) -> float:
    """∫ rate·e^(−t/tau) over the next `dt`; rate·tau is all that will ever be."""
    return rate * tau * -math.expm1(-dt / tau)


def fading_rings_in(left: float, rate: float, tau: float) -> float:
    """Time until that integral has come to `left`; inf if the rate dies away before."""
    if left <= 0.0:
        return 0.0
    whole = rate * tau
    return -tau * math.log1p(-left / whole) if whole > left else math.inf


# ── K9 dose clock: D' = level^n ──────────────────────────────────────────────────────────────────────────────────────


def dose_threshold(a: float, b: float, z: float, base: float) -> float:
    """The dose that harms someone of tolerance `z` (standard normal) by the probit a + b·ln D, whose median is `base`."""
    return math.exp((base + z - a) / b)


def dose_after(dose: float, level: float, n: float, dt: float) -> float:
    """The dose taken up after `dt` more at a constant level (concentration, heat flux …)."""
    return dose + float(level**n) * dt


def dose_reaches(dose: float, level: float, n: float, threshold: float) -> float:
    """Time until the dose reaches a person's threshold; inf in clean air."""
    if dose >= threshold:
        return 0.0
    return float((threshold - dose) / level**n) if level > 0.0 else math.inf


# ── K10 no closed form: one step of a tick ─────────────────────────────────────────────────────────────────────────────


def runge_kutta(
    slope: Callable[[tuple[float, ...]], tuple[float, ...]], values: tuple[float, ...], dt: float, steps: int = 1
) -> tuple[float, ...]:
    """The values after `dt`, by so many classical fourth-order steps; `slope` gives their rates of change."""
    h = dt / steps
    for _ in range(steps):
        k1 = slope(values)
        k2 = slope(_moved(values, k1, h / 2))
        k3 = slope(_moved(values, k2, h / 2))
        k4 = slope(_moved(values, k3, h))
        rates = zip(k1, k2, k3, k4, strict=True)
        values = _moved(values, tuple((a + 2 * b + 2 * c + d) / 6 for a, b, c, d in rates), h)
    return values


# ── inside ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def newton(x: float, step: Callable[[float], float], *, up: bool) -> float:
    """The root that Newton steps approach from one side only (a convex or concave function): stop when they no longer move."""
    while True:
        after = x + step(x)
        if not (after > x if up else after < x):
            return x
        x = after


def _moved(values: tuple[float, ...], rates: tuple[float, ...], dt: float) -> tuple[float, ...]:
    return tuple(value + rate * dt for value, rate in zip(values, rates, strict=True))
