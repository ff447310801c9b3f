"""Speeds and the factors on them; the last mile."""

from __future__ import annotations

import math

import pytest

from sim.domain.parameters import Standing
from sim.domain.places import Point, Site, Weather
from sim.errors import UnknownName
from sim.roads.speeds import STATES, Speeds, unknown_classes
from tests.roads_kit import passports, shipped

SPEEDS = shipped()
FAIR = Weather()


def value(name: str) -> float:
    """A shipped figure, SI."""
    return passports()[name].value


def site(access: str = "track", metres: float = 1200.0, terrain: str = "hilly") -> Site:
    """A site off the network."""
    return Site(Point(0, 0), "A", "", "", "", "", last_mile=metres, access=access, terrain=terrain)


def test_every_number_has_a_passport_and_lies_in_its_range():
    """Description, unit, source, standing, date, and a range around the value."""
    for p in passports().values():
        assert p.description, p.name
        assert p.source, p.name
        assert p.checked_on, p.name
        assert isinstance(p.standing, Standing), p.name
        assert 0 < p.low <= p.value <= p.high, p.name


@pytest.mark.parametrize(
    ("road_class", "terrain", "kmh"),
    [
        ("expressway", "hilly", 90),
        ("expressway", "mountain", 80),
        ("national", "basin", 55),
        ("national", "gorge", 48),
        ("provincial", "hilly", 45),
        ("provincial", "gorge", 42),
        ("county", "basin", 35),
        ("county", "mountain", 32),
        ("township", "hilly", 28),
        ("township", "mountain", 25),
        ("urban", "basin", 30),
        ("connector", "hilly", 40),
        ("connector", "mountain", 35),
        ("urban", "mountain", 30),
    ],
)
def test_a_light_vehicle_by_day_makes_the_assumed_speed(road_class, terrain, kmh):
    """The speeds assumed in the city data, by class and terrain."""
    assert SPEEDS.on_road("light", road_class, terrain) * 3.6 == pytest.approx(kmh)


@pytest.mark.parametrize("vehicle", ["light", "heavy", "ambulance", "4x4", "bus"])
def test_factors_of_vehicle_convoy_night_and_weather_multiply(vehicle):
    """A convoy by night in heavy rain: the product, nothing else."""
    convoy = SPEEDS.profile(vehicle, 10)
    speed = SPEEDS.on_road(convoy, "national", "hilly", night=True, state="rain_heavy")
    alone = value("road.national") * value(f"vehicle.{vehicle}")

    assert speed == pytest.approx(alone * value("convoy") * value("night") * value("weather.rain_heavy"))


def test_a_heavy_convoy_by_night_makes_what_a_real_one_made():
    """A column of 480 km of mountain roads by night averaged 58 km/h; ours makes that on an expressway within 3 km/h."""
    kmh = SPEEDS.on_road(SPEEDS.profile("heavy", 8), "expressway", "hilly", night=True) * 3.6

    assert kmh == pytest.approx(58, abs=3)


def test_a_few_vehicles_are_no_convoy():
    """Below the number given they drive each for itself."""
    assert SPEEDS.profile("heavy", int(value("convoy.from")) - 1) == "heavy"
    assert SPEEDS.profile("heavy", int(value("convoy.from"))) == "heavy/convoy"
    assert SPEEDS.profile("foot", 30) == "foot"


def test_only_those_made_for_it_leave_the_road():
    """A 4×4 always, another vehicle where its kind says so."""
    assert SPEEDS.profile("4x4") == "4x4/off_road"
    assert SPEEDS.profile("heavy", 1, True) == "heavy/off_road"
    assert SPEEDS.profile("light") == "light"


@pytest.mark.parametrize(
    ("weather", "state"),
    [
        (Weather(), "dry"),
        (Weather(rain=1.0), "wet"),
        (Weather(rain=6.3), "wet"),
        (Weather(rain=6.4), "rain_heavy"),
        (Weather(ice="snow"), "snow"),
        (Weather(ice="packed"), "packed"),
        (Weather(ice="glaze"), "glaze"),
        (Weather(fog=True), "fog"),
        (Weather(fog=True, rain=0.5), "fog"),
        (Weather(ice="glaze", rain=20, fog=True), "glaze"),
    ],
)
def test_of_several_features_of_the_weather_the_worst_counts(weather, state):
    """The state of the road is named after what slows most."""
    assert SPEEDS.road_state(weather) == state


@pytest.mark.parametrize("state", STATES)
def test_no_weather_makes_anyone_faster(state):
    """On a road and on foot."""
    for profile in ("light", "heavy/convoy", "4x4/off_road", "foot"):
        assert SPEEDS.on_road(profile, "county", "mountain", state=state) < SPEEDS.on_road(
            profile, "county", "mountain"
        )


def test_chains_help_the_4x4_on_glaze():
    """A factor may have a variant for one vehicle."""
    on_glaze = {v: SPEEDS.on_road(v, "county", "hilly", state="glaze") for v in ("light", "4x4")}

    assert on_glaze["4x4"] / on_glaze["light"] == pytest.approx(0.4 / 0.25)


def test_on_foot_the_class_of_the_road_does_not_matter():
    """Only slope, darkness and weather do."""
    assert SPEEDS.on_road("foot", "expressway", "basin") == SPEEDS.on_road("foot", "township", "hilly") == value("foot")
    assert SPEEDS.on_road("foot", "county", "gorge") == value("foot.mountain")


def test_the_last_mile_is_walked_by_those_who_cannot_drive_the_track():
    """1,200 m at 4 km/h take 18 minutes; by 4×4 at 12 km/h six."""
    assert SPEEDS.last_mile(site(), "light", False, FAIR) == pytest.approx(18 * 60)
    assert SPEEDS.last_mile(site(), "4x4/off_road", False, FAIR) == pytest.approx(6 * 60)
    assert SPEEDS.last_mile(site("foot"), "4x4/off_road", False, FAIR) == pytest.approx(18 * 60)
    assert SPEEDS.last_mile(site("foot", terrain="gorge"), "light", False, FAIR) == pytest.approx(36 * 60)


def test_night_and_weather_lengthen_the_last_mile():
    """By their factors, on the track and on foot."""
    glaze = Weather(ice="glaze")
    walk, drive = (SPEEDS.last_mile(site(), profile, True, glaze) for profile in ("light", "4x4/off_road"))

    assert walk == pytest.approx(18 * 60 / (value("foot.night") * value("foot.glaze")))
    assert drive == pytest.approx(6 * 60 / (value("night") * value("weather.glaze.4x4")))


def test_a_site_on_the_road_has_no_last_mile():
    """Nothing is added."""
    assert SPEEDS.last_mile(site("road", 0.0), "light", True, FAIR) == 0.0


def test_unknown_names_are_refused_with_the_nearest():
    """Vehicle, road class, and a figure that the file lacks."""
    with pytest.raises(UnknownName, match="did you mean 'heavy'"):
        SPEEDS.profile("heavi", 1)
    with pytest.raises(UnknownName, match="did you mean 'county'"):
        SPEEDS.on_road("light", "conty", "basin")
    with pytest.raises(UnknownName, match="no speed 'night'"):
        Speeds.from_parameters({name: p for name, p in passports().items() if name != "night"})


def test_road_classes_without_a_speed_are_found():
    """What `check` asks for a city."""
    assert unknown_classes(SPEEDS, ["county", "rail", "urban", "canal"]) == ("canal", "rail")
    assert set(SPEEDS.vehicles) == {"4x4", "ambulance", "bus", "foot", "heavy", "light"}
    assert math.isfinite(value("rain_heavy.from"))
