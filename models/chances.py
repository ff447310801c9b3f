"""Probabilities that hazards and cascades share: the normal distribution, and fragility under a shock."""

from __future__ import annotations

import math


def normal_cdf(z: float) -> float:
    """Φ(z), the standard normal distribution function."""
    return math.erfc(-z / math.sqrt(2)) / 2


def fragility(size: float, threshold: float, spread: float) -> float:
    """Probability of failure under a shock of `size`: Φ(ln(size/threshold)/spread); a step at the threshold without spread."""
    if size <= 0.0:
        return 0.0
    if spread <= 0.0:
        return float(size >= threshold)
    return normal_cdf(math.log(size / threshold) / spread)
