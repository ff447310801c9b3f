"""From a roster to what can be sent: each team split into elements that add up to its people exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from sim.domain.teams import ElementKind, Holding, Team

OFF_DUTY = "/off"  # ends the id of a holding whose elements must be recalled first


class Home(NamedTuple):
    """Where elements stand ready: a node of the network, and the county it lies in."""

    node: str
    county: str


class Piece(NamedTuple):
    """One element before it has a number."""

    kind: str
    home: Home
    on_duty: bool
    people: int


def holdings_of(
    team: Team, weights: Mapping[str, float], kinds: Mapping[str, ElementKind], homes: Sequence[Home], month: int
) -> list[Holding]:
    """The elements of a team, those alike together: same kind, home and readiness.

    Its people are shared among kinds by weight, then among elements of about the kind's size, which differ by one at
    most and are spread evenly over the homes; those on duty that month likewise. Elements are numbered over the team,
    those on duty first.
    """
    people = share_out(team.headcount, weights, {kind: kinds[kind].people for kind in weights})
    pieces = sorted(_pieces(weights, kinds, people, homes, month), key=lambda p: not p.on_duty)  # else in order
    width = max(2, len(str(len(pieces))))
    numbered = [(f"{team.id}/{i:0{width}d}", piece) for i, piece in enumerate(pieces, 1)]
    alike = sorted(numbered, key=lambda n: (n[1].kind, n[1].home, not n[1].on_duty, n[0]))
    return [
        _holding(team, kind, home, on_duty, tuple(same))
        for (kind, home, on_duty), same in groupby(alike, key=lambda n: n[1][:3])
    ]


def share_out(total: int, weights: Mapping[str, float], sizes: Mapping[str, int]) -> dict[str, int]:
    """`total` people shared among kinds by weight, exactly; too few for half an element of a kind join the weightiest.

    The largest remainders are rounded up, the earlier kind winning a tie.
    """
    whole = sum(weights.values())
    exact = {kind: total * weight / whole for kind, weight in weights.items()}
    people = {kind: int(share) for kind, share in exact.items()}
    by_remainder = sorted(exact, key=lambda kind: people[kind] - exact[kind])
    for kind in by_remainder[: total - sum(people.values())]:
        people[kind] += 1
    main = max(weights, key=lambda kind: weights[kind])
    for kind in weights:
        if kind != main and not _count(people[kind], sizes[kind]):
            people[main] += people[kind]
            people[kind] = 0
    return people


def _count(people: int, size: int) -> int:
    """How many elements of about that size so many people make; half an element more makes one more."""
    return (2 * people + size) // (2 * size)


def _pieces(
    weights: Mapping[str, float],
    kinds: Mapping[str, ElementKind],
    people: Mapping[str, int],
    homes: Sequence[Home],
    month: int,
) -> Iterator[Piece]:
    """The elements of a team, kind by kind; whom one kind has on duty too few or too many, the next makes up for."""
    owed = 0.0
    for code in weights:
        if not people[code]:
            continue
        kind, count = kinds[code], max(1, _count(people[code], kinds[code].people))
        owed += kind.on_duty[month - 1] * people[code]
        on_duty = min(count, max(0, int(owed * count / people[code] + 1 / 2)))  # the number of elements nearest to it
        for i in range(count):
            size = people[code] * (i + 1) // count - people[code] * i // count
            ready = _first(i + 1, on_duty, count) > _first(i, on_duty, count)
            owed -= size if ready else 0
            yield Piece(code, homes[i * len(homes) // count], ready, size)


def _first(i: int, some: int, count: int) -> int:
    """How many of `some` spread evenly over `count` the first `i` have, the very first having one."""
    return -(-i * some // count)


def _holding(team: Team, kind: str, home: Home, on_duty: bool, same: tuple[tuple[str, Piece], ...]) -> Holding:
    return Holding(
        id=f"{team.id}/{kind}@{home.node}{'' if on_duty else OFF_DUTY}",
        team=team.id,
        kind=kind,
        tier=team.tier,
        area=team.area,
        county=home.county,
        node=home.node,
        on_duty=on_duty,
        elements=tuple(id_ for id_, _ in same),
        people=tuple(piece.people for _, piece in same),
    )
