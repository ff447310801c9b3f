"""How an amount of a staged accident runs: it gains steadily, loses a share of itself (or none), and is never below zero."""

from __future__ import annotations

import math

from models import kernels


def later(amount: float, gain: float, loss: float, dt: float) -> float:
    """The amount after `dt`."""
    if loss <= 0.0:
        return max(0.0, amount + gain * dt)
    return max(0.0, kernels.first_order(amount, gain, loss, dt))


def reaches(amount: float, gain: float, loss: float, level: float) -> float:
    """Seconds until it is at `level`; inf if it never is."""
    if loss > 0.0:
        return kernels.first_order_reaches(amount, gain, loss, level)
    missing = level - amount
    if missing == 0.0:
        return 0.0
    return missing / gain if missing * gain > 0.0 else math.inf


def met_for(clock: float, amount: float, gain: float, loss: float, level: float, dt: float) -> float:
    """For how long it has been at `level` or below without a break, `dt` from now, if it has been for `clock` so far."""
    after = later(amount, gain, loss, dt)
    if after > level:
        return 0.0
    return clock + dt if amount <= level else max(0.0, dt - reaches(amount, gain, loss, level))


def met_in(clock: float, amount: float, gain: float, loss: float, level: float, span: float) -> float:
    """Seconds until it has been at `level` or below for `span`; inf if that does not come about by itself."""
    if amount <= level:
        waits = span - clock
        return waits if later(amount, gain, loss, max(0.0, waits)) <= level else math.inf
    return reaches(amount, gain, loss, level) + span
