"""Pages of those whom a publication is for, in the order of their ids: whole groups are never in memory."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, true
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from chassis.identifiers import new_id
from services.notifier import queries
from services.notifier.model import GROUPS, Collaborator, Contact, Team
from services.notifier.publications.model import Phase, Publication, PublicationReader, Round, Whom, table

Page = Sequence[Row[*tuple[Any, ...]]]


async def page_of(work: UnitOfWork, publication: Publication, round: Round, many: int) -> Page:
    """The next readers of a round's phase, as rows of `cursor` and `person`; those of a first round are noted."""
    outside = round.phase == Phase.CONTACTS.value
    if round.whom != Whom.ALL.value:
        return (await work.session.execute(_to_remind(round, outside=outside).limit(many))).all()
    rows = await (_page_of_contacts if outside else _page_of_collaborators)(work, publication, round.cursor, many)
    await _note(work, publication, rows, "contact_id" if outside else "collaborator_id")
    return rows


async def _page_of_collaborators(work: UnitOfWork, publication: Publication, cursor: UUID | None, many: int) -> Page:
    return (await work.session.execute(_collaborators(publication, cursor, many))).all()


async def _page_of_contacts(work: UnitOfWork, publication: Publication, cursor: UUID | None, many: int) -> Page:
    """Of a group's members, those whom the author sees."""
    author = publication.author_id
    seen = await queries.portfolio(work.session, work.organization, author) if author else None
    async with work.seen_by(seen):
        return (await work.session.execute(_contacts(publication, cursor, many, bounded=seen is not None))).all()


def _collaborators(publication: Publication, cursor: UUID | None, many: int) -> Select[*tuple[Any, ...]]:
    """Whoever is addressed, and not disabled; its author knows it."""
    mates = select(func.unnest(Team.members)).where(Team.id.in_(publication.team_ids), ~Team.deleted)
    chosen: ColumnElement[bool] = true() if publication.to_network else Collaborator.id.in_(mates)
    mine = (Collaborator.organization_id == publication.organization_id, ~Collaborator.disabled)
    another = Collaborator.id.is_distinct_from(publication.author_id)
    after = true() if cursor is None else Collaborator.id > cursor
    columns = (Collaborator.id.label("cursor"), Collaborator.id.label("person"), func.lower(Collaborator.email))
    statement = select(*columns[:2], columns[2].label("email")).where(*mine, chosen, another, after)
    return statement.order_by(Collaborator.id).limit(many)


def _contacts(publication: Publication, cursor: UUID | None, many: int, *, bounded: bool) -> Select[*tuple[Any, ...]]:
    # The page is cut within the members' index, before anything is joined; one without a copy yet still has a place.
    members = queries.members_of_groups(publication.group_ids).limit(many)
    if cursor is not None:
        members = members.where(GROUPS.members.c.member_id > cursor)
    if bounded:
        members = members.where(GROUPS.members.c.member_id.in_(queries.seen_contacts()))
    page = members.subquery("page")
    email = func.coalesce(func.lower(Contact.email), "").label("email")
    same = (Contact.id == page.c.contact_id) & (Contact.organization_id == publication.organization_id)
    columns = (page.c.contact_id.label("cursor"), page.c.contact_id.label("person"), email)
    return select(*columns).outerjoin(Contact, same).order_by(page.c.contact_id)


def _to_remind(round: Round, *, outside: bool) -> Select[*tuple[Any, ...]]:
    """Readers who have not answered, or not read."""
    reader = PublicationReader
    person = reader.contact_id if outside else reader.collaborator_id
    late = reader.answered_at.is_(None) if round.whom == Whom.UNANSWERED.value else reader.read_at.is_(None)
    mine = (reader.organization_id == round.organization_id, reader.publication_id == round.publication_id)
    after = true() if round.cursor is None else reader.id > round.cursor
    wanting = or_(reader.contact_id.is_(None), reader.unsubscribed_at.is_(None))
    statement = select(reader.id.label("cursor"), person.label("person"), reader.email)
    return statement.where(*mine, person.is_not(None), late, wanting, after).order_by(reader.id)


async def _note(work: UnitOfWork, publication: Publication, rows: Page, column: str) -> None:
    tenant = {"organization_id": work.organization, "publication_id": publication.id, "added_at": work.now}
    readers = [{**tenant, "id": new_id(), column: each.person, "email": each.email} for each in rows]
    if readers:
        await work.session.execute(insert(table(PublicationReader)).on_conflict_do_nothing(), readers)


async def mates_of(work: UnitOfWork, after: UUID | None, many: int) -> Sequence[UUID]:
    """A page of the collaborators of the scope who are not disabled."""
    later = true() if after is None else Collaborator.id > after
    mine = (Collaborator.organization_id == work.organization, ~Collaborator.disabled, later)
    statement = select(Collaborator.id).where(*mine).order_by(Collaborator.id).limit(many)
    return (await work.session.execute(statement)).scalars().all()
