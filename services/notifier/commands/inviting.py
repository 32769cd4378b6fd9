"""Appointments as contacts who are invited are told of them: only what is for them, and only when that changes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from chassis.database import UnitOfWork
from chassis.identifiers import kind_of, parse_id
from proto.deals.v1 import messages_pb2 as deals
from services.notifier.audience import Reason
from services.notifier.commands.causes import Told
from services.notifier.commands.merging import heirs
from services.notifier.commands.telling import write_to
from services.notifier.model import Cause, CauseKind, Delivery, Status

_FOR_CONTACTS = (
    *("id", "kind", "title", "author_id", "starts_at", "ends_at", "time_zone", "place", "link", "recurrence"),
    *("excluded", "moved", "cancelled"),
)
"""What was written about them, the deal, and who else comes, is not theirs to read."""


def contacts_of(event: deals.Event) -> list[UUID]:
    """Contacts whom an appointment invites."""
    if event.kind != deals.Event.Kind.APPOINTMENT:
        return []
    return [parse_id("contact", one.id) for one in event.attendees if kind_of(one.id) == "contact"]


async def invite(work: UnitOfWork, event: deals.Event, at: datetime) -> None:
    """Queue a mail for each contact who is invited anew, or to whom something changed; those left out are told so.

    One that was over before it was told of is the record of a meeting: it invites nobody.
    """
    if event.kind != deals.Event.Kind.APPOINTMENT:
        return
    told, id, named = shown_to_contacts(event), parse_id("event", event.id), contacts_of(event)
    now = await heirs(work, named)
    invited = {now.get(each, each): each for each in named}
    known = await _told_before(work, id)
    same = await _told_last(work, id) == told.SerializeToString()
    left = [contact for contact, removed in known.items() if contact not in invited and not removed]
    news = [contact for contact in invited if known.get(contact, True) or not same]
    if _is_over(event, work.now) or (event.cancelled and not known):
        return
    if event.cancelled:
        news = [contact for contact in news if not known.get(contact, True)]
    told.revision = event.revision
    cause = Told(CauseKind.APPOINTMENT, id, event.revision, told.SerializeToString(), at)
    why = {contact: (Reason.INVITED,) for contact in news if known.get(contact, True)}
    if news or left:
        reasons = why | dict.fromkeys(left, (Reason.REMOVED,))
        told_of = {contact: invited.get(contact, contact) for contact in (*news, *left)}
        await write_to(work, cause, [*told_of.values()], {told_of[each]: why for each, why in reasons.items()})


def shown_to_contacts(event: deals.Event) -> deals.Event:
    """The appointment with what contacts may read of it, and without its revision."""
    told = deals.Event()
    told.CopyFrom(event)
    for field, _ in event.ListFields():
        if field.name not in _FOR_CONTACTS:
            told.ClearField(field.name)  # type: ignore[arg-type]  # the stubs know only literals
    return told


def _is_over(event: deals.Event, now: datetime) -> bool:
    return not event.recurrence and event.ends_at.ToDatetime(tzinfo=now.tzinfo) <= now


async def _told_before(work: UnitOfWork, event: UUID) -> dict[UUID, bool]:
    """Contacts who were told of it, and whether the last they heard was that it is not for them any more."""
    statement = (
        select(Delivery.contact_id, Delivery.reasons)
        .ext(distinct_on(Delivery.contact_id))
        .where(Delivery.cause_kind == CauseKind.APPOINTMENT.value, Delivery.cause_id == event)
        .where(Delivery.status != Status.SKIPPED.value)
        .order_by(Delivery.contact_id, Delivery.revision.desc())
    )
    rows = (await work.session.execute(statement)).all()
    return {row.contact_id: Reason.REMOVED.value in row.reasons for row in rows}


async def _told_last(work: UnitOfWork, event: UUID) -> bytes:
    """What they were told last, but for its revision."""
    mine = (Cause.kind == CauseKind.APPOINTMENT.value, Cause.id == event)
    last = await work.session.scalar(select(Cause.content).where(*mine).order_by(Cause.revision.desc()).limit(1))
    told = deals.Event.FromString(last or b"")
    told.ClearField("revision")
    return told.SerializeToString()
