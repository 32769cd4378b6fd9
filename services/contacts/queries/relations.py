"""Conditions on a row by what it is related to, for filters."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, func, select
from sqlalchemy.dialects.postgresql import JSONB

from services.contacts.model import (
    Account,
    AccountAddress,
    AccountEmail,
    AccountPhone,
    AccountTag,
    Collaborator,
    Contact,
    ContactAddress,
    ContactEmail,
    ContactPhone,
    ContactTag,
    Group,
    GroupMember,
    Interlocutor,
    Tag,
    Team,
    TeamMember,
)

Having = Callable[[Iterable[ColumnElement[bool]]], ColumnElement[bool]]


def has_email(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Contacts with an address for which all the clauses hold."""
    return exists().where(ContactEmail.contact_id == Contact.id, *clauses)


def has_phone(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Contacts with a telephone for which all the clauses hold."""
    return exists().where(ContactPhone.contact_id == Contact.id, *clauses)


def has_place(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Accounts with a place for which all the clauses hold."""
    return exists().where(AccountAddress.account_id == Account.id, *clauses)


def lives(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Contacts with a place for which all the clauses hold."""
    return exists().where(ContactAddress.contact_id == Contact.id, *clauses)


def account_has_email(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Accounts with an address for which all the clauses hold."""
    return exists().where(AccountEmail.account_id == Account.id, *clauses)


def account_has_phone(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Accounts with a telephone for which all the clauses hold."""
    return exists().where(AccountPhone.account_id == Account.id, *clauses)


def contact_has_tag(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Contacts with a tag for which all the clauses hold."""
    return exists().where(ContactTag.contact_id == Contact.id, Tag.id == ContactTag.tag_id, *clauses)


def account_has_tag(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Accounts with a tag for which all the clauses hold."""
    return exists().where(AccountTag.account_id == Account.id, Tag.id == AccountTag.tag_id, *clauses)


def unnested(column: Any) -> tuple[Any, Any]:
    """The values of an array, each a row; and the value."""
    rows = func.unnest(column).column_valued("several")
    return rows, rows


def networks(column: Any) -> tuple[Any, Any]:
    """Social links, each a row; and their network."""
    rows = func.jsonb_array_elements(column, type_=JSONB).column_valued("links")
    return rows, rows["network"].astext


def among(values: Any) -> Having:
    """Rows one of whose values, unnested from a column of theirs, is one for which all the clauses hold."""
    return lambda clauses: select(values).where(*clauses).exists()


def serves(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Contacts who are current interlocutors of an account for which all the clauses hold."""
    current = (Interlocutor.contact_id == Contact.id, Interlocutor.ended_at.is_(None))
    return exists().where(Account.id == Interlocutor.account_id, Account.deleted_at.is_(None), *current, *clauses)


def speaks(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Contacts with a current link to a company for which all the clauses hold."""
    return exists().where(Interlocutor.contact_id == Contact.id, Interlocutor.ended_at.is_(None), *clauses)


def served_by(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Accounts with a current interlocutor for whom all the clauses hold."""
    current = (Interlocutor.account_id == Account.id, Interlocutor.ended_at.is_(None))
    return exists().where(Contact.id == Interlocutor.contact_id, Contact.deleted_at.is_(None), *current, *clauses)


def managed(table: type[Contact | Account]) -> Having:
    """Contacts or accounts whose relationship manager is one for whom all the clauses hold."""
    return lambda clauses: exists().where(Collaborator.id == table.relationship_manager_id, *clauses)


def led(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Teams whose lead is one for whom all the clauses hold."""
    return exists().where(Collaborator.id == Team.lead_id, *clauses)


def is_link_of(table: type[Contact | Account], column: SQLColumnExpression[UUID]) -> Having:
    """Interlocutors whose contact or account is one for which all the clauses hold."""
    return lambda clauses: exists().where(table.id == column, *clauses)


def is_member_of(group: UUID) -> ColumnElement[bool]:
    """Contacts in one group, which may itself be deleted."""
    return exists().where(GroupMember.group_id == group, GroupMember.contact_id == Contact.id, GroupMember.active)


def in_group(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Contacts in a group, not deleted, for which all the clauses hold."""
    mine = (GroupMember.contact_id == Contact.id, GroupMember.active)
    return exists().where(*mine, Group.id == GroupMember.group_id, Group.deleted_at.is_(None), *clauses)


def in_team(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Collaborators in a team, not deleted, for which all the clauses hold."""
    mine = (TeamMember.collaborator_id == Collaborator.id, Team.id == TeamMember.team_id, Team.deleted_at.is_(None))
    return exists().where(*mine, *clauses)


def has_member(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Teams with a member for which all the clauses hold."""
    return exists().where(TeamMember.team_id == Team.id, *clauses)


def is_deleted(
    table: type[Contact | Account | Team | Group | Interlocutor], wanted: bool | None
) -> ColumnElement[bool]:
    """Only the deleted, or only the others; None for the others."""
    return table.deleted_at.is_not(None) if wanted else table.deleted_at.is_(None)
