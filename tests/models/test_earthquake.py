"""Earthquake: printed values, shocks to towns, what fails and is repaired, aftershocks, the five elements."""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from models.chances import fragility
from models.hazards.earthquake import Model, losses, shaking
from sim import catalog
from sim.domain.hazards import Cut, Note, Roads, Shock, Sighting, Strike
from sim.domain.people import Status
from sim.domain.places import Basin, Settlement, Surroundings
from sim.streams import Streams
from tests.models.passports import document
from tests.models.walking import DAY, Walk, all_hands, differences, same, scene, walk

PATH = "hazards/earthquake/parameters.yaml"
HOUR = 3600.0
CARD = document(PATH)
CAUSES, VARIANTS = tuple(CARD["causes"]), tuple(CARD["variants"])
NIGHT = {"dwelling": 0.95, "school": 0.0, "office": 0.02, "asleep": 0.9}
NOON = {"dwelling": 0.35, "school": 0.95, "office": 0.9, "asleep": 0.0}
TOWNS = tuple(
    Settlement(f"T{i}", 1000.0 * km, bearing, people)
    for i, (km, bearing, people) in enumerate(
        ((0, 0, 60_000), (8, 90, 30_000), (15, 10, 20_000), (20, 100, 25_000), (45, 200, 80_000), (58, 300, 15_000))
    )
)

seeds = st.integers(0, 10_000)


@cache
def typical(cause: str, variant: str) -> dict[str, float]:
    card = catalog.hazard("earthquake").card
    return {name: card.spread(name, cause, variant).median for name in card.parameters}


def model(cause: str = "tectonic", variant: str = "west", **changed: float) -> Model:
    """The model with the typical values of its card for a cause and a variant."""
    return catalog.hazard("earthquake").build(typical(cause, variant) | changed)


def around(presence: dict[str, float] | None = None, **more: object) -> Surroundings:
    return Surroundings(settlements=TOWNS, presence=NOON if presence is None else presence, **more)


def run(magnitude: float = 6.5, begins: float | None = 1.0, share: float = 1.0, cause: str = "tectonic", seed: int = 1,
        hazard: Model | None = None, until: float = 60 * DAY, **where: object) -> Walk:  # fmt: skip
    plan = {} if begins is None else {begins * HOUR: all_hands(share)}
    place = scene({"magnitude": magnitude}, cause, **{"around": around(), "population": 60_000.0} | where)
    return walk(hazard or model(cause), place, plan, seed=seed, until=until)


def shocks(result: Walk, name: str = "shaking") -> list[Shock]:
    return [e for _, _, effects in result.log for e in effects if isinstance(e, Shock) and e.name == name]


def note(result: Walk, name: str) -> dict[str, float]:
    return next(e.values for _, _, effects in result.log for e in effects if isinstance(e, Note) and e.name == name)


# ── printed values ──


@pytest.mark.parametrize(
    ("mmi", "rate"), [(5, 4.628e-10), (6, 1.2756e-6), (7, 2.2803e-4), (8, 6.8128e-3), (9, 6.0438e-2)]
)
def test_pager_rates_are_those_of_its_own_test(mmi, rate):
    """USGS's unit test: θ 10.986839, β .128601, as printed there to four or five digits."""
    p = model(pager_theta=10.986839, pager_beta=0.128601).p

    assert losses.pager(p, [(mmi, 1.0)]) == pytest.approx(rate, rel=1e-4)
    assert losses.pager(p, [(mmi, 1.0)]) == pytest.approx(norm.cdf(math.log(mmi / 10.986839) / 0.128601), rel=1e-6)


def test_pager_deaths_for_china_are_what_is_printed():
    """5.053e-5, 5.333e-3, 8.436e-2 at VII, VIII, IX; 10 000 at IX, 50 000 at VIII and 300 000 at VII: 1 125."""
    p = model().p

    for at, rate in ((7, 5.053e-5), (8, 5.333e-3), (9, 8.436e-2)):
        assert fragility(at, p.pager_theta, p.pager_beta) == pytest.approx(rate, rel=1e-3)
    assert losses.pager(p, [(9, 1e4), (8, 5e4), (7, 3e5)]) == pytest.approx(1125, rel=1e-3)


@pytest.mark.parametrize(
    ("variant", "six", "seven"),
    [("west", (40.0, 23.7, 2978), (13.8, 7.3, 318)), ("wang_2000", (42.1, 23.8, 3144), (None, None, 461))],
)
def test_isoseismals_of_m6_are_what_is_printed(variant, six, seven):
    """Semi-axes in km and areas in km² inside VI and VII."""
    p = model(variant=variant).p
    for at, (long, short, area) in ((6.0, six), (7.0, seven)):
        a, b = shaking.semi_axes(p, 6.0, at)
        assert shaking.zone_area(p, 6.0, at) / 1e6 == pytest.approx(area, rel=2e-3)
        if long:
            assert (a / 1e3, b / 1e3) == (pytest.approx(long, abs=0.05), pytest.approx(short, abs=0.05))


