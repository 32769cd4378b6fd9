"""Every SELECT of the notifier."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, any_, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from chassis.admission import Known
from chassis.auth import Actor, Role
from chassis.database import ReadSession
from chassis.plans import Standing
from chassis.sharing import Sharing
from services.notifier.bounces.model import MailReport
from services.notifier.digests.model import Digest
from services.notifier.inbox.model import InboxItem
from services.notifier.model import (
    GROUPS,
    Account,
    Attempt,
    Cause,
    CauseKind,
    Collaborator,
    Contact,
    Delivery,
    Link,
    Organization,
    Queue,
    Status,
    Suppression,
    SuppressionReason,
    Team,
)
from services.notifier.preferences.queries import done_in_inbox, email_choices, quiet_hours
from services.notifier.publications.model import EVERYTHING, Publication, PublicationReader, Unsubscription

_COMPLAINT = SuppressionReason.COMPLAINT.value

Reader = AsyncSession | AsyncConnection
Found = Row[*tuple[Any, ...]]

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


async def caller(read: ReadSession, actor: Actor) -> Known:
    """What is known of a caller and of their organization's plan."""
    columns = (Organization.plan, Organization.trial_ends_at, Organization.subscribed)
    same = (Collaborator.organization_id == Organization.id) & (Collaborator.id == actor.collaborator)
    shared = (Organization.sharing, _mates(actor).label("mates"))
    statement = select(*columns, *shared, Collaborator.role, Collaborator.disabled).outerjoin(Collaborator, same)
    found = await read.first(statement.where(Organization.id == actor.organization))
    if found is None:
        return Known()
    standing = Standing.of(found.plan, found.trial_ends_at, found.subscribed)
    role = Role(found.role) if found.role else None
    return Known(bool(found.disabled), role, standing, found.sharing, found.mates)


def _mates(actor: Actor) -> ColumnElement[Any]:
    """Who is in a team with a collaborator; read only where teams share their portfolios."""
    mine = (literal(actor.collaborator) == any_(Team.members), Team.deleted.is_(False))
    members = select(func.unnest(Team.members).label("id")).where(*mine).subquery()
    together = select(func.array_agg(members.c.id.distinct())).scalar_subquery()
    return case((Organization.sharing == Sharing.TEAM_PORTFOLIO.value, together))


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


async def organization(reader: Reader, id: UUID) -> Found | None:
    """Name, language and time zone of a tenant."""
    statement = select(Organization.name, Organization.locale, Organization.time_zone).where(Organization.id == id)
    return (await reader.execute(statement)).first()


async def collaborators(reader: Reader, organization: UUID, ids: Collection[UUID]) -> dict[UUID, Found]:
    """The copies that are here, by id."""
    statement = select(
        Collaborator.id,
        Collaborator.name,
        Collaborator.email,
        Collaborator.role,
        Collaborator.department,
        Collaborator.locale,
        Collaborator.time_zone,
        Collaborator.disabled,
    ).where(Collaborator.organization_id == organization, Collaborator.id.in_(ids))
    return {row.id: row for row in await reader.execute(statement)}


