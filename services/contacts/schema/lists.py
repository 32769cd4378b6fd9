"""How lists are filtered and ordered."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

import strawberry
from sqlalchemy import ColumnElement, and_, not_
from sqlalchemy.orm import InstrumentedAttribute
from strawberry import UNSET

from chassis.errors import InvalidInput
from chassis.graphql.filters import (
    BooleanFilter,
    DateTimeFilter,
    IdFilter,
    StringFilter,
    on_choice,
    on_id,
    on_moment,
    on_text,
    on_truth,
)
from services.contacts import queries
from services.contacts.model import (
    Account,
    Collaborator,
    Contact,
    ContactEmail,
    ContactPhone,
    Interlocutor,
    Team,
    TeamMember,
)
from services.contacts.schema.enums import AccountStatus, Role

MAX_DEPTH = 5
Clause = ColumnElement[bool]
Clauses = list[Clause]
Filter = TypeVar("Filter")


def _condition(description: str, name: str | None = None) -> Any:
    return strawberry.field(default=UNSET, name=name, description=description)


@strawberry.input(description="Which accounts. All the conditions given must hold.")
class AccountFilter:
    """See on_accounts."""

    name: StringFilter | None = _condition("Its name.")
    siren: StringFilter | None = _condition("Its SIREN.")
    siret: StringFilter | None = _condition("Its SIRET.")
    vat_number: StringFilter | None = _condition("Its VAT number.")
    status: list[AccountStatus] | None = _condition("One of these statuses.")
    relationship_manager_id: IdFilter | None = _condition("The collaborator in charge.")
    created_at: DateTimeFilter | None = _condition("When its file was opened.")
    updated_at: DateTimeFilter | None = _condition("When it last changed.")
    deleted: bool | None = _condition("True for the deleted ones only; they are left out otherwise.")
    and_: list["AccountFilter"] | None = _condition("All of these hold.", name="and")
    or_: list["AccountFilter"] | None = _condition("At least one of these holds.", name="or")
    not_: "AccountFilter | None" = _condition("This does not hold.", name="not")


@strawberry.input(description="Which contacts. All the conditions given must hold.")
class ContactFilter:
    """See on_contacts."""

    given_name: StringFilter | None = _condition("First name.")
    family_name: StringFilter | None = _condition("Last name.")
    email: StringFilter | None = _condition("Any of the e-mail addresses.")
    phone: StringFilter | None = _condition("Any of the telephone numbers, in E.164.")
    language: StringFilter | None = _condition("Language.")
    relationship_manager_id: IdFilter | None = _condition("The collaborator in charge.")
    account: AccountFilter | None = _condition("A company they speak for now.")
    created_at: DateTimeFilter | None = _condition("When it was added.")
    updated_at: DateTimeFilter | None = _condition("When it last changed.")
    deleted: bool | None = _condition("True for the deleted ones only; they are left out otherwise.")
    and_: list["ContactFilter"] | None = _condition("All of these hold.", name="and")
    or_: list["ContactFilter"] | None = _condition("At least one of these holds.", name="or")
    not_: "ContactFilter | None" = _condition("This does not hold.", name="not")


@strawberry.input(description="Which interlocutors. All the conditions given must hold.")
class InterlocutorFilter:
    """See on_interlocutors."""

    contact_id: IdFilter | None = _condition("The person.")
    account_id: IdFilter | None = _condition("The company.")
    job_title: StringFilter | None = _condition("Job title.")
    decision_maker: BooleanFilter | None = _condition("Whether they decide.")
    ended_at: DateTimeFilter | None = _condition("When it ended; isNull for those that last.")


@strawberry.input(description="Which collaborators. All the conditions given must hold.")
class CollaboratorFilter:
    """See on_collaborators."""

    name: StringFilter | None = _condition("Name.")
    email: StringFilter | None = _condition("E-mail address.")
    department: StringFilter | None = _condition("Department.")
    role: list[Role] | None = _condition("One of these roles.")
    disabled: bool | None = _condition("Whether access was withdrawn.")
    team_id: IdFilter | None = _condition("A team they are in; isNull for those who are in none.")


@strawberry.input(description="Which teams. All the conditions given must hold.")
class TeamFilter:
    """See on_teams."""

    name: StringFilter | None = _condition("Its name.")
    lead_id: IdFilter | None = _condition("The collaborator who leads it.")
    member_id: IdFilter | None = _condition("A collaborator in it; isNull for teams without members.")
    created_at: DateTimeFilter | None = _condition("When it was made.")
    updated_at: DateTimeFilter | None = _condition("When it last changed.")
    deleted: bool | None = _condition("True for the deleted ones only; they are left out otherwise.")


def on_accounts(filter: AccountFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    return [queries.is_deleted(Account, bool(filter and filter.deleted)), *_account_clauses(filter)]


def _account_clauses(filter: AccountFilter | None, depth: int = 0) -> Clauses:
    if not filter:
        return []
    return [
        *on_text(Account.name, filter.name),
        *on_text(Account.siren, filter.siren),
        *on_text(Account.siret, filter.siret),
        *on_text(Account.vat_number, filter.vat_number),
        *on_choice(Account.status, filter.status),
        *on_id(Account.relationship_manager_id, "collaborator", filter.relationship_manager_id),
        *on_moment(Account.created_at, filter.created_at),
        *on_moment(Account.updated_at, filter.updated_at),
        *_combined(filter, _account_clauses, depth),
    ]


def on_contacts(filter: ContactFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    return [queries.is_deleted(Contact, bool(filter and filter.deleted)), *_contact_clauses(filter)]


def _contact_clauses(filter: ContactFilter | None, depth: int = 0) -> Clauses:
    if not filter:
        return []
    emails = on_text(ContactEmail.address, filter.email)
    phones = on_text(ContactPhone.number, filter.phone)
    served = on_accounts(filter.account) if filter.account else []
    return [
        *on_text(Contact.given_name, filter.given_name),
        *on_text(Contact.family_name, filter.family_name),
        *on_text(Contact.language, filter.language),
        *([queries.has_email(emails)] if emails else []),
        *([queries.has_phone(phones)] if phones else []),
        *([queries.serves(served)] if served else []),
        *on_id(Contact.relationship_manager_id, "collaborator", filter.relationship_manager_id),
        *on_moment(Contact.created_at, filter.created_at),
        *on_moment(Contact.updated_at, filter.updated_at),
        *_combined(filter, _contact_clauses, depth),
    ]


def on_interlocutors(filter: InterlocutorFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    if not filter:
        return []
    return [
        *on_id(Interlocutor.contact_id, "contact", filter.contact_id),
        *on_id(Interlocutor.account_id, "account", filter.account_id),
        *on_text(Interlocutor.job_title, filter.job_title),
        *on_truth(Interlocutor.decision_maker, filter.decision_maker),
        *on_moment(Interlocutor.ended_at, filter.ended_at),
    ]


def on_collaborators(filter: CollaboratorFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput."""
    if not filter:
        return []
    disabled = Collaborator.disabled_at.is_not(None) if filter.disabled else Collaborator.disabled_at.is_(None)
    return [
        *on_text(Collaborator.name, filter.name),
        *on_text(Collaborator.email, filter.email),
        *on_text(Collaborator.department, filter.department),
        *on_choice(Collaborator.role, filter.role),
        *([disabled] if isinstance(filter.disabled, bool) else []),
        *_linked(TeamMember.team_id, "team", filter.team_id, queries.in_team),
    ]


