"""Rows to messages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp

from chassis.disclosure import Piece
from chassis.identifiers import format_id
from chassis.messages import Outgoing
from proto.deals.v1 import messages_pb2 as pb
from services.deals.model import (
    Alert,
    Attendee,
    Comment,
    Deal,
    Event,
    Message,
    MessageRecipient,
    MovedOccurrence,
    Notification,
    Quote,
    QuoteAnswer,
    QuoteLink,
    QuoteRequest,
    Task,
)
from services.deals.values.messages import Part
from services.deals.values.money import shown
from services.deals.values.papers import shown_number
from services.deals.values.subject import Subject


def deal_created(deal: Deal, subject: Subject) -> Outgoing:
    """A deal as it begins."""
    return Outgoing("deal", deal.id, deal.version, pb.DealCreated(deal=_deal(deal, subject)))


def deal_changed(deal: Deal, subject: Subject, left: UUID | None = None) -> Outgoing:
    """A deal as it is after a change; `left` is the pipeline that it was taken out of."""
    told = _deal(deal, subject)
    told.left_pipeline_id = _id("pipeline", left)
    return Outgoing("deal", deal.id, deal.version, pb.DealChanged(deal=told))


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
    told.actor_id = _id("collaborator", actor)
    return Outgoing("event", event.id, event.version, pb.EventChanged(event=told))


def comment_written(comment: Comment, subject: Subject, told: Iterable[UUID]) -> Outgoing:
    """A comment as it is; `told` are those whom this version is the first to name."""
    body = pb.CommentWritten(
        comment=pb.Comment(
            id=format_id("comment", comment.id),
            author_id=_id("collaborator", comment.author_id),
            event_id=_id("event", comment.event_id),
            body=comment.body,
            mention_ids=_ids("collaborator", told),
            deleted=comment.deleted_at is not None,
            subject=_subject(subject),
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
        subject=_subject(subject),
        author_id=_id("collaborator", message.author_id),
        title=message.title,
        body=message.body,
        format=pb.DealMessage.Format.Value(message.format),
        attachments=[pb.DealMessage.Attachment(title=one["title"], url=one["url"]) for one in message.attachments],
    )
    for one in recipients:
        contact = format_id("contact", one.contact_id)
        told.recipients.add(contact_id=contact, copy=one.part == Part.COPY, status=one.status, reason=one.reason)
    return told


def alert_raised(alert: Alert, subject: Subject, words: Sequence[pb.Alert.Words]) -> Outgoing:
    """An alert as it begins."""
    return Outgoing("alert", alert.id, alert.version, pb.AlertRaised(alert=_alert(alert, subject, words)))


def alert_changed(alert: Alert, subject: Subject, words: Sequence[pb.Alert.Words] = ()) -> Outgoing:
    """An alert taken in charge, snoozed or ended."""
    return Outgoing("alert", alert.id, alert.version, pb.AlertChanged(alert=_alert(alert, subject, words)))


def fact_recorded(fact: Notification, subject: Subject, details: Mapping[str, str]) -> Outgoing:
    """A fact; it has one version for ever."""
    body = pb.FactRecorded(
        id=format_id("notification", fact.id),
        kind=fact.kind,
        actor_id=_id("collaborator", fact.actor_id),
        subject=_subject(subject),
        details=details,
        at=_timestamp(fact.at),
    )
    return Outgoing("notification", fact.id, 1, body)


def quote_changed(quote: Quote, subject: Subject) -> Outgoing:
    """A quote as it is after a change."""
    return Outgoing("quote", quote.id, quote.version, pb.QuoteChanged(quote=_quote(quote, subject)))


def quote_sent(quote: Quote, subject: Subject, links: Iterable[QuoteLink], pages_url: str, words: str) -> Outgoing:
    """A quote that goes to these recipients."""
    told = pb.QuoteSent(quote=_quote(quote, subject), pages_url=pages_url, words=words)
    for link in links:
        told.recipients.add(contact_id=_id("contact", link.contact_id), link_id=str(link.id))
    return Outgoing("quote", quote.id, quote.version, told)


def quote_answered(quote: Quote, subject: Subject, answer: QuoteAnswer, attempt: int) -> Outgoing:
    """A quote that was accepted, or refused."""
    told = {"name": answer.name, "actor_id": _id("collaborator", answer.recorded_by_id)}
    if answer.decision == "ACCEPTED":
        return Outgoing(
            "quote",
            quote.id,
            quote.version,
            pb.QuoteAccepted(quote=_quote(quote, subject), attempt=attempt, **told),
        )
    body = pb.QuoteRefused(quote=_quote(quote, subject), reason=answer.reason, **told)
    return Outgoing("quote", quote.id, quote.version, body)


def acceptance_compensated(quote: Quote, subject: Subject, reason: str) -> Outgoing:
    """What an acceptance set going was taken back."""
    body = pb.QuoteAcceptanceCompensated(quote=_quote(quote, subject), reason=reason)
    return Outgoing("quote", quote.id, quote.version, body)


def quote_request_sent(request: QuoteRequest, contact: UUID) -> Outgoing:
    """A supplier is asked for a quote."""
    body = pb.QuoteRequestSent(
        id=format_id("quote_request", request.id),
        title=request.title,
        description=request.description,
        locale=request.locale,
        answer_by=request.answer_by.isoformat() if request.answer_by else "",
        contact_id=format_id("contact", contact),
        sent_by_id=_id("collaborator", request.sent_by_id),
        deal_id=format_id("deal", request.deal_id),
    )
    return Outgoing("quote_request", request.id, request.version, body)


def _quote(quote: Quote, subject: Subject) -> pb.Quote:
    return pb.Quote(
        id=format_id("quote", quote.id),
        number=shown_number(quote.number, quote.revision) or "",
        status=quote.status,
        subject=_subject(subject),
        locale=quote.locale,
        title=quote.title,
        currency=quote.currency,
        net=str(shown(quote.net, quote.currency)),
        gross=str(shown(quote.gross, quote.currency)),
        valid_until=quote.valid_until.isoformat(),
        author_id=_id("collaborator", quote.author_id),
        sent_by_id=_id("collaborator", quote.sent_by_id),
    )


def erasure_done(id: UUID) -> Outgoing:
    """A person is forgotten here."""
    return Outgoing("erasure", id, 1, pb.ErasureDone(erasure_id=format_id("erasure", id)))


def person_export_told(id: UUID, contacts: Sequence[UUID], piece: Piece) -> Outgoing:
    """A piece of what is kept here of a person."""
    told = pb.PersonExportTold(
        person_export_id=format_id("person_export", id),
        contact_ids=[format_id("contact", each) for each in contacts],
        answer_id=str(piece.answer),
        position=piece.position,
        count=piece.count,
        piece=piece.text,
        refusal=piece.refusal,
    )
    return Outgoing("person_export", id, piece.position + 1, told)


def _deal(deal: Deal, subject: Subject) -> pb.Deal:
    return pb.Deal(
        id=format_id("deal", deal.id),
        title=deal.title,
        phase=deal.phase,
        stage_name=subject.stage_name,
        subject=_subject(subject),
        pipeline_id=format_id("pipeline", deal.pipeline_id),
        stage_id=format_id("stage", deal.stage_id),
    )


def _event(state: EventState, subject: Subject) -> pb.Event:
    event, task = state.event, state.task
    return pb.Event(
        id=format_id("event", event.id),
        kind=pb.Event.Kind.Value(event.kind),
        title=event.title,
        description=event.description,
        author_id=_id("collaborator", event.author_id),
        concerned_ids=_ids("collaborator", state.concerned),
        starts_at=_timestamp(event.starts_at),
        ends_at=_timestamp(event.ends_at),
        time_zone=event.time_zone or "",
        place=event.place or "",
        task_id=_id("task", task.id if task else None),
        assignee_id=_id("collaborator", task.assignee_id if task else None),
        due_at=_timestamp(task.due_at if task else None),
        subject=_subject(subject),
        revision=event.revision,
        cancelled=event.cancelled_at is not None,
        actor_id=_id("collaborator", event.author_id),
        link=event.link or "",
        recurrence=event.recurrence or "",
        excluded=[made for one in event.excluded if (made := _timestamp(one))],
        moved=[_occurrence(one) for one in state.moved],
        attendees=[pb.Attendee(id=format_id(one.kind, one.person_id), answer=one.answer) for one in state.attendees],
        mention_ids=_ids("collaborator", event.mention_ids),
        priority=task.priority if task else "",
        departments=event.departments,
    )


def _occurrence(moved: MovedOccurrence) -> pb.Occurrence:
    return pb.Occurrence(
        occurrence=_timestamp(moved.occurrence),
        starts_at=_timestamp(moved.starts_at),
        ends_at=_timestamp(moved.ends_at),
        place=moved.place or "",
    )


def words_of(language: str, headline: str, reason: str, remedies: Iterable[str]) -> pb.Alert.Words:
    """What a mail says of an alert in a language."""
    return pb.Alert.Words(language=language, headline=headline, reason=reason, remedies=remedies)


def _alert(alert: Alert, subject: Subject, words: Sequence[pb.Alert.Words]) -> pb.Alert:
    return pb.Alert(
        id=format_id("alert", alert.id),
        rule=alert.rule,
        status=pb.Alert.Status.Value(alert.status),
        subject=_subject(subject),
        figures={name: str(value) for name, value in alert.figures.items()},
        addressee_ids=_ids("collaborator", alert.addressee_ids),
        taken_in_charge_by_id=_id("collaborator", alert.taken_in_charge_by_id),
        raised_at=_timestamp(alert.raised_at),
        words=words,
        escalation=alert.escalation,
    )


def _subject(subject: Subject) -> pb.Subject:
    return pb.Subject(
        deal_id=_id("deal", subject.deal_id),
        deal_title=subject.deal_title,
        stage_name=subject.stage_name,
        owner_id=_id("collaborator", subject.owner_id),
        follower_ids=_ids("collaborator", subject.follower_ids),
        contact_id=_id("contact", subject.contact_id),
        contact_name=subject.contact_name,
        account_id=_id("account", subject.account_id),
        account_name=subject.account_name,
        relationship_manager_ids=_ids("collaborator", subject.relationship_manager_ids),
        participant_ids=_ids("contact", subject.participant_ids),
    )


def _id(kind: str, value: UUID | None) -> str:
    return "" if value is None else format_id(kind, value)


def _ids(kind: str, values: Iterable[UUID]) -> list[str]:
    return [format_id(kind, value) for value in values]


def _timestamp(value: datetime | None) -> Timestamp | None:
    if value is None:
        return None
    made = Timestamp()
    made.FromDatetime(value)
    return made