def test_intensity_along_the_strike_is_what_is_printed():
    """M 7.5 at 100 km along: 6.642; the ellipse through that place says the same."""
    p = model().p

    assert shaking.along(p, 7.5, 100e3) == pytest.approx(6.642, rel=1e-3)
    assert shaking.intensity(p, 7.5, 100e3, 0.0) == pytest.approx(6.642, rel=1e-3)


@pytest.mark.parametrize(("ratio", "rate"), [(0.1, 4.10e-4), (0.3, 5.80e-3), (0.5, 2.20e-2)])
def test_death_rate_by_collapse_is_what_is_printed(ratio, rate):
    """Yin Zhiqian: 4.10e-4, 5.80e-3, 2.20e-2 at a tenth, three tenths, half of the houses."""
    assert losses.death_rate(model().p, ratio) == pytest.approx(rate, rel=2.5e-3)


def test_aftershocks_expected_after_m6_are_what_is_printed():
    """M ≥ 5: .597 in the first day (P .449), P .263 in the days after that, to the seventh."""
    p = model().p
    first, later = shaking.expected(p, 6.0, 5.0, 0.0, DAY), shaking.expected(p, 6.0, 5.0, DAY, 7 * DAY)

    assert first == pytest.approx(0.597, rel=1e-3)
    assert -math.expm1(-first) == pytest.approx(0.449, rel=2e-3)
    assert -math.expm1(-later) == pytest.approx(0.263, rel=3e-3)


# ── shaking ──


@settings(max_examples=30, deadline=None)
@given(magnitude=st.floats(4.5, 8), km=st.floats(0.1, 150), angle=st.floats(0, 360))
def test_a_place_lies_on_the_ellipse_of_its_intensity(magnitude, km, angle):
    """Whatever the direction; and it lies between the curves along and across."""
    p = model().p
    at = shaking.intensity(p, magnitude, km * 1e3, angle)
    long, short = shaking.semi_axes(p, magnitude, at)
    x, y = km * 1e3 * math.cos(math.radians(angle)), km * 1e3 * math.sin(math.radians(angle))

    if min(long, short) > 100.0:
        assert (x / long) ** 2 + (y / short) ** 2 == pytest.approx(1.0, abs=1e-6)
    assert shaking.across(p, magnitude, km * 1e3) - 1e-6 <= at <= shaking.along(p, magnitude, km * 1e3) + 1e-6


def test_the_strike_decides_which_town_is_shaken_more():
    """Place: two towns equally far; the one along the fault has it worse."""
    p = model().p

    assert (
        shaking.intensity(p, 6.5, 25e3, 0.0)
        > shaking.intensity(p, 6.5, 25e3, 45.0)
        > shaking.intensity(p, 6.5, 25e3, 90.0)
    )


def test_drawn_aftershocks_follow_the_law():
    """Over many earthquakes their number and the share of big ones are those of the law, times by quadrature of Omori's."""
    p = model().p
    drawn = [shaking.draw(p, 6.5, Streams(s)("x")) for s in range(400)]
    week = [[a for a in one if a.at <= 7 * DAY] for one in drawn]
    mean = 10 ** (p.after_a + p.after_b * 2) * quad(lambda t: (t + 0.05) ** -1.08, 0, 7)[0]
    big = sum(a.magnitude >= 5.5 for one in week for a in one) / sum(map(len, week))

    assert sum(map(len, week)) / 400 == pytest.approx(mean, rel=0.06)
    assert big == pytest.approx(10**-p.after_b, rel=0.25)
    assert all(a.at <= b.at for one in drawn for a, b in pairwise(one))


def test_acceleration_and_intensity_are_paired():
    """VIII is near a quarter of g."""
    assert shaking.acceleration(model().p, 8.0) / 9.81 == pytest.approx(0.28, abs=0.03)


# ── towns ──


def test_collapse_is_that_of_the_matrix():
    """In the middle of the zones VII to X the printed shares, between them in proportion, none in the middle of VI."""
    p = model().p

    assert [losses.collapse(p, "a", i + 0.5) for i in (6, 7, 8, 9, 10)] == pytest.approx([0, 0.03, 0.15, 0.45, 0.8])
    assert losses.collapse(p, "b", 9.0) == pytest.approx((0.06 + 0.25) / 2)
    assert losses.collapse(p, "d", 11.5) == pytest.approx(0.15)


def test_each_town_is_told_once_and_the_worst_first():
    """The cascade table has a budget: what matters most must come first."""
    found = shocks(run(until=1.0))

    assert [s.values["occupants"] for s in found] == sorted((s.values["occupants"] for s in found), reverse=True)
    assert len({s.town for s in found}) == len(found) >= 4


