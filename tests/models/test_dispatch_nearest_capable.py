"""The nearest capable set is the best there is, by enumeration; the fast ways agree with the solver; ties fall one way."""

from __future__ import annotations

import itertools
import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.dispatch._cover import Index, _candidates, cover, missing
from models.dispatch._joint import _tellable, cover_jointly
from models.dispatch.nearest_capable import Strategy
from sim.domain.hazards import Need
from tests.models.dispatch_kit import STREAM, asked, sent, world


def decide(picture):
    return Strategy().decide(picture, "F1", STREAM)


# ── worked by hand ──


def test_the_nearest_free_element_goes():
    """One squad is wanted: the nearest has none free, so the next goes."""
    picture = world([("a", 5, 0, {"X": 1}), ("b", 9, 2, {"X": 1}), ("c", 30, 1, {"X": 1})], [("X", 1.0)])

    assert sent(decide(picture)) == {("b", "X"): 1}


def test_grounds_say_when_they_arrive():
    """Orders carry a key and the figure, the same in every language."""
    (order,) = decide(world([("b", 12.4, 1, {"X": 1})], [("X", 1.0)]))

    assert order.grounds == "nearest 12.4 min"


def test_ties_go_to_the_lower_id():
    """Of two equally near holdings the lower id goes, wherever it stands on the board."""
    rows = [("b", 9, 1, {"X": 1}), ("a", 9, 1, {"X": 1})]

    assert sent(decide(world(rows, [("X", 1.0)]))) == sent(decide(world(rows[::-1], [("X", 1.0)]))) == {("a", "X"): 1}


def test_an_element_serves_one_capability_at_a_time():
    """The near crew can do both, but only one of them; the pair that is complete soonest goes."""
    rows = [("both", 10, 1, {"X": 1, "Y": 1}), ("x", 12, 1, {"X": 1}), ("y", 30, 1, {"Y": 1})]

    assert sent(decide(world(rows, [("X", 1.0, 1), ("Y", 1.0, 2)]))) == {("x", "X"): 1, ("both", "Y"): 1}


def test_the_last_arrival_counts_before_the_sum():
    """Two crews at 20 min each beat 5 and 21 min: complete a minute earlier, though the sum is larger."""
    rows = [("near", 5, 1, {"X": 1}), ("far", 21, 1, {"X": 2}), ("mid", 20, 2, {"X": 1.5})]

    assert sent(decide(world(rows, [("X", 3.0)]))) == {("mid", "X"): 2}


def test_no_more_go_than_are_needed():
    """A strong element that covers the need alone is not joined by a weak one that arrives before it."""
    rows = [("weak", 5, 3, {"X": 1}), ("strong", 8, 1, {"X": 10})]

    assert sent(decide(world(rows, [("X", 10.0)]))) == {("strong", "X"): 1}


def test_what_rounding_leaves_is_no_need():
    """Three pumps of 150 m3/h are 450 m3/h, though the floats of their SI figures do not add up to it."""
    third = 150 / 3600
    assert sent(decide(world([("p", 5, 9, {"P": third})], [("P", 450 / 3600 + 1e-17)]))) == {("p", "P"): 3}


def test_off_duty_elements_come_last():
    """Those off duty are slower by their recall, hence the last choice, but a choice."""
    rows = [("duty", 15, 2, {"X": 1}), ("off", 15 + 45, 5, {"X": 1})]

    assert sent(decide(world(rows, [("X", 3.0)]))) == {("duty", "X"): 2, ("off", "X"): 1}


# ── what cannot be covered ──


def test_what_nobody_can_do_is_asked_for():
    """The reasons: nobody has it; those who do are out; no road leads here from those who are free."""
    rows = [("a", 5, 0, {"X": 1}), ("b", math.inf, 3, {"Y": 1, "Z": 1}), ("c", 7, 1, {"Z": 1})]
    orders = decide(world(rows, [("W", 2.0), ("X", 1.0), ("Y", 1.0), ("Z", 3.0)]))

    assert sent(orders) == {("c", "Z"): 1}
    assert asked(orders) == {
        "W": (2.0, "none_exists"), "X": (1.0, "none_free"), "Y": (1.0, "none_reachable"), "Z": (2.0, "none_reachable"),
    }  # fmt: skip


