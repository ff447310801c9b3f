"""The clock keeps absolute times, and bells wake whom they should, once an instant and in their turn."""

from __future__ import annotations

import pytest

from sim.engine.clock import Bell, Clock, Turn, grid, not_before


def test_absolute_times_stay_what_they_are():
    """Three tenths of a second later is 0.3, not 0.30000000000000004."""
    clock, seen = Clock(), []

    def story():
        for when in (0.1, 0.3, 0.6):
            yield clock.until(when)
            seen.append(clock.now)

    clock.begin(story())
    clock.run()

    assert seen == [0.1, 0.3, 0.6]


def test_twenty_rings_in_one_instant_wake_once():
    """Twenty arrivals at the same moment are one recomputation."""
    clock, woken = Clock(), []
    bell = Bell(clock, Turn.HAZARD)

    def sleeper():
        while True:
            rung = yield bell.wait(100.0)
            woken.append((clock.now, rung, len(bell.take())))
            if clock.now >= 100.0:
                return

    clock.begin(sleeper())
    for i in range(20):
        clock.at(5.0, lambda _, i=i: bell.ring(i))
    clock.run()

    assert woken == [(5.0, True, 20), (100.0, False, 0)]


def test_a_ring_while_nobody_waits_is_kept():
    """News that comes while its reader is busy is not lost."""
    clock, heard = Clock(), []
    bell = Bell(clock)

    def busy():
        yield clock.until(10.0)
        yield bell.wait()
        heard.append((clock.now, bell.take()))

    clock.begin(busy())
    clock.at(3.0, lambda _: bell.ring("news"))
    clock.run()

    assert heard == [(10.0, ["news"])]


def test_an_old_alarm_does_not_wake_a_later_wait():
    """Woken early, the time first set is void."""
    clock, woken = Clock(), []
    bell = Bell(clock)

    def sleeper():
        for until in (10.0, 50.0):
            yield bell.wait(until)
            woken.append(clock.now)

    clock.begin(sleeper())
    clock.at(4.0, lambda _: bell.ring())
    clock.run()

    assert woken == [4.0, 50.0]


def test_within_an_instant_movements_precede_hazards_and_posts_come_last():
    """Inputs are complete before a hazard looks at them, and a post decides on the result."""
    clock, order = Clock(), []
    for turn in (Turn.POST, Turn.HAZARD, Turn.MOVE, Turn.PERSON):
        clock.at(1.0, lambda _, turn=turn: order.append(turn), turn)
    clock.run()

    assert order == [Turn.MOVE, Turn.HAZARD, Turn.PERSON, Turn.POST]


@pytest.mark.parametrize("t", [0.0004, 0.0005, 0.00051, 1.0, 12345.6789, float("inf")])
def test_a_threshold_is_never_met_too_early(t):
    """The instant at which a hazard is looked at is the first of the grid not before the crossing."""
    when = not_before(t)

    assert when >= t
    assert when == float("inf") or (when - t <= 0.001 and when == grid(when))
