"""What is known of the contacts service's people and companies."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Uuid, case, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import aliased

from chassis.admission import Known
from chassis.auth import Actor, Role
from chassis.database import ReadSession
from chassis.plans import UNKNOWN, Standing
from chassis.sharing import Sharing
from services.deals.model import Account, Collaborator, Contact, Organization, Team, TeamMember
from services.deals.values.references import Kind, Reference

_NOBODY = cast(null(), Uuid)
_PLAN = (Organization.plan, Organization.trial_ends_at, Organization.subscribed)


def known(references: Iterable[Reference]) -> Any:
    """`kind, id, gone, merged_into_id` for those of the references that have a copy; `gone`: disabled or deleted."""
    wanted: dict[Kind, set[UUID]] = {"contact": set(), "account": set(), "collaborator": set(), "team": set()}
    for reference in references:
        wanted[reference.kind].add(reference.id)
    return union_all(
        select(
            literal("contact").label("kind"), Contact.id, Contact.deleted.label("gone"), Contact.merged_into_id
        ).where(Contact.id.in_(wanted["contact"])),
        select(literal("account"), Account.id, Account.deleted, Account.merged_into_id).where(
            Account.id.in_(wanted["account"])
        ),
        select(literal("collaborator"), Collaborator.id, Collaborator.disabled, _NOBODY).where(
            Collaborator.id.in_(wanted["collaborator"])
        ),
        select(literal("team"), Team.id, Team.deleted, _NOBODY).where(Team.id.in_(wanted["team"])),
    )


def held(copy: type[Contact] | type[Account], ids: Iterable[UUID]) -> Select[*tuple[Any, ...]]:
    """Copies that no merge may change before this transaction ends."""
    return select(copy.id).where(copy.id.in_(ids)).order_by(copy.id).with_for_update(read=True)


def merged(ids: Iterable[UUID]) -> Any:
    """`id, winner` of those of these contacts and accounts that became part of another."""
    told = list(ids)
    return union_all(
        select(Contact.id, Contact.merged_into_id.label("winner")).where(
            Contact.id.in_(told), Contact.merged_into_id.is_not(None)
        ),
        select(Account.id, Account.merged_into_id).where(Account.id.in_(told), Account.merged_into_id.is_not(None)),
    )


async def current_contact(session: ReadSession, id: UUID) -> UUID:
    """What a contact is part of now, at the end of a chain of merges; itself if of none."""
    while (winner := await session.scalar(select(Contact.merged_into_id).where(Contact.id == id))) is not None:
        id = winner
    return id


def concerned_collaborators(named: Sequence[UUID], departments: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """Ids of the collaborators named, and of the active ones of these departments."""
    of_departments = Collaborator.department.in_(departments) & Collaborator.disabled.is_(False)
    return select(Collaborator.id).where(or_(Collaborator.id.in_(named), of_departments)).order_by(Collaborator.id)


def is_disabled(id: UUID) -> Select[*tuple[Any, ...]]:
    """Whether a collaborator is known to be disabled."""
    return select(Collaborator.disabled).where(Collaborator.id == id)


def collaborator_name(id: UUID) -> Select[*tuple[Any, ...]]:
    """The name of one collaborator."""
    return select(Collaborator.name).where(Collaborator.id == id)


async def caller(read: ReadSession, actor: Actor) -> Known:
    """What is known of a caller and of their organization's plan."""
    person = (Collaborator.role, Collaborator.disabled)
    shared = (Organization.sharing, _mates(actor.collaborator).label("mates"))
    statement = select(*_PLAN, *person, *shared).outerjoin(Collaborator, Collaborator.id == actor.collaborator)
    found = await read.first(statement.where(Organization.id == actor.organization))
    if found is None:
        return Known()
    role = Role(found.role) if found.role else None
    return Known(bool(found.disabled), role, _standing(found), found.sharing, found.mates)


def _mates(collaborator: UUID | None) -> ColumnElement[Any]:
    """Who is in a team with a collaborator; read only where teams share their portfolios."""
    mine, mate = aliased(TeamMember), aliased(TeamMember)
    alive = (Team.id == mine.team_id, Team.deleted.is_(False))
    together = select(func.array_agg(mate.collaborator_id.distinct())).where(
        mine.collaborator_id == collaborator, mate.team_id == mine.team_id, *alive
    )
    return case((Organization.sharing == Sharing.TEAM_PORTFOLIO.value, together.scalar_subquery()))


def standing() -> Select[*tuple[Any, ...]]:
    """The plan of the scope's organization, for `read_standing`."""
    return select(*_PLAN)


def read_standing(row: Row[Any] | None) -> Standing:
    """Of a row of `standing`; where there is none, nothing is refused."""
    return UNKNOWN if row is None else _standing(row)


def _standing(row: Row[Any]) -> Standing:
    return Standing.of(row.plan, row.trial_ends_at, row.subscribed)
