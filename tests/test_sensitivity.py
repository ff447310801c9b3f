"""Which numbers are varied, and to what ends."""

from __future__ import annotations

import pytest

from sim.domain.parameters import Parameter, Standing, fixed
from sim.sensitivity import Bar, ends_of, is_flag


def number(
    value: float, *, unit: str = "1", low: float = 0.0, high: float = 1.0, says: str = "份额 A share"
) -> Parameter:
    """A number as a card has it."""
    return Parameter("x", fixed(value), unit, "our assumption", Standing.CONFIG, says, low, high)


def test_a_flag_is_no_assumed_number() -> None:
    """What says yes or no has no range to doubt; a share that happens to be 1 has."""
    assert is_flag(number(1.0, says="是否对冲（1 是） Whether people meet head-on (1: yes)"))
    assert not is_flag(number(1.0))
    assert not is_flag(number(1.0, high=3.0, says="倍数（1 是） times (1: yes)"))


@pytest.mark.parametrize(("value", "ends"), [(0.2, (0.1, 0.4)), (0.8, (0.4, 1.0))])
def test_a_share_without_a_range_of_its_own_is_varied_from_half_to_double(
    value: float, ends: tuple[float, float]
) -> None:
    """0 to 1 is what every share is; a card's narrower range is kept."""
    assert ends_of(number(value), value) == (ends, True)
    assert ends_of(number(value, low=0.05, high=0.9), value) == ((0.05, 0.9), False)


def test_ends_on_one_side_of_the_case_have_no_direction() -> None:
    """More deaths at either end is luck; more at one and fewer or as many at the other is the number."""
    bars = [
        Bar("F1", number(0.5), 0.5, (0.25, 1.0), True, {"dead": low}, {"dead": high})
        for low, high in ((4, 5), (2, 5), (3, 5))
    ]

    assert [bar.directed("dead", 3.0) for bar in bars] == [False, True, True]
