"""An attack at a moment: who still attacks, whom nobody can reach yet, who is held, what is to be searched and made safe."""

from __future__ import annotations

import msgspec

from sim.domain.people import Triage


class Victim(msgspec.Struct, frozen=True):
    """Somebody who will be hit if it goes on long enough: at that level of the clock, that badly (None: killed at once)."""

    id: str
    mark: float
    colour: Triage | None


class Captive(msgspec.Struct, frozen=True):
    """A hostage; `luck` (0–1) decides what an assault does to them, the least lucky first."""

    id: str
    luck: float


class Bystander(msgspec.Struct, frozen=True):
    """Somebody who looks on while a second device may lie there: how they would be hit, and whether a cordon holds them back."""

    id: str
    hit: Triage | None
    killed: bool
    held_back: float  # share of the staging distance from which on they stand outside


class State(msgspec.Struct, frozen=True):
    """SI. `age` counts from the beginning; `attackers` are those at large on the spot, `used` their clock."""

    attackers: int
    first_attackers: int
    rate: float  # victims/s of one attacker at the beginning
    victims: tuple[Victim, ...]  # in the order in which they will be hit
    neutralise: float  # crew·s left on the attacker in hand
    flees_at: float
    sweep: float  # crew·s
    captives: tuple[Captive, ...] = ()
    first_captives: int = 0
    kills: tuple[float, ...] = ()  # levels of the clock of killings
    tension: float = 0.0
    prepare: float = 0.0  # crew·s until the assault is prepared
    prepared: bool = False
    deadly: bool = False  # a hostage was killed: it will be ended by force
    eased: bool = False  # some were let go
    anger: float = 0.0  # what the clock of killings has used
    bystanders: tuple[Bystander, ...] = ()  # in the order in which they are led away, the last first
    onlookers: float = 0.0
    second_at: float = float("inf")
    search: float = 0.0  # person·s left of the search for those who fled
    search_for: float = 0.0  # that at its beginning
    at_large: bool = False
    fled_at: float = float("inf")
    escaped: bool = False
    unreached: tuple[Victim, ...] = ()  # hit, and nobody can come to them yet
    hit: int = 0
    killed: int = 0
    used: float = 0.0
    age: float = 0.0
    bomb: bool = False
    on_road: bool = False
    over: bool = False

    @property
    def clear(self) -> bool:
        """Whether nobody attacks or holds anybody here any more."""
        return not self.attackers and not self.captives
