"""Epidemic: the published figures, the flow against an independent integrator, the tree against the flow, what help is worth."""

from __future__ import annotations

import math
from functools import cache
from statistics import fmean

import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from models import kernels
from models.hazards.epidemic import Model, Parameters, spread, tasks, wards
from models.hazards.epidemic.state import Course, Flow, State
from sim.domain.hazards import Harm, Inputs, Sighting
from sim.domain.people import Status
from sim.domain.places import Surroundings, Weather
from sim.streams import Streams
from tests.models.passports import document, parameters
from tests.models.walking import DAY, Walk, all_hands, same, scene, walk

FILE = "hazards/epidemic/parameters.yaml"
SCOPE = {"seeds": 5.0, "r0": 1.8, "people": 30_000.0}
CAUSES, VARIANTS = sorted(document(FILE)["causes"]), sorted(document(FILE)["variants"])
PLAIN = {"winter": 1.0, "holidays": 1.0, "festival": 1.0, "warm": 0.0, "density_power": 0.0, "wet": 0.0}
CARD = {"latent": 3 * DAY, "infectious": 5 * DAY} | PLAIN  # β .5, σ 1/3, γ 1/5 of the card: R₀ 2.5


def model(cause: str = "imported_case", variant: str = "influenza", **changed: float) -> Model:
    return Model(parameters(Parameters, FILE, cause, variant, **changed))


def there(
    cause: str = "imported_case", variant: str = "influenza", scope: dict[str, float] | None = None, **said: object
):  # type: ignore[no-untyped-def]
    return scene(SCOPE | (scope or {}), cause, variant=variant, **said)  # type: ignore[arg-type]


def begun(found: Model, seed: int = 1, **said: object) -> State:
    return found.start(there(**said), Streams(seed)("hazard", "F1"))[0]  # type: ignore[arg-type]


def lost(found: Walk) -> set[str]:
    return {who for who, person in found.people.items() if person.status is Status.DEAD}


def infected(state: State) -> dict[str, float]:
    """Who was infected one by one, by name, and when."""
    pairs = zip(state.tree.nodes, state.ended, strict=True)
    return {node.contact.name: node.contact.at for node, ended in pairs if ended >= 0.0}


def total(state: State) -> float:
    """Infected in all."""
    return state.infected + (state.flow.infected if state.flow else 0.0)


# ── the card ──


def test_growth_and_doubling_of_the_card() -> None:
    """β .5, σ 1/3, γ 1/5 a day: .1470 a day, twice as many after 4.72 days."""
    rate = spread.growth_rate(0.5 / DAY, 1 / (3 * DAY), 1 / (5 * DAY))

    assert rate * DAY == pytest.approx(0.1470, rel=1e-3)
    assert math.log(2) / rate / DAY == pytest.approx(4.72, rel=1e-3)


@pytest.mark.parametrize(("r0", "z"), [(2.5, 0.8926), (1.5, 0.5828)])
def test_final_size_of_the_card(r0: float, z: float) -> None:
    assert spread.final_size(r0) == pytest.approx(z, rel=1e-3)


@pytest.mark.parametrize("r0", [1.01, 1.2, 3.0, 8.0])
def test_final_size_solves_its_equation(r0: float) -> None:
    """As a root finder that knows nothing of ours has it; below one there is none."""
    assert spread.final_size(r0) == pytest.approx(brentq(lambda z: -math.expm1(-r0 * z) - z, 1e-4, 1.0), rel=1e-9)
    assert spread.final_size(0.9) == 0.0


@cache
def course(halved_from: float = math.inf, steps: float = 24.0, days: int = 400) -> tuple[float, float, float]:
    """(peak of the infectious, its day, share infected) of a flow in 100 000 people that begins with ten."""
    p = model(tick=DAY, steps=steps, advice=0.5, closed=1.0, traceable=0.0, drawn=1.0, **CARD).p
    people, one = 1e5, Flow(0.0, 1e5 - 10.0, 0.0, 10.0, 0.0, 10.0, 0.0, 0.0, 0.0, 0.0)
    state = begun(Model(p), scope={"people": people, "r0": 2.5, "seeds": 10.0})
    state = State(**{name: getattr(state, name) for name in State.__struct_fields__} | {"flow": one})
    peak, when = 0.0, 0.0
    for k in range(1, days * 24 + 1):
        if k / 24 > halved_from and state.inquiry > 0.0:  # known from then on: contacts are halved by advice alone
            state = State(
                **{name: getattr(state, name) for name in State.__struct_fields__} | {"inquiry": 0.0, "testing": 0.0}
            )
        state = spread.flows_on(p, state, DAY / 24, p.by_water)
        assert state.flow is not None
        if (ill := state.flow.infectious + state.flow.hidden) > peak:
            peak, when = ill, k / 24
    assert state.flow is not None
    return peak, when, 1 - state.flow.susceptible / people


