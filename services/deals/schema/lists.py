"""How lists are filtered, ordered and paged."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from sqlalchemy import ColumnElement
from strawberry import UNSET

from chassis.graphql.connections import Connection, Order, Paging, page
from chassis.graphql.context import Info
from chassis.graphql.enums import described
from chassis.graphql.filters import DateTimeFilter, IdFilter, StringFilter, on_choice, on_id, on_moment, on_text
from chassis.graphql.ordering import Direction, Nulls, orders
from services.deals.model import Alert, Deal
from services.deals.queries import lists
from services.deals.schema.enums import AlertStatus, Phase, Severity

if TYPE_CHECKING:
    from services.deals.schema.alerts import AlertType
    from services.deals.schema.deals import DealType

DealNode = Annotated["DealType", strawberry.lazy("services.deals.schema.deals")]
AlertNode = Annotated["AlertType", strawberry.lazy("services.deals.schema.alerts")]
Ends = tuple[int | None, str | None, int | None, str | None]


def _condition(description: str) -> Any:
    return strawberry.field(default=UNSET, description=description)


@strawberry.input(description="Which deals. All the conditions given must hold.")
class DealFilter:
    """See on_deals."""

    title: StringFilter | None = _condition("Its title.")
    phase: list[Phase] | None = _condition("One of these phases.")
    pipeline_id: IdFilter | None = _condition("Its pipeline.")
    stage_id: IdFilter | None = _condition("Its stage.")
    owner_id: IdFilter | None = _condition("The collaborator who owns it.")
    account_id: IdFilter | None = _condition("Its account.")
    primary_contact_id: IdFilter | None = _condition("Its primary contact.")
    currency: StringFilter | None = _condition("The currency of its amount.")
    created_at: DateTimeFilter | None = _condition("When it began.")
    updated_at: DateTimeFilter | None = _condition("When it last changed.")


@strawberry.input(description="Which alerts. All the conditions given must hold.")
class AlertFilter:
    """See on_alerts."""

    rule: StringFilter | None = _condition("The rule that raised it.")
    status: list[AlertStatus] | None = _condition("One of these statuses.")
    severity: list[Severity] | None = _condition("One of these severities.")
    deal_id: IdFilter | None = _condition("Its deal.")
    taken_in_charge_by_id: IdFilter | None = _condition("The collaborator who took charge.")
    raised_at: DateTimeFilter | None = _condition("When it was raised.")


class DealOrderField(StrEnum):
    """Values name columns."""

    TITLE = "title"
    AMOUNT = "amount"
    EXPECTED_CLOSE = "expected_close"
    STAGE_ENTERED_AT = "stage_entered_at"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"


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


@strawberry.input(description="One term of an order.")
class DealOrder:
    """See chassis.graphql.ordering.Term."""

    field: DealOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which way.")
    nulls: Nulls = strawberry.field(default=Nulls.LAST, description="Where what has no value stands.")


_DEAL_COLUMNS: dict[str, tuple[ColumnElement[Any], bool]] = {
    field.value: (Deal.__table__.c[field.value], bool(Deal.__table__.c[field.value].nullable))
    for field in DealOrderField
}
_NEWEST_DEAL = [Order(Deal.__table__.c.id, descending=True)]
_NEWEST_ALERT = [Order(Alert.__table__.c.id, descending=True)]


def on_deals(condition: DealFilter | None) -> list[ColumnElement[bool]]:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    if not condition:
        return []
    columns = Deal.__table__.c
    return [
        *on_text(columns.title, condition.title),
        *on_choice(columns.phase, condition.phase),
        *on_id(columns.pipeline_id, "pipeline", condition.pipeline_id),
        *on_id(columns.stage_id, "stage", condition.stage_id),
        *on_id(columns.owner_id, "collaborator", condition.owner_id),
        *on_id(columns.account_id, "account", condition.account_id),
        *on_id(columns.primary_contact_id, "contact", condition.primary_contact_id),
        *on_text(columns.currency, condition.currency),
        *on_moment(columns.created_at, condition.created_at),
        *on_moment(columns.updated_at, condition.updated_at),
    ]


def on_alerts(condition: AlertFilter | None) -> list[ColumnElement[bool]]:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    if not condition:
        return []
    columns = Alert.__table__.c
    return [
        *on_text(columns.rule, condition.rule),
        *on_choice(columns.status, condition.status),
        *on_choice(columns.severity, condition.severity),
        *on_id(columns.deal_id, "deal", condition.deal_id),
        *on_id(columns.taken_in_charge_by_id, "collaborator", condition.taken_in_charge_by_id),
        *on_moment(columns.raised_at, condition.raised_at),
    ]


async def deals_page(
    info: Info,
    condition: DealFilter | None,
    order: list[DealOrder] | None,
    ends: Ends,
    *also: ColumnElement[bool],
) -> Connection[DealNode]:
    """A page of deals. Raises InvalidInput, InvalidId."""
    from services.deals.schema.deals import DealType  # a deal lists others of its contact: the two know each other

    statement = lists.deals([*also, *on_deals(condition)])
    keys = orders(order, _DEAL_COLUMNS, Deal.__table__.c.id) if order else _NEWEST_DEAL
    return await page(info.context.read, statement, keys, Paging.parse(*ends), DealType.of)


async def alerts_page(
    info: Info, condition: AlertFilter | None, ends: Ends, *also: ColumnElement[bool]
) -> Connection[AlertNode]:
    """A page of alerts, newest first. Raises InvalidInput, InvalidId."""
    from services.deals.schema.alerts import AlertType  # see deals_page

    statement = lists.alerts([*also, *on_alerts(condition)])
    return await page(info.context.read, statement, _NEWEST_ALERT, Paging.parse(*ends), AlertType.of)
