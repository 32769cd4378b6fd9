"""Lists by custom fields: their order, and the refusal of keys that no field has."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_

from chassis.database import ReadSession
from chassis.errors import InvalidInput
from chassis.graphql.context import Info
from chassis.graphql.ordering import Column
from services.contacts.model import (
    Account,
    AccountCustomValue,
    Contact,
    ContactCustomValue,
    CustomField,
    CustomFieldSubject,
)
from services.contacts.schema.custom_conditions import CustomFieldCondition

Named = tuple[CustomFieldSubject, str]
_SUBJECTS = {"account": CustomFieldSubject.ACCOUNT, "contact": CustomFieldSubject.CONTACT}


def custom_columns(subject: CustomFieldSubject) -> Callable[[Any], Sequence[Column]]:
    """The columns that a term orders by: a field has values in the one of its type, and none in the others."""
    table: Any = ContactCustomValue if subject is CustomFieldSubject.CONTACT else AccountCustomValue
    owner = table.contact_id == Contact.id if subject is CustomFieldSubject.CONTACT else table.account_id == Account.id

    def columns(term: Any) -> Sequence[Column]:
        if not term.custom_field:
            raise InvalidInput("orderBy.customField", "Name the field to order by.")
        field = select(CustomField.id).where(CustomField.subject == subject, CustomField.key == term.custom_field)
        first = (owner, table.field_id == field.scalar_subquery(), table.position == 0)
        kinds = (table.text, table.millionths, table.day, table.truth)
        return [(select(column).where(*first).scalar_subquery(), True) for column in kinds]

    return columns


def custom_fields_known(subject: CustomFieldSubject) -> Callable[[Info, Any, Sequence[Any] | None], Any]:
    """Refuses a filter or an order that names a field which there is not. Raises InvalidInput."""

    async def check(info: Info, filter: Any, order_by: Sequence[Any] | None) -> None:
        told = [(each, "filter.customFields.key") for each in _named(filter, subject)]
        keys = (term.custom_field for term in order_by or () if term.custom_field)
        told += [((subject, key), "orderBy.customField") for key in keys]
        if not told:
            return
        known = await info.context.load(_Known(frozenset(name for name, _ in told)), info.context.actor.organization)
        for name, path in told:
            if name not in known:
                raise InvalidInput(path, f"Your organization has no field {name[1][:80]!r}: see customFields.")

    return check


def _named(told: Any, subject: CustomFieldSubject) -> Iterator[Named]:
    if isinstance(told, CustomFieldCondition):
        yield subject, told.key
    elif isinstance(told, list):
        for each in told:
            yield from _named(each, subject)
    elif is_dataclass(told):
        for field in fields(told):
            yield from _named(getattr(told, field.name), _SUBJECTS.get(field.name, subject))


@dataclass(frozen=True)
class _Known:
    """Which of some fields there are: one statement for all the lists of a request that name the same."""

    names: frozenset[Named]

    async def __call__(self, read: ReadSession, ids: Sequence[UUID]) -> Sequence[set[Named]]:
        """For each organization: it is the caller's."""
        chosen = select(CustomField.subject, CustomField.key)
        mine = chosen.where(tuple_(CustomField.subject, CustomField.key).in_(sorted(self.names)))
        found = {(row.subject, row.key) for row in await read.rows(mine)}
        return [found for _ in ids]