def test_peak_of_the_card() -> None:
    """N 1e5, ten infectious: 14 386 on day 63.9, and 89.26 % in the end."""
    peak, when, attack = course()

    assert peak == pytest.approx(14_386, rel=1e-3) and when == pytest.approx(63.9, rel=1e-3)
    assert attack == pytest.approx(spread.final_size(2.5), rel=1e-3)


@pytest.mark.parametrize(("since", "most", "share"), [(30, 1_744, 0.381), (20, 1_436, 0.327)])
def test_halving_contacts_of_the_card(since: float, most: float, share: float) -> None:
    """From day 30: at the most 1 744 at once and .381 by day 200; from day 20: 1 436 and .327.

    The card names no day for the shares; both are met on day 200, to the digits printed (in the end they are .393 and .377).
    """
    peak, _, attack = course(since, days=200)

    assert peak == pytest.approx(most, rel=1e-3) and attack == pytest.approx(share, abs=5e-4)


def test_half_the_step_changes_nothing_that_counts() -> None:
    assert course(steps=48.0) == pytest.approx(course(), rel=1e-3)


def test_the_flow_follows_its_equations() -> None:
    """With water, a source and tracing, as an integrator that knows nothing of ours has it; nobody is made or lost."""
    p = model("contaminated_water", "cholera").p
    slope = spread.slopes(p, 5e4, 3e-6, 0.8, 0.15, 0.6, 0.1, 2e-4, 1e-4)
    first = (49_890.0, 60.0, 40.0, 10.0, 30.0, 0.0, 0.0, 0.0, 0.0)
    found = solve_ivp(lambda _, x: slope(tuple(x)), (0.0, 20 * DAY), first, rtol=1e-10, atol=1e-9)
    ours = kernels.runge_kutta(slope, first, 20 * DAY, 20 * 24)

    assert ours == pytest.approx(found.y[:, -1], rel=1e-4, abs=1e-3)
    assert first[0] - ours[0] == pytest.approx(ours[5], rel=1e-9)  # who is no longer susceptible was infected


def test_fatality_of_the_card() -> None:
    """CFR × (1 + 2 · overflow share), and the clocks of many come to it where danger is small."""
    assert wards.fatality(0.02, 0.0, 2.0) == 0.02 and wards.fatality(0.02, 0.5, 2.0) == pytest.approx(0.04)
    p, stream = model().p, Streams(4)("doom")
    rate = wards.danger(p, Course(p.stay, 1.0, 0.5))
    dooms = [stream.exponential() for _ in range(20_000)]

    for bed, expected in ((0.0, p.fatality), (1.0, 1 - (1 - p.fatality) ** 3)):
        used = wards.fatality(rate, bed, p.shortage) * p.stay
        assert fmean(doom <= used for doom in dooms) == pytest.approx(expected, abs=3 * math.sqrt(expected / 20_000))


def test_crews_of_the_card() -> None:
    """Cases · 10 / 12 a person and day, in crews of six; one of the staff for 200 households; both within reason."""
    p = model().p

    assert tasks.tracers(p, 14.0) == math.ceil(14 * 10 / 12 / 6) == 2
    assert tasks.tracers(p, 4000.0) == p.tracers_most
    assert tasks.staff(p, 1e5, 20.0) == math.ceil(20 * p.people_a_case / 3 / 200)
    assert tasks.staff(p, 3e4, 1e5) == 3e4 / 3 / 200


# ── the tree ──


def test_the_tree_is_the_flow_on_the_mean() -> None:
    """The unchecked first days of many small outbreaks, one by one, against the flow."""
    found = model(**CARD)
    days, starts = 12, 120
    runs = [walk(found, there(scope={"r0": 2.0}), {}, seed=seed, until=days * DAY) for seed in range(starts)]
    mean = fmean(run.state.infected for run in runs)
    slope = spread.slopes(found.p, 3e4, 2.0 / found.p.infectious, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0)
    flow = kernels.runge_kutta(slope, (3e4, 5.0, 0.0, 0.0, 0.0, 5.0, 0.0, 0.0, 0.0), days * DAY, days * 24)

    assert mean == pytest.approx(flow[5], rel=0.12)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("seed", range(4))
