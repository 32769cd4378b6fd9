"""How lists are filtered and ordered."""

from enum import StrEnum
from typing import Any

import strawberry
from sqlalchemy import ColumnElement

from chassis.graphql.connections import Order
from chassis.graphql.custom_fields import CustomFieldCondition
from chassis.graphql.enums import described
from chassis.graphql.filters import (
    BooleanFilter,
    ChoiceFilter,
    Clauses,
    Conditions,
    DateFilter,
    DateTimeFilter,
    DecimalFilter,
    IdFilter,
    IntFilter,
    StringFilter,
    by,
    condition,
    linked,
    related,
    where,
)
from chassis.graphql.ordering import Columns, Ordering
from services.deals.model import GROUPS, Account, Alert, Base, Collaborator, Contact, Deal, Stage
from services.deals.queries import lists
from services.deals.schema.custom_values import ON_CUSTOM_FIELDS
from services.deals.schema.enums import AlertStatus, Phase, Severity


@strawberry.input(description="What holds for a contact or account that deals knows by its copy.")
class PartyFilter:
    """A condition on a relation."""

    name: StringFilter | None = condition("Its name.")
    relationship_manager_id: IdFilter | None = condition("The collaborator in charge of the relation.")


@strawberry.input(description="What holds for a collaborator whom deals knows by their copy.")
class PersonFilter:
    """A condition on a relation."""

    name: StringFilter | None = condition("Their name.")
    department: StringFilter | None = condition("Their department.")
    disabled: BooleanFilter | None = condition("Whether their access was withdrawn.")


@strawberry.input(description="What holds for a stage.")
class StageFilter:
    """A condition on a relation."""

    name: StringFilter | None = condition("Its name.")
    position: IntFilter | None = condition("Its place in its pipeline.")
    probability: IntFilter | None = condition("Chance that a deal here is won, in percent.")


