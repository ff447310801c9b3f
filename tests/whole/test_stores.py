"""Supplies and money, worked out by hand on the small map: depots at A (county), E (city) and F (province).

A report of 100 people without a roof is with the county 90 s after the job begins; it leads and responds at once (nothing is
graded for long). Drafting takes 10 min, approval 20, the way up 30, loading 60 (90 by night), counting 40, handing out 2 h.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from sim.analysis.deliveries import flows, persons
from sim.analysis.invariants import check
from sim.case import Case
from sim.domain import events as ev
from sim.domain.command import Level, Severity
from sim.domain.hazards import Sighting
from sim.domain.parameters import Parameter, Spread, SpreadKind, Standing, fixed
from sim.domain.stores import Depot, Item, Reserve, Stores, Want
from sim.streams import Stream
from tests.whole.shipped import shipped
from tests.whole.worlds import (
    HOUR,
    LINK,
    MIN,
    ORDERED,
    Crew,
    Done,
    Job,
    Task,
    Told,
    Ungraded,
    at,
    close,
    make_case,
    reopen,
)

NUMBERS = {
    "missed": 0.01,
    "draft": 10 * MIN, "approve": 20 * MIN, "upward": 30 * MIN, "load": HOUR, "load_lorries": 5.0, "load_night": 1.5,
    "sign": 40 * MIN, "hand_out": 2 * HOUR, "rounds": 1.0, "to_crews": 30 * MIN, "astray": 0.0, "short": 0.0, "short_by": 0.2,
    "recheck": 30 * MIN, "patience": 24 * HOUR, "phone": 0.5, "growth": 0.2, "lend": 0.5, "basic_aid": 10 * HOUR,
    "estimate": HOUR, "fund_county": 6 * HOUR, "fund_city": 18 * HOUR, "fund_province": 48 * HOUR, "approved_at": 0.5,
    "aid_day": 20.0, "aid_days": 15.0, "rescue_day": 300.0, "rescue_days": 3.0, "least": 1000.0, "audit": 24 * HOUR,
    "unaccounted": 0.01, "from_province": 0.5,
}  # fmt: skip
ASKED = ORDERED + 10 * MIN  # the list is written
ALLOTTED = ASKED + 20 * MIN
LOADED = ALLOTTED + HOUR


@dataclass(frozen=True)
class Homeless(Job):
    """A job whose reports speak of people without a roof."""

    people_out: float = 100.0

    def observe(self, state: Done, stream: Stream) -> Sighting:
        """Counted just as they are."""
        return Sighting(figures={"left": state.left, "out": self.people_out})


class Graded(Ungraded):
    """Whatever is graded is answered with level Ⅳ, or with another."""

    def __init__(self, level: Level = Level.IV) -> None:
        self._level = level

    def level(self, severity: Severity, nature: str) -> Level | None:
        """Always the same."""
        return self._level


def book(
    county: float = 100.0, city: float = 100.0, province: float = 100.0, lights: float = 0.0, **reserves: float
) -> Stores:
    """Tents for four, ten to a lorry; blankets only below 10 °C; with `lights` so many of them a head, by night."""
    by_night = (Want("homeless", lights, night=True),) if lights else ()
    items = {
        "tent": Item("tent", "帐篷", "Tents", "顶", "tents", 10.0, basic=True, wants=(Want("homeless", 0.25),)),
        "blanket": Item(
            "blanket", "毯", "Blankets", "床", "blankets", 100.0, wants=(Want("homeless", 1.0, below=10.0),)
        ),
        "light": Item("light", "灯", "Lights", "台", "lights", 5.0, wants=by_night),
    }
    depots = [
        Depot("D-C", "县库", "County", 2, "K", "A", {"tent": county, "light": 5.0}),
        Depot("D-M", "市库", "City", 3, "", "E", {"tent": city}),
        Depot("D-P", "省库", "Province", 4, "", "F", {"tent": province}),
    ]
    money = {"COUNTY": 1e6, "CITY": 1e6, "PROV": 1e6} | reserves
    return Stores(
        items, {"job": {"homeless": {"figures.out": 1.0}}}, {d.id: d for d in depots},
        {post: Reserve(post, amount) for post, amount in money.items()}, "light", {"homeless": 1.0},
    )  # fmt: skip


def case(
    stores: Stores | None, *, out: float = 100.0, level: Level = Level.IV, luck: dict[str, object] | None = None,
    starts: float = 8 * HOUR, seed: int = 1, injects: tuple[object, ...] = (),
) -> Case:  # fmt: skip
    """A job of two days at D with so many people without a roof; lorries are light vehicles here, at 60 km/h."""
    job = Homeless(work=48 * HOUR, people_out=out)
    made = make_case([Crew("T1", "D")], (Task(job=job),), starts=starts, horizon=10 * 24 * HOUR, injects=injects)  # type: ignore[arg-type]
    numbers = {
        f"stores.{name}": Parameter(
            name, value if isinstance(value, Spread) else fixed(value), "1", "toy", Standing.CONFIG
        )  # type: ignore[arg-type]
        for name, value in (NUMBERS | (luck or {})).items()
    }
    specs = tuple(replace_spec(spec) for spec in made.incidents)
    return replace(
        made, city=replace(made.city, depots=stores), incidents=specs, rules={**made.rules, **numbers},
        assessor=Graded(level), seed=seed,
    )  # fmt: skip


def replace_spec(spec):  # type: ignore[no-untyped-def]
    """The same accident, but one that is graded."""
    from msgspec.structs import replace as changed

    return changed(spec, scale="toy")


def run(stores: Stores | None, **how: object) -> Told:
    """The journal of that case."""
    return Told(case(stores, **how))  # type: ignore[arg-type]


def test_the_own_depot_gives_and_lorries_bring_it_over_the_road() -> None:
    """25 tents for 100 people in three lorries from A: 30 km, counted, and in people's hands four hours and a half later."""
    told = run(book())
    assert told.time(ev.SupplyAsked, item="tent") == ASKED
    (given,) = told.all(ev.SupplyAllotted)
    assert (given.t, given.depot, given.amount, given.left) == (ALLOTTED, "D-C", 25.0, 75.0)
    (gone,) = told.all(ev.ConvoyDeparted)
    assert (gone.t, gone.trucks, gone.links) == (LOADED, 3, ("AB", "BC", "CD"))
    assert told.time(ev.ConvoyArrived) == gone.arrives == LOADED + 3 * LINK
    assert told.time(ev.SupplySigned) == LOADED + 3 * LINK + 40 * MIN
    assert told.time(ev.SupplyHandedOut, amount=25.0) == LOADED + 3 * LINK + 40 * MIN + 2 * HOUR


