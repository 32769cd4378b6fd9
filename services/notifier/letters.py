"""A delivery's letter, written from its cause and the copies at hand."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp

from chassis.identifiers import format_id, parse_id
from proto.contacts.v1.messages_pb2 import Invitation, SignIn
from proto.deals.v1.messages_pb2 import Alert, Comment, Event, Subject
from proto.notifier.v1.messages_pb2 import WebhookDisabled
from services.notifier import queries
from services.notifier.audience import Reason
from services.notifier.doors import content_of, expiry, is_door
from services.notifier.letters_base import letter_for
from services.notifier.letters_of_attendance import invited_to, letter_of_attendance
from services.notifier.letters_of_changes import changed_parts
from services.notifier.letters_of_digests import alarm_of, letter_of_digest
from services.notifier.letters_of_messages import letter_of_message
from services.notifier.letters_of_publications import letter_about_publication
from services.notifier.letters_of_quotes import letter_about_quote
from services.notifier.mail.letter import (
    Appointment,
    Instruction,
    Kind,
    Letter,
    Links,
    MovedOccurrence,
    Stopped,
)
from services.notifier.mail.people import Person, Recipient
from services.notifier.model import CauseKind
from services.notifier.queries import Found
from services.notifier.sources import Sources
from services.notifier.zones import zone_name

_KINDS = {
    Event.Kind.NOTE: Kind.EVENT_NOTE,
    Event.Kind.APPOINTMENT: Kind.EVENT_APPOINTMENT,
    Event.Kind.INSTRUCTION: Kind.EVENT_INSTRUCTION,
}
_EVENTS = frozenset({CauseKind.EVENT.value, CauseKind.APPOINTMENT.value})


@dataclass(frozen=True)
class _Around:
    """What stands around the cause: the delivery that is due, the people by id, the links, who is invited."""

    due: Found
    people: dict[UUID, Found]
    links: Links
    attendees: dict[str, Found] = field(default_factory=dict)


async def letter_of(sources: Sources, due: Found, links: Links) -> Letter:
    """The letter of a delivery that is due."""
    if is_door(due):
        return await _of_door(sources, content_of(due), _Around(due, {}, links))
    match CauseKind(due.cause_kind):
        case CauseKind.ALERT:
            return _of_alert(Alert.FromString(due.content), _Around(due, {}, links))
        case CauseKind.COMMENT:
            return await _of_comment(sources, Comment.FromString(due.content), due, links)
        case CauseKind.QUOTE | CauseKind.QUOTE_ANSWERED | CauseKind.QUOTE_REQUEST:
            return await letter_about_quote(sources, due, links)
        case CauseKind.INVITATION_ANSWERED:
            return await letter_of_attendance(sources, due, links)
        case CauseKind.MESSAGE:
            return await letter_of_message(sources, due, links)
        case CauseKind.PUBLICATION | CauseKind.PUBLICATION_TEST:
            return await letter_about_publication(sources, due, links)
        case CauseKind.TEST:
            return replace(_letter(Kind.TEST, Subject(), _Around(due, {}, links)), links=Links("", ""))
        case CauseKind.DIGEST:
            return await letter_of_digest(sources.reader, due, links)
        case CauseKind.WEBHOOK_DISABLED:
            return _of_webhook(WebhookDisabled.FromString(due.content), _Around(due, {}, links))
    event = Event.FromString(due.content)
    people = await sources.collaborators(_named_on(event))
    letter = _of_event(event, _Around(due, people, links, await sources.attendees(event)))
    if due.revision == 0 or due.collaborator_id is None:
        return letter
    before = await queries.told_before(sources.reader, due)
    return replace(letter, untold=before is None, parts=changed_parts(before, event))


def people_in(dues: Iterable[Found]) -> set[UUID]:
    """Whom the letters of these deliveries speak of, so that one statement reads them all."""
    events = (Event.FromString(due.content) for due in dues if due.cause_kind in _EVENTS)
    return {id for event in events for id in _named_on(event)}


def _named_on(event: Event) -> set[UUID]:
    invited = [each.id for each in event.attendees if _colleague(each.id)]
    return {*_ids(invited), *_ids([event.author_id, event.actor_id, event.assignee_id])}


async def _of_door(sources: Sources, about: Invitation | SignIn, around: _Around) -> Letter:
    if isinstance(about, SignIn):
        # Which of the person's organizations the mail goes through says nothing to them.
        letter = _letter(Kind.SIGN_IN, Subject(), around, expires_at=expiry(about))
        return replace(letter, organization="")
    due = around.due
    inviter = await sources.collaborators(_ids([about.inviter_id]))
    around = _Around(due, inviter, around.links)
    letter = _letter(Kind.INVITATION, Subject(), around, expires_at=expiry(about))
    writer = _person(around, about.inviter_id)
    zone = zone_name(about.time_zone, due.organization_time_zone)
    # Sending it again is no change of what the reader was told.
    recipient = Recipient(about.name, due.reader_email, about.locale or due.organization_locale, zone)
    return replace(letter, recipient=recipient, author=writer, writer=writer, revision=0)


def _of_event(event: Event, around: _Around) -> Letter:
    reasons = tuple(Reason(reason) for reason in around.due.reasons)
    gone = event.cancelled or reasons == (Reason.REMOVED,)
    if around.due.contact_id is not None:
        return _of_invitation(event, around, gone=gone)
    kind = Kind.EVENT_CANCELLED if gone else _KINDS.get(event.kind, Kind.EVENT_NOTE)
    return _letter(
        kind,
        event.subject,
        around,
        title=event.title,
        description=event.description,
        author=_person(around, event.author_id),
        writer=_person(around, event.actor_id or event.author_id),
        appointment=_appointment(event, around) if event.kind == Event.Kind.APPOINTMENT else None,
        instruction=_instruction(event, around) if event.kind == Event.Kind.INSTRUCTION else None,
    )


def _of_invitation(event: Event, around: _Around, *, gone: bool) -> Letter:
    """An appointment as a contact who is invited reads of it: in its own time zone, since theirs is not known."""
    author, due = _person(around, event.author_id), around.due
    letter = _letter(
        Kind.APPOINTMENT_WITHDRAWN if gone else Kind.APPOINTMENT_OFFERED,
        Subject(),
        around,
        title=event.title,
        author=author,
        writer=author,
        appointment=_appointment(event, around),
    )
    return replace(
        letter, recipient=replace(letter.recipient, time_zone=zone_name(event.time_zone, due.organization_time_zone))
    )


async def _of_comment(sources: Sources, comment: Comment, due: Found, links: Links) -> Letter:
    people = await sources.collaborators(_ids([comment.author_id]))
    around = _Around(due, people, links)
    author = _person(around, comment.author_id)
    said = {"title": comment.event_title, "description": comment.body}
    letter = _letter(Kind.COMMENT, comment.subject, around, author=author, writer=author, **said)
    return replace(letter, revision=0)  # whoever is named anew reads it for the first time


def _of_alert(alert: Alert, around: _Around) -> Letter:
    return _letter(Kind.ALERT, alert.subject, around, alarm=alarm_of(alert))


def _of_webhook(told: WebhookDisabled, around: _Around) -> Letter:
    since = told.failing_since.ToDatetime(tzinfo=UTC)
    webhook = Stopped(told.url, told.answer, gone=told.reason == "GONE", failing_since=since)
    return replace(_letter(Kind.WEBHOOK_DISABLED, Subject(), around, stopped=webhook), links=Links("", ""))


def _letter(kind: Kind, subject: Subject, around: _Around, **particulars: Any) -> Letter:
    return letter_for(around.due, around.links, kind, subject, **particulars)


def _appointment(event: Event, around: _Around) -> Appointment:
    return Appointment(
        starts_at=_moment(event.starts_at),
        ends_at=_moment(event.ends_at),
        time_zone=zone_name(event.time_zone, around.due.organization_time_zone),
        place=event.place,
        invited=invited_to(event, around.attendees),
        asks=_reader(around.due) in [each.id for each in event.attendees],
        link=event.link,
        recurrence=event.recurrence,
        excluded=tuple(_moment(one) for one in event.excluded),
        moved=tuple(
            MovedOccurrence(_moment(one.occurrence), _moment(one.starts_at), _moment(one.ends_at), one.place)
            for one in event.moved
        ),
    )


def _reader(due: Found) -> str:
    if due.named_contact_id is not None:
        return format_id("contact", due.named_contact_id)
    return format_id("collaborator", due.collaborator_id) if due.collaborator_id else ""


def _colleague(id: str) -> bool:
    return id.startswith("collaborator_")


def _instruction(event: Event, around: _Around) -> Instruction:
    assignee = _person(around, event.assignee_id)
    return Instruction(assignee.name if assignee else "", _moment(event.due_at) if event.HasField("due_at") else None)


def _person(around: _Around, id: str) -> Person | None:
    row = around.people.get(parse_id("collaborator", id)) if id else None
    return Person(row.name, row.email) if row else None


def _ids(texts: Any) -> list[UUID]:
    return [parse_id("collaborator", text) for text in texts if text]


def _moment(at: Timestamp) -> datetime:
    return at.ToDatetime(tzinfo=UTC)
