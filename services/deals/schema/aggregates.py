"""How many deals and alerts there are and what deals are worth, by what they have in common."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import Numeric, cast, func, select

from chassis.graphql.aggregates import Aggregate, Group, aggregate_field, month, told
from chassis.graphql.context import Info
from chassis.graphql.enums import described
from services.deals.model import Alert, Deal, Organization, Stage
from services.deals.queries import lists
from services.deals.schema.custom_values import KNOWN_FIELDS
from services.deals.schema.enums import AlertStatus, Phase, Severity
from services.deals.schema.lists import AlertFilter, DealFilter, on_alerts, on_deals
from services.deals.schema.pipelines import PipelineType, StageType
from services.deals.schema.rights import reading
from services.deals.schema.stubs import Account, Collaborator
from services.deals.values.money import shown

_ZONE = func.coalesce(select(func.nullif(Organization.time_zone, "")).limit(1).scalar_subquery(), "UTC")


class DealGrouping(StrEnum):
    """See _DEALS."""

    PHASE = "phase"
    PIPELINE = "pipeline"
    STAGE = "stage"
    OWNER = "owner"
    ACCOUNT = "account"
    EXPECTED_CLOSE_MONTH = "expected_close_month"
    CREATED_MONTH = "created_month"


class AlertGrouping(StrEnum):
    """See _ALERTS."""

    RULE = "rule"
    STATUS = "status"
    SEVERITY = "severity"
    TAKEN_IN_CHARGE_BY = "taken_in_charge_by"
    RAISED_MONTH = "raised_month"


described(
    DealGrouping,
    "What deals can be grouped by.",
    PHASE="Where they are in their life.",
    PIPELINE="The pipeline they move in.",
    STAGE="Where they are in their pipeline.",
    OWNER="The collaborator who owns them.",
    ACCOUNT="The company they are about.",
    EXPECTED_CLOSE_MONTH="The month in which they should be won or lost.",
    CREATED_MONTH="The month in which they began, in your organization's time zone.",
)
described(
    AlertGrouping,
    "What alerts can be grouped by.",
    RULE="The rule that raised them.",
    STATUS="Where they are in their life.",
    SEVERITY="How much they matter.",
    TAKEN_IN_CHARGE_BY="The collaborator who took charge.",
    RAISED_MONTH="The month in which they were raised, in your organization's time zone.",
)


@strawberry.type(description="What the deals of a group are worth in one currency: currencies are never added up.")
class DealAmounts:
    """Part of a DealGroup."""

    currency: str = strawberry.field(description="ISO 4217, as EUR.")
    count: int = strawberry.field(description="How many deals have an amount in it.")
    sum: Decimal = strawberry.field(description="What they are worth together, exactly.")
    weighted_sum: Decimal = strawberry.field(
        description="The same, each amount times the probability of the deal's stage, to four decimals."
    )
    average: Decimal = strawberry.field(description="What one is worth on average, to four decimals.")
    min: Decimal = strawberry.field(description="The smallest amount.")
    max: Decimal = strawberry.field(description="The greatest amount.")

    @classmethod
    def of(cls, row: Group) -> "DealAmounts":
        """Of a group's rows of one currency."""
        told = row._mapping
        exact = {name: shown(told[name], told["currency"]) for name in ("sum", "min", "max")}
        rounded = {name: told[name] for name in ("weighted_sum", "average")}
        return cls(currency=told["currency"], count=told["count"], **exact, **rounded)


@strawberry.type(description="Deals that have something in common.")
class DealGroup:
    """See dealAggregate."""

    keys: strawberry.Private[dict[str, Any]]
    count: int = strawberry.field(description="How many there are, with or without an amount.")
    amounts: list[DealAmounts] = strawberry.field(description="What they are worth, by currency.")
    phase: Phase | None = strawberry.field(description="Their phase; null unless grouped by PHASE.")
    expected_close_month: date | None = strawberry.field(
        description="The first day of the month; null for none, or unless grouped by EXPECTED_CLOSE_MONTH."
    )
    created_month: date | None = strawberry.field(
        description="The first day of the month; null unless grouped by CREATED_MONTH."
    )

    @strawberry.field(description="Their stage; null unless grouped by STAGE.")
    async def stage(self, info: Info) -> StageType | None:
        """Loaded with the others of the answer."""
        return await StageType.load(info, self.keys["stage"]) if self.keys["stage"] else None

    @strawberry.field(description="Their pipeline; null unless grouped by PIPELINE.")
    async def pipeline(self, info: Info) -> PipelineType | None:
        """Loaded with the others of the answer."""
        return await PipelineType.load(info, self.keys["pipeline"]) if self.keys["pipeline"] else None

    @strawberry.field(description="Who owns them; null for nobody, or unless grouped by OWNER.")
    def owner(self) -> Collaborator | None:
        """A stub."""
        return Collaborator.of(self.keys["owner"])

    @strawberry.field(description="Their company; null for none, or unless grouped by ACCOUNT.")
    def account(self) -> Account | None:
        """A stub."""
        return Account.of(self.keys["account"])


