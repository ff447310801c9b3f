"""Draws belong to names: whoever asks, whenever, in whatever order."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.parameters import Spread, SpreadKind, fixed
from sim.streams import Streams

NAMES = st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=3)


@given(NAMES, NAMES)
def test_a_draw_depends_on_its_name_alone(name, other):
    """Asking for something else before, or twice, changes nothing."""
    fresh = Streams(7).uniform(*name)
    streams = Streams(7)
    streams.uniform(*other)
    streams(*other).normal()

    assert streams.uniform(*name) == fresh == streams.uniform(*name)
    assert 0.0 < fresh < 1.0


def test_seed_replication_and_name_each_give_other_luck():
    """Three ways to other numbers; a huge seed is a seed like any other."""
    base = Streams(1, 0).uniform("turnout", "T1/01", "F1")

    assert base != Streams(2, 0).uniform("turnout", "T1/01", "F1")
    assert base != Streams(1, 1).uniform("turnout", "T1/01", "F1")
    assert base != Streams(1, 0).uniform("turnout", "T1/01", "F2")
    assert Streams(10**80).uniform("a") != Streams(10**80 + 1).uniform("a")


def test_numbers_are_the_same_on_every_platform():
    """Three digits-for-digits anchors: a journal made elsewhere must be reproducible here."""
    streams = Streams(1)

    assert [streams.uniform("a"), streams.uniform("a", "b"), streams("a").uniform()] == pytest.approx(
        [0.45266530522862475, 0.7484590480302116, 0.8145902868260166], abs=0
    )


def test_uniforms_fill_the_interval_evenly():
    """Mean, variance and the largest gap of 20,000 draws agree with the uniform law (5 standard errors)."""
    streams, n = Streams(3), 20_000
    draws = sorted(streams.uniform("u", str(i)) for i in range(n))
    mean = math.fsum(draws) / n
    distance = max(abs(u - i / n) for i, u in enumerate(draws))

    assert abs(mean - 0.5) < 5 * math.sqrt(1 / 12 / n)
    assert distance < 2.2 / math.sqrt(n)


def test_a_stream_of_many_draws_is_not_one_number():
    """Successive draws under one name differ and are uncorrelated."""
    stream = Streams(5)("sighting", "F1")
    draws = [stream.uniform() for _ in range(4000)]
    lagged = math.fsum((a - 0.5) * (b - 0.5) for a, b in itertools.pairwise(draws)) / 3999 * 12

    assert len(set(draws)) == 4000
    assert abs(lagged) < 5 / math.sqrt(3999)


@pytest.mark.parametrize(
    ("spread", "at"),
    [
        (fixed(4.0), {0.01: 4.0, 0.99: 4.0}),
        (Spread(SpreadKind.UNIFORM, (2.0, 6.0)), {0.25: 3.0, 0.5: 4.0}),
        (Spread(SpreadKind.TRIANGULAR, (0.0, 1.0, 2.0)), {0.5: 1.0, 0.125: 0.5}),
        (Spread(SpreadKind.THREE_POINT, (1.0, 2.0, 5.0)), {0.5: 2.0, 0.9: 5.0, 1e-12: 1.0}),
        (Spread(SpreadKind.NORMAL, (10.0, 2.0)), {0.5: 10.0, 0.8413447460685429: 12.0, 1 - 1e-12: 16.0}),
    ],
)
def test_a_spread_takes_its_stated_values(spread, at):
    """Minimum, typical value, p90, mean and mode stand where the passport says."""
    for u, value in at.items():
        assert spread.at(u) == pytest.approx(value, abs=5e-3)


@given(
    st.sampled_from(list(SpreadKind)),
    st.floats(0, 10),
    st.floats(0.01, 10),
    st.floats(0.01, 10),
    st.floats(0.001, 0.998),
)
def test_more_luck_is_never_less_of_a_quantity(kind, a, b, c, u):
    """Inversion: the quantile grows with u, so that equal luck stays comparable under another spread."""
    figures = {"fixed": (a,), "uniform": (a, a + b), "normal": (a, b)}.get(kind.value, (a, a + b, a + b + c))
    spread = Spread(kind, figures)

    assert spread.at(u) <= spread.at(u + 0.001) + 1e-12
