"""The numbers of the models as they fall in one run: typical values, and draws by name."""

from __future__ import annotations

from collections.abc import Mapping

from sim.domain.parameters import Parameter, Spread, SpreadKind
from sim.engine.clock import grid
from sim.streams import Streams


class Luck:
    """Rules with their spreads, and the streams of one replication."""

    def __init__(self, rules: Mapping[str, Parameter], streams: Streams) -> None:
        self.streams = streams
        self._spreads = {name: parameter.spread for name, parameter in rules.items()}

    def rule(self, name: str) -> Spread:
        """A number of the models, with its spread."""
        return self._spreads[name]

    def number(self, name: str) -> float:
        """A number of the models that does not vary (its typical value)."""
        spread = self._spreads[name]
        return spread.figures[0] if spread.kind is SpreadKind.FIXED else spread.median

    def draw(self, name: str, *whose: str) -> float:
        """A number of the models as it falls for these entities."""
        spread = self._spreads[name]
        if spread.kind is SpreadKind.FIXED:
            return spread.figures[0]
        return grid(spread.at(self.streams.uniform(name, *whose)))