@strawberry.type(description="Alerts that have something in common.")
class AlertGroup:
    """See alertAggregate."""

    taker: strawberry.Private[UUID | None]
    count: int = strawberry.field(description="How many there are.")
    rule: str | None = strawberry.field(description="Their rule; null unless grouped by RULE.")
    status: AlertStatus | None = strawberry.field(description="Their status; null unless grouped by STATUS.")
    severity: Severity | None = strawberry.field(description="Their severity; null unless grouped by SEVERITY.")
    raised_month: date | None = strawberry.field(
        description="The first day of the month; null unless grouped by RAISED_MONTH."
    )

    @strawberry.field(description="Who took charge; null for nobody, or unless grouped by it.")
    def taken_in_charge_by(self) -> Collaborator | None:
        """A stub."""
        return Collaborator.of(self.taker)


def _deals(rows: Sequence[Group]) -> list[DealGroup]:
    """Rows of one group follow one another, one for each currency and one for the deals without an amount."""
    names = [one.value for one in DealGrouping]
    return [
        _deal_group(dict(zip(names, key, strict=True)), list(group))
        for key, group in groupby(rows, lambda row: [told(row, name) for name in names])
    ]


def _deal_group(keys: dict[str, Any], rows: Sequence[Group]) -> DealGroup:
    return DealGroup(
        keys=keys,
        count=sum(row._mapping["count"] for row in rows),
        amounts=[DealAmounts.of(row) for row in rows if row._mapping["currency"] is not None],
        phase=Phase(keys["phase"]) if keys["phase"] else None,
        expected_close_month=keys["expected_close_month"],
        created_month=keys["created_month"],
    )


def _alerts(rows: Sequence[Group]) -> list[AlertGroup]:
    return [
        AlertGroup(
            count=row._mapping["count"],
            rule=told(row, "rule"),
            status=AlertStatus(status) if (status := told(row, "status")) else None,
            severity=Severity(severity) if (severity := told(row, "severity")) else None,
            taker=told(row, "taken_in_charge_by"),
            raised_month=told(row, "raised_month"),
        )
        for row in rows
    ]


def _measures(columns: Any) -> list[Any]:
    fine = Numeric(30, 4)
    return [
        func.sum(columns.amount).label("sum"),
        cast(func.sum(columns.amount * columns.probability) / 100, fine).label("weighted_sum"),
        cast(func.avg(columns.amount), fine).label("average"),
        func.min(columns.amount).label("min"),
        func.max(columns.amount).label("max"),
    ]


_DEALS = Aggregate(
    lists.DEALS,
    on_deals,
    {
        DealGrouping.PHASE: Deal.phase,
        DealGrouping.PIPELINE: Deal.pipeline_id,
        DealGrouping.STAGE: Deal.stage_id,
        DealGrouping.OWNER: Deal.owner_id,
        DealGrouping.ACCOUNT: Deal.account_id,
        DealGrouping.EXPECTED_CLOSE_MONTH: month(Deal.expected_close),
        DealGrouping.CREATED_MONTH: month(Deal.created_at, _ZONE),
        "currency": Deal.currency,
    },
    _deals,
    columns={
        "amount": Deal.amount,
        "probability": select(Stage.probability).where(Stage.id == Deal.stage_id).scalar_subquery(),
    },
    measures=_measures,
    always=("currency",),
    check=KNOWN_FIELDS,
)
_ALERTS = Aggregate(
    lists.ALERTS,
    on_alerts,
    {
        AlertGrouping.RULE: Alert.rule,
        AlertGrouping.STATUS: Alert.status,
        AlertGrouping.SEVERITY: Alert.severity,
        AlertGrouping.TAKEN_IN_CHARGE_BY: Alert.taken_in_charge_by_id,
        AlertGrouping.RAISED_MONTH: month(Alert.raised_at, _ZONE),
    },
    _alerts,
    check=KNOWN_FIELDS,
)


@strawberry.type
class AggregateQueries:
    """Part of the root of reading."""

    deal_aggregate = aggregate_field(
        lambda: _DEALS,
        DealGroup,
        filter=DealFilter,
        by=DealGrouping,
        description="How many deals there are and what they are worth, by groups.",
        extensions=reading(),
    )
    alert_aggregate = aggregate_field(
        lambda: _ALERTS,
        AlertGroup,
        filter=AlertFilter,
        by=AlertGrouping,
        description="How many alerts there are, by groups.",
        extensions=reading(),
    )
