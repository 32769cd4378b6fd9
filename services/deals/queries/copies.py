"""What is known of the contacts service's people and companies."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, literal, or_, select, union_all

from services.deals.model import Account, Collaborator, Contact, Team
from services.deals.values.references import Kind, Reference


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
