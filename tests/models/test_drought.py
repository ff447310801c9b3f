"""Drought: the published figures, the store against an independent integrator, water balance, and what help is worth."""

from __future__ import annotations

import math

import pytest
from scipy.integrate import solve_ivp

from models.hazards.drought import Cut, Model, Parameters, tankers
from models.kernels import first_order_reaches
from sim.domain.hazards import Inputs
from sim.domain.people import Triage
from sim.domain.places import Weather
from sim.streams import Streams
from tests.models.passports import parameters
from tests.models.walking import DAY, all_hands, scene, walk

FILE = "hazards/drought/parameters.yaml"
HARD = {"people": 40_000.0, "lasts": 120 * DAY}


def model(cause: str = "winter_spring", **changed: float) -> Model:
    return Model(parameters(Parameters, FILE, cause, **changed))


def test_tankers_of_the_card() -> None:
    """50 000 people, 15 L each, loads of 10 m³ four times a day: 18.75, so 19."""
    found = tankers(50_000.0, 0.015 / DAY, 10.0, 4 / DAY)

    assert found == pytest.approx(18.75) and math.ceil(found) == 19


def test_a_store_of_the_card_lasts_a_hundred_days() -> None:
    """2 Mm³ at 20 000 m³/d less."""
    assert first_order_reaches(2e6, -20_000 / DAY, 0.0, 0.0) == pytest.approx(100 * DAY)


def test_the_store_follows_its_equation() -> None:
    """Between events, as an integrator that knows nothing of our solution has it."""
    drought = model(stored=0.8)
    state, _ = drought.start(scene(HARD, "winter_spring"), Streams(3)("hazard", "F1"))
    inputs = Inputs({}, Weather(temperature=24.0))
    span, _ = drought.next_event(state, inputs)
    gain, loss = drought._flows(drought.advance(state, 0.0, inputs))
    found = solve_ivp(lambda t, v: gain - loss * v, (0.0, span), [state.volume], rtol=1e-10, atol=1e-6)

    assert drought.advance(state, span, inputs).volume == pytest.approx(found.y[0, -1], rel=1e-7)


def test_what_is_stored_is_what_came_less_what_went() -> None:
    """Water is neither made nor lost: over a whole drought the store changes by its flows."""
    drought = model()
    where = scene(HARD, "winter_spring")
    state, _ = drought.start(where, Streams(5)("hazard", "F1"))
    inputs, t, balance = Inputs({"pumps": 0.02}, where.weather), 0.0, 0.0
    first = state.volume
    while t < 150 * DAY:
        span = min(drought.next_event(state, inputs)[0], 3600.0)
        fed = drought.advance(state, 0.0, inputs)
        gain, loss = drought._flows(fed)
        after = drought.advance(state, span, inputs)
        evaporated = gain * span - (after.volume - fed.volume)  # what the first-order loss took
        mean = (after.volume + fed.volume) / 2
        assert evaporated == pytest.approx(loss * mean * span, rel=2e-3, abs=1.0)
        balance += gain * span - evaporated
        state, t = after, t + span
        if drought.next_event(state, inputs)[0] <= 1e-6 and not state.over:
            before = state.volume
            state, _ = drought.fire(state, drought.next_event(state, inputs)[1], inputs)
            assert state.volume == pytest.approx(before, rel=1e-9, abs=1e-3)
    assert state.volume == pytest.approx(first + balance, rel=1e-6, abs=10.0)


def test_cuts_come_in_their_order_and_go_in_the_reverse() -> None:
    """Farms, works, homes; then homes, works, farms; then it is over."""
    found = walk(model(), scene(HARD, "winter_spring"), {}, until=600 * DAY)
    cuts = [n for n in found.notes() if n.endswith(("_cut", "_back"))]

    assert cuts == ["farms_cut", "works_cut", "homes_cut", "homes_back", "works_back", "farms_back"]
    assert found.notes().index("rains_return") < found.notes().index("homes_back")
    assert found.state.over and found.state.cut is Cut.NONE


@pytest.mark.parametrize("seed", range(4))
def test_help_saves_people_from_illness_and_the_store_from_falling(seed: int) -> None:
    """Tankers in time: nobody falls ill. Wells and pumps: homes are rationed later and for shorter. Little helps less than much."""
    where = scene(HARD, "winter_spring")
    never, late, much = (
        walk(model(), where, plan, seed=seed, until=600 * DAY)
        for plan in ({}, {70 * DAY: all_hands(0.5)}, {10 * DAY: all_hands(1.0)})
    )

    assert len(much.people) <= len(late.people) <= len(never.people) > 0
    assert much.ended <= late.ended <= never.ended < math.inf
    assert len(
        walk(model(), where, {0.0: all_hands(without=["WATER_SUPPLY"])}, seed=seed, until=600 * DAY).people
    ) >= len(much.people)


def test_half_the_ration_is_enough_and_less_is_not() -> None:
    """7.5 L of the 15: nobody runs the risk; a quarter of the ration: half of them do."""
    drought = model()
    found = walk(drought, scene(HARD, "winter_spring"), {}, until=100 * DAY)
    state = found.state
    assert state.cut is Cut.HOMES
    need = next(d for d in drought.demands(state) if d.id == "tankers").amount

    def rate(share: float) -> float:
        before = drought.advance(state, 0.0, Inputs({"tankers": share * need}, Weather()))
        return drought.advance(before, 1.0, Inputs({"tankers": share * need}, Weather())).used - before.used

    assert rate(0.5) == 0.0 and rate(0.25) == pytest.approx(rate(0.0) / 2)
    assert rate(0.0) == pytest.approx(drought.short(state) * 1e-4 / DAY)


def test_the_sick_need_care_and_most_are_not_in_danger() -> None:
    """Whoever falls ill waits for help with a colour, four in five lightly."""
    found = walk(model(), scene(HARD | {"people": 400_000.0}, "winter_spring"), {}, until=600 * DAY)
    colours = [person.triage for person in found.people.values()]

    assert len(colours) > 50 and 0.05 < colours.count(Triage.YELLOW) / len(colours) < 0.4


def test_heat_draws_the_store_down_faster() -> None:
    """Evaporation grows with the temperature: the first cut comes sooner in a hot month."""
    cool, hot = (
        walk(
            model("heat_wave", stored=0.9),
            scene(HARD, "heat_wave", weather=Weather(temperature=t)),
            {},
            until=400 * DAY,
        )
        for t in (12.0, 30.0)
    )

    assert hot.when("farms_cut") < cool.when("farms_cut")
