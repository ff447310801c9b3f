"""Forces that a city does not command itself: who decides over them, from where they come, what they are allowed in.

Some of them are teams of the roster all the same (they are at home in the city, but another organ decides); the others come
from outside. None of them moves before its organ has said yes. Times are seconds.
"""

from __future__ import annotations

import msgspec

from sim.domain.parameters import Spread
from sim.domain.teams import Holding, Team


class Organ(msgspec.Struct, frozen=True):
    """Whoever decides over a force (审批机关)."""

    id: str
    name_zh: str
    name_en: str


class Force(msgspec.Struct, frozen=True):
    """A force (力量): tasked by the command, commanded by its own officer.

    `asked_by` is the lowest tier of post that may ask. With `opens_level` it can be asked only once the post of tier
    `opens_tier` responds at that level or a higher one (1 is the highest). From `at_level` on of the asking post it is asked
    without waiting for a shortfall, for `first` elements; 0: never.
    """

    id: str
    name_zh: str
    name_en: str
    kind: str
    organ: str
    officer_zh: str
    officer_en: str
    asked_by: int
    normal: (
        Spread  # until the organ answers; if it is that of its kind, a case may say otherwise (`forces.approve.<kind>`)
    )
    teams: tuple[str, ...]
    urgent: Spread | None = None  # until it moves when asked directly; None: there is no such channel
    beyond: Spread | None = None  # road time outside the network, to the node where its elements enter it
    county: str = ""  # a county's own force: another county cannot ask for it, the city can
    opens_tier: int = 0
    opens_level: int = 0
    at_level: int = 0
    first: int = 0
    flies: bool = False
    own_delay: bool = False


class ForceBook(msgspec.Struct, frozen=True):
    """All forces of a city; `teams` and `holdings` are of those that are not in its roster."""

    kinds: dict[str, tuple[str, str]]  # 中文, English
    organs: dict[str, Organ]
    forces: dict[str, Force]
    teams: dict[str, Team]
    holdings: tuple[Holding, ...]

    def of_team(self) -> dict[str, str]:
        """The force that each of their teams belongs to."""
        return {team: force.id for force in self.forces.values() for team in force.teams}
