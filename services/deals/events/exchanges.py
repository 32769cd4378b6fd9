"""What is told of events, comments and messages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.identifiers import format_id
from chassis.messages import Outgoing
from proto.deals.v1 import messages_pb2 as pb
from services.deals.events.parts import id_of, ids_of, moment_of, subject_of
from services.deals.model import Attendee, Comment, Event, Message, MessageRecipient, MovedOccurrence, Task
from services.deals.values.messages import Part
from services.deals.values.subject import Subject


@dataclass(frozen=True, slots=True)
class EventState:
    """An event with all that belongs to it."""

    event: Event
    task: Task | None
    concerned: Sequence[UUID]
    attendees: Sequence[Attendee]
    moved: Sequence[MovedOccurrence]


def event_created(state: EventState, subject: Subject) -> Outgoing:
    """An event as it was written."""
    event = state.event
    return Outgoing("event", event.id, event.version, pb.EventCreated(event=_event(state, subject)))


def event_changed(state: EventState, subject: Subject, actor: UUID | None) -> Outgoing:
    """An event as it is after a change or its cancellation, and who changed it."""
    event, told = state.event, _event(state, subject)
    told.actor_id = id_of("collaborator", actor)
    return Outgoing("event", event.id, event.version, pb.EventChanged(event=told))


def invitation_answered(
    state: EventState, subject: Subject, attendee: Attendee, name: str, actor: UUID | None
) -> Outgoing:
    """What somebody who is invited answered, and who wrote it down."""
    event, told = state.event, _event(state, subject)
    told.actor_id = id_of("collaborator", actor)
    answerer = format_id(attendee.kind, attendee.person_id)
    body = pb.InvitationAnswered(event=told, answerer_id=answerer, name=name)
    return Outgoing("event", event.id, event.version, body)


def comment_written(comment: Comment, subject: Subject, told: Iterable[UUID], event: Event | None) -> Outgoing:
    """A comment as it is; `told` are those whom this version is the first to name, `event` is what it is on."""
    body = pb.CommentWritten(
        comment=pb.Comment(
            id=format_id("comment", comment.id),
            author_id=id_of("collaborator", comment.author_id),
            event_id=id_of("event", comment.event_id),
            body=comment.body,
            mention_ids=ids_of("collaborator", told),
            deleted=comment.deleted_at is not None,
            subject=subject_of(subject),
            event_title=event.title if event else "",
        )
    )
    return Outgoing("comment", comment.id, comment.version, body)


def message_written(message: Message, recipients: Sequence[MessageRecipient], subject: Subject) -> Outgoing:
    """A message whose mails are to be sent."""
    return Outgoing(
        "message", message.id, message.version, pb.MessageWritten(message=_message(message, recipients, subject))
    )


def message_changed(message: Message, recipients: Sequence[MessageRecipient], subject: Subject) -> Outgoing:
    """A message of which a mail was sent, or failed."""
    return Outgoing(
        "message", message.id, message.version, pb.MessageChanged(message=_message(message, recipients, subject))
    )


def _message(message: Message, recipients: Sequence[MessageRecipient], subject: Subject) -> pb.DealMessage:
    told = pb.DealMessage(
        id=format_id("message", message.id),
        subject=subject_of(subject),
        author_id=id_of("collaborator", message.author_id),
        title=message.title,
        body=message.body,
        format=pb.DealMessage.Format.Value(message.format),
        attachments=[pb.DealMessage.Attachment(title=one["title"], url=one["url"]) for one in message.attachments],
    )
    for one in recipients:
        contact = format_id("contact", one.contact_id)
        told.recipients.add(contact_id=contact, copy=one.part == Part.COPY, status=one.status, reason=one.reason)
    return told


def _event(state: EventState, subject: Subject) -> pb.Event:
    event, task = state.event, state.task
    return pb.Event(
        id=format_id("event", event.id),
        kind=pb.Event.Kind.Value(event.kind),
        title=event.title,
        description=event.description,
        author_id=id_of("collaborator", event.author_id),
        concerned_ids=ids_of("collaborator", state.concerned),
        starts_at=moment_of(event.starts_at),
        ends_at=moment_of(event.ends_at),
        time_zone=event.time_zone or "",
        place=event.place or "",
        task_id=id_of("task", task.id if task else None),
        assignee_id=id_of("collaborator", task.assignee_id if task else None),
        due_at=moment_of(task.due_at if task else None),
        subject=subject_of(subject),
        revision=event.revision,
        cancelled=event.cancelled_at is not None,
        actor_id=id_of("collaborator", event.author_id),
        link=event.link or "",
        recurrence=event.recurrence or "",
        excluded=[made for one in event.excluded if (made := moment_of(one))],
        moved=[_occurrence(one) for one in state.moved],
        attendees=[pb.Attendee(id=format_id(one.kind, one.person_id), answer=one.answer) for one in state.attendees],
        mention_ids=ids_of("collaborator", event.mention_ids),
        priority=task.priority if task else "",
        departments=event.departments,
    )


def _occurrence(moved: MovedOccurrence) -> pb.Occurrence:
    return pb.Occurrence(
        occurrence=moment_of(moved.occurrence),
        starts_at=moment_of(moved.starts_at),
        ends_at=moment_of(moved.ends_at),
        place=moved.place or "",
    )