def test_the_more_urgent_need_gets_the_only_crew():
    """One crew, two needs: the urgent one is covered, whichever stands first; the other is asked for."""
    rows = [("both", 10, 1, {"X": 1, "Y": 1})]
    orders = decide(world(rows, [("X", 1.0, 2), ("Y", 1.0, 1)]))

    assert sent(orders) == {("both", "Y"): 1}
    assert asked(orders) == {"X": (1.0, "none_free")}


def test_equal_urgency_covers_the_largest_shares():
    """Ten crews for ten of X and one of Y, equally urgent: Y whole and nine tenths of X, not X whole and nothing of Y."""
    orders = decide(world([("both", 10, 10, {"X": 1, "Y": 1})], [("X", 10.0, 2), ("Y", 1.0, 2)]))

    assert sent(orders) == {("both", "X"): 9, ("both", "Y"): 1}


def test_nothing_missing_orders_nothing():
    """No needs, no orders."""
    assert list(decide(world([("a", 5, 1, {"X": 1})], []))) == []


# ── against enumeration ──

CAPABILITIES = ("X", "Y", "Z")


@st.composite
def instances(draw):
    supply = st.sampled_from([0.0, 0.0, 1.0, 1.0, 2.0, 3.0])
    rows = [
        (
            f"h{i}",
            draw(st.sampled_from([5.0, 7.0, 7.0, 12.5, 20.0, 31.0, math.inf])),
            draw(st.integers(0, 2)),
            {c: s for c in CAPABILITIES if (s := draw(supply))},
        )
        for i in range(draw(st.integers(1, 4)))
    ]
    needs = [
        (c, float(draw(st.integers(1, 4))), draw(st.integers(1, 2)))
        for c in draw(st.lists(st.sampled_from(CAPABILITIES), min_size=1, max_size=3, unique=True))
    ]
    return rows, sorted(needs, key=lambda need: (need[2], need[0]))


def plans(rows, needs):
    """Every way to spread the free and reachable elements over the needs: {(holding, need): elements}."""
    per_row = []
    for name, eta, free, supplies in rows:
        able = [c for c, *_ in needs if c in supplies] if eta < math.inf else []
        counts = [n for n in itertools.product(range(free + 1), repeat=len(able)) if sum(n) <= free]
        per_row.append([{(name, c): k for c, k in zip(able, n, strict=True) if k} for n in counts])
    for parts in itertools.product(*per_row):
        yield {key: k for part in parts for key, k in part.items()}


def worth(plan, rows, needs):
    """What is better comes first: coverage weighed by urgency (of earlier needs on a tie), the latest arrival, their sum."""
    table = {row[0]: row for row in rows}
    share = {
        c: min(1.0, math.fsum(k * table[h][3][c] for (h, task), k in plan.items() if task == c) / amount)
        for c, amount, _ in needs
    }
    covered = -round(math.fsum(share[c] / priority for c, _, priority in needs), 9)
    times = [table[h][1] for (h, _), k in plan.items() for _ in range(k)]
    earlier = tuple(-round(share[c], 9) for c, *_ in needs)
    return covered, earlier, max(times, default=0.0), round(math.fsum(times), 9)


@settings(max_examples=150, deadline=None)
@given(instances())
def test_no_plan_is_better(instance):
    """Among all ways to spread the elements none covers more, is complete sooner, or is so with a smaller sum."""
    rows, needs = instance
    plan = sent(decide(world(rows, needs)))

    assert worth(plan, rows, needs) == min(worth(p, rows, needs) for p in plans(rows, needs))


@settings(max_examples=60, deadline=None)
@given(instances(), st.randoms(use_true_random=False))
def test_orders_do_not_depend_on_the_order_of_the_board(instance, luck):
    """The roster's order changes nothing, not even the order of the orders."""
    rows, needs = instance
    shuffled = luck.sample(rows, len(rows))

    assert decide(world(rows, needs)) == decide(world(shuffled, needs))


