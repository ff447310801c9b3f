"""Picture: what one post believes. A fold of the reports that reached it and of its own orders; never the truth.

Strategies get a picture and nothing else. The board of forces (`Board`) is what the command platform shows: one row a
holding, elements counted as gone from the order on and as back when they report ready.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from sim.domain.command import Believed
from sim.domain.hazards import Need
from sim.domain.places import Site
from sim.domain.teams import ElementKind, Holding

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Board:
    """The forces as the platform shows them: `free` elements of each holding, and what one of them supplies."""

    def __init__(self, holdings: Sequence[Holding], kinds: Mapping[str, ElementKind]) -> None:
        self.holdings = tuple(holdings)
        self.row = {holding.id: i for i, holding in enumerate(self.holdings)}
        self.free: Ints = np.array([len(h.elements) for h in self.holdings], dtype=np.int64)
        counties = {county: i for i, county in enumerate(sorted({h.county for h in self.holdings}))}
        self.county_row = counties
        self.county_index: Ints = np.array([counties[h.county] for h in self.holdings], dtype=np.int64)
        self._supplies = [kinds[h.kind].supplies for h in self.holdings]
        self._by_capability: dict[str, Floats] = {}

    def supply(self, capability: str) -> Floats:
        """Effort that one element of each holding supplies of a capability, in its unit (0: none)."""
        if capability not in self._by_capability:
            column = np.array([s.get(capability, 0.0) for s in self._supplies], dtype=np.float64)
            column.setflags(write=False)
            self._by_capability[capability] = column
        return self._by_capability[capability]


class Picture:
    """What one post believes and may show a strategy."""

    __slots__ = ("_adjacent", "_eta", "forces", "incidents", "night", "now", "post")

    def __init__(
        self,
        post: str,
        forces: Board,
        eta: Callable[[Site], Floats],
        adjacent: Callable[[str], Sequence[str]],
    ) -> None:
        self.post = post
        self.now = 0.0
        self.night = False
        self.forces = forces
        self.incidents: dict[str, Believed] = {}
        self._eta, self._adjacent = eta, adjacent

    def eta(self, site: Site) -> Floats:
        """Expected seconds from an order now to arrival at the site, by holding; inf where no road is known."""
        return self._eta(site)

    def adjacent(self, county: str) -> Sequence[str]:
        """The counties around one, nearest first."""
        return self._adjacent(county)

    def unmet(self, incident: str) -> tuple[Need, ...]:
        """The needs of an incident less what is committed to it, most urgent first."""
        believed = self.incidents[incident]
        committed = believed.committed
        return tuple(
            Need(need.capability, missing, need.priority)
            for need in believed.needs
            if (missing := need.amount - committed.get(need.capability, 0.0)) > _NOTHING * need.amount
        )


_NOTHING = 1e-9  # shares of a need below this are rounding, not need