def test_help_cuts_branches_and_moves_none(variant: str, seed: int) -> None:
    """Who is infected under better help is infected under worse help, at the same moment; it ends no later, fewer die."""
    found, where = model("contaminated_water", variant), there("contaminated_water", variant)
    plans = ({3 * DAY: all_hands()}, {6 * DAY: all_hands()}, {6 * DAY: all_hands(0.4)}, {})
    best, late, little, never = (walk(found, where, plan, seed=seed, until=20 * DAY) for plan in plans)

    for better, worse in ((best, late), (late, little), (little, never)):
        known = min(w.when("as_a_whole") for w in (better, worse))  # beyond it nobody is infected by name
        ours, theirs = ({k: t for k, t in infected(w.state).items() if t <= known} for w in (better, worse))
        # with fewer infected, one contact in many meets somebody who can still catch it
        assert len(ours.items() - theirs.items()) <= 0.02 * len(theirs)
        assert len(lost(better)) <= len(lost(worse)) and better.ended <= worse.ended + 1.0
    assert never.ended == math.inf


@pytest.mark.parametrize("variant", VARIANTS)
def test_an_epidemic_ends_two_incubations_after_its_last_case(variant: str) -> None:
    """Not before, by a name, with everybody accounted for."""
    found = walk(
        model("contaminated_water", variant),
        there("contaminated_water", variant),
        {4 * DAY: all_hands()},
        until=200 * DAY,
    )

    p = model("contaminated_water", variant).p
    assert found.log[-1][1] == "settled" and found.state.over
    assert found.ended - found.state.last >= 2 * p.incubation - 1e-3
    assert all(who.status in (Status.SAFE, Status.DEAD) for who in found.people.values())
    s = found.state
    assert s.fallen == s.recovered + s.dead


def test_without_help_it_runs_its_course_and_nobody_declares_it_over() -> None:
    """Unchecked it reaches the share that theory says; whoever stays away never knows that it is over."""
    found = walk(model(**PLAIN), there(scope={"r0": 2.5}), {}, until=200 * DAY)
    s = found.state

    assert s.flow is not None and spread.active(s) < 0.5
    assert total(s) / 30_000 == pytest.approx(spread.final_size(2.5), rel=0.01)
    assert found.ended == math.inf


def test_death_comes_by_the_clock_of_who_finds_no_bed() -> None:
    """Fewer beds: everybody who died before dies, and others besides; a ward spares some of them."""
    many, few = (
        walk(model(variant="novel_respiratory", beds_least=beds, beds_a_person=0.0), there(variant="novel_respiratory"), {},
             until=150 * DAY) for beds in (4_000.0, 5.0)
    )  # fmt: skip
    warded = walk(
        model(variant="novel_respiratory", beds_least=5.0, beds_a_person=0.0, advice=1.0, closed=1.0, traceable=0.0, critical=0.0),
        there(variant="novel_respiratory"), {10 * DAY: all_hands()}, until=150 * DAY,
    )  # fmt: skip
    alone = walk(
        model(variant="novel_respiratory", beds_least=5.0, beds_a_person=0.0, advice=1.0, closed=1.0, traceable=0.0, critical=0.0),
        there(variant="novel_respiratory"), {10 * DAY: all_hands(without=["TRIAGE"])}, until=150 * DAY,
    )  # fmt: skip

    assert lost(many) < lost(few) and len(lost(few)) > 1.8 * len(lost(many))
    assert lost(warded) < lost(alone)


def test_the_dead_die_when_their_clock_is_full() -> None:
    """To 1e-9 of the clock."""
    found, where = model(variant="novel_respiratory", fatality=0.4), there(variant="novel_respiratory")
    state, inputs, seen = begun(found, variant="novel_respiratory"), Inputs({}, where.weather), 0
    while seen < 3:
        span, name = found.next_event(state, inputs)
        state = found.advance(state, span, inputs)
        if name == "dies":
            full = max(who.used / who.doom for who in state.patients)
            assert full == pytest.approx(1.0, rel=1e-9)
            seen += 1
        state, effects = found.fire(state, name, inputs)
        assert name != "dies" or isinstance(effects[0], Harm)