@strawberry.input(description="Which deals. All the conditions given must hold.")
class DealFilter:
    """See on_deals."""

    id: IdFilter | None = condition("Which one.")
    version: IntFilter | None = condition("How often it changed.")
    title: StringFilter | None = condition("Its title.")
    phase: ChoiceFilter[Phase] | None = condition("Where it is in its life.")
    lost_reason: StringFilter | None = condition("Why it was lost.")
    pipeline_id: IdFilter | None = condition("Its pipeline.")
    stage_id: IdFilter | None = condition("Its stage.")
    stage: StageFilter | None = condition("What holds for its stage.")
    owner_id: IdFilter | None = condition("The collaborator who owns it.")
    owner: PersonFilter | None = condition("What holds for its owner.")
    follower_id: IdFilter | None = condition("A collaborator who follows it.")
    account_id: IdFilter | None = condition("Its account.")
    account: PartyFilter | None = condition("What holds for its account.")
    primary_contact_id: IdFilter | None = condition("Its primary contact.")
    primary_contact: PartyFilter | None = condition("What holds for its primary contact.")
    participant_id: IdFilter | None = condition("A contact included in its exchanges.")
    contact_group_id: IdFilter | None = condition("A group that its primary contact or a participant is in.")
    tag: StringFilter | None = condition("One of its labels.")
    custom_fields: list[CustomFieldCondition] | None = condition("What holds for your own fields; all of these hold.")
    amount: DecimalFilter | None = condition("What it is worth, whatever the currency.")
    currency: StringFilter | None = condition("The currency of its amount.")
    expected_close: DateFilter | None = condition("When it should be won or lost.")
    stage_entered_at: DateTimeFilter | None = condition("When it came to its stage.")
    created_at: DateTimeFilter | None = condition("When it began.")
    updated_at: DateTimeFilter | None = condition("When it last changed.")
    and_: list["DealFilter"] | None = condition("All of these hold.", name="and")
    or_: list["DealFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "DealFilter | None" = condition("This does not hold.", name="not")


@strawberry.input(description="Which alerts. All the conditions given must hold.")
class AlertFilter:
    """See on_alerts."""

    id: IdFilter | None = condition("Which one.")
    version: IntFilter | None = condition("How often it changed.")
    rule: StringFilter | None = condition("The rule that raised it.")
    status: ChoiceFilter[AlertStatus] | None = condition("Where it is in its life.")
    severity: ChoiceFilter[Severity] | None = condition("How much it matters.")
    deal_id: IdFilter | None = condition("Its deal.")
    deal: DealFilter | None = condition("What holds for its deal.")
    taken_in_charge_by_id: IdFilter | None = condition("The collaborator who took charge.")
    since: DateTimeFilter | None = condition("The moment from which the defect counts.")
    raised_at: DateTimeFilter | None = condition("When it was raised.")
    snoozed_until: DateTimeFilter | None = condition("Until when it waits.")
    ended_at: DateTimeFilter | None = condition("When it ended.")
    and_: list["AlertFilter"] | None = condition("All of these hold.", name="and")
    or_: list["AlertFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "AlertFilter | None" = condition("This does not hold.", name="not")


WHENS = {"CREATED_AT": "When it was made.", "UPDATED_AT": "When it last changed."}


class DealOrderField(StrEnum):
    """Values name columns."""

    TITLE = "title"
    AMOUNT = "amount"
    EXPECTED_CLOSE = "expected_close"
    STAGE_ENTERED_AT = "stage_entered_at"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"


class AlertOrderField(StrEnum):
    """Values name columns."""

    RULE = "rule"
    SEVERITY = "severity"
    STATUS = "status"
    SINCE = "since"
    RAISED_AT = "raised_at"
    SNOOZED_UNTIL = "snoozed_until"
    ENDED_AT = "ended_at"


described(
    DealOrderField,
    "What deals can be ordered by.",
    TITLE="Title, by its code points.",
    AMOUNT="Amount, whatever the currency.",
    EXPECTED_CLOSE="Expected close.",
    STAGE_ENTERED_AT="When it came to its stage.",
    CREATED_AT="When it began.",
    UPDATED_AT="When it last changed.",
)
described(
    AlertOrderField,
    "What alerts can be ordered by.",
    RULE="Name of the rule.",
    SEVERITY="Severity, by its letters.",
    STATUS="Status, by its letters.",
    SINCE="The moment from which the defect counts.",
    RAISED_AT="When it was raised.",
    SNOOZED_UNTIL="Until when it waits.",
    ENDED_AT="When it ended.",
)


@strawberry.input(description="One term of an order.")
class DealOrder(Ordering):
    """One term."""

    field: DealOrderField = strawberry.field(description="By what.")


@strawberry.input(description="One term of an order of alerts.")
class AlertOrder(Ordering):
    """One term."""

    field: AlertOrderField = strawberry.field(description="By what.")


def columns_of(kind: type[Base], fields: type[StrEnum]) -> Columns:
    """The columns that an order's fields name."""
    table = kind.__table__.c
    return {field.value: (table[field.value], bool(table[field.value].nullable)) for field in fields}


DEAL_COLUMNS = columns_of(Deal, DealOrderField)
ALERT_COLUMNS = columns_of(Alert, AlertOrderField)
NEWEST_DEAL = [Order(Deal.__table__.c.id, descending=True)]
NEWEST_ALERT = [Order(Alert.__table__.c.id, descending=True)]


def plain(kind: type[Base], *names: str, **ids: str) -> dict[str, Any]:
    """Conditions on columns of the same names; `ids` tells the kind of those that are ids."""
    table = kind.__table__.c
    return {name: by(table[name]) for name in names} | {name: by(table[name], of) for name, of in ids.items()}


PARTY = {"relationship_manager_id": "collaborator"}
PARTIES = {"account_id": "account", "contact_id": "contact", "deal_id": "deal"}
WRITTEN = ("created_at", "updated_at")
_STAGE: Conditions = plain(Stage, "name", "position", "probability")
_PERSON: Conditions = plain(Collaborator, "name", "department", "disabled")
DEAL: Conditions = {
    **plain(
        Deal,
        "version",
        "title",
        "phase",
        "lost_reason",
        "amount",
        "currency",
        "expected_close",
        "stage_entered_at",
        "created_at",
        "updated_at",
        id="deal",
        pipeline_id="pipeline",
        stage_id="stage",
        owner_id="collaborator",
        account_id="account",
        primary_contact_id="contact",
    ),
    "stage": related(lists.has(Stage, Deal.stage_id), _STAGE),
    "owner": related(lists.has(Collaborator, Deal.owner_id), _PERSON),
    "account": related(lists.has(Account, Deal.account_id), plain(Account, "name", **PARTY)),
    "primary_contact": related(lists.has(Contact, Deal.primary_contact_id), plain(Contact, "name", **PARTY)),
    "follower_id": lambda given: [lists.is_followed_by(by(lists.FOLLOWER, "collaborator")(given))],
    "tag": lambda given: [lists.is_tagged(lambda tag: by(tag)(given))],
    "custom_fields": ON_CUSTOM_FIELDS,
    "contact_group_id": linked(GROUPS.sets.c.id, lists.in_group, "group"),
    "participant_id": lambda given: [lists.includes(by(lists.PARTICIPANT, "contact")(given))],
}
_ALERT: Conditions = {
    **plain(
        Alert,
        "version",
        "rule",
        "status",
        "severity",
        "since",
        "raised_at",
        "snoozed_until",
        "ended_at",
        id="alert",
        deal_id="deal",
        taken_in_charge_by_id="collaborator",
    ),
    "deal": related(lists.has(Deal, Alert.deal_id), DEAL),
}


def on_deals(filter: DealFilter | None) -> list[ColumnElement[bool]]:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    return where(filter, DEAL)


def on_alerts(filter: AlertFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    return where(filter, _ALERT)
