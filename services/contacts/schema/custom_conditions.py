"""Conditions on custom fields, within the filters of contacts and accounts."""

from typing import Any

from sqlalchemy import select

from chassis.graphql import custom_fields
from chassis.graphql.custom_fields import CustomFieldCondition
from chassis.graphql.filters import Condition
from services.contacts.model import Account, AccountCustomValue, Contact, ContactCustomValue, CustomField
from services.contacts.model.custom_fields import CustomFieldSubject

__all__ = ["CustomFieldCondition", "on_custom_fields"]


def on_custom_fields(subject: CustomFieldSubject) -> Condition:
    """See chassis.graphql.custom_fields.on_custom_fields."""

    def field(key: str) -> Any:
        mine = (CustomField.subject == subject, CustomField.key == key)
        return select(CustomField.id).where(*mine).scalar_subquery()

    if subject is CustomFieldSubject.CONTACT:
        return custom_fields.on_custom_fields(ContactCustomValue, ContactCustomValue.contact_id == Contact.id, field)
    return custom_fields.on_custom_fields(AccountCustomValue, AccountCustomValue.account_id == Account.id, field)