@settings(max_examples=60, deadline=None)
@given(instances())
def test_what_is_sent_is_free_and_can_arrive(instance):
    """Never more than are free, never from where no road leads; asked for is just what is missing."""
    rows, needs = instance
    orders = decide(world(rows, needs))
    table = {row[0]: row for row in rows}

    for name, _, free, _ in rows:
        assert sum(k for (h, _), k in sent(orders).items() if h == name) <= free
    assert all(table[h][1] < math.inf and k > 0 for (h, _), k in sent(orders).items())
    for capability, amount, _ in needs:
        covered = sum(k * table[h][3][c] for (h, c), k in sent(orders).items() if c == capability)
        assert asked(orders).get(capability, (0.0, ""))[0] == pytest.approx(max(0.0, amount - covered), abs=1e-9)


# ── the fast ways against the solver ──


def big_world(seed, holdings=300):
    luck = random.Random(seed)
    return [
        (
            f"H{i:04d}",
            round(luck.uniform(4.0, 180.0), 3),
            luck.randrange(0, 6),
            dict.fromkeys(luck.sample(CAPABILITIES, luck.randint(1, 2)), 1.0),
        )
        for i in range(holdings)
    ]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("amount", [1.0, 7.0, 60.0])
def test_nearest_first_agrees_with_the_solver(seed, amount):
    """For one capability of equal elements the direct way and the integer programme send the same elements."""
    picture = world(big_world(seed), [("X", amount)])
    forces, needs = picture.forces, picture.unmet("F1")
    index, eta = Index(forces), picture.eta(None)
    found = [_candidates(index.able("X"), forces.free, eta)]

    assert cover(index, needs, forces.free, eta) == cover_jointly(needs, found, index.rank)


@pytest.mark.parametrize("seed", range(4))
def test_competing_needs_are_covered_within_the_bound_of_the_relaxation(seed):
    """On a whole city's board: everything is covered, and not before each need could be covered by itself."""
    picture = world(big_world(seed), [("X", 9.0, 1), ("Y", 12.0, 2), ("Z", 4.0, 3)])
    forces, needs = picture.forces, picture.unmet("F1")
    index, eta = Index(forces), picture.eta(None)
    takes = cover(index, needs, forces.free, eta)
    alone = [cover(index, [need], forces.free, eta) for need in needs]

    assert missing(needs, takes, forces) == [0.0, 0.0, 0.0]
    assert max(t.ms for t in takes) >= max(t.ms for one in alone for t in one)
    assert sum(t.ms * t.number for t in takes) >= sum(t.ms * t.number for one in alone for t in one)
    used = np.zeros_like(forces.free)
    for take in takes:
        used[take.row] += take.number
    assert (used <= forces.free).all()


@pytest.mark.parametrize("count", [1, 2, 7, 30, 60])
def test_no_two_pairs_of_tie_breaking_weights_have_the_same_sum(count):
    """The weights ascend, and every sum of two tells which two."""
    weights = _tellable(count)
    sums = [a + b for a, b in itertools.combinations_with_replacement(weights, 2)]

    assert weights == sorted(weights)
    assert len(sums) == len(set(sums))


def test_a_changed_board_is_noticed():
    """A strategy that is used for another city looks at that city's board."""
    strategy = Strategy()
    one, other = world([("a", 5, 1, {"X": 1})], [("X", 1.0)]), world([("b", 5, 1, {"X": 1})], [("X", 1.0)])

    assert sent(strategy.decide(one, "F1", STREAM)) == {("a", "X"): 1}
    assert sent(strategy.decide(other, "F1", STREAM)) == {("b", "X"): 1}


def test_needs_are_not_changed():
    """Deciding leaves the picture as it was: same needs, same free elements."""
    picture = world([("a", 5, 3, {"X": 1, "Y": 1})], [("X", 2.0), ("Y", 2.0)])
    decide(picture)

    assert picture.forces.free.tolist() == [3]
    assert picture.unmet("F1") == (Need("X", 2.0), Need("Y", 2.0))