def test_the_gravest_are_sent_for_once_it_is_known_what_they_have() -> None:
    """None before, never more at once than there is room for; intensive care spares some of those who die without."""
    where, hands = there(variant="novel_respiratory"), {25 * DAY: all_hands()}

    def course_of(room: float) -> Walk:
        return walk(
            model(variant="novel_respiratory", transfers_most=room, critical=1.0, fatality=0.5, designated=0.2), where, hands,
            seed=3, until=120 * DAY,
        )  # fmt: skip

    some, none = course_of(300.0), course_of(0.0)

    assert some.when("identified") <= some.when("transferred") < math.inf == none.when("transferred")
    assert lost(some) < lost(none)


def test_there_is_room_for_so_many_at_once() -> None:
    """The next is sent for when somebody leaves."""
    found, where = (
        model(variant="novel_respiratory", transfers_most=3.0, critical=1.0),
        there(variant="novel_respiratory"),
    )
    state, inputs, most = (
        walk(found, where, {25 * DAY: all_hands()}, seed=3, until=26 * DAY).state,
        Inputs({}, Weather()),
        0,
    )
    for _ in range(120):
        span, name = found.next_event(state, inputs)
        state, _ = found.fire(found.advance(state, span, inputs), name, inputs)
        most = max(most, wards.referred(state))

    assert most == 3 < state.transferred


# ── measures ──


def test_water_made_safe_stops_what_comes_by_water_and_closure_what_goes_by_contact() -> None:
    """Disinfection alone beats closure alone against cholera, and does nothing against influenza."""

    def caught(variant: str, *without: str) -> float:
        run = walk(model("imported_case", variant), there("imported_case", variant, {"r0": 3.0}),
                   {8 * DAY: all_hands(without=without)}, seed=2, until=60 * DAY)  # fmt: skip
        return total(run.state)

    assert caught("cholera", "WATCH") < caught("cholera", "DISINFECT")
    assert caught("influenza", "DISINFECT") == caught("influenza")
    assert caught("influenza") < caught("influenza", "WATCH")


def test_a_shut_source_infects_nobody_more() -> None:
    """After it is shut no drawn infection from it comes about."""
    found = walk(model("contaminated_water", "dysentery"), there("contaminated_water", "dysentery"), {2 * DAY: all_hands()},
                 until=40 * DAY)  # fmt: skip
    shut, nodes = found.when("source_shut"), found.state.tree.nodes
    sourced = [k for k, node in enumerate(nodes) if node.contact.way == 3]

    assert 2 * DAY < shut < 4 * DAY
    assert any(nodes[k].contact.at > shut for k in sourced)
    assert [k for k in sourced if nodes[k].contact.at > shut and found.state.ended[k] >= 0.0] == []


def test_vaccination_protects_after_its_lag() -> None:
    """Nobody is protected for ten days; then fewer are infected in the end than without."""
    hands = {4 * DAY: all_hands(without=["WATCH"])}
    found = walk(model(traceable=0.0, advice=1.0), there(scope={"r0": 2.0}), hands, until=150 * DAY)
    without = walk(model(traceable=0.0, advice=1.0, doses_a_day=0.0), there(scope={"r0": 2.0}), hands, until=150 * DAY)
    early = walk(model(traceable=0.0, advice=1.0), there(scope={"r0": 2.0}), hands, until=13 * DAY)

    assert early.state.immune == 0.0 < found.state.immune <= 0.6 * 0.7 + 0.1
    assert total(found.state) < total(without.state)


def test_too_few_crews_follow_only_so_many() -> None:
    """Tracing is as fast as it can be for a few, and shared out among many; without a laboratory half is left."""
    found = model()
    state = begun(found)
    known = State(**{n: getattr(state, n) for n in State.__struct_fields__} | {"inquiry": 0.0, "testing": 0.0})
    three = found.advance(known, 0.0, Inputs({"tracing": 3.0, "sampling": 1.0}, Weather()))
    bare = found.advance(known, 0.0, Inputs({"tracing": 3.0}, Weather()))
    most = spread.capacity(found.p, three)

    assert most * DAY == pytest.approx(3 * 6 * 12 / 10)
    assert spread.capacity(found.p, bare) == pytest.approx(most / 2)
    assert spread.tracing_speed(found.p, most, 5.0) == found.p.trace_fastest
    assert spread.tracing_speed(found.p, most, 900.0) * 900.0 == pytest.approx(most)


