"""What is known of the contacts service's people and companies."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, literal, or_, select, union_all

from chassis.admission import Known
from chassis.auth import Actor, Role
from chassis.database import ReadSession
from chassis.plans import UNKNOWN, Standing
from services.deals.model import Account, Collaborator, Contact, Organization, Team
from services.deals.values.references import Kind, Reference

_PLAN = (Organization.plan, Organization.trial_ends_at, Organization.subscribed)


def known(references: Iterable[Reference]) -> Any:
    """`kind, id, gone` for those of the references that have a copy; `gone` where it is disabled or deleted."""
    wanted: dict[Kind, set[UUID]] = {"contact": set(), "account": set(), "collaborator": set(), "team": set()}
    for reference in references:
        wanted[reference.kind].add(reference.id)
    return union_all(
        select(literal("contact").label("kind"), Contact.id, Contact.deleted.label("gone")).where(
            Contact.id.in_(wanted["contact"])
        ),
        select(literal("account"), Account.id, Account.deleted).where(Account.id.in_(wanted["account"])),
        select(literal("collaborator"), Collaborator.id, Collaborator.disabled).where(
            Collaborator.id.in_(wanted["collaborator"])
        ),
        select(literal("team"), Team.id, Team.deleted).where(Team.id.in_(wanted["team"])),
    )


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
    statement = select(*_PLAN, *person).outerjoin(Collaborator, Collaborator.id == actor.collaborator)
    found = await read.first(statement.where(Organization.id == actor.organization))
    if found is None:
        return Known()
    return Known(bool(found.disabled), Role(found.role) if found.role else None, _standing(found))


def standing() -> Select[*tuple[Any, ...]]:
    """The plan of the scope's organization, for `read_standing`."""
    return select(*_PLAN)


def read_standing(row: Row[Any] | None) -> Standing:
    """Of a row of `standing`; where there is none, nothing is refused."""
    return UNKNOWN if row is None else _standing(row)


def _standing(row: Row[Any]) -> Standing:
    return Standing.of(row.plan, row.trial_ends_at, row.subscribed)
