"""Randomness that belongs to entities: a number for every name, whoever asks and whenever.

A draw is a pure function of (seed, replication, name): the name lists what the quantity physically depends on, as in
`streams.uniform("turnout", element, incident)`. Two strategies therefore meet the same luck, one more incident
moves nobody else's, and neither event order nor worker count can matter. A keyed hash (BLAKE2b) makes the number;
it is the same on every platform, costs about a microsecond, and needs no state.

Durations are drawn by inversion, one uniform a variate, so that changing a distribution keeps the luck.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from hashlib import blake2b
from statistics import NormalDist

_TO_UNIT = 1.0 / (1 << 53)
_NORMAL = NormalDist()


class Stream:
    """An endless, reproducible sequence of draws under one name; `Stream` values are cheap and unshared."""

    __slots__ = ("_count", "_hash", "_key", "_name")

    def __init__(self, key: bytes, name: str) -> None:
        self._key, self._name = key, name
        self._hash: blake2b | None = None  # many are handed to somebody who then draws nothing
        self._count = 0

    def uniform(self) -> float:
        """The next number, uniform on the open interval (0, 1)."""
        if self._hash is None:
            self._hash = blake2b(self._name.encode(), key=self._key, digest_size=16)
        h = self._hash.copy()
        h.update(self._count.to_bytes(8, "little"))
        self._count += 1
        return ((int.from_bytes(h.digest()[:8], "little") >> 11) + 0.5) * _TO_UNIT

    def normal(self) -> float:
        """The next number, standard normal."""
        return _NORMAL.inv_cdf(self.uniform())

    def exponential(self) -> float:
        """The next number, exponential with mean 1."""
        return -math.log(self.uniform())

    def index(self, weights: Sequence[float]) -> int:
        """An index drawn with probability in proportion to `weights` (none negative, not all zero)."""
        target, total = self.uniform() * math.fsum(weights), 0.0
        for i, weight in enumerate(weights):
            total += weight
            if target < total:
                return i
        return max(i for i, weight in enumerate(weights) if weight > 0)


class Streams:
    """All the randomness of one replication of one run."""

    __slots__ = ("_key", "_keyed", "replication", "seed")

    def __init__(self, seed: int, replication: int = 0) -> None:
        self.seed, self.replication = seed, replication
        self._key = blake2b(f"liandong/1/{seed}/{replication}".encode(), digest_size=32).digest()
        self._keyed = blake2b(key=self._key, digest_size=8)  # the key taken in once, not for every name

    def __call__(self, *name: str) -> Stream:
        """The stream of that name."""
        return Stream(self._key, "\x1f".join(name))

    def uniform(self, *name: str) -> float:
        """One number in (0, 1) for that name: for quantities drawn once."""
        h = self._keyed.copy()
        h.update("\x1f".join(name).encode())
        return ((int.from_bytes(h.digest(), "little") >> 11) + 0.5) * _TO_UNIT
