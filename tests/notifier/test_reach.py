"""How far ahead a sender works: as far as its connections run dry, no further than half a second's work where not."""

import pytest

from services.notifier import reach
from services.notifier.reach import Reach

ROOM, AHEAD = 4, 64


class Clock:
    """A clock that stands still."""

    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(reach, "time", clock)
    return clock


def _a_span(clock: Clock, reach: Reach, finished: int) -> int:
    for _ in range(finished):
        reach.over()
    clock.now += 0.25
    return reach.most()


def test_it_doubles_while_connections_run_dry_and_more_is_due(clock: Clock) -> None:
    reach = Reach(ROOM, AHEAD)
    sizes = [reach.most()]
    for _ in range(6):
        with reach.dry():
            reach.claimed(sizes[-1], sizes[-1])
        sizes.append(reach.most())
    assert sizes == [8, 16, 32, 64, 68, 68, 68]


def test_it_stays_where_nothing_more_is_due_or_no_connection_waits(clock: Clock) -> None:
    reach = Reach(ROOM, AHEAD)
    with reach.dry():
        reach.claimed(8, 5)
    assert reach.most() == 8
    _a_span(clock, reach, 100)
    reach.claimed(8, 8)
    assert reach.most() == 8


def test_a_slow_relay_has_half_a_seconds_work_waiting(clock: Clock) -> None:
    """So that what is urgent waits no longer than that behind what was claimed before it."""
    reach = Reach(ROOM, AHEAD)
    for _ in range(4):
        with reach.dry():
            reach.claimed(1, 1)
    assert reach.most() == 68
    _a_span(clock, reach, 20)  # the span in which they still ran dry
    assert _a_span(clock, reach, 20) == 40
    assert _a_span(clock, reach, 1) == 2 * ROOM


def test_connections_that_run_dry_in_a_quiet_hour_take_nothing_back(clock: Clock) -> None:
    reach = Reach(ROOM, AHEAD)
    with reach.dry():
        reach.claimed(8, 8)
        assert _a_span(clock, reach, 0) == 16
        assert _a_span(clock, reach, 0) == 16
        reach.claimed(16, 16)
        assert reach.most() == 32, "whoever waits still waits"


def test_a_channel_that_never_works_ahead_holds_what_it_sends_at_once() -> None:
    reach = Reach(ROOM, 0)
    with reach.dry():
        reach.claimed(4, 4)
    assert reach.most() == ROOM


def test_what_is_begun_at_once_goes_within_a_moment(clock: Clock) -> None:
    reach = Reach(ROOM, AHEAD)
    assert reach.soon() == ROOM
    _a_span(clock, reach, 100)
    assert reach.soon() == 40
    _a_span(clock, reach, 2)
    assert reach.soon() == ROOM
