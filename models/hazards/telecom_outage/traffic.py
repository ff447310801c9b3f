"""How long batteries last, and how many calls get through."""

from __future__ import annotations

from models.chances import normal_cdf
from models.hazards.telecom_outage.parameters import Parameters


def battery(volts: float, charge: float, depth: float, draw: float) -> float:
    """How long (s) a battery feeds a station: V · Q · depth / P; `charge` in coulomb."""
    return volts * charge * depth / draw


def lasts(p: Parameters) -> float:
    """The mean over stations, whose batteries are not new."""
    return p.ageing * battery(p.volts, p.charge, p.depth, p.draw)


def alive(t: float, mean: float, spread: float) -> float:
    """Share of the stations whose batteries still last after `t` without mains: 1 − Φ((t − mean)/spread)."""
    return 1 - normal_cdf((t - mean) / spread)


def erlang_b(trunks: int, offered: float) -> float:
    """Probability that a call finds all trunks taken (Erlang B), by the stable recursion over the trunks."""
    blocked = 1.0
    for n in range(1, trunks + 1):
        blocked = offered * blocked / (n + offered * blocked)
    return blocked


def success(p: Parameters, offered: float) -> float:
    """Share of the calls to a station that get through, when so much (erlang) is offered to it."""
    return 1 - erlang_b(round(p.trunks), offered)