def test_more_people_are_under_rubble_by_night():
    """Time: those at home by night lie in weaker houses than those at school and work by day."""
    night, noon = (note(run(until=1.0, around=around(p)), "main_shock")["under_rubble"] for p in (NIGHT, NOON))

    assert night > 1.5 * noon > 0


def test_fires_follow_the_households():
    """One ignition per 10⁴ households at VIII and per 3 000 at IX, by the mean over many draws."""
    p = model().p
    lucks = [(k + 0.5) / 1000 for k in range(1000)]

    assert sum(losses.fires(p, 2e4, 8.5, u) for u in lucks) / 1000 == pytest.approx(2.0, rel=0.01)
    assert sum(losses.fires(p, 9e3, 9.5, u) for u in lucks) / 1000 == pytest.approx(3.0, rel=0.01)
    assert losses.fires(p, 1e6, 6.0, 0.999) == 0.0


def test_slides_need_slopes():
    """Place: a basin bears a degree and more."""
    p = model().p

    assert losses.on_slopes(p, 8.0, 30.0) == 8.0 > losses.on_slopes(p, 8.0, 12.0) > losses.on_slopes(p, 8.0, 3.0)


def test_the_nearest_facilities_are_told_how_strong_it_is_there():
    """Dams, works and mines are judged where they are, not at the epicentre."""
    place = around(near={"reservoir": 30e3, "industrial_chemical": 3e3}, basins=(Basin("P1", 30e3, 5e6, 30.0),))
    main = note(run(until=1.0, around=place), "main_shock")

    assert main["i_reservoir"] < main["i_chemical"] < main["intensity"]
    assert (main["reservoir_volume"], main["reservoir_height"]) == (5e6, 30.0)
    assert "i_coal_area" not in main


# ── what fails and is repaired ──


def test_roads_and_services_fail_by_zone_and_come_back():
    """Worse zones lose more; what is repaired opens again; everything is back in the end."""
    result = run(6.8)
    effects = [e for _, _, found in result.log for e in found]
    cuts = {e.towns: e.share for e in effects if isinstance(e, Cut) and e.service == "power" and e.share < 1.0}
    roads = [e.per_km for e in effects if isinstance(e, Roads) and e.factor < 1.0]

    assert sorted(cuts.values(), reverse=True) == list(cuts.values())
    assert len(cuts) >= 2 and roads == sorted(roads)
    back = {e.towns for e in effects if isinstance(e, Cut) and e.service == "power" and e.share == 1.0}
    assert back == set(cuts)
    assert sum(e.factor == 1.0 for e in effects if isinstance(e, Roads)) == len(roads)


def test_where_people_were_under_rubble_the_rescue_lasts_a_week():
    """A small one is watched for a day."""
    big, small = run(6.8), run(4.6, hazard=model(after_a=-4.0))

    assert big.ended >= 7 * DAY and big.log[-1][1] == "rescue_phase_over"
    assert small.ended == pytest.approx(DAY, rel=0.2) and small.log[-1][1] == "watched"


@settings(max_examples=10, deadline=None)
@given(seed=seeds, share=st.floats(0.05, 1.0), more=st.floats(1.0, 5.0), hours=st.floats(0, 20))
def test_more_and_earlier_effort_ends_it_no_later(seed, share, more, hours):
    """Every part of the work is done no later."""
    base = run(6.6, 2.0 + hours, share, seed=seed)

    for other in (run(6.6, 2.0 + hours, share * more, seed=seed), run(6.6, 2.0, share, seed=seed)):
        assert other.ended <= base.ended + 1e-3
        for name in ("road_open", "power_back", "sheltered", "recon_done"):
            assert other.when(name) <= base.when(name) + 1e-3


def test_without_help_roads_stay_shut():
    """It does not repair itself."""
    assert run(6.8, None, until=30 * DAY).ended == math.inf


# ── aftershocks ──


def test_aftershocks_bring_more_down_and_hit_those_in_damaged_houses():
    """A swarm after a big shock: some towns are told again, and those who judge houses are in danger."""
    found = [run(6.9, 0.1, 0.02, "swarm", seed=s, until=5 * DAY) for s in range(8)]

    assert sum(len(shocks(r, "aftershock")) for r in found) > 0
    assert any(isinstance(e, Strike) for r in found for _, _, effects in r.log for e in effects)
    assert all(s.values["occupants"] >= 1 for r in found for s in shocks(r, "aftershock"))


def test_help_does_not_change_aftershocks():
    """Luck is drawn once."""
    times = [[t for t, name, _ in run(6.5, b, until=20 * DAY).log if name == "aftershock"] for b in (None, 0.5)]

    assert times[0][: len(times[1])] == pytest.approx(times[1])


