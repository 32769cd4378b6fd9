"""Groups, tags and custom fields, and what carries them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import aliased

from chassis.database import ReadSession
from services.contacts.model import (
    Account,
    AccountCustomValue,
    AccountTag,
    Contact,
    ContactCustomValue,
    ContactTag,
    CustomField,
    Group,
    GroupMember,
    Tag,
)
from services.contacts.queries.rows import Rows, Statement, counts_of, rows_of_each

_MEMBER = aliased(GroupMember)
_SEEN = select(func.count()).where(_MEMBER.group_id == Group.id, _MEMBER.active).correlate(Group).scalar_subquery()
MEMBERS = case((func.portfolio().is_(None), Group.member_count), else_=_SEEN)
"""How many are in a group, of those whom the caller's portfolio shows: counted only where there is one."""
GROUP = select(
    Group.id,
    Group.version,
    Group.name,
    Group.description,
    Group.kind,
    Group.definition,
    MEMBERS.label("member_count"),
    Group.refresh_due_at,
    Group.refreshed_at,
    Group.problem,
    Group.created_at,
    Group.updated_at,
    Group.deleted_at,
)

CUSTOM_FIELD = select(
    CustomField.id,
    CustomField.version,
    CustomField.subject,
    CustomField.key,
    CustomField.label_fr,
    CustomField.label_en,
    CustomField.type,
    CustomField.required,
    CustomField.position,
    CustomField.options,
    CustomField.archived_at,
)

TAG = select(Tag.id, Tag.version, Tag.name, Tag.color, Tag.created_at, Tag.updated_at)


async def groups(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Groups by id, deleted ones included."""
    return await read.by_key(GROUP, Group.id, ids)


async def groups_of_contacts(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The groups that contacts are in, by name."""
    statement = GROUP.add_columns(GroupMember.contact_id).join(GroupMember, GroupMember.group_id == Group.id)
    alive = statement.where(Group.deleted_at.is_(None), GroupMember.active)
    return await rows_of_each(read, alive.order_by(Group.name_sort, Group.id), GroupMember.contact_id, ids)


async def custom_fields(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Custom fields by id."""
    return await read.by_key(CUSTOM_FIELD, CustomField.id, ids)


async def contact_custom_values(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The values of contacts' custom fields, with the fields, in their order."""
    return await rows_of_each(read, _custom_values(ContactCustomValue), ContactCustomValue.contact_id, ids)


async def account_custom_values(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The values of accounts' custom fields, with the fields, in their order."""
    return await rows_of_each(read, _custom_values(AccountCustomValue), AccountCustomValue.account_id, ids)


def _custom_values(table: Any) -> Statement:
    owner = table.contact_id if table is ContactCustomValue else table.account_id
    values = CUSTOM_FIELD.add_columns(owner, table.text, table.millionths, table.day, table.truth)
    joined = values.join(table, table.field_id == CustomField.id)
    return joined.order_by(CustomField.position, CustomField.key, table.position)


async def tags(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Tags by id."""
    return await read.by_key(TAG, Tag.id, ids)


async def contact_tags(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The tags of contacts, by name."""
    statement = TAG.add_columns(ContactTag.contact_id).join(ContactTag, ContactTag.tag_id == Tag.id)
    return await rows_of_each(read, statement.order_by(Tag.name_sort), ContactTag.contact_id, ids)


async def account_tags(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The tags of accounts, by name."""
    statement = TAG.add_columns(AccountTag.account_id).join(AccountTag, AccountTag.tag_id == Tag.id)
    return await rows_of_each(read, statement.order_by(Tag.name_sort), AccountTag.account_id, ids)


async def tagged_contacts(read: ReadSession, ids: Sequence[UUID]) -> list[int]:
    """How many contacts have each tag."""
    statement = select(ContactTag.tag_id, func.count().label("count")).join(
        Contact, Contact.id == ContactTag.contact_id
    )
    return await counts_of(read, statement.where(Contact.deleted_at.is_(None)), ContactTag.tag_id, ids)


async def tagged_accounts(read: ReadSession, ids: Sequence[UUID]) -> list[int]:
    """How many accounts have each tag."""
    statement = select(AccountTag.tag_id, func.count().label("count")).join(
        Account, Account.id == AccountTag.account_id
    )
    return await counts_of(read, statement.where(Account.deleted_at.is_(None)), AccountTag.tag_id, ids)
