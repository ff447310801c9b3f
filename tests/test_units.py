"""Quantities are read with their units, or refused with what would be right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.units import DIMENSIONS, UnitError, from_si, parse_quantity, show_span, to_si


@pytest.mark.parametrize(
    ("text", "dimension", "si"),
    [
        ("450 m3/h", "flow", 0.125),
        ("90 min", "time", 5400.0),
        ("1.5h", "time", 5400.0),
        ("+01:35", "time", 5700.0),
        ("10:30", "time", 37800.0),
        ("2d 03:00", "time", 183600.0),
        ("-00:05", "time", -300.0),
        ("35 %", "ratio", 0.35),
        ("8", "count", 8.0),
        ("8 人", "count", 8.0),
        ("20 mm/h", "intensity", 20 / 3600),
        ("15 亩", "area", 10_000.0),
        ("90 分钟", "time", 5400.0),
    ],
)
def test_quantities_are_read_in_si(text, dimension, si):
    """What people write becomes SI, Chinese units too."""
    assert parse_quantity(text, dimension) == pytest.approx(si, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "dimension", "words"),
    [
        ("450 m3", "flow", "such as '450"),
        ("450", "flow", "with its unit"),
        ("soon", "time", "expected a time"),
        ("1e999", "count", "beyond any count"),
        ("9" * 400, "flow", "beyond any flow"),
        ("12 parsec", "length", "expected a length"),
        ("", "time", "expected a time"),
        ("10:75", "time", "expected a time"),
    ],
)
def test_what_is_no_quantity_is_refused_with_an_example(text, dimension, words):
    """The message says what would be right, and stays short however long the input was."""
    with pytest.raises(UnitError, match=words) as refused:
        parse_quantity(text, dimension)

    assert len(str(refused.value)) < 160


@given(st.sampled_from([(d, u) for d, units in DIMENSIONS.items() for u in units]), st.floats(-1e6, 1e6))
def test_there_and_back_is_the_same_figure(unit, value):
    """Converting to SI and back changes nothing."""
    dimension, name = unit
    si = parse_quantity(f"{value!r} {name}", dimension)

    assert si / DIMENSIONS[dimension][name] == pytest.approx(value, rel=1e-12, abs=1e-300)
    if name != "1":
        assert from_si(to_si(value, name), name) == pytest.approx(value, rel=1e-12, abs=1e-300)


@pytest.mark.parametrize(
    ("seconds", "text"), [(5400, "01:30:00"), (183600, "2d 03:00:00"), (-300, "-00:05:00"), (0.4, "00:00:00")]
)
def test_spans_are_shown_as_clocks(seconds, text):
    """People read clocks, not seconds."""
    assert show_span(seconds) == text
