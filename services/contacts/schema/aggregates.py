"""How many contacts and accounts there are, by what they have in common."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import func, select

from chassis.graphql.aggregates import Aggregate, Group, aggregate_field, month, told
from chassis.graphql.context import Info
from chassis.graphql.enums import described
from services.contacts import queries
from services.contacts.model import Account, Contact, CustomFieldSubject, Organization
from services.contacts.schema.custom_orders import custom_fields_known
from services.contacts.schema.enums import AccountStatus
from services.contacts.schema.lists import AccountFilter, ContactFilter, on_accounts, on_contacts
from services.contacts.schema.organizations import Collaborator
from services.contacts.schema.rules import reading

_ZONE = func.coalesce(select(Organization.time_zone).limit(1).scalar_subquery(), "UTC")


class ContactGrouping(StrEnum):
    """See _CONTACTS."""

    STATUS = "status"
    LANGUAGE = "language"
    RELATIONSHIP_MANAGER = "manager"
    CREATED_MONTH = "created_month"


class AccountGrouping(StrEnum):
    """See _ACCOUNTS."""

    STATUS = "status"
    RELATIONSHIP_MANAGER = "manager"
    CREATED_MONTH = "created_month"


described(
    ContactGrouping,
    "What contacts can be grouped by.",
    STATUS="Where your firm stands with them.",
    LANGUAGE="The language to write in.",
    RELATIONSHIP_MANAGER="The collaborator in charge of the relation.",
    CREATED_MONTH="The month in which they were added, in your organization's time zone.",
)
described(
    AccountGrouping,
    "What accounts can be grouped by.",
    STATUS="Where your firm stands with them.",
    RELATIONSHIP_MANAGER="The collaborator in charge of the relation.",
    CREATED_MONTH="The month in which their file was opened, in your organization's time zone.",
)


@strawberry.type
class _Counted:
    """What every group has."""

    manager_id: strawberry.Private[UUID | None]
    count: int = strawberry.field(description="How many there are.")
    status: AccountStatus | None = strawberry.field(description="Their status; null unless grouped by STATUS.")
    created_month: date | None = strawberry.field(
        description="The first day of their month; null unless grouped by CREATED_MONTH."
    )

    @strawberry.field(description="Who is in charge of them; null for nobody, or unless grouped by it.")
    async def relationship_manager(self, info: Info) -> Collaborator | None:
        """One statement for all."""
        return await Collaborator.load(info, self.manager_id)


@strawberry.type(description="Contacts that have something in common.")
class ContactGroup(_Counted):
    """See contactAggregate."""

    language: str | None = strawberry.field(description="Their language; null for none, or unless grouped by it.")


@strawberry.type(description="Accounts that have something in common.")
class AccountGroup(_Counted):
    """See accountAggregate."""


def _common(row: Group) -> dict[str, Any]:
    return {
        "count": row._mapping["count"],
        "status": told(row, "status"),
        "created_month": told(row, "created_month"),
        "manager_id": told(row, "manager"),
    }


def _contacts(rows: Sequence[Group]) -> list[ContactGroup]:
    return [ContactGroup(**_common(row), language=told(row, "language")) for row in rows]


def _accounts(rows: Sequence[Group]) -> list[AccountGroup]:
    return [AccountGroup(**_common(row)) for row in rows]


_CONTACTS = Aggregate(
    queries.CONTACT,
    on_contacts,
    {
        ContactGrouping.STATUS: Contact.status,
        ContactGrouping.LANGUAGE: Contact.language,
        ContactGrouping.RELATIONSHIP_MANAGER: Contact.relationship_manager_id,
        ContactGrouping.CREATED_MONTH: month(Contact.created_at, _ZONE),
    },
    _contacts,
    check=custom_fields_known(CustomFieldSubject.CONTACT),
)
_ACCOUNTS = Aggregate(
    queries.ACCOUNT,
    on_accounts,
    {
        AccountGrouping.STATUS: Account.status,
        AccountGrouping.RELATIONSHIP_MANAGER: Account.relationship_manager_id,
        AccountGrouping.CREATED_MONTH: month(Account.created_at, _ZONE),
    },
    _accounts,
    check=custom_fields_known(CustomFieldSubject.ACCOUNT),
)


@strawberry.type
class AggregateQueries:
    """Fields of Query."""

    contact_aggregate = aggregate_field(
        lambda: _CONTACTS,
        ContactGroup,
        filter=ContactFilter,
        by=ContactGrouping,
        description="How many contacts there are, by groups.",
        extensions=reading(),
    )
    account_aggregate = aggregate_field(
        lambda: _ACCOUNTS,
        AccountGroup,
        filter=AccountFilter,
        by=AccountGrouping,
        description="How many accounts there are, by groups.",
        extensions=reading(),
    )
