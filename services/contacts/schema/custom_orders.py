"""Lists by custom fields: their order, and the refusal of keys that no field has."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Select, select

from chassis.errors import InvalidInput
from chassis.graphql.known_fields import KnownFields
from chassis.graphql.ordering import Column
from services.contacts.model import (
    Account,
    AccountCustomValue,
    Contact,
    ContactCustomValue,
    CustomField,
    CustomFieldSubject,
)


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


def _among(keys: Sequence[str]) -> Select[*tuple[Any, ...]]:
    return select(CustomField.subject, CustomField.key, CustomField.type).where(CustomField.key.in_(keys))


custom_fields_known = KnownFields(
    _among, {"account": CustomFieldSubject.ACCOUNT, "contact": CustomFieldSubject.CONTACT}
).of