# ── exactness, people ──


@settings(max_examples=10, deadline=None)
@given(seed=seeds, cuts=st.lists(st.floats(0, 5 * DAY), max_size=6))
def test_looking_in_between_changes_nothing(seed, cuts):
    """However often the state is brought up to date, the course is the same."""
    assume(HOUR not in cuts)  # the walk does not look at its plan at a cut
    plain, cut = (
        walk(
            model(),
            scene({"magnitude": 6.6}, "tectonic", around=around()),
            {HOUR: all_hands(0.1)},
            seed=seed,
            until=5 * DAY,
            cuts=c,
        )
        for c in ((), sorted(cuts))
    )

    assert differences(cut, plain) == []
    assert same(cut.state, plain.state)


def test_those_hurt_at_the_epicentre_are_waiting_or_dead():
    """Nobody is forgotten; more are hurt where it is stronger."""
    strong, mild = run(7.0, until=1.0), run(5.8, until=1.0)

    assert len(strong.people) > len(mild.people)
    assert len(strong.people) == sum(strong.count(s) for s in (Status.WAITING, Status.DEAD, Status.SAFE))


# ── the five elements ──


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_cause_and_variant_runs_to_its_end(cause, variant):
    """And says how strong it was."""
    result = run(6.2, cause=cause, hazard=model(cause, variant))

    assert result.ended < math.inf
    assert note(result, "main_shock")["magnitude"] == 6.2


def test_each_cause_has_its_own_course():
    """A shallow collapse is strong and small, a swarm has more aftershocks, damaged houses fall more easily."""
    p, shallow = model().p, model("mine_collapse").p

    assert shaking.epicentral(shallow, 4.8) > shaking.epicentral(p, 4.8)
    assert shaking.semi_axes(shallow, 4.8, 5.0)[0] < shaking.semi_axes(p, 4.8, 5.0)[0]
    assert sum(len(shaking.draw(model("swarm").p, 6.0, Streams(s)("x"))) for s in range(30)) > sum(
        len(shaking.draw(p, 6.0, Streams(s)("x"))) for s in range(30)
    )
    weak = [
        s.values["occupants"]
        for s in shocks(run(6.5, cause="strong_aftershock", hazard=model("strong_aftershock", indoors=1.0), until=1.0))
    ]
    assert sum(weak) > sum(s.values["occupants"] for s in shocks(run(6.5, until=1.0)))


def test_the_quick_estimate_is_a_band_around_what_falls():
    """Told after twenty minutes, not before; wide, as its authors say."""
    result = run(6.8, until=HOUR)
    told = note(result, "assessed")

    assert result.when("assessed") == pytest.approx(model().p.assessed_after)
    assert told["high"] / told["low"] == pytest.approx(math.exp(2 * 2.013))
    assert told["by_collapse"] > 0


def test_bigger_ones_ask_for_more_and_what_is_not_known_is_not_asked_for():
    """Needs follow the sighting; at first only a part of the towns is known."""
    hazard = model()
    early, late = run(6.8, None, until=60.0), run(6.8, 0.1, until=20 * HOUR)
    first, then = (hazard.observe(r.state, Streams(1)("s")).figures for r in (early, late))

    assert first["towns_hit"] < then["towns_hit"] and first["unseen"] > then["unseen"] == 0
    small, large = (
        {
            n.capability: n.amount
            for n in hazard.needs(hazard.observe(run(m, None, until=60.0).state, Streams(1)("s")), None)
        }
        for m in (5.5, 7.0)
    )
    assert large["SEARCH"] > small.get("SEARCH", 0.0)
    assert set(small) <= set(large)
    assert hazard.needs(Sighting(), None) == []


def test_an_empty_region_is_no_error():
    """Nobody lives there: it is watched, and over."""
    assert run(6.0, around=Surroundings(), population=0.0).ended < math.inf


def test_every_event_demand_and_reading_has_a_name():
    """What the model does and shows is named in both languages in its file."""
    names, wanted = set(), set()
    for cause in CAUSES:
        result = run(7.0, 0.1, 0.05, cause, until=40 * DAY)
        names |= {name for _, name, _ in result.log} | set(result.notes()) | set(result.why.values())
        names |= {e.name for _, _, effects in result.log for e in effects if isinstance(e, Shock)}
        names |= {e.why for _, _, effects in result.log for e in effects if isinstance(e, (Cut, Roads, Strike))}
        state = run(7.0, None, cause=cause, until=60.0).state
        wanted |= {demand.id for demand in model(cause).demands(state)}
        assert set(model(cause).readings(state)) == set(CARD["readings"])
        assert set(model(cause).observe(state, Streams(1)("s")).figures) == set(CARD["figures"])

    assert names <= set(CARD["events"])
    assert wanted <= set(CARD["demands"])
