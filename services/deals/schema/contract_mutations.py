"""Writing contracts."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from chassis import text
from chassis.errors import InvalidInput
from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import parse_id
from services.deals.commands.billing import contracts
from services.deals.schema.contracts import ContractType
from services.deals.schema.line_inputs import reason_of
from services.deals.schema.quote_enums import ContractStatus
from services.deals.schema.rights import writing
from services.deals.schema.unit import GIVEN, Update, Write, given, written
from services.deals.values import totals
from services.deals.values.money import money
from services.deals.values.terms import Period, Renewal

ContractResult = Annotated[
    ContractType | CommonErrors,
    strawberry.union("ContractResult", description="The contract, or why nothing was written."),
]


@strawberry.input(description="A contract to write down on a deal.")
class CreateContractInput(Write):
    """See commands.billing.contracts.NewContract."""

    deal_id: strawberry.ID = strawberry.field(description="The deal it is on; its parties are the deal's.")
    title: str = strawberry.field(description="What it is about, on one line.")
    reference: str = strawberry.field(default="", description="Your own number of it, or where it lies.")
    amount: Decimal = strawberry.field(description="Without VAT, for one period.")
    currency: str = strawberry.field(default="EUR", description="ISO 4217.")
    period: Period = strawberry.field(default=Period.ONCE, description="What the amount is for.")
    starts_on: date | None = strawberry.field(default=None, description="Its first day.")
    ends_on: date | None = strawberry.field(default=None, description="Its last day; null without an end.")
    renewal: Renewal = strawberry.field(default=Renewal.NONE, description="What becomes of it then.")
    renewal_months: int | None = strawberry.field(default=None, description="For how many months it goes on.")
    notice_months: int = strawberry.field(default=0, description="Months of notice.")
    notice_days: int = strawberry.field(default=0, description="Days of notice, beside the months.")
    indexation: str = strawberry.field(default="", description="How the amount follows an index, in words.")
    indexation_percent: Decimal | None = strawberry.field(
        default=None, description="By how much the amount grows each year, in percent."
    )
    indexed_on: date | None = strawberry.field(default=None, description="When the next value applies.")
    next_amount: Decimal | None = strawberry.field(default=None, description="The next value; it wins over percent.")


@strawberry.input(description="What to change of a draft or of a contract in force; what is absent stays.")
class UpdateContractInput(Update):
    """See commands.billing.contracts.ContractChange."""

    title: str | None = strawberry.field(default=UNSET, description="What it is about; never null.")
    reference: str | None = strawberry.field(default=UNSET, description="Your own number of it.")
    amount: Decimal | None = strawberry.field(default=UNSET, description="For one period; never null.")
    period: Period | None = strawberry.field(default=UNSET, description="What the amount is for; never null.")
    starts_on: date | None = strawberry.field(default=UNSET, description="The first day of the term.")
    ends_on: date | None = strawberry.field(default=UNSET, description="The last day of the term.")
    renewal: Renewal | None = strawberry.field(default=UNSET, description="What becomes of it then; never null.")
    renewal_months: int | None = strawberry.field(default=UNSET, description="For how many months it goes on.")
    notice_months: int | None = strawberry.field(default=UNSET, description="Months of notice; never null.")
    notice_days: int | None = strawberry.field(default=UNSET, description="Days of notice; never null.")
    indexation: str | None = strawberry.field(default=UNSET, description="How the amount follows an index.")
    indexation_percent: Decimal | None = strawberry.field(default=UNSET, description="Its growth each year.")
    indexed_on: date | None = strawberry.field(default=UNSET, description="When the next value applies.")
    next_amount: Decimal | None = strawberry.field(default=UNSET, description="The next value.")


@strawberry.input(description="How a contract goes on.")
class ChangeContractStatusInput(Update):
    """See commands.billing.contracts.ContractStep."""

    status: ContractStatus = strawberry.field(description="ACTIVE, ENDED, TERMINATED or CANCELLED.")
    reason: str | None = strawberry.field(default=None, description="Why it ends.")


_NEVER_NULL = {
    "title": "title",
    "amount": "amount",
    "period": "period",
    "renewal": "renewal",
    "notice_months": "noticeMonths",
    "notice_days": "noticeDays",
}


def _contract_values(input: Any, currency: str) -> dict[str, Any]:
    """Parsed values of what was given of a contract. Raises InvalidInput."""
    names = [name for name in _CONTRACT if hasattr(input, name)]
    told = given(**{name: getattr(input, name) for name in names})
    for name, field in _NEVER_NULL.items():
        if name in told and told[name] is None:
            raise InvalidInput(field, "It must not be null.")
    return {name: _contract_value(name, value, currency) for name, value in told.items()}


_CONTRACT = (
    *("title", "reference", "amount", "period", "starts_on", "ends_on", "renewal", "renewal_months"),
    *("notice_months", "notice_days", "indexation", "indexation_percent", "indexed_on", "next_amount"),
)


def _contract_value(name: str, value: Any, currency: str) -> Any:
    match name:
        case "title":
            return text.line(value, name)
        case "reference" | "indexation":
            return text.optional_line(value, name) or ""
        case "amount" | "next_amount" if value is not None:
            told = money(value, currency)
            return told.amount if told else None
        case "indexation_percent" if value is not None:
            return totals.rate(value, "indexationPercent")
        case "period" | "renewal":
            return value.value
    return value


@strawberry.type
class ContractMutation:
    """Part of the root of writing."""

    @strawberry.mutation(description="Draft a contract on a deal.", extensions=writing())
    async def create_contract(self, info: Info, input: Annotated[CreateContractInput, GIVEN]) -> ContractResult:
        """See commands.billing.contracts.create_contract."""
        currency = totals.currency(input.currency)
        values = {**_contract_values(input, currency), "currency": currency}
        order = contracts.NewContract(deal=parse_id("deal", input.deal_id, "dealId"), values=values)
        return await written(info, input, contracts.create_contract, order, ContractType)

    @strawberry.mutation(description="Change a draft, or amend a contract in force.", extensions=writing())
    async def update_contract(self, info: Info, input: Annotated[UpdateContractInput, GIVEN]) -> ContractResult:
        """See commands.billing.contracts.update_contract."""
        id = parse_id("contract", input.id)
        now = await ContractType.load(info, id)
        changes = _contract_values(input, now.currency if now else "EUR")
        order = contracts.ContractChange(id=id, expected_version=input.expected_version, changes=changes)
        return await written(info, input, contracts.update_contract, order, ContractType)

    @strawberry.mutation(
        description="A contract comes into force, ends, is terminated or given up.", extensions=writing()
    )
    async def change_contract_status(
        self, info: Info, input: Annotated[ChangeContractStatusInput, GIVEN]
    ) -> ContractResult:
        """See commands.billing.contracts.change_contract_status."""
        order = contracts.ContractStep(
            id=parse_id("contract", input.id),
            expected_version=input.expected_version,
            status=input.status,
            reason=reason_of(input.reason),
        )
        return await written(info, input, contracts.change_contract_status, order, ContractType)

    create_contracts = batch_of(create_contract, "create_contracts", "Draft contracts.")
