"""Shared physics of blast and heat: printed values, inverses, limits. The constants are those of the cards."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import brentq

from models.chances import normal_cdf
from models.physics import blast, heat

SEA = 101_325.0
CURVE = blast.Curve(808, 4.5, 0.048, 0.32, 1.35)
BALL = heat.Fireball(5.8, 0.45, 2.6, 30e3, 350e3)
TNT = 4.68e6


@pytest.mark.parametrize(("z", "kilopascals"), [(5, 29.24), (10, 9.985), (20, 4.393)])
def test_overpressure_is_what_is_printed(z, kilopascals):
    """Kinney and Graham at sea level."""
    assert blast.overpressure(CURVE, z, 1.0, SEA) == pytest.approx(kilopascals * 1e3, rel=1e-3)


def test_a_cloud_of_twenty_tonnes_reaches_as_far_as_is_printed():
    """20 t of LPG at 4 %: 7 923 kg of TNT; 17 kPa at Z 6.894, 137.4 m."""
    tnt = blast.cloud_tnt(20e3, 46.35e6, 0.04, TNT)

    assert tnt == pytest.approx(7923, rel=1e-3)
    assert blast.scaled_distance_of(CURVE, 17e3, SEA) == pytest.approx(6.894, rel=1e-3)
    assert blast.reach(CURVE, 17e3, tnt, SEA) == pytest.approx(137.4, rel=1e-3)


def test_a_bursting_air_vessel_is_worth_what_is_printed():
    """2 m³ at 11 bar absolute: 4.99 MJ (Brode) = 1.067 kg of TNT, 10.3 kPa at 10 m; 2.72 MJ isentropic."""
    brode = blast.burst_brode(11e5, SEA, 2.0, 1.4)
    tnt = blast.tnt_of(brode, TNT)

    assert brode == pytest.approx(4.99e6, rel=1e-3)
    assert tnt == pytest.approx(1.067, rel=1e-3)
    assert blast.overpressure(CURVE, 10.0, tnt, SEA) == pytest.approx(10.3e3, rel=5e-3)
    assert blast.burst_isentropic(11e5, SEA, 2.0, 1.4) == pytest.approx(2.72e6, rel=2e-3)


def test_water_at_184_degrees_flashes_as_printed():
    """16 % at sea level, from the enthalpies of the steam table."""
    assert blast.flash_fraction(780.8e3, 419.1e3, 2256.5e3) == pytest.approx(0.160, rel=3e-3)


def test_isentropic_work_is_the_integral_of_the_expansion():
    """∫ p dV along pVᵞ from p1 to p0."""
    ends = 2.0 * (11e5 / SEA) ** (1 / 1.4)
    work, _ = quad(lambda v: 11e5 * (2.0 / v) ** 1.4, 2.0, ends)

    assert blast.burst_isentropic(11e5, SEA, 2.0, 1.4) == pytest.approx(work, rel=1e-6)


@given(pressure=st.floats(300.0, 5e6), tnt=st.floats(0.1, 1e6), ambient=st.floats(60e3, 105e3))
def test_the_reach_of_a_pressure_is_where_it_is_met(pressure, tnt, ambient):
    """Distance of pressure and pressure at distance are inverse; against scipy's root as well."""
    far = blast.reach(CURVE, pressure, tnt, ambient)
    root = brentq(lambda z: ambient * CURVE.ratio(math.exp(z)) - pressure, math.log(1e-3), math.log(1e5))

    assert blast.overpressure(CURVE, far, tnt, ambient) == pytest.approx(pressure, rel=1e-9)
    assert far / tnt ** (1 / 3) == pytest.approx(math.exp(root), rel=1e-6)


def test_thin_air_carries_less():
    """At 1 900 m some 81 kPa are left, and overpressures are less in proportion."""
    high = blast.air_pressure(SEA, 8400.0, 1900.0)

    assert high == pytest.approx(81e3, rel=5e-3)
    assert blast.overpressure(CURVE, 50.0, 10.0, high) < blast.overpressure(CURVE, 50.0, 10.0, SEA)