async def members_of_teams(reader: Reader, organization: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Everybody who is in one of these teams, each once; a deleted team has nobody."""
    chosen = Team.organization_id == organization, Team.id.in_(ids), ~Team.deleted
    return set(await reader.scalars(select(func.unnest(Team.members)).where(*chosen)))


def members_of_groups(ids: Collection[UUID]) -> Select[Any]:
    """Contacts who are in one of these groups, each once, in order; a deleted group has nobody."""
    member, group = GROUPS.members.c, GROUPS.sets.c
    chosen = select(member.member_id.label("contact_id")).join(GROUPS.sets, group.id == member.set_id).distinct()
    return chosen.where(group.id.in_(ids), ~group.deleted, member.present).order_by(member.member_id)


async def admins(reader: Reader, organization: UUID) -> Sequence[UUID]:
    """Administrators who are not disabled."""
    statement = select(Collaborator.id).where(
        Collaborator.organization_id == organization,
        Collaborator.role == "ADMIN",
        Collaborator.disabled.is_(False),
    )
    return (await reader.execute(statement.order_by(Collaborator.id))).scalars().all()


async def relation(reader: Reader, copy: type[Contact] | type[Account], organization: UUID, id: UUID) -> Found | None:
    """The relationship manager of a contact or account, and what it became part of; None where no copy is here yet."""
    columns = (copy.relationship_manager_id, copy.merged_into_id)
    statement = select(*columns).where(copy.organization_id == organization, copy.id == id)
    found: Found | None = (await reader.execute(statement)).first()
    return found


async def known_contacts(reader: Reader, organization: UUID, ids: Collection[UUID]) -> dict[UUID, Found]:
    """The addresses of contacts' copies, and what they are part of, by id; locked."""
    statement = select(Contact.id, Contact.email, Contact.merged_into_id).where(
        Contact.organization_id == organization, Contact.id.in_(ids)
    )
    return {row.id: row for row in await reader.execute(statement.order_by(Contact.id).with_for_update())}


async def contacts(reader: Reader, organization: UUID, ids: Collection[UUID]) -> dict[UUID, Found]:
    """The copies that are here, by id."""
    statement = select(Contact.id, Contact.name, Contact.email, Contact.deleted).where(
        Contact.organization_id == organization, Contact.id.in_(ids)
    )
    return {row.id: row for row in await reader.execute(statement)}


async def suppressed(
    reader: Reader, organization: UUID, emails: Collection[str], *, signing_in: bool = False
) -> dict[str, str]:
    """Addresses that are left alone for now, with what they had answered.

    Whoever called a mail spam may still sign in.
    """
    statement = select(Suppression.email, Suppression.answer).where(
        Suppression.organization_id == organization, Suppression.email.in_(emails), Suppression.until > func.now()
    )
    statement = statement.where(Suppression.reason != _COMPLAINT) if signing_in else statement
    return {row.email: row.answer for row in await reader.execute(statement)}


MOST_PEOPLE_AT_AN_ADDRESS = 100


async def people_at(reader: Reader, organization: UUID, email: str) -> Sequence[Found]:
    """Contacts and collaborators who have an address; of a very common one, MOST_PEOPLE_AT_AN_ADDRESS."""
    contact = select(Contact.id, literal(True).label("outside")).where(
        Contact.organization_id == organization, Contact.email == email, ~Contact.deleted
    )
    colleague = select(Collaborator.id, literal(False)).where(
        Collaborator.organization_id == organization, Collaborator.email == email
    )
    both = contact.union_all(colleague).order_by("outside", "id").limit(MOST_PEOPLE_AT_AN_ADDRESS)
    return (await reader.execute(both)).all()


async def delivery_anywhere(reader: Reader, id: UUID) -> Found | None:
    """The organization and the age of a delivery, whatever its organization: for the system role."""
    columns = (Delivery.organization_id, Delivery.created_at)
    return (await reader.execute(select(*columns).where(Delivery.id == id))).first()


async def reported_delivery(reader: Reader, id: UUID) -> Found | None:
    """A delivery that something came back of, locked."""
    return (await reader.execute(select(*DELIVERY).where(Delivery.id == id).with_for_update())).first()


SUPPRESSION: tuple[Any, ...] = (
    Suppression.id,
    Suppression.email,
    Suppression.reason,
    Suppression.answer,
    Suppression.since,
    Suppression.until,
)


def suppressions() -> Select[Any]:
    """Addresses of the scope that are left alone now."""
    return select(*SUPPRESSION).where(Suppression.until > func.now())


async def due(reader: Reader, ids: Sequence[UUID], worker: str) -> Sequence[Found]:
    """Claimed deliveries with all that decides whether and to whom they go, without those that another has now."""
    tenant = Delivery.organization_id
    statement = (
        select(*DELIVERY, *DUE)
        .join(Organization, Organization.id == tenant)
        .join(Cause, _is_cause())
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
            & ((Delivery.cause_kind != CauseKind.SIGN_IN.value) | (Suppression.reason != _COMPLAINT)),
        )
        .where(Delivery.id.in_(ids), Delivery.leased_by == worker)
    )
    return (await reader.execute(statement)).all()


def _is_cause() -> ColumnElement[bool]:
    return and_(
        Cause.organization_id == Delivery.organization_id,
        Cause.kind == Delivery.cause_kind,
        Cause.id == Delivery.cause_id,
        Cause.revision == Delivery.revision,
    )


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
        .join(Delivery, _is_cause())
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
        .join(Cause, _is_cause())
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
