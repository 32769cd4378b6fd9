"""Invitations, read back."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from services.notifier.mail.invitation import invitation
from services.notifier.mail.letter import Appointment, Kind, Letter, MovedOccurrence
from services.notifier.mail.preview import sample
from tests.notifier.mail.test_message import part, read


def event_of(letter: Letter) -> Any:
    found = invitation(letter, "liant.example", "liant@cabinet.example")
    assert found
    return Calendar.from_ical(found.content).walk("VEVENT")[0]


def test_an_appointment_carries_a_request_in_base64_twice() -> None:
    message = read(sample(Kind.EVENT_APPOINTMENT))
    calendar, attachment = part(message, "text/calendar"), part(message, "application/ics")
    assert calendar.get_param("method") == "REQUEST"
    assert calendar["Content-Transfer-Encoding"] == "base64"
    assert attachment.get_filename() == "invite.ics"
    assert attachment.get_content().decode() == calendar.get_content()
    assert Calendar.from_ical(calendar.get_content())["METHOD"] == "REQUEST"


def test_a_change_updates_the_same_invitation() -> None:
    first, second = event_of(sample(Kind.EVENT_APPOINTMENT)), event_of(sample(Kind.EVENT_APPOINTMENT, revision=3))
    assert first["UID"] == second["UID"] == "event_01jdqjw00070080000000000g1@liant.example"
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 3)


def test_a_cancellation_cancels_the_same_invitation() -> None:
    letter = sample(Kind.EVENT_CANCELLED, revision=4)
    found, event = invitation(letter, "liant.example", "liant@cabinet.example"), event_of(letter)
    assert found and found.method == "CANCEL"
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 4)
    assert event["UID"] == event_of(sample(Kind.EVENT_APPOINTMENT))["UID"]


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/New_York", "Asia/Kolkata", "Pacific/Chatham", "UTC"])
def test_the_time_stands_in_the_time_zone_of_the_appointment(zone: str) -> None:
    start = datetime(2026, 12, 3, 9, 30, tzinfo=UTC)
    appointment = Appointment(start, datetime(2026, 12, 3, 10, 0, tzinfo=UTC), zone)
    letter = replace(sample(Kind.EVENT_APPOINTMENT), appointment=appointment)
    event = event_of(letter)
    assert event["DTSTART"].dt == start
    assert event["DTSTART"].dt.utcoffset() == start.astimezone(ZoneInfo(zone)).utcoffset()
    found = invitation(letter, "liant.example", "liant@cabinet.example")
    assert found
    zones = [str(part["TZID"]) for part in Calendar.from_ical(found.content).walk("VTIMEZONE")]
    assert zones == ([] if zone == "UTC" else [zone])


def test_everyone_invited_is_an_attendee_once_and_the_author_organizes() -> None:
    event = event_of(sample(Kind.EVENT_APPOINTMENT))
    assert event["ORGANIZER"] == "mailto:anne@cabinet.example"
    assert sorted(event["ATTENDEE"]) == ["mailto:claire@cabinet.example", "mailto:paul@cabinet.example"]


def test_it_says_who_is_asked_and_what_the_others_answered() -> None:
    letter = sample(Kind.EVENT_APPOINTMENT)
    asked = {str(one): (one.params["RSVP"], one.params["PARTSTAT"]) for one in event_of(letter)["ATTENDEE"]}
    assert asked["mailto:claire@cabinet.example"] == ("TRUE", "NEEDS-ACTION")
    assert asked["mailto:paul@cabinet.example"] == ("TRUE", "ACCEPTED")
    assert letter.appointment
    told_only = replace(letter.appointment, invited=letter.appointment.invited[1:], asks=False)
    reader, _ = event_of(replace(letter, appointment=told_only))["ATTENDEE"]
    assert (reader.params["ROLE"], reader.params["RSVP"]) == ("NON-PARTICIPANT", "FALSE")
    text = part(read(replace(letter, appointment=told_only)), "text/plain").get_content()
    assert "?answer=" not in text
    assert "?answer=DECLINED" in part(read(letter), "text/plain").get_content()


def test_a_note_carries_no_invitation() -> None:
    assert invitation(sample(Kind.EVENT_NOTE), "liant.example", "liant@cabinet.example") is None


def test_a_series_carries_its_rule_its_exceptions_and_a_zone_that_lasts() -> None:
    paris = ZoneInfo("Europe/Paris")
    first, second, third = (datetime(2027, 3, day, 9, tzinfo=paris) for day in (22, 29, 30))
    appointment = Appointment(
        first,
        first.replace(hour=10),
        "Europe/Paris",
        recurrence="FREQ=WEEKLY;UNTIL=20280101T000000Z;BYDAY=MO",
        excluded=(second.replace(month=4, day=5).astimezone(UTC),),
        moved=(MovedOccurrence(second.astimezone(UTC), third, third.replace(hour=11), "Lyon"),),
        link="https://visio.example/1",
    )
    letter = replace(sample(Kind.EVENT_APPOINTMENT, revision=2), appointment=appointment)
    found = invitation(letter, "liant.example", "liant@cabinet.example")
    assert found
    series: Any
    exception: Any
    zone: Any
    series, exception = Calendar.from_ical(found.content).walk("VEVENT")
    assert dict(series["RRULE"])["FREQ"] == ["WEEKLY"]
    assert "UNTIL=20280101T000000Z" in found.content
    assert series["EXDATE"].dts[0].dt == datetime(2027, 4, 5, 9, tzinfo=paris)
    assert (series["URL"], series["SEQUENCE"], exception["SEQUENCE"]) == ("https://visio.example/1", 2, 2)
    assert (exception["UID"], exception["RECURRENCE-ID"].dt, exception["DTSTART"].dt) == (series["UID"], second, third)
    assert (exception["LOCATION"], "RRULE" in exception) == ("Lyon", False)
    (zone,) = Calendar.from_ical(found.content).walk("VTIMEZONE")
    assert zone.to_tz().utcoffset(datetime(2034, 7, 1)) == paris.utcoffset(datetime(2034, 7, 1))  # noqa: DTZ001 (wall clock)
    letter = replace(letter, kind=Kind.EVENT_CANCELLED)
    cancelled = invitation(letter, "liant.example", "liant@cabinet.example")
    assert cancelled
    assert len(Calendar.from_ical(cancelled.content).walk("VEVENT")) == 1
