"""Weather that changes: what is said segment by segment, and a drawn series whose month comes out right on average."""

from __future__ import annotations

import dataclasses
import math
from functools import cache
from pathlib import Path

import pytest

from sim import catalog
from sim.case import Case, City, Climate
from sim.domain.places import Calendar, Weather
from sim.errors import InvalidInput
from sim.scenario.compile import check_case, load_case
from sim.scenario.forecast import Drawn
from sim.streams import Streams
from tests.scenario.town import a_city, settle

CASE = """\
name: x
city: town
starts_at: 2024-07-19T22:40
horizon: 2 d
incidents: [{id: F1, nature: building_fire, location: {town: 东镇}}]
weather: WEATHER
"""
JULY, JANUARY = Climate(19.0, 172.0, 2.1), Climate(4.0, 14.0, 3.0)
DAYS = 30


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder whose small city has a climate in every month."""
    city = a_city()
    climate = {(c, m): city.climate[(c, 7)] for c in city.counties for m in range(1, 13)}
    return settle(tmp_path, monkeypatch, dataclasses.replace(city, climate=climate))


def case(folder: Path, weather: str, **options: object) -> Case:
    """The case with this weather."""
    (folder / "case.yaml").write_text(CASE.replace("WEATHER", weather), encoding="utf-8")
    return load_case(folder / "case.yaml", data=folder, **options)  # type: ignore[arg-type]


def becomes(compiled: Case, county: str) -> list[tuple[float, Weather]]:
    """What the weather of a county becomes: (hours, weather)."""
    return [(t / 3600, weather) for t, c, weather in compiled.forecast if c == county]


# ── said ──


def test_unless_it_is_asked_for_the_weather_stays(folder):
    """The climate of the month, for good."""
    assert case(folder, "{default: {rain: 4 mm/h}}").forecast == ()


def test_segments_say_what_changes_and_the_rest_stays(folder):
    """Wind from the first, rain from the second, in one county; the other has its own from the third on."""
    said = "{series: [{at: +01:00, wind: 8 m/s}, {at: +03:00, county: 甲县, rain: 20 mm/h}, {at: 02:40, county: 乙县, ice: glaze}]}"
    compiled = case(folder, said)

    assert becomes(compiled, "") == [(1, Weather(wind=8.0))]
    (first, windy), (second, wet) = becomes(compiled, "1")
    assert (first, windy.wind, windy.temperature, windy.rain) == (1, 8.0, 20.0, 0.0)
    assert (second, wet.wind, wet.temperature, wet.rain) == (3, 8.0, 20.0, 20.0)
    assert [(t, w.wind, w.ice) for t, w in becomes(compiled, "2")] == [(1, 8.0, "none"), (4, 8.0, "glaze")]


def test_a_segment_at_the_start_is_the_weather_of_the_start(folder):
    """Nothing changes later."""
    compiled = case(folder, "{default: {wind: 1 m/s}, series: [{at: +00:00, rain: 3 mm/h}]}")

    assert compiled.forecast == () and {w.rain for w in compiled.weather.values()} == {3.0}


def test_segments_may_stand_in_any_order_and_are_facts_of_the_case(folder):
    """Two orders, one digest; another hour, another digest."""
    one = case(folder, "{series: [{at: +01:00, wind: 8 m/s}, {at: +02:00, rain: 2 mm/h}]}")
    two = case(folder, "{series: [{at: +02:00, rain: 2 mm/h}, {at: +01:00, wind: 8 m/s}]}")
    three = case(folder, "{series: [{at: +01:00, wind: 8 m/s}, {at: +02:10, rain: 2 mm/h}]}")

    assert one.forecast == two.forecast and one.digest == two.digest != three.digest


@pytest.mark.parametrize(
    ("weather", "place", "words"),
    [
        ("{series: [{at: +01:00, wnd: 8 m/s}]}", "6:33: weather.series[0].wnd", "did you mean 'wind'?"),
        ("{series: [{wind: 8 m/s}]}", "6:20: weather.series[0]", "'at' is missing; add 'at: +06:00'"),
        ("{series: [{at: noon}]}", "6:25: weather.series[0].at", "expected an offset"),
        ("{series: [{at: +01:00, county: 丙县}]}", "6:41: weather.series[0].county", "there is no county '丙县'"),
        ("{series: [{at: 2024-07-18T00:00}]}", "6:25: weather.series[0].at", "before the start"),
        ("{series: drawm}", "6:19: weather.series", "'drawm'"),
        ("{series: []}", "6:19: weather.series", "at least 1"),
        ("{丙县: {rain: 2 mm/h}}", "6:11: weather.丙县", "there is no county '丙县'"),
        ("{default: {rain: wet}}", "6:27: weather.default.rain", "expected an intensity"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_place(folder, weather, place, words):
    """Line, column, what is wrong, the way out."""
    (folder / "case.yaml").write_text(CASE.replace("WEATHER", weather), encoding="utf-8")
    said = [str(p) for p in check_case(folder / "case.yaml", data=folder)]

    assert len(said) == 1 and f"case.yaml:{place}" in said[0] and words in said[0], said
    with pytest.raises(InvalidInput):
        load_case(folder / "case.yaml", data=folder)


# ── drawn ──


@cache
def rules() -> dict:
    """The numbers of the models."""
    return catalog.rules()


@cache
def series(
    climate: Climate, month: int, replication: int, county: str = "1", seed: int = 1
) -> tuple[tuple[float, Weather], ...]:
    """Thirty days of a month from midnight of the first."""
    counties = {"1", "2"}
    city: City = dataclasses.replace(a_city(), climate={(c, m): climate for c in counties for m in range(1, 13)})
    drawn = Drawn(city, rules(), Streams(seed, replication))
    return tuple(drawn.series(county, Calendar(2023, month, 1, 0, 0.0), DAYS * 86400.0))


def mean(values: list[float]) -> tuple[float, float]:
    """Mean and its standard error."""
    n, m = len(values), math.fsum(values) / len(values)
    return m, math.sqrt(math.fsum((v - m) ** 2 for v in values) / (n - 1) / n)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("climate", "month"), [(JULY, 7), (JANUARY, 1), (Climate(15.5, 65.0, 2.5), 10), (Climate(24.0, 330.0, 1.5), 7)]
)
def test_rain_temperature_and_wind_of_the_month_come_out_on_average(climate, month):
    """Over 300 months the means lie within three and a half standard errors of the climate (wind and heat are rounded to 0.1)."""
    months = [[w for _, w in series(climate, month, r)] for r in range(300)]
    days = 31
    rain = mean([math.fsum(w.rain for w in month) * 3 * days / DAYS for month in months])
    heat = mean([math.fsum(w.temperature for w in month) / len(month) for month in months])
    wind = mean([math.fsum(w.wind for w in month) / len(month) for month in months])

    assert abs(rain[0] - climate.rain) < 3.5 * rain[1]
    assert abs(heat[0] - climate.temperature) < 3.5 * heat[1] + 0.01
    assert abs(wind[0] - climate.wind) < 3.5 * wind[1] + 0.01


def test_a_wet_month_has_many_wet_days_and_a_dry_one_few():
    """1.36 √rain: some 18 of July's days, some five of January's."""
    for climate, month in ((JULY, 7), (JANUARY, 1)):
        wet = [
            sum(
                any(w.rain for w in blocks)
                for blocks in zip(*[iter([w for _, w in series(climate, month, r)])] * 8, strict=True)
            )
            for r in range(40)
        ]
        m, error = mean(wet)
        assert abs(m - 1.36 * math.sqrt(climate.rain) * DAYS / 31) < 4 * error


def test_it_changes_every_three_hours_of_the_local_clock():
    """From 07:20 the first change is at 09:00, then at noon; the last block begins before the horizon."""
    city = dataclasses.replace(a_city(), climate={("1", m): JULY for m in range(1, 13)})
    found = list(Drawn(city, rules(), Streams(1)).series("1", Calendar(2023, 7, 1, 5, 26_400.0), 86_400.0))

    assert [t / 3600 for t, _ in found][:3] == pytest.approx([0, 5 / 3, 14 / 3])
    assert len(found) == 9 and found[-1][0] < 86_400


def test_a_day_is_the_same_day_whenever_the_case_begins():
    """The third day of one that starts on the first is the first day of one that starts on the third."""
    city = dataclasses.replace(a_city(), climate={("1", m): JULY for m in range(1, 13)})
    drawn = Drawn(city, rules(), Streams(1))
    early = [w for _, w in drawn.series("1", Calendar(2023, 7, 1, 5, 0.0), 3 * 86_400.0)]
    late = [w for _, w in drawn.series("1", Calendar(2023, 7, 3, 0, 0.0), 86_400.0)]

    assert early[16:] == late


def test_afternoons_are_warm_windy_and_dry_nights_are_not():
    """15:00 against 03:00, over the dry days of a month."""
    dry = [w for r in range(10) for _, w in series(JANUARY, 1, r)]
    night, noon = dry[0::8], dry[5::8]

    assert math.fsum(w.temperature for w in noon) > math.fsum(w.temperature for w in night)
    assert math.fsum(w.wind for w in noon) > 1.5 * math.fsum(w.wind for w in night)
    assert math.fsum(w.humidity for w in noon) < math.fsum(w.humidity for w in night)


def test_rain_that_freezes_is_glaze_and_lies_until_it_thaws():
    """In a cold month: wherever it rains between −3 and 0.5 °C there is glaze; nothing lies above 1 °C; in July there is none."""
    cold = [w for r in range(30) for _, w in series(JANUARY, 1, r)]

    freezing = [w for w in cold if w.rain > 0 and -3 < w.temperature <= 0.5]
    assert freezing and all(w.ice == "glaze" for w in freezing)
    assert all(w.ice == "none" for w in cold if w.temperature > 1)
    assert any(w.ice == "glaze" and w.rain == 0 for w in cold)
    assert all(w.ice == "none" for r in range(10) for _, w in series(JULY, 7, r))


def test_fog_is_of_still_moist_mornings():
    """Never with rain, wind or after nine."""
    foggy = [(t % 86_400, w) for r in range(30) for t, w in series(JANUARY, 1, r) if w.fog]

    assert foggy
    assert all(t < 9 * 3600 and w.rain == 0 and w.wind <= 2 and w.humidity >= 95 for t, w in foggy)


def test_some_days_are_gusty():
    """The wind of a month reaches well above twice its mean."""
    strongest = [max(w.wind for _, w in series(JULY, 7, r)) for r in range(30)]

    assert sum(s > 2.5 * JULY.wind for s in strongest) > 20


def test_neighbours_have_most_of_their_weather_in_common():
    """Where it rains in one county, it rains in the other more than three times as often as by chance; yet not always."""
    a, b = ([w.rain > 0 for r in range(30) for _, w in series(JANUARY, 1, r, c)] for c in ("1", "2"))
    both = sum(x and y for x, y in zip(a, b, strict=True))

    assert 3 * sum(a) * sum(b) / len(a) < both < sum(a)


def test_luck_draws_the_weather_and_the_digest_does_not_know_it(folder):
    """Another seed or replication is another week of the same case."""
    first = case(folder, "{series: drawn}")

    assert case(folder, "{series: drawn}").forecast == first.forecast
    for other in (case(folder, "{series: drawn}", seed=2), case(folder, "{series: drawn}", replication=1)):
        assert other.forecast != first.forecast and other.digest == first.digest
    assert first.digest != case(folder, "{}").digest


def test_what_the_case_says_is_pinned_over_the_series(folder):
    """Rain as said all the time; the wind still goes up and down."""
    compiled = case(folder, "{series: drawn, default: {rain: 5 mm/h}, 乙县: {wind: 3 m/s}}")

    assert {w.rain for _, _, w in compiled.forecast} == {5.0}
    assert {w.wind for _, c, w in compiled.forecast if c == "2"} == {3.0}
    assert len({w.wind for _, c, w in compiled.forecast if c == "1"}) > 4
    assert [t for t, _, _ in compiled.forecast] == sorted(t for t, _, _ in compiled.forecast)
    assert max(t for t, _, _ in compiled.forecast) < compiled.horizon
