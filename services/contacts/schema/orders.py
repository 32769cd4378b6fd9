"""What lists can be ordered by."""

from enum import StrEnum
from typing import Any

import strawberry

from chassis.graphql.enums import described
from chassis.graphql.ordering import Columns, Direction, Nulls
from services.contacts import queries
from services.contacts.model import Account, Collaborator, Contact, CustomFieldSubject, Group, Interlocutor, Team
from services.contacts.schema.custom_orders import custom_columns


class ContactOrderField(StrEnum):
    """See CONTACT_COLUMNS."""

    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    STATUS = "status"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"
    CUSTOM_FIELD = "custom_field"


class AccountOrderField(StrEnum):
    """See ACCOUNT_COLUMNS."""

    NAME = "name"
    STATUS = "status"
    SIREN = "siren"
    DOMAIN = "domain"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"
    CUSTOM_FIELD = "custom_field"


class InterlocutorOrderField(StrEnum):
    """See INTERLOCUTOR_COLUMNS."""

    JOB_TITLE = "job_title"
    STARTED_ON = "started_on"
    ENDED_AT = "ended_at"
    CREATED_AT = "created_at"


class CollaboratorOrderField(StrEnum):
    """See COLLABORATOR_COLUMNS."""

    NAME = "name"
    DEPARTMENT = "department"
    CREATED_AT = "created_at"


class GroupOrderField(StrEnum):
    """See GROUP_COLUMNS."""

    NAME = "name"
    MEMBER_COUNT = "member_count"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"


class TeamOrderField(StrEnum):
    """See TEAM_COLUMNS."""

    NAME = "name"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"


described(
    ContactOrderField,
    "What contacts can be ordered by.",
    GIVEN_NAME="First name, as a French dictionary sorts.",
    FAMILY_NAME="Last name, as a French dictionary sorts.",
    STATUS="Commercial status, by its letters.",
    CREATED_AT="When it was added.",
    UPDATED_AT="When it last changed.",
    CUSTOM_FIELD="The field of your own that `customField` names; of several options, the first one.",
)
described(
    AccountOrderField,
    "What accounts can be ordered by.",
    NAME="Name, as a French dictionary sorts.",
    STATUS="Commercial status, by its letters.",
    SIREN="SIREN.",
    DOMAIN="The host of its web site.",
    CREATED_AT="When its file was opened.",
    UPDATED_AT="When it last changed.",
    CUSTOM_FIELD="The field of your own that `customField` names; of several options, the first one.",
)
described(
    InterlocutorOrderField,
    "What interlocutors can be ordered by.",
    JOB_TITLE="Job title.",
    STARTED_ON="The day it began.",
    ENDED_AT="When it ended.",
    CREATED_AT="When the link was made.",
)
described(
    CollaboratorOrderField,
    "What collaborators can be ordered by.",
    NAME="Name, as a French dictionary sorts.",
    DEPARTMENT="Department.",
    CREATED_AT="When they were invited.",
)
described(
    GroupOrderField,
    "What groups can be ordered by.",
    NAME="Name, as a French dictionary sorts.",
    MEMBER_COUNT="How many members it has.",
    CREATED_AT="When it was made.",
    UPDATED_AT="When it last changed.",
)
described(
    TeamOrderField,
    "What teams can be ordered by.",
    NAME="Name, as a French dictionary sorts.",
    CREATED_AT="When it was made.",
    UPDATED_AT="When it last changed.",
)