def test_what_the_county_lacks_the_city_gives_and_then_the_province() -> None:
    """The county has 10 of 25 tents, the city 8: seven come from the province, after two ways up."""
    told = run(book(county=10.0, city=8.0))
    given = [(e.t, e.depot, e.amount) for e in told.all(ev.SupplyAllotted)]
    assert given == [(ALLOTTED, "D-C", 10.0), (ALLOTTED + 30 * MIN, "D-M", 8.0), (ALLOTTED + 60 * MIN, "D-P", 7.0)]
    asked = [(e.post, e.of, e.amount, e.parent) for e in told.all(ev.SupplyAsked)]
    assert asked == [
        ("COUNTY", "COUNTY", 25.0, ""), ("COUNTY", "CITY", 15.0, "F1/1.tent"), ("CITY", "PROV", 7.0, "F1/1.tent/CITY")
    ]  # fmt: skip
    assert sum(e.amount for e in told.all(ev.SupplyHandedOut)) == 25.0


def test_an_empty_depot_says_so_and_what_nobody_has_is_refused() -> None:
    """A request goes up from an empty depot; of 25 tents, the ten of the province are all there are."""
    told = run(book(county=0.0, city=0.0, province=10.0))
    assert [(e.depot, e.amount) for e in told.all(ev.SupplyAllotted)] == [("D-C", 0.0), ("D-M", 0.0), ("D-P", 10.0)]
    (refused,) = told.all(ev.SupplyRefused)
    assert refused.amount == 15.0


def test_by_phone_the_post_above_answers_in_half_the_time() -> None:
    """From level Ⅱ up the paper follows."""
    told = run(book(county=0.0), level=Level.II)
    (up,) = told.all(ev.SupplyAsked, of="CITY")
    assert up.means == "phone"
    assert told.time(ev.SupplyAllotted, depot="D-M") == ALLOTTED + 15 * MIN


def test_loading_is_slower_by_night_and_lights_are_asked_for_only_then() -> None:
    """An hour and a half instead of one; one light for a hundred people."""
    by_day, by_night = run(book(lights=0.01), starts=7 * HOUR), run(book(lights=0.01), starts=20 * HOUR)
    assert by_day.times(ev.SupplyAsked, item="light")[0] >= 12 * HOUR  # the first report by night
    assert by_night.all(ev.SupplyAsked, item="light")[0].amount == 1.0
    assert by_night.times(ev.SupplyLoaded)[0] - by_night.times(ev.SupplyAllotted)[0] == 1.5 * HOUR


def test_five_lorries_are_loaded_at_a_time() -> None:
    """100 tents are ten lorries: two convoys from one dock, an hour apart."""
    told = run(book(), out=400.0)
    assert [(e.t, e.trucks) for e in told.all(ev.ConvoyDeparted)] == [(LOADED, 5), (LOADED + HOUR, 5)]


