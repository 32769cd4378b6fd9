"""Pages of those whom a publication is for, in the order of their ids: whole groups are never in memory."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, true
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from chassis.identifiers import new_id
from services.notifier import queries
from services.notifier.model import Collaborator, Contact, Team
from services.notifier.publications.model import Phase, Publication, PublicationReader, Round, Whom

Page = Sequence[Row[*tuple[Any, ...]]]


async def page_of(work: UnitOfWork, publication: Publication, round: Round, many: int) -> Page:
    """The next readers of a round's phase, as rows of `cursor` and `person`; those of a first round are noted."""
    outside = round.phase == Phase.CONTACTS.value
    if round.whom != Whom.ALL.value:
        return (await work.session.execute(_to_remind(round, outside=outside).limit(many))).all()
    addressed = _contacts(publication) if outside else _collaborators(publication)
    chosen = addressed.subquery("addressed")
    after = true() if round.cursor is None else chosen.c.person > round.cursor
    statement = select(chosen.c.person.label("cursor"), chosen.c.person, chosen.c.email)
    rows = (await work.session.execute(statement.where(after).order_by(chosen.c.person).limit(many))).all()
    await _note(work, publication, rows, "contact_id" if outside else "collaborator_id")
    return rows


def _collaborators(publication: Publication) -> Select[*tuple[Any, ...]]:
    """Whoever is addressed, and not disabled; its author knows it."""
    mates = select(func.unnest(Team.members)).where(Team.id.in_(publication.team_ids), ~Team.deleted)
    chosen: ColumnElement[bool] = true() if publication.to_network else Collaborator.id.in_(mates)
    mine = (Collaborator.organization_id == publication.organization_id, ~Collaborator.disabled)
    another = Collaborator.id.is_distinct_from(publication.author_id)
    statement = select(Collaborator.id.label("person"), func.lower(Collaborator.email).label("email"))
    return statement.where(*mine, chosen, another)


def _contacts(publication: Publication) -> Select[*tuple[Any, ...]]:
    members = queries.members_of_groups(publication.group_ids).order_by(None).subquery("member")
    columns = (members.c.contact_id.label("person"), func.lower(Contact.email).label("email"))
    same = (Contact.id == members.c.contact_id) & (Contact.organization_id == publication.organization_id)
    return select(*columns).join(Contact, same)


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
        await work.session.execute(insert(PublicationReader).values(readers).on_conflict_do_nothing())


async def mates_of(work: UnitOfWork, after: UUID | None, many: int) -> Sequence[UUID]:
    """A page of the collaborators of the scope who are not disabled."""
    later = true() if after is None else Collaborator.id > after
    mine = (Collaborator.organization_id == work.organization, ~Collaborator.disabled, later)
    statement = select(Collaborator.id).where(*mine).order_by(Collaborator.id).limit(many)
    return (await work.session.execute(statement)).scalars().all()