CONTACT_COLUMNS: Columns = {
    ContactOrderField.GIVEN_NAME: (Contact.given_name_sort, True),
    ContactOrderField.FAMILY_NAME: (Contact.family_name_sort, True),
    ContactOrderField.STATUS: (Contact.status, False),
    ContactOrderField.CREATED_AT: (Contact.created_at, False),
    ContactOrderField.UPDATED_AT: (Contact.updated_at, False),
    ContactOrderField.CUSTOM_FIELD: custom_columns(CustomFieldSubject.CONTACT),
}
ACCOUNT_COLUMNS: Columns = {
    AccountOrderField.NAME: (Account.name_sort, False),
    AccountOrderField.STATUS: (Account.status, False),
    AccountOrderField.SIREN: (Account.siren, True),
    AccountOrderField.DOMAIN: (Account.domain, True),
    AccountOrderField.CREATED_AT: (Account.created_at, False),
    AccountOrderField.UPDATED_AT: (Account.updated_at, False),
    AccountOrderField.CUSTOM_FIELD: custom_columns(CustomFieldSubject.ACCOUNT),
}
INTERLOCUTOR_COLUMNS: Columns = {
    InterlocutorOrderField.JOB_TITLE: (Interlocutor.job_title, True),
    InterlocutorOrderField.STARTED_ON: (Interlocutor.started_on, True),
    InterlocutorOrderField.ENDED_AT: (Interlocutor.ended_at, True),
    InterlocutorOrderField.CREATED_AT: (Interlocutor.created_at, False),
}
COLLABORATOR_COLUMNS: Columns = {
    CollaboratorOrderField.NAME: (Collaborator.name_sort, False),
    CollaboratorOrderField.DEPARTMENT: (Collaborator.department, True),
    CollaboratorOrderField.CREATED_AT: (Collaborator.created_at, False),
}
GROUP_COLUMNS: Columns = {
    GroupOrderField.NAME: (Group.name_sort, False),
    GroupOrderField.MEMBER_COUNT: (queries.MEMBERS, False),
    GroupOrderField.CREATED_AT: (Group.created_at, False),
    GroupOrderField.UPDATED_AT: (Group.updated_at, False),
}
TEAM_COLUMNS: Columns = {
    TeamOrderField.NAME: (Team.name_sort, False),
    TeamOrderField.CREATED_AT: (Team.created_at, False),
    TeamOrderField.UPDATED_AT: (Team.updated_at, False),
}


def _direction() -> Any:
    return strawberry.field(default=Direction.ASC, description="Which way.")


def _nulls() -> Any:
    return strawberry.field(default=Nulls.LAST, description="Where what has no value stands.")


@strawberry.input(description="One term of an order of contacts.")
class ContactOrder:
    """See chassis.graphql.ordering.Term."""

    field: ContactOrderField = strawberry.field(description="By what.")
    direction: Direction = _direction()
    nulls: Nulls = _nulls()
    custom_field: str | None = strawberry.field(default=None, description="The key, with `CUSTOM_FIELD`.")


@strawberry.input(description="One term of an order of accounts.")
class AccountOrder:
    """See chassis.graphql.ordering.Term."""

    field: AccountOrderField = strawberry.field(description="By what.")
    direction: Direction = _direction()
    nulls: Nulls = _nulls()
    custom_field: str | None = strawberry.field(default=None, description="The key, with `CUSTOM_FIELD`.")


@strawberry.input(description="One term of an order of interlocutors.")
class InterlocutorOrder:
    """See chassis.graphql.ordering.Term."""

    field: InterlocutorOrderField = strawberry.field(description="By what.")
    direction: Direction = _direction()
    nulls: Nulls = _nulls()


@strawberry.input(description="One term of an order of collaborators.")
class CollaboratorOrder:
    """See chassis.graphql.ordering.Term."""

    field: CollaboratorOrderField = strawberry.field(description="By what.")
    direction: Direction = _direction()
    nulls: Nulls = _nulls()


@strawberry.input(description="One term of an order of teams.")
class TeamOrder:
    """See chassis.graphql.ordering.Term."""

    field: TeamOrderField = strawberry.field(description="By what.")
    direction: Direction = _direction()
    nulls: Nulls = _nulls()


@strawberry.input(description="One term of an order of groups.")
class GroupOrder:
    """See chassis.graphql.ordering.Term."""

    field: GroupOrderField = strawberry.field(description="By what.")
    direction: Direction = _direction()
    nulls: Nulls = _nulls()