# ── the five elements, the edges ──


def test_time_place_and_group_matter() -> None:
    """Winter and the festival spread influenza, warmth dysentery; pupils have holidays; a village has fewer people and beds."""

    def r0(cause: str = "imported_case", variant: str = "influenza", **said: object) -> float:
        return begun(model(cause, variant), cause=cause, variant=variant, **said).r0

    assert r0(month=1) == pytest.approx(1.2 * r0(month=4)) and r0(month=2) > r0(month=4)
    assert r0("school_cluster", month=7) < 0.6 * r0("school_cluster", month=5)
    hot, mild = Weather(temperature=28.0), Weather(temperature=12.0)
    assert r0(variant="dysentery", weather=hot) > r0(variant="dysentery", weather=mild)
    far = Surroundings(density=60e-6, near={"hospital": 40_000.0})
    village, town = begun(model(), around=far, population=2_000.0), begun(model(), population=90_000.0)
    assert village.people == 2_000.0 and town.people == 30_000.0
    assert village.beds < town.beds and village.r0 < town.r0
    assert begun(model(), elevation=2_600.0).severe > begun(model(), elevation=1_200.0).severe


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_cause_and_disease_runs_to_its_end(cause: str, variant: str) -> None:
    found = walk(model(cause, variant), there(cause, variant), {5 * DAY: all_hands()}, until=250 * DAY)

    assert found.log[-1][1] == "settled"


@pytest.mark.parametrize("when", [9.3, 33.7])
def test_a_look_in_between_changes_nothing_in_tree_or_flow(when: float) -> None:
    """advance(a) then advance(b) is advance(a + b), before and after it is reckoned as a whole."""
    found, inputs = model("contaminated_water", "dysentery"), Inputs({}, Weather())
    state = walk(found, there("contaminated_water", "dysentery", {"r0": 3.0}), {}, until=when * DAY).state
    assert (state.flow is None) == (when < 20.0)
    span = min(found.next_event(state, inputs)[0], 5 * 3600.0)
    whole, cut = found.advance(state, span, inputs), state
    for part in (0.17, 0.23, 0.31, 0.29):
        cut = found.advance(cut, part * span, inputs)

    assert same(cut, whole, 1e-9)


@pytest.mark.parametrize("scope", [{"seeds": 0.0}, {"people": 0.0}, {"r0": 0.0}])
def test_nobody_to_infect_is_no_error(scope: dict[str, float]) -> None:
    found = walk(model(), there(scope=scope), {DAY: all_hands()}, until=60 * DAY)

    assert found.ended < 60 * DAY and not lost(found)


def test_what_is_asked_for_a_city_can_supply() -> None:
    """Never more than six of the ten disease control crews, whatever is reported; nothing for nothing."""
    found = model("contaminated_water", "influenza")
    p = found.p
    for cases, new in ((3, 1), (300, 60), (50_000, 4_000)):
        for known in (0.0, 1.0):
            figures = {"cases": float(cases), "new_cases": float(new), "identified": known, "source_open": 1.0, "no_bed": 90.0,
                       "staff": cases * p.people_a_case / 600, "under_watch": 1.0}  # fmt: skip
            needs = found.needs(Sighting(figures=figures), there().site)
            crews = {n.capability: n.amount for n in needs}
            assert sum(crews.get(c, 0.0) for c in ("EPI", "LAB", "DISINFECT")) <= 7.0
            assert crews.get("WATCH", 0.0) <= p.staff_most and crews.get("TRIAGE", 0.0) <= p.ward_most
    assert list(found.needs(Sighting(), there().site)) == []


def test_people_s_sickness_calls_nobody_who_is_there_for_animals() -> None:
    """Crews for animal disease supply nothing of what an epidemic among people asks for; disease control does."""
    asked = {"EPI", "LAB", "DISINFECT", "WATCH", "TRIAGE"}
    categories = document("response/elements.yaml")["categories"]
    supplies = {
        code: {c for kind in entry["kinds"].values() for c in kind["supplies"]} for code, entry in categories.items()
    }

    assert not supplies["VET"] & asked and {"EPI", "DISINFECT", "LAB"} <= supplies["CDC"]
