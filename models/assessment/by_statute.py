"""Grading by the thresholds of the statutes (models/rules/severity.yaml)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.domain.command import Criterion, Level, Severity
from sim.domain.hazards import Sighting

_FIGURES = "figures."


class Assessor:
    """Severity is the highest class that any criterion reaches; the response level is what the city's plan attaches to it.

    Blind to direct economic loss, to sensitive times and places and to rumours of more; believes every report as it stands.
    """

    def __init__(
        self, scales: Mapping[str, Sequence[Criterion]], levels: Mapping[str, Mapping[int, int | None]]
    ) -> None:
        self._scales, self._levels = scales, levels

    def severity(self, scale: str, sighting: Sighting) -> tuple[Severity, Severity, str]:
        """(confirmed, potential, the criterion that decided: its name, the figure and where the class begins, SI).

        Confirmed counts what is certain (the dead), potential also what may come of it (the trapped and missing).
        """
        confirmed = potential = Severity.GENERAL
        basis = f"{scale}.below"
        for criterion in self._scales[scale]:
            certain, _ = _reached(criterion, _sum(sighting, criterion.confirmed))
            possible = _sum(sighting, criterion.potential)
            reached, at_least = _reached(criterion, possible)
            confirmed = max(confirmed, certain)
            if reached > potential:
                potential, basis = reached, f"{scale}.{criterion.name} {possible:g} >= {at_least:g}"
        return confirmed, max(confirmed, potential), basis

    def level(self, severity: Severity, nature: str) -> Level | None:
        """The response level the city's plan for this nature attaches to a severity; None for none."""
        level = self._levels.get(nature, self._levels["default"]).get(int(severity))
        return None if level is None else Level(level)


def _sum(sighting: Sighting, what: Sequence[str]) -> float:
    total = 0.0
    for name in what:
        own = name.startswith(_FIGURES)
        total += sighting.figures.get(name.removeprefix(_FIGURES), 0.0) if own else getattr(sighting, name)
    return total


def _reached(criterion: Criterion, figure: float) -> tuple[Severity, float]:
    """The highest class that begins at or below a figure, and where it begins."""
    reached = (Severity.GENERAL, 0.0)
    for severity, at_least in criterion.classes:
        if figure >= at_least:
            reached = (severity, at_least)
    return reached