def test_a_closed_road_nobody_knows_of_stops_the_lorries_and_they_turn() -> None:
    """C–D is closed: they find it at C, no way is left, and they wait there until it opens."""
    shut, opened = at(MIN, close("CD", known_after=float("inf"))), at(5 * HOUR, reopen("CD"), name="opens")
    told = run(book(), injects=(shut, opened))
    stops = [(e.t, e.node, e.link) for e in told.all(ev.ConvoyHeld)]
    assert stops == [(LOADED + 2 * LINK, "C", "CD"), (LOADED + 2 * LINK, "C", "")]
    again = LOADED + 2 * LINK + 30 * MIN * 7  # the first look after five hours
    assert again > 5 * HOUR > again - 30 * MIN
    assert told.time(ev.ConvoyArrived) == again + LINK


def test_lorries_held_for_long_unload_where_they_stand_and_people_carry() -> None:
    """After the patience of one hour the goods are counted at C and carried on."""
    told = run(book(), injects=(at(MIN, close("CD")),), luck={"patience": HOUR})
    assert not told.all(ev.ConvoyArrived)
    assert [e.why for e in told.all(ev.SupplySigned)] == ["carried"]


def test_a_load_that_is_short_is_asked_for_again() -> None:
    """A fifth of 25 tents is missing: five are written down as short and asked for anew."""
    told = run(book(), luck={"short": 1.0})
    first = told.all(ev.SupplySigned)[0]
    assert (first.sent, first.amount, first.why) == (25.0, 20.0, "short")
    assert told.all(ev.SupplyAsked)[1].amount == 5.0
    assert flows(told.events)[0].missing == sum(e.sent - e.amount for e in told.all(ev.SupplySigned))


def test_the_first_families_do_not_wait_for_the_last() -> None:
    """In two rounds, twelve of 25 tents are with people after an hour, thirteen after two."""
    told = run(book(), luck={"rounds": 2.0})
    signed = told.time(ev.SupplySigned)
    handed = [(e.t - signed, e.amount) for e in told.all(ev.SupplyHandedOut)]
    assert handed == [(HOUR, 12.0), (2 * HOUR, 13.0)]


def test_nothing_is_asked_for_before_a_response() -> None:
    """Stores open with the response: without one, no paper is written."""
    made = case(book())
    told = Told(replace(made, assessor=Ungraded()))
    assert not told.all(ev.SupplyAsked) + told.all(ev.FundAsked)


def test_only_what_reports_say_is_asked_for() -> None:
    """Nobody reports people without a roof: nothing is asked for, whatever is true."""
    assert not run(book(), out=0.0).all(ev.SupplyAsked)


def test_money_comes_from_below_upward_and_the_ledger_balances() -> None:
    """100 people × 20 yuan × 15 days are 30,000: the county has 12,000, the city gives the rest; each yuan is audited."""
    told = run(book(), luck={"estimate": HOUR, "rescue_day": 0.0}, out=100.0)
    (asked,) = told.all(ev.FundAsked)
    assert (asked.amount, asked.purpose, asked.t) == (30000.0, "aid", ORDERED + HOUR)
    told = run(book(COUNTY=12000.0), luck={"rescue_day": 0.0})
    assert [(e.post, e.amount, e.left) for e in told.all(ev.FundApproved)] == [
        ("COUNTY", 12000.0, 0.0), ("CITY", 18000.0, 982000.0)
    ]  # fmt: skip
    county = ORDERED + HOUR
    assert told.time(ev.FundPaid, amount=12000.0) == county + 6 * HOUR
    assert told.time(ev.FundPaid, amount=18000.0) == county + 3 * HOUR + 18 * HOUR
    asked = sum(e.amount for e in told.all(ev.FundAsked) if not e.parent)
    approved, paid = (sum(e.amount for e in told.all(kind)) for kind in (ev.FundApproved, ev.FundPaid))
    assert asked == approved == paid == 30000.0
    assert sum(e.unaccounted for e in told.all(ev.FundAudited)) == pytest.approx(300.0)


def test_what_came_of_each_item_is_told() -> None:
    """All 25 tents are with people after five hours and a half: ten were allowed."""
    told = run(book())
    (flow,) = flows(told.events)
    assert (flow.needed, flow.handed, flow.unfilled) == (25.0, 25.0, 0.0)
    assert flow.times["handed"][1] <= 10 * HOUR


def test_without_depots_not_a_byte_changes() -> None:
    """A city that has none writes the same journal as before there were any."""
    told = run(None)
    assert not [e for e in told.events if type(e).__module__.endswith("stores")]
    assert told.cast.stores is None