def on_teams(filter: TeamFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    clauses = [queries.is_deleted(Team, bool(filter and filter.deleted))]
    if not filter:
        return clauses
    return [
        *clauses,
        *on_text(Team.name, filter.name),
        *on_id(Team.lead_id, "collaborator", filter.lead_id),
        *_linked(TeamMember.collaborator_id, "collaborator", filter.member_id, queries.has_member),
        *on_moment(Team.created_at, filter.created_at),
        *on_moment(Team.updated_at, filter.updated_at),
    ]


def _linked(
    column: InstrumentedAttribute[UUID], kind: str, condition: IdFilter | None, linked: Callable[[Clauses], Clause]
) -> Clauses:
    """A condition on what may be linked several times: `isNull` is about there being no link at all."""
    if not condition:
        return []
    none = [not_(linked([])) if condition.is_null else linked([])] if isinstance(condition.is_null, bool) else []
    named = on_id(column, kind, IdFilter(eq=condition.eq, in_=condition.in_))
    return [*none, *([linked(named)] if named else [])]


def _combined(filter: Any, clauses: Callable[[Any, int], Clauses], depth: int) -> Clauses:
    if depth >= MAX_DEPTH:
        raise InvalidInput("filter", f"A filter is at most {MAX_DEPTH} levels deep.")

    def within(inner: Any) -> ColumnElement[bool]:
        return and_(True, *clauses(inner, depth + 1))

    both, either = filter.and_ or [], filter.or_ or []
    return [
        *map(within, both),
        *([queries.any_of([within(inner) for inner in either])] if either else []),
        *([not_(within(filter.not_))] if filter.not_ else []),
    ]
