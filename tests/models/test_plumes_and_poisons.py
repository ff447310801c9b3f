"""Shared physics of releases: plumes, stability of the air, the sun, probits, holes (hazards.md H01, H04, H17)."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import dblquad, quad

from models.physics import plume, probit, rooms, sources, sun
from models.physics.plume import Ground, Stability

GAS = 8.314
ATMOSPHERE = 101_325.0
SUBSTANCES = ("chlorine", "ammonia", "hydrogen_sulphide", "carbon_monoxide", "sulphur_dioxide", "hydrogen_cyanide",
              "hydrogen_fluoride", "nitrogen_dioxide", "phosgene")  # fmt: skip
airs = st.tuples(st.sampled_from(list(Ground)), st.sampled_from(list(Stability)), st.floats(1.0, 12.0))


# ── plumes ──


@pytest.mark.parametrize(
    ("ground", "stability", "across", "upwards"),
    [
        (Ground.RURAL, Stability.D, 76.28, 37.95),
        (Ground.RURAL, Stability.F, 38.14, 12.31),
        (Ground.URBAN, Stability.D, 135.2, 122.8),
    ],
)  # fmt: skip
def test_plumes_are_as_wide_as_printed(ground, stability, across, upwards):
    """σ at one kilometre."""
    found = plume.plume(ground, stability, 3.0)

    assert found.across.at(1000.0) == pytest.approx(across, rel=1e-3)
    assert found.upwards.at(1000.0) == pytest.approx(upwards, rel=1e-3)


@pytest.mark.parametrize(("stability", "wind", "mg"), [(Stability.D, 3.0, 36.66), (Stability.F, 2.0, 339.1)])
def test_the_axis_has_what_is_printed(stability, wind, mg):
    """1 kg/s at 1 km; 339.1 mg/m³ of chlorine are 117 ppm."""
    found = plume.plume(Ground.RURAL, stability, wind).concentration(1000.0)

    assert found * 1e6 == pytest.approx(mg, rel=1e-3)
    if stability is Stability.F:
        assert plume.parts_per_million(found, 0.0709, 298.15, ATMOSPHERE, GAS) == pytest.approx(117, rel=1e-3)


@pytest.mark.parametrize("height", [0.0, 25.0])
def test_all_that_is_released_passes_every_plane(height):
    """∬ u·C dy dz is the rate."""
    found = plume.plume(Ground.RURAL, Stability.D, 3.0, height)
    x = 800.0
    across, upwards = found.across.at(x), found.upwards.at(x)
    through, _ = dblquad(
        lambda z, y: found.wind * found.concentration(x, y, z), -6 * across, 6 * across, 0.0, height + 8 * upwards
    )

    assert through == pytest.approx(1.0, rel=1e-3)


@settings(max_examples=40, deadline=None)
@given(air=airs, level=st.floats(1e-9, 1e-2))
def test_reach_and_width_are_where_the_level_is(air, level):
    """At the reach the axis has the level; beside the axis it is met at the half width."""
    found = plume.plume(*air)
    reach = found.reach(level, 10_000.0)

    if 0.01 < reach < 10_000.0:
        assert found.concentration(reach) == pytest.approx(level, rel=1e-9)
        width = found.half_width(reach / 2, level)
        assert found.concentration(reach / 2, width) == pytest.approx(level, rel=1e-9)
        assert found.half_width(reach * 2, level) == 0.0
    assert found.concentration(-5.0) == 0.0


def test_stability_follows_wind_sun_and_sky():
    """Clear nights: F at 2–3 m/s, E at 3–5, D above; strong sun with 2–3 m/s is unstable; overcast is D always."""
    night, noon = -20.0, 70.0
    assert [plume.stability(u, night, overcast=False).name for u in (1.0, 2.5, 4.0, 5.5, 9.0)] == [
        "F",
        "F",
        "E",
        "D",
        "D",
    ]
    assert plume.stability(2.5, noon, overcast=False) <= Stability.B
    assert (
        plume.stability(7.0, noon, overcast=False).name in "CD"
        and plume.stability(7.0, 20.0, overcast=False).name == "D"
    )
    assert {plume.stability(u, h, overcast=True) for u in (1.0, 5.0) for h in (night, noon)} == {Stability.D}


def test_the_sun_is_where_the_almanac_has_it():
    """At the equinox it stands 90° less the latitude at noon and rises at six; at 103.8° E clocks of 120° E are 1.08 h ahead."""
    day = sun.day_of_year(3, 22)
    assert sun.height(25.5, day, 12.0) == pytest.approx(64.5, abs=0.1)
    assert sun.height(25.5, day, 6.0) == pytest.approx(0.0, abs=0.1)
    assert sun.height(25.5, sun.day_of_year(6, 21), 12.0) == pytest.approx(87.9, abs=0.2)
    assert sun.solar_hour(13.08, 103.8, 120.0) == pytest.approx(12.0, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(latitude=st.floats(-60, 60), day=st.integers(1, 365), hour=st.floats(0, 23.9))
def test_the_sun_passes_its_marks_when_it_says(latitude, day, hour):
    """At that moment it stands on one of them, and on none before."""
    marks = plume.sun_marks()
    span = sun.passes(latitude, day, hour, marks)

    if span < math.inf:
        there = sun.height(latitude, day, (hour + span) % 24)
        assert min(abs(there - mark) for mark in marks) < 1e-6
        before = [sun.height(latitude, day, (hour + span * k / 20) % 24) for k in range(1, 20)]
        assert len({sum(h < mark for mark in marks) for h in before}) == 1


# ── probits ──


def test_chlorine_kills_as_printed():
    """400 ppm for 10 min .4414, 100 ppm .003487; half die of 433 ppm in 10 min and of 250 in 30 (Withers & Lees)."""
    chlorine = probit.toxic("lees", "chlorine")

    assert chlorine.share(400.0, 10.0) == pytest.approx(0.4414, rel=1e-3)
    assert chlorine.share(100.0, 10.0) == pytest.approx(0.003487, rel=1e-3)
    assert chlorine.level(0.0, 10.0) == pytest.approx(433, rel=2e-3)
    assert chlorine.level(0.0, 30.0) == pytest.approx(250, rel=2e-3)


def test_carbon_monoxide_kills_as_printed():
    """Half die of 3 696 ppm in 30 min, of 22 176 in 5."""
    carbon_monoxide = probit.toxic("lees", "carbon_monoxide")

    assert carbon_monoxide.level(0.0, 30.0) == pytest.approx(3696, rel=1e-3)
    assert carbon_monoxide.level(0.0, 5.0) == pytest.approx(22_176, rel=1e-3)


@pytest.mark.parametrize("kind", ["lees", "tno"])
@pytest.mark.parametrize("substance", SUBSTANCES)
def test_what_a_person_bears_is_what_the_probit_says(kind, substance):
    """The dose borne at tolerance z kills the share Φ(z); the set names its unit."""
    found = probit.toxic(kind, substance)

    assert found.unit == {"lees": "ppm", "tno": "mg/m3"}[kind]
    for z in (-2.0, 0.0, 1.5):
        assert found.share_of(found.bears(z)) == pytest.approx((1 + math.erf(z / math.sqrt(2))) / 2, rel=1e-9)


# ── air in a room ──


def test_a_room_keeps_out_what_is_printed():
    """After an hour at half an air change: .393 of the outdoor level; its toxic load (n = 2.75) .0236 of that outdoors."""
    exchange, hour = 0.5, 1.0

    assert rooms.level_after(0.0, 1.0, exchange, hour) == pytest.approx(0.393, rel=2e-3)
    assert rooms.dose_after(0.0, 1.0, exchange, 2.75, hour) == pytest.approx(0.0236, rel=2e-3)


levels = st.floats(0, 1e3) | st.just(0.0)


@settings(max_examples=150, deadline=None)
@given(
    level=levels,
    outside=levels,
    exchange=st.floats(0.1, 5.0),
    n=st.floats(0.8, 3.7) | st.sampled_from([1.0, 2.0]),
    dt=st.floats(0.05, 8.0),
)
def test_the_dose_in_a_room_is_the_integral(level, outside, exchange, n, dt):
    """Against quadrature; splitting changes nothing; the time of a dose is found again."""
    whole = rooms.dose_after(level, outside, exchange, n, dt)
    integral, _ = quad(
        lambda t: rooms.level_after(level, outside, exchange, t) ** n, 0.0, dt, epsabs=0.0, epsrel=1e-11, limit=200
    )
    middle = rooms.level_after(level, outside, exchange, dt * 0.37)
    parts = rooms.dose_after(level, outside, exchange, n, dt * 0.37) + rooms.dose_after(
        middle, outside, exchange, n, dt * 0.63
    )

    assert whole == pytest.approx(integral, rel=1e-7, abs=1e-12)
    assert parts == pytest.approx(whole, rel=1e-9, abs=1e-12)
    if whole > 1e-9:
        when = rooms.dose_reaches(level, outside, exchange, n, whole * 0.999)
        assert rooms.dose_after(level, outside, exchange, n, when) == pytest.approx(whole * 0.999, rel=1e-8)


def test_no_dose_comes_of_clean_air():
    """Nor is a dose reached that the rest in the room cannot give."""
    assert rooms.dose_after(0.0, 0.0, 0.5, 2.0, 9.0) == 0.0
    assert rooms.dose_reaches(0.0, 0.0, 0.5, 2.0, 1.0) == math.inf
    all_of_it = 3.0**2 / (2 * 0.5)
    assert rooms.dose_reaches(3.0, 0.0, 0.5, 2.0, all_of_it * 1.001) == math.inf
    assert rooms.dose_reaches(3.0, 0.0, 0.5, 2.0, all_of_it * 0.999) < math.inf


# ── holes ──


def test_holes_let_out_what_is_printed():
    """25 mm: chlorine as a liquid at 6 bar 12.3 kg/s, as gas at 7.8 bar(a) 1.18; 20 mm of city gas at 4 bar(g) .232 kg/s."""
    area = sources.hole_area(0.025)
    liquid = sources.liquid_flow(0.61, area, 1410.0, 6e5)
    gas = sources.gas_flow(0.85, area, 7.8e5, ATMOSPHERE, 0.0709, 1.33, 293.15, GAS)
    town = sources.gas_flow(0.85, sources.hole_area(0.02), 4e5 + ATMOSPHERE, ATMOSPHERE, 0.016, 1.31, 288.15, GAS)

    assert liquid == pytest.approx(12.3, rel=2e-3)
    assert gas == pytest.approx(1.18, rel=1e-3)
    assert town == pytest.approx(0.232, rel=5e-3)
    assert sources.two_phase(liquid, gas, 0.5) == pytest.approx(math.sqrt(liquid * gas))


def test_a_line_empties_as_printed():
    """DN300, 10 km, a 100 mm hole: τ = 6.8 min, whatever the pressure."""
    for pressure in (4e5, 4e6):
        mass = sources.gas_density(pressure, 0.016, 288.15, GAS) * sources.hole_area(0.3) * 10_000.0
        rate = sources.gas_flow(0.85, sources.hole_area(0.1), pressure, ATMOSPHERE, 0.016, 1.31, 288.15, GAS)
        assert sources.blow_down(mass, rate) / 60 == pytest.approx(6.8, rel=5e-3)
        assert sources.let_out(mass, 60.0, 60.0) == pytest.approx(mass * (1 - 1 / math.e))


def test_gas_flows_on_smoothly_where_it_is_no_longer_sonic():
    """At the sonic ratio both laws agree; with no overpressure nothing flows."""
    edge = ATMOSPHERE / sources.sonic_ratio(1.31)
    flows = [
        sources.gas_flow(0.85, 1e-4, p, ATMOSPHERE, 0.016, 1.31, 288.15, GAS)
        for p in (edge * (1 - 1e-9), edge * (1 + 1e-9))
    ]

    assert flows[0] == pytest.approx(flows[1], rel=1e-6)
    assert sources.gas_flow(0.85, 1e-4, ATMOSPHERE, ATMOSPHERE, 0.016, 1.31, 288.15, GAS) == 0.0


def test_chlorine_stands_under_its_own_pressure():
    """6.7 bar at 20 °C, a third of that below freezing (tables: 6.8 and 2.6 bar)."""

    def pressure(celsius: float) -> float:
        return sources.vapour_pressure(239.1, 20_410.0, celsius + 273.15, ATMOSPHERE, GAS) / 1e5

    assert pressure(20.0) == pytest.approx(6.8, rel=0.03)
    assert pressure(-10.0) == pytest.approx(2.6, rel=0.05)