LUCK: dict[str, object] = {
    "astray": 0.3, "short": 0.4, "short_by": Spread(SpreadKind.UNIFORM, (0.05, 0.6)),
    "rounds": 3.0, "load": Spread(SpreadKind.THREE_POINT, (30 * MIN, HOUR, 2 * HOUR)),
    "unaccounted": Spread(SpreadKind.UNIFORM, (0.0, 0.1)),
}  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_luck_stock_is_conserved(seed: int) -> None:
    """In depots, on lorries, missing by a paper or in hands: together they are what there was, for twelve seeds."""
    told = run(book(county=30.0, city=40.0, province=20.0, COUNTY=5000.0, CITY=9000.0), out=300.0, luck=LUCK, seed=seed)
    assert not check(told.events, told.cast)
    left = {"D-C": 30.0, "D-M": 40.0, "D-P": 20.0}
    for e in told.all(ev.SupplyAllotted, item="tent"):
        left[e.depot] = e.left
    missing = sum(e.sent - e.amount for e in told.all(ev.SupplySigned, item="tent"))
    assert sum(left.values()) + missing + sum(e.amount for e in told.all(ev.SupplyHandedOut, item="tent")) == 90.0


def doctored(told: Told, kind: type[ev.Event], **wrong: object) -> list[ev.Event]:
    """The journal with the first event of a kind changed."""
    from msgspec.structs import replace as changed

    first = next(i for i, e in enumerate(told.events) if type(e) is kind)
    return [changed(e, **wrong) if i == first else e for i, e in enumerate(told.events)]


@pytest.mark.parametrize(
    ("kind", "wrong", "law"),
    [
        (ev.SupplyAllotted, {"left": 80.0}, "stock"),
        (ev.SupplyAllotted, {"amount": 30.0, "left": 70.0}, "supplies"),
        (ev.SupplyLoaded, {"amount": 26.0}, "supplies"),
        (ev.SupplySigned, {"amount": 24.0}, "supplies"),
        (ev.SupplySigned, {"amount": 26.0}, "supplies"),
        (ev.SupplyHandedOut, {"amount": 26.0}, "supplies"),
        (ev.FundApproved, {"left": 1.0}, "ledger"),
        (ev.FundPaid, {"amount": 1.0}, "ledger"),
        (ev.FundAudited, {"unaccounted": 0.0}, "ledger"),
    ],
)
def test_a_doctored_journal_is_found_out(kind: type[ev.Event], wrong: dict[str, object], law: str) -> None:
    """A tent or a yuan that appears or disappears breaks a law, and the line is named."""
    told = run(book(), luck={"unaccounted": 0.1})
    assert not check(told.events, told.cast)
    assert law in {violation.law for violation in check(doctored(told, kind, **wrong), told.cast)}


def test_waiting_is_told_in_person_hours() -> None:
    """25 tents for a hundred people: each of them waits from the report until the tents are in people's hands."""
    told = run(book())
    (flow,) = flows(told.events)
    known, handed = told.times(ev.ReportReceived)[0], told.time(ev.SupplyHandedOut)

    assert flow.waited == pytest.approx(25.0 * (handed - known))
    assert persons(flow, told.cast) == 4.0


def test_what_is_missing_is_asked_for_again_once_and_wanted_once() -> None:
    """A fifth of each load is missing: re-orders are told apart, and step by step nothing comes from nowhere."""
    told = run(book(), luck={"short": 1.0})
    (flow,) = flows(told.events)

    assert told.all(ev.SupplyAsked)[1].again == 5.0
    assert flow.needed == 25.0 and flow.again > 0.0
    assert flow.asked >= flow.allotted >= flow.out >= flow.signed + flow.missing >= flow.handed + flow.missing
    assert flow.times["out"][0] <= flow.times["signed"][0] <= flow.times["handed"][0]
    assert check(told.events, told.cast) == []


def test_the_law_finds_what_is_asked_for_again_though_nothing_was_missing() -> None:
    """A re-order without a short load, and goods in hands that nobody asked for."""
    told = run(book())
    first = told.all(ev.SupplyAsked)[0]
    first.again = 5.0

    assert "supplies" in {violation.law for violation in check(told.events, told.cast)}


@pytest.mark.parametrize("name", ["military_urgent", "huize_m66_night"])
def test_every_unit_is_told_once_in_a_shipped_earthquake(name: str) -> None:
    """By item: given is what was asked and not refused, in the end; what is signed had left, what is in hands was signed."""
    for flow in flows(shipped(name).events):
        assert flow.asked >= flow.allotted + flow.refused - 1e-6
        assert flow.allotted >= flow.out >= flow.signed + flow.missing - 1e-6
        assert flow.signed >= flow.handed
        assert flow.needed >= flow.handed
