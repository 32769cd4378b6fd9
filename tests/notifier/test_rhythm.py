"""Quiet hours and digests on the reader's own clock, also where it is put back or forward."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.audience import Reason
from services.notifier.model import Category
from services.notifier.preferences.cadence import ANY, Cadence, Channel, Choice, Source, effective, for_reasons
from services.notifier.preferences.rhythm import Rhythm

PARIS = ZoneInfo("Europe/Paris")
NIGHT = Rhythm(time(20), time(7, 30))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "now", "end"),
    [
        (NIGHT, "2026-11-25T12:00", None),
        (NIGHT, "2026-11-25T21:00", "2026-11-26T06:30"),
        (NIGHT, "2026-11-25T05:00", "2026-11-25T06:30"),
        # Summer time begins on 29 March: the night is an hour shorter.
        (NIGHT, "2026-03-28T21:00", "2026-03-29T05:30"),
        # It ends on 25 October: half past two comes twice, and a quiet end that was is not waited for in the past.
        (Rhythm(time(22), time(2, 30)), "2026-10-25T00:15", "2026-10-25T00:30"),
        (Rhythm(time(22), time(2, 30)), "2026-10-25T01:15", "2026-10-25T01:30"),
        # Half past two does not come at all on 29 March.
        (Rhythm(time(22), time(2, 30)), "2026-03-29T00:30", "2026-03-29T01:30"),
        # Friday night runs into a quiet weekend, and that into Sunday's night.
        (Rhythm(time(20), time(7, 30), (6, 7)), "2026-11-27T20:00", "2026-11-30T06:30"),
        (Rhythm(time(8), time(8)), "2026-11-25T12:00", None),
    ],
)
def test_it_is_quiet_until(rhythm: Rhythm, now: str, end: str | None) -> None:
    assert rhythm.quiet_end(PARIS, at(now)) == (at(end) if end else None)


def test_digests_come_at_the_chosen_hour_in_winter_and_summer() -> None:
    daily, weekly = Rhythm(digest_at=time(9)), Rhythm(digest_at=time(9), digest_weekday=5)
    assert daily.next_digest(PARIS, at("2026-11-25T08:00"), Cadence.DAILY) == at("2026-11-26T08:00")
    assert daily.next_digest(PARIS, at("2026-07-25T06:59"), Cadence.DAILY) == at("2026-07-25T07:00")
    assert weekly.next_digest(PARIS, at("2026-11-25T08:00"), Cadence.WEEKLY) == at("2026-11-27T08:00")


@given(
    st.times(),
    st.times(),
    st.integers(0, 365 * 24 * 60).map(lambda minutes: at("2026-01-01T00:00") + timedelta(minutes=minutes)),
    st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]),
)
def test_quiet_hours_end_within_a_day_in_the_future(start: time, end: time, now: datetime, zone: str) -> None:
    found = Rhythm(start, end).quiet_end(ZoneInfo(zone), now)
    assert found is None or 0 < (found - now).total_seconds() <= 26 * 3600
    ahead = Rhythm(digest_at=end).next_digest(ZoneInfo(zone), now, Cadence.DAILY)
    assert 0 < (ahead - now).total_seconds() <= 26 * 3600


def said(own: bool, reason: str, cadence: Cadence) -> Choice:
    return Choice(own, Category.EVENTS, Channel.EMAIL, reason, cadence)


def test_the_nearest_choice_holds_and_the_most_eager_reason_wins() -> None:
    choices = [
        said(False, ANY, Cadence.WEEKLY),
        said(False, Reason.OWNER, Cadence.NEVER),
        said(True, Reason.FOLLOWER, Cadence.DAILY),
    ]
    of = {
        reason: effective(choices, Category.EVENTS, Channel.EMAIL, reason) for reason in ("OWNER", "FOLLOWER", "NAMED")
    }
    assert (of["OWNER"].cadence, of["OWNER"].source) == (Cadence.NEVER, Source.ORGANIZATION)
    assert (of["FOLLOWER"].cadence, of["FOLLOWER"].source) == (Cadence.DAILY, Source.OWN)
    assert of["NAMED"].cadence is Cadence.WEEKLY
    assert for_reasons(choices, Category.EVENTS, Channel.EMAIL, ["OWNER", "NAMED"]).cadence is Cadence.WEEKLY
    assert effective(choices, Category.CRITICAL, Channel.EMAIL, ANY).cadence is Cadence.IMMEDIATE
