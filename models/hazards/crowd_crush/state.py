"""A crowd at a moment: those in the narrow place and those who press in from behind, who is pressed, who lies in a pile."""

from __future__ import annotations

import msgspec


class Place(msgspec.Struct, frozen=True):
    """The narrow place: its size, its way out, the ways in, and how fast people press in if nobody stops them."""

    area: float  # m²
    width: float  # m of way out
    rear: float  # m of edge behind
    entries: float
    heads: float  # people/s that want in
    leave: float  # people/s of those outside who go another way
    unsafe: float  # falls on this ground by this light, times those on level ground by day
    dark: bool
    way: float  # m from the edge of the crowd to the narrow place

    def density(self, people: float) -> float:
        """People a square metre."""
        return people / self.area


class Pressed(msgspec.Struct, frozen=True):
    """Somebody in the front: the dose they bear before they suffocate, and the luck of being revived by who stands by."""

    id: str
    bears: float
    luck: float
    joined: float = 0.0  # dose of the pile when they fell into it


class State(msgspec.Struct, frozen=True):
    """SI. `age` counts from the trigger."""

    place: Place
    people: float  # in the narrow place
    outside: float  # who still wants in
    waves: tuple[tuple[Pressed, ...], ...]  # those in front of a first and a second crush, as long as it has not come
    groups: tuple[tuple[Pressed, ...], ...]  # those who will fall, fall by fall
    falls: tuple[float, ...]  # thresholds of the clock of falls
    shut: float  # people·s until the way out is open; 0 if it is
    conflict: bool  # people come towards those who want out
    heat: float  # by how much faster the pressed suffocate in hot weather
    standing: tuple[Pressed, ...] = ()
    dose: float = 0.0  # of those who stand and are pressed
    pile: tuple[Pressed, ...] = ()
    pile_dose: float = 0.0
    pull: float = 0.0  # people·s until the next one is out of the pile
    busy: tuple[float, ...] = ()  # until when (age) each helper who revives somebody cannot help another
    stumbles: float = 0.0  # what the clock of falls has used
    inflow: float = 0.0  # people/s, as figures
    outflow: float = 0.0
    age: float = 0.0
    thin: bool = True
    unstable: bool = False
    crush: bool = False
    packed: bool = False
    ever: bool = False  # whether it was ever unstable
    dead: int = 0
    over: bool = False
