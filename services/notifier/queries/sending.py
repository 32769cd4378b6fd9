"""What a sender reads of a delivery that is due."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, literal, or_, select

from chassis.arrays import one_of
from services.notifier.model import (
    Cause,
    CauseKind,
    Collaborator,
    Contact,
    Delivery,
    Link,
    Organization,
    Status,
    Suppression,
    SuppressionReason,
)
from services.notifier.preferences.queries import done_in_inbox, email_choices, quiet_hours
from services.notifier.publications.model import EVERYTHING, Publication, PublicationReader, Unsubscription
from services.notifier.queries.copies import Found, Reader
from services.notifier.queries.deliveries import DELIVERY, is_cause

# Whoever is invited is no collaborator yet: their address is on the delivery.
_READER_EMAIL = func.coalesce(Collaborator.email, Contact.email, Delivery.email, "")

# Of a campaign's category, or of any: quotes and letters still come.
_UNSUBSCRIBED = case(
    (
        (Delivery.cause_kind == CauseKind.PUBLICATION.value) & Delivery.contact_id.is_not(None),
        select(literal(1))
        .where(
            Unsubscription.organization_id == Delivery.organization_id,
            or_(Unsubscription.email == func.lower(Contact.email), Unsubscription.contact_id == Contact.id),
            Publication.id == Delivery.cause_id,
            Unsubscription.category.in_([Publication.category, EVERYTHING]),
        )
        .correlate(Delivery, Contact)
        .exists(),
    ),
    else_=False,
)

DUE: tuple[Any, ...] = (
    Organization.name.label("organization_name"),
    Organization.locale.label("organization_locale"),
    Organization.time_zone.label("organization_time_zone"),
    Cause.content,
    Cause.at.label("written_at"),
    Cause.open.label("waits"),
    func.coalesce(Collaborator.name, Contact.name).label("reader_name"),
    _READER_EMAIL.label("reader_email"),
    Collaborator.locale.label("reader_locale"),
    Collaborator.time_zone.label("reader_time_zone"),
    func.coalesce(Collaborator.disabled, Contact.deleted, False).label("reader_disabled"),
    _UNSUBSCRIBED.label("unsubscribed"),
    email_choices().label("choices"),
    quiet_hours().label("quiet_hours"),
    done_in_inbox().label("done"),
    Suppression.answer.label("suppressed"),
)


async def due(reader: Reader, ids: Sequence[UUID], worker: str) -> Sequence[Found]:
    """Claimed deliveries with all that decides whether and to whom they go, without those that another has now."""
    tenant = Delivery.organization_id
    statement = (
        select(*DELIVERY, *DUE)
        .join(Organization, Organization.id == tenant)
        .join(Cause, is_cause())
        .outerjoin(
            Collaborator, (Collaborator.organization_id == tenant) & (Collaborator.id == Delivery.collaborator_id)
        )
        .outerjoin(Contact, (Contact.organization_id == tenant) & (Contact.id == Delivery.contact_id))
        .outerjoin(
            Suppression,
            (Suppression.organization_id == tenant)
            & (Suppression.email == _READER_EMAIL)
            & (Suppression.until > func.now())
            # Whoever called a mail spam may still sign in.
            & (
                (Delivery.cause_kind != CauseKind.SIGN_IN.value)
                | (Suppression.reason != SuppressionReason.COMPLAINT.value)
            ),
        )
        .where(one_of(Delivery.id, ids), Delivery.leased_by == worker)
    )
    return (await reader.execute(statement)).all()


async def link(reader: Reader, token_hash: bytes) -> Found | None:
    """A link, its delivery and its collaborator if it has one, whatever the organization: for the system role."""
    statement = (
        select(
            Link.organization_id,
            Link.expires_at,
            Delivery.cause_kind,
            Delivery.cause_id,
            Delivery.collaborator_id,
            Delivery.contact_id,
            Collaborator.role,
            Collaborator.locale,
            Collaborator.time_zone,
            Collaborator.disabled,
        )
        .join(Delivery, Delivery.id == Link.delivery_id)
        .outerjoin(
            Collaborator,
            (Collaborator.id == Delivery.collaborator_id) & (Collaborator.organization_id == Link.organization_id),
        )
        .where(Link.token_hash == token_hash)
    )
    return (await reader.execute(statement)).first()


def publication(id: UUID) -> Select[Any]:
    """A publication that the scope's organization published, or follows."""
    columns = Publication.metadata.tables["publication"].c
    return select(*columns).where(columns.id == id)


async def publication_status(reader: Reader, id: UUID) -> str | None:
    """Where a publication is; None where the scope sees it no more."""
    row = (await reader.execute(select(Publication.status).where(Publication.id == id))).first()
    return row.status if row else None


def publication_reader(publication: UUID, collaborator: UUID | None, contact: UUID | None) -> Select[Any]:
    """What a reader has done with a publication."""
    columns = PublicationReader.metadata.tables["publication_reader"].c
    who = columns.collaborator_id == collaborator if collaborator else columns.contact_id == contact
    return select(*columns).where(columns.publication_id == publication, who)


def cause_content(kind: str, id: UUID) -> Select[Any]:
    """What a mail was written from."""
    return select(Cause.content).where(Cause.kind == kind, Cause.id == id)


async def told_before(reader: Reader, due: Found) -> bytes | None:
    """What a reader was told of a cause before this revision; None where they were told nothing."""
    told = [Status.SENT.value, Status.SENDING.value, Status.UNKNOWN.value, Status.IN_DIGEST.value, Status.BOUNCED.value]
    statement = (
        select(Cause.content)
        .join(Delivery, is_cause())
        .where(
            Delivery.cause_kind == due.cause_kind,
            Delivery.cause_id == due.cause_id,
            Delivery.collaborator_id == due.collaborator_id,
            Delivery.revision < due.revision,
            Delivery.status.in_(told),
        )
        .order_by(Delivery.revision.desc())
    )
    found: bytes | None = await reader.scalar(statement.limit(1))
    return found
