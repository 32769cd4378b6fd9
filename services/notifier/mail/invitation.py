"""An appointment as calendars understand it: RFC 5545, carried as RFC 5546 and RFC 6047 say."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from services.notifier.mail.addresses import Undeliverable, ascii_address
from services.notifier.mail.letter import Appointment, Kind, Letter, Person

# A calendar wants only the rules near the appointment; a year each side holds both changes of the clock.
_AROUND = timedelta(days=366)


@dataclass(frozen=True)
class Invitation:
    """The calendar object, and the method that its content type has to repeat."""

    method: str
    content: str


def invitation(letter: Letter, domain: str, sender: str) -> Invitation | None:
    """The invitation of an appointment's letter, or its cancellation; None where there is nothing for a calendar.

    `sender` organizes where the author's address is not known.
    """
    if letter.appointment is None:
        return None
    method = "CANCEL" if letter.kind is Kind.EVENT_CANCELLED else "REQUEST"
    calendar = Calendar()
    calendar.add("prodid", "-//Liant//Notifier//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if letter.appointment.time_zone != "UTC":
        calendar.add_component(_time_zone(letter.appointment.time_zone, letter.appointment.starts_at.year))
    calendar.add_component(_event(letter, letter.appointment, domain, sender))
    return Invitation(method, calendar.to_ical().decode())


def _event(letter: Letter, appointment: Appointment, domain: str, sender: str) -> Event:
    cancelled = letter.kind is Kind.EVENT_CANCELLED
    event = Event()
    event.add("uid", f"{letter.cause}@{domain}")
    event.add("sequence", letter.revision)
    event.add("dtstamp", letter.written_at.astimezone(UTC))
    event.add("dtstart", _local(appointment.starts_at, appointment))
    event.add("dtend", _local(appointment.ends_at, appointment))
    event.add("summary", letter.title)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    event.add("description", "\n\n".join(text for text in (letter.description, letter.links.page) if text))
    if appointment.place:
        event.add("location", appointment.place)
    author = letter.author or Person(letter.organization)
    event.add("organizer", _address(author.name, _known(author.email) or sender))
    for person in _invited(letter, appointment):
        event.add("attendee", person)
    return event


def _invited(letter: Letter, appointment: Appointment) -> list[vCalAddress]:
    reader = Person(letter.recipient.name, letter.recipient.email)
    by_address = {_known(person.email): person.name for person in (*appointment.invited, reader)}
    return [_attendee(name, email) for email, name in by_address.items() if email]


def _attendee(name: str, email: str) -> vCalAddress:
    attendee = _address(name, email)
    for parameter, value in (("CUTYPE", "INDIVIDUAL"), ("ROLE", "REQ-PARTICIPANT"), ("PARTSTAT", "NEEDS-ACTION")):
        attendee.params[parameter] = vText(value)
    attendee.params["RSVP"] = vText("TRUE")
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


@lru_cache(maxsize=256)
def _time_zone(name: str, year: int) -> Timezone:
    first = datetime(year, 1, 1, tzinfo=UTC) - _AROUND
    return Timezone.from_tzid(name, first_date=first.date(), last_date=(first + 3 * _AROUND).date())
