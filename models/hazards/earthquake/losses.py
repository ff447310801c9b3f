"""Losses: which share of the houses collapses, who is in them, quick estimates of deaths, fires, slides."""

from __future__ import annotations

import math
from collections.abc import Iterable

from models.chances import fragility
from models.hazards.earthquake.parameters import Parameters
from models.hazards.earthquake.state import Town
from sim.domain.places import Surroundings

CLASSES = "abcd"
_KM2 = 1e6
_BANDS = ((50.0, "dense_50"), (200.0, "dense_200"), (500.0, "dense_500"))


def by_degree(p: Parameters, name: str, at: float, lowest: int, below: float = 0.0) -> float:
    """A figure of the card given per degree from `lowest` to X, linear between, constant beyond.

    It sets in slowly, by a power, from `below` a degree under the lowest.
    A degree is the zone inside its isoseismal (hazards.md H10), so what is said of it stands for the middle of the zone.
    """
    figures = [below, *(getattr(p, f"{name}{degree}") for degree in range(lowest, 11) if hasattr(p, f"{name}{degree}"))]
    place = at - 1 / 2 - (lowest - 1)
    if place <= 0.0:
        return below
    k = min(math.floor(place), len(figures) - 2)
    share = min(1.0, place - k)
    if k == 0:
        share **= p.onset
    return float(figures[k] + (figures[k + 1] - figures[k]) * share)


def by_zone(p: Parameters, name: str, zone: int) -> float:
    """A figure of the card for a zone (7, 8, 9)."""
    return float(getattr(p, f"{name}_{zone}"))


def collapse(p: Parameters, kind: str, at: float) -> float:
    """Share of the buildings of a class (a adobe … d reinforced concrete) that collapse at an intensity."""
    return by_degree(p, kind, at, 7)


def mix(p: Parameters, urban: float) -> tuple[float, float, float, float]:
    """Shares of the classes of dwellings, between country and town."""
    a, b, c = (getattr(p, f"rural_{k}") * (1 - urban) + getattr(p, f"urban_{k}") * urban for k in CLASSES[:3])
    return a, b, c, max(0.0, 1 - a - b - c)


def fallen(p: Parameters, urban: float, at: float) -> float:
    """Share of the dwellings of a town that collapse."""
    return math.fsum(share * collapse(p, kind, at) for share, kind in zip(mix(p, urban), CLASSES, strict=True))


def under(p: Parameters, people: float, urban: float, at: float, around: Surroundings, indoors: float) -> float:
    """People whom collapsing buildings catch: at home, in schools, in offices and shops, as the hour has it."""
    home = around.share("dwelling") * fallen(p, urban, at)
    public = p.public_c * collapse(p, "c", at) + (1 - p.public_c) * collapse(p, "d", at)
    out = p.pupils * around.presence.get("school", 0.0) + p.workers * around.presence.get("office", 0.0)
    return people * indoors * p.caught * (home + out * public)


def urban(p: Parameters, people: float) -> float:
    """How much of a place is town, by its residents."""
    return min(1.0, max(0.0, (people - p.rural_most) / (p.urban_least - p.rural_most)))


# ── quick estimates of deaths ──


def pager(p: Parameters, exposed: Iterable[tuple[float, float]]) -> float:
    """Deaths by PAGER: people at an intensity times Φ(ln(S/θ)/β)."""
    return math.fsum(people * fragility(at, p.pager_theta, p.pager_beta) for at, people in exposed)


def death_rate(p: Parameters, fallen: float) -> float:
    """Deaths per person by the share of houses that collapse (Yin Zhiqian, Ma Yuhong)."""
    return float(10 ** (p.quick_factor * fallen**p.quick_power - p.quick_less)) if fallen > 0.0 else 0.0


def quick(p: Parameters, towns: Iterable[Town], density: float, night: float) -> float:
    """Deaths by that rate, with factors for density (people/m²) and for the night (the share of people asleep)."""
    crowded = next((name for limit, name in _BANDS if density * _KM2 < limit), "dense_most")
    total = 0.0
    for town in towns:
        worse = by_degree(p, "night_", town.intensity, 6, below=p.night_6)
        factor = getattr(p, crowded) * (1 + (worse - 1) * night)
        total += town.people * min(1.0, death_rate(p, town.fallen) * factor)
    return total


# ── what may follow in a town ──


def fires(p: Parameters, households: float, at: float, luck: float) -> float:
    """Houses that catch fire: Poisson, by inversion of one draw; rates per household in VIII and IX, in proportion between."""
    if at < p.fires_from:
        return 0.0
    mean = households * p.fires_8 * (p.fires_9 / p.fires_8) ** (at - 1 / 2 - 8)
    term, total, count = math.exp(-mean), math.exp(-mean), 0
    while luck > total and term > 0.0:
        count += 1
        term *= mean / count
        total += term
    return float(count)


def on_slopes(p: Parameters, at: float, slope: float) -> float:
    """The intensity that counts for slides: gentler slopes bear more."""
    return max(0.0, at - p.gentler * max(0.0, p.steep - slope) / p.ten_degrees)


def slide(p: Parameters, at: float, size: float, people: float) -> dict[str, float]:
    """Volume, drop and residents of the slide that a town may meet, by two draws (standard normal)."""
    volume = p.slide_volume * 10 ** (p.slide_grows * (at - 8)) * math.exp(p.slide_spread * size)
    drop = p.slide_drop * (volume / p.slide_volume) ** p.slide_taller
    return {
        "slide_volume": volume,
        "slide_drop": drop,
        "slide_people": p.slide_people * math.exp(p.slide_spread * people),
    }
