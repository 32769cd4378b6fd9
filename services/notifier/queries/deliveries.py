"""Deliveries as they are shown: attempts, reports, digests, why not."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select

from services.notifier.bounces.model import MailReport
from services.notifier.digests.model import Digest
from services.notifier.inbox.model import InboxItem
from services.notifier.model import Attempt, Cause, CauseKind, Collaborator, Delivery, Queue, Status
from services.notifier.queries.copies import Found, Reader

DELIVERY: tuple[Any, ...] = (
    Delivery.id,
    Delivery.organization_id,
    Delivery.cause_kind,
    Delivery.cause_id,
    Delivery.revision,
    Delivery.collaborator_id,
    Delivery.contact_id,
    func.coalesce(Delivery.named_contact_id, Delivery.contact_id).label("named_contact_id"),
    Delivery.queue,
    Delivery.channel,
    Delivery.category,
    Delivery.topic,
    Delivery.digest_id,
    Delivery.reasons,
    Delivery.status,
    Delivery.detail,
    Delivery.attempts,
    Delivery.next_attempt_at,
    Delivery.email,
    Delivery.subject,
    Delivery.message_id,
    Delivery.created_at,
    Delivery.sent_at,
)

ATTEMPT: tuple[Any, ...] = (
    Attempt.delivery_id,
    Attempt.started_at,
    Attempt.ended_at,
    Attempt.verdict,
    Attempt.code,
    Attempt.answer,
)

REPORT: tuple[Any, ...] = (
    MailReport.delivery_id,
    MailReport.kind,
    MailReport.status_code,
    MailReport.words,
    MailReport.received_at,
)


def is_cause() -> ColumnElement[bool]:
    """The cause of a delivery, at the revision it was decided at."""
    return and_(
        Cause.organization_id == Delivery.organization_id,
        Cause.kind == Delivery.cause_kind,
        Cause.id == Delivery.cause_id,
        Cause.revision == Delivery.revision,
    )


def deliveries() -> Select[Any]:
    """The log of mails. Signing in is nobody's affair but the person's; invitations are contacts' own."""
    hidden = [CauseKind.SIGN_IN.value, CauseKind.INVITATION.value, CauseKind.TEST.value]
    return select(*DELIVERY).where(Delivery.cause_kind.not_in(hidden), Delivery.queue != Queue.WEBHOOK.value)


async def delivery(reader: Reader, id: UUID) -> Found | None:
    """One row of the log."""
    found: Found | None = (await reader.execute(deliveries().where(Delivery.id == id))).first()
    return found


def attempts_of(ids: Collection[UUID]) -> Select[Any]:
    """Every attempt at these deliveries, first to last."""
    return select(*ATTEMPT).where(Attempt.delivery_id.in_(ids)).order_by(Attempt.started_at, Attempt.id)


def reports_of(ids: Collection[UUID]) -> Select[Any]:
    """Everything that came back of these deliveries, first to last."""
    statement = select(*REPORT).where(MailReport.delivery_id.in_(ids))
    return statement.order_by(MailReport.received_at, MailReport.id)


async def delivery_anywhere(reader: Reader, id: UUID) -> Found | None:
    """The organization and the age of a delivery, whatever its organization: for the system role."""
    columns = (Delivery.organization_id, Delivery.created_at)
    return (await reader.execute(select(*columns).where(Delivery.id == id))).first()


async def reported_delivery(reader: Reader, id: UUID) -> Found | None:
    """A delivery that something came back of, locked."""
    return (await reader.execute(select(*DELIVERY).where(Delivery.id == id).with_for_update())).first()


async def digest(reader: Reader, organization: UUID, id: UUID) -> Found:
    """Why a digest's deliveries waited for one another, and how many it tells."""
    total = select(func.count()).where(Delivery.digest_id == id, Delivery.status == Status.IN_DIGEST.value)
    statement = select(Digest.kind, total.scalar_subquery().label("total"))
    return (await reader.execute(statement.where(Digest.organization_id == organization, Digest.id == id))).one()


async def digest_lines(reader: Reader, id: UUID, most_of_each: int, most: int) -> Sequence[Found]:
    """The newest of each category and topic of a digest, with how many there are of it; the largest first."""
    alike = (Delivery.category, func.coalesce(Delivery.topic, ""))
    ranked = (
        select(
            Delivery.category,
            alike[1].label("topic"),
            Delivery.cause_kind,
            Cause.content,
            func.row_number()
            .over(partition_by=alike, order_by=(Delivery.created_at.desc(), Delivery.id))
            .label("place"),
            func.count().over(partition_by=alike).label("total"),
        )
        .join(Cause, is_cause())
        .where(Delivery.digest_id == id, Delivery.status == Status.IN_DIGEST.value)
        .subquery()
    )
    columns = ranked.c
    order = (columns.category, columns.total.desc(), columns.topic, columns.place)
    statement = select(ranked).where(columns.place <= most_of_each).order_by(*order).limit(most)
    return (await reader.execute(statement)).all()


def digests(ids: Collection[UUID]) -> Select[Any]:
    """Digests of the scope."""
    columns: tuple[Any, ...] = (Digest.id, Digest.kind, Digest.due_at, Digest.formed_at)
    return select(*columns).where(Digest.id.in_(ids))


def told_in_inbox(ids: Collection[UUID]) -> Select[Any]:
    """What items of the inbox tell, and in which language they are read."""
    columns: tuple[Any, ...] = (InboxItem.id, InboxItem.cause_kind, Cause.content, Collaborator.locale)
    told = and_(
        *(Cause.organization_id == InboxItem.organization_id, Cause.kind == InboxItem.cause_kind),
        *(Cause.id == InboxItem.cause_id, Cause.revision == InboxItem.revision),
    )
    reader = and_(
        Collaborator.organization_id == InboxItem.organization_id, Collaborator.id == InboxItem.collaborator_id
    )
    return select(*columns).join(Cause, told).join(Collaborator, reader).where(InboxItem.id.in_(ids))
