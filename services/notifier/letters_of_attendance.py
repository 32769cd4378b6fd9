"""Letters to whoever planned an appointment: what somebody answered, and who comes so far."""

from collections.abc import Mapping
from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp

from proto.deals.v1.messages_pb2 import Event, InvitationAnswered
from services.notifier.letters_base import letter_for
from services.notifier.mail.letter import Appointment, Kind, Letter, Line, Links
from services.notifier.mail.people import Attendance, Invited, Person, Reply
from services.notifier.queries import Found
from services.notifier.sources import Sources
from services.notifier.zones import zone_name


async def letter_of_attendance(sources: Sources, due: Found, links: Links) -> Letter:
    """The letter of a delivery that is due; answering it writes to whoever answered."""
    told = InvitationAnswered.FromString(due.content)
    event, people = told.event, await sources.attendees(told.event)
    appointment = Appointment(
        starts_at=_moment(event.starts_at),
        ends_at=_moment(event.ends_at),
        time_zone=zone_name(event.time_zone, due.organization_time_zone),
        place=event.place,
        invited=invited_to(event, people),
        link=event.link,
        recurrence=event.recurrence,
    )
    row = people.get(told.answerer_id)
    writer = Person(row.name if row else told.name, row.email if row else "")
    particulars = {"title": event.title, "reply": reply_of(told), "appointment": appointment, "writer": writer}
    return letter_for(due, links, Kind.APPOINTMENT_ANSWERED, event.subject, **particulars)


def invited_to(event: Event, people: Mapping[str, Found]) -> tuple[Invited, ...]:
    """Who is invited, with their answers so far; `people` by the id that the event gives."""
    known = [(each, row) for each in event.attendees if (row := people.get(each.id)) is not None]
    return tuple(Invited(row.name, row.email, _answer(each.answer)) for each, row in known)


def line_of_attendance(content: bytes) -> Line:
    """What it says in a line."""
    told = InvitationAnswered.FromString(content)
    return Line("", told.event.title, reply=reply_of(told))


def reply_of(told: InvitationAnswered) -> Reply:
    """Who answered what."""
    answers = {each.id: each.answer for each in told.event.attendees}
    return Reply(told.name, _answer(answers.get(told.answerer_id, "")))


def _answer(told: str) -> Attendance:
    return Attendance(told or Attendance.NONE)


def _moment(at: Timestamp) -> datetime:
    return at.ToDatetime(tzinfo=UTC)
