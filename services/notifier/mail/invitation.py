"""An appointment as calendars understand it: RFC 5545, carried as RFC 5546 and RFC 6047 say."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vRecur, vText

from services.notifier.mail.addresses import Undeliverable, ascii_address
from services.notifier.mail.letter import Appointment, Letter, MovedOccurrence
from services.notifier.mail.people import Attendance, Invited, Person

# A calendar wants only the rules near the appointment; a year each side holds both changes of the clock.
_AROUND = timedelta(days=366)
_YEARS_OF_A_SERIES = 10
_PARTSTAT = {
    Attendance.NONE: "NEEDS-ACTION",
    Attendance.ACCEPTED: "ACCEPTED",
    Attendance.TENTATIVE: "TENTATIVE",
    Attendance.DECLINED: "DECLINED",
}


@dataclass(frozen=True)
class Invitation:
    """The calendar object, and the method that its content type has to repeat."""

    method: str
    content: str


def invitation(letter: Letter, domain: str, sender: str) -> Invitation | None:
    """The invitation of an appointment's letter, or its cancellation; None where there is nothing for a calendar.

    `sender` organizes where the author's address is not known.
    """
    if letter.appointment is None or letter.reply is not None:
        return None
    method = "CANCEL" if letter.kind.cancels else "REQUEST"
    calendar = Calendar()
    calendar.add("prodid", "-//Liant//Notifier//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if letter.appointment.time_zone != "UTC":
        calendar.add_component(_zone_of(letter.appointment))
    series = _event(letter, letter.appointment, domain, sender)
    _recur(series, letter.appointment)
    calendar.add_component(series)
    if method == "REQUEST":
        # Only what stays is told: a cancellation without RECURRENCE-ID is that of the whole series (RFC 5546, 3.2.5).
        for moved in letter.appointment.moved:
            calendar.add_component(_exception(letter, letter.appointment, moved, domain, sender))
    return Invitation(method, calendar.to_ical().decode())


def _event(letter: Letter, appointment: Appointment, domain: str, sender: str) -> Event:
    cancelled = letter.kind.cancels
    event = Event()
    event.add("uid", f"{letter.cause}@{domain}")
    event.add("sequence", letter.revision)
    event.add("dtstamp", letter.written_at.astimezone(UTC))
    event.add("dtstart", _local(appointment.starts_at, appointment))
    event.add("dtend", _local(appointment.ends_at, appointment))
    event.add("summary", letter.title)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    said = (letter.description, appointment.link, letter.links.page)
    event.add("description", "\n\n".join(text for text in said if text))
    if appointment.place:
        event.add("location", appointment.place)
    if appointment.link:
        event.add("url", appointment.link)
    author = letter.author or Person(letter.organization)
    event.add("organizer", _address(author.name, _known(author.email) or sender))
    for person in _invited(letter, appointment):
        event.add("attendee", person)
    return event


def _recur(event: Event, appointment: Appointment) -> None:
    """How it comes again, in the organizer's clock; UNTIL is in UTC since DTSTART has a zone (RFC 5545, 3.3.10)."""
    if not appointment.recurrence:
        return
    event.add("rrule", vRecur.from_ical(appointment.recurrence))
    for one in appointment.excluded:
        event.add("exdate", _local(one, appointment))


def _exception(letter: Letter, appointment: Appointment, moved: MovedOccurrence, domain: str, sender: str) -> Event:
    """An occurrence that is at another time or place than its rule says."""
    place = moved.place or appointment.place
    at = replace(appointment, starts_at=moved.starts_at, ends_at=moved.ends_at, place=place)
    event = _event(letter, at, domain, sender)
    event.add("recurrence-id", _local(moved.id, appointment))
    return event


def _invited(letter: Letter, appointment: Appointment) -> list[vCalAddress]:
    """Each once. A reader who is told without being invited stands among them too, or no calendar would take it."""
    who = Invited if appointment.asks else Person
    reader = who(letter.recipient.name, letter.recipient.email)
    by_address = {_known(person.email): person for person in (reader, *appointment.invited)}
    return [_attendee(person, email) for email, person in by_address.items() if email]


def _attendee(person: Person, email: str) -> vCalAddress:
    """RFC 5545, 3.2: role, answer so far, and whether one is asked for."""
    asked = isinstance(person, Invited)
    attendee = _address(person.name, email)
    attendee.params["CUTYPE"] = vText("INDIVIDUAL")
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT" if asked else "NON-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText(_PARTSTAT[person.answer] if isinstance(person, Invited) else "NEEDS-ACTION")
    attendee.params["RSVP"] = vText("TRUE" if asked else "FALSE")
    return attendee


def _address(name: str, email: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    # A double quote cannot stand in a parameter, however quoted (RFC 5545 3.2).
    address.params["CN"] = vText(name.replace('"', "'"))
    return address


def _known(email: str) -> str:
    try:
        return ascii_address(email) if email else ""
    except Undeliverable:
        return ""


def _local(at: datetime, appointment: Appointment) -> datetime:
    return at.astimezone(ZoneInfo(appointment.time_zone))


def _zone_of(appointment: Appointment) -> Timezone:
    years = _YEARS_OF_A_SERIES if appointment.recurrence else 1
    return _time_zone(appointment.time_zone, appointment.starts_at.year, years)


@lru_cache(maxsize=256)
def _time_zone(name: str, year: int, years: int) -> Timezone:
    first = datetime(year, 1, 1, tzinfo=UTC) - _AROUND
    return Timezone.from_tzid(name, first_date=first.date(), last_date=(first + (years + 2) * _AROUND).date())