def test_nothing_that_explodes_is_no_blast():
    """No TNT, no pressure, no reach; no superheat, no flash; no pressure, no burst."""
    assert blast.overpressure(CURVE, 1.0, 0.0, SEA) == blast.reach(CURVE, 1e3, 0.0, SEA) == 0.0
    assert blast.flash_fraction(300e3, 419e3, 2257e3) == blast.burst_isentropic(9e4, SEA, 1.0, 1.4) == 0.0
    assert blast.burst_brode(9e4, SEA, 1.0, 1.4) == 0.0


def test_a_fireball_is_as_large_and_hot_as_printed():
    """22.7 m³ of propane, 90 % full: 11 957.7 kg, 132.6 m, 10.3 s, F(100 m) .2546, 89.1 kW/m²."""
    mass = 11_957.7
    across = BALL.diameter(mass)

    assert across == pytest.approx(132.6, rel=1e-3)
    assert BALL.lasts(mass) == pytest.approx(10.3, rel=1e-3)
    assert heat.view_factor(across, 100.0) == pytest.approx(0.2546, rel=1e-3)
    assert BALL.flux(mass, 100.0) == pytest.approx(89.1e3, rel=1e-3)
    assert BALL.lasts(64e3) == pytest.approx(2.6 * 64e3 ** (1 / 6), rel=1e-12)
    assert BALL.flux(mass, 10.0) == 350e3


@pytest.mark.parametrize(("base", "dies"), [(-14.9, 0.0225), (-12.8, 0.538)])
def test_the_two_thermal_probits_differ_as_printed(base, dies):
    """20 kW/m² for 20 s: Eisenberg .0225, Tsao and Perry .538."""
    taken = heat.dose(20e3, 20.0, 4 / 3)

    assert normal_cdf(base + 2.56 * math.log(taken) - 5) == pytest.approx(dies, rel=2e-3)


def test_tanks_fail_when_printed():
    """Atmospheric, 1 000 m³ at 20 kW/m²: 10.95 min; a sphere of 100 m³ at 60 kW/m²: 9.69 min."""
    assert heat.failure_time_atmospheric(20e3, 1000.0, 1.13, 2.67e-5, 9.9) / 60 == pytest.approx(10.95, rel=1e-3)
    assert heat.failure_time_pressurised(60e3, 100.0, 0.95, 8.85, 0.032) / 60 == pytest.approx(9.69, rel=1e-3)
    assert math.isinf(heat.failure_time_atmospheric(0.0, 10.0, 1.13, 2.67e-5, 9.9))
    assert math.isinf(heat.failure_time_pressurised(0.0, 10.0, 0.95, 8.85, 0.032))


def test_large_pools_burn_at_their_limit_and_small_ones_slower():
    """m″ rises with diameter to m∞; across() inverts the circle."""
    rates = [heat.pool_burning(0.055, 2.1, d) for d in (0.2, 1.0, 20.0)]

    assert rates == sorted(rates) and rates[2] == pytest.approx(0.055, rel=1e-9)
    assert heat.across(math.pi * 9) == pytest.approx(6.0)


def test_a_flame_is_as_long_as_thomas_says():
    """Gasoline, 10 m across, sea level: 42·10·(.055/(1.2·√98.1))^.61 = 18.0 m."""
    assert heat.flame_length(10.0, 0.055, 1.2, 9.81, 42.0, 0.61) == pytest.approx(
        420 * (0.055 / (1.2 * 98.1**0.5)) ** 0.61
    )


@given(flux=st.floats(500.0, 1e5), power=st.floats(1e5, 1e10))
def test_a_point_source_has_its_flux_at_its_reach(flux, power):
    """Distance of flux and flux at distance are inverse."""
    assert heat.point_source(0.3, power, heat.point_reach(0.3, power, flux)) == pytest.approx(flux, rel=1e-9)
