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
        self._numbers = {name: spread.median for name, spread in self._spreads.items()}
        self._drawn = {name: s.quantile for name, s in self._spreads.items() if s.kind is not SpreadKind.FIXED}

    def rule(self, name: str) -> Spread:
        """A number of the models, with its spread."""
        return self._spreads[name]

    def number(self, name: str) -> float:
        """A number of the models that does not vary (its typical value)."""
        return self._numbers[name]

    def draw(self, name: str, *whose: str) -> float:
        """A number of the models as it falls for these entities."""
        quantile = self._drawn.get(name)
        if quantile is None:
            return self._numbers[name]
        return grid(quantile(self.streams.uniform(name, *whose)))
