"""Alerts, their reasons and their remedies."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row
from strawberry.scalars import JSON

from chassis import errors
from chassis.graphql.context import Info
from chassis.graphql.entities import Entities
from chassis.graphql.errors import Error, register
from chassis.graphql.listing import Listing
from chassis.graphql.selecting import Needs
from chassis.identifiers import format_id, parse_id
from services.deals.errors import AlreadyTakenInCharge as AlreadyTaken
from services.deals.model import Alert
from services.deals.queries import batches, lists
from services.deals.rules import RULES
from services.deals.rules import base as rules
from services.deals.rules.facts import Fact, facts_of
from services.deals.schema.custom_values import KNOWN_FIELDS
from services.deals.schema.deals import DealType
from services.deals.schema.enums import AlertStatus, Severity
from services.deals.schema.lists import ALERT_COLUMNS, NEWEST_ALERT, on_alerts
from services.deals.schema.stubs import Account, Collaborator, Contact

Locale = Annotated[
    str | None,
    strawberry.argument(description="Language of the text, as fr or en-GB; your organization's if absent."),
]
_UTC = "UTC"


@strawberry.type(description="A remedy ready to run.")
class Suggestion:
    """See rules.base.Suggestion."""

    label: str = strawberry.field(description="What to write on its button.")
    mutation: str = strawberry.field(description="Name of the mutation that carries it out.")
    variables: JSON = strawberry.field(description="The mutation's arguments, filled in: `{input: {…}}`.")


@strawberry.type(description="A fact that an alert rests on.")
class AlertFact:
    """See rules.facts.Fact."""

    name: str = strawberry.field(description="Which of the rule's figures, as `expected_days`.")
    value: str = strawberry.field(description="As it is kept: text, a number, a moment or day (ISO 8601), or a TypeID.")
    at: datetime | None = strawberry.field(description="The moment, where it is one; a day's beginning, in UTC.")
    number: int | None = strawberry.field(description="The number, where it is one.")
    node_id: strawberry.ID | None = strawberry.field(
        description="TypeID of the thing that it names, where it names one: a deal's quote, a contact, a stage…"
    )

    @classmethod
    def of(cls, fact: Fact) -> Self:
        """As the API tells it."""
        id = None if fact.id is None else strawberry.ID(fact.id)
        return cls(name=fact.name, value=fact.value, at=fact.at, number=fact.number, node_id=id)


@strawberry.federation.type(
    name="Alert", keys=["id"], description="A defect in the upkeep of a deal, meant to be taken charge of."
)
class AlertType:
    """See model.Alert."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `alert_…`.")
    version: int = strawberry.field(description="Grows with every change.")
    rule: str = strawberry.field(description="Name of the rule that raised it.")
    severity: Severity = strawberry.field(description="How much it matters.")
    status: AlertStatus = strawberry.field(description="Where it is in its life.")
    since: datetime = strawberry.field(description="The moment from which the defect counts.")
    raised_at: datetime = strawberry.field(description="When it was raised.")
    taken_in_charge_at: datetime | None = strawberry.field(description="When somebody took charge of it.")
    snoozed_until: datetime | None = strawberry.field(description="Until when it waits, if it does.")
    ended_at: datetime | None = strawberry.field(description="When it was resolved, dismissed, or closed by itself.")
    ending_reason: str | None = strawberry.field(description="What was said when it was resolved or dismissed.")
    ending_remedy: str | None = strawberry.field(description="The suggestion's mutation that resolved it, if one did.")
    step: int = strawberry.field(description="Which of the rule's thresholds was passed, from 0.")
    escalation: int = strawberry.field(
        description="How often it went to somebody else as nobody took charge: 1 to the manager, 2 to the"
        " administrators."
    )
    figures: JSON = strawberry.field(description="The facts that its reason rests on, by name.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The node of a row."""
        return cls(
            row=row,
            id=strawberry.ID(format_id("alert", row.id)),
            version=row.version,
            rule=row.rule,
            severity=row.severity and Severity(row.severity),
            status=row.status and AlertStatus(row.status),
            since=row.since,
            raised_at=row.raised_at,
            taken_in_charge_at=row.taken_in_charge_at,
            snoozed_until=row.snoozed_until,
            ended_at=row.ended_at,
            ending_reason=row.ending_reason,
            ending_remedy=row.ending_remedy,
            step=row.step,
            escalation=row.escalation,
            figures=JSON(row.figures),
        )

    @classmethod
    async def load(cls, info: Info, id: UUID | None) -> Self | None:
        """The alert of an id, loaded with the others of the answer; None where there is none."""
        row = await info.context.load(batches.alerts, id)
        return None if row is None else cls.of(row)

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity of a key."""
        row = await _ENTITIES.row(info, parse_id("alert", id))
        return None if row is None else cls.of(row)

    @strawberry.field(description="The defect in a few words.")
    async def headline(self, info: Info, locale: Locale = None) -> str:
        """The rule's own words."""
        language, _ = await self._culture(info, locale)
        return RULES[self.rule].headlines[language]

    @strawberry.field(description="The contact whose upkeep is at fault; null where it is a deal's or an account's.")
    def contact(self) -> Contact | None:
        """A stub."""
        return None if self.row.contact_id is None else Contact.of(self.row.contact_id)

    @strawberry.field(description="The account whose upkeep is at fault; null where it is a deal's or a contact's.")
    def account(self) -> Account | None:
        """A stub."""
        return None if self.row.account_id is None else Account.of(self.row.account_id)

    @strawberry.field(description="The deal whose upkeep is at fault; null where it is a contact's or an account's.")
    async def deal(self, info: Info) -> DealType | None:
        """Loaded with the others of the answer."""
        return None if self.row.deal_id is None else await DealType.load(info, self.row.deal_id)

    @strawberry.field(description="Why it was raised, in one sentence with its figures.")
    async def reason(self, info: Info, locale: Locale = None) -> str:
        """The rule's own words."""
        rule = RULES[self.rule]
        language, _ = await self._culture(info, locale)
        return rule.reason(self.row.figures, info.context.database.clock(), language)

    @strawberry.field(description="The facts that its reason rests on, each as what it is.")
    def facts(self) -> list[AlertFact]:
        """By name."""
        return [AlertFact.of(fact) for fact in facts_of(self.row.figures)]

    @strawberry.field(description="Remedies ready to run, the best first; none once it has ended.")
    async def suggestions(self, info: Info, locale: Locale = None) -> list[Suggestion]:
        """The rule's remedies, for this deal and whoever asks."""
        return await self.suggested(info, locale)

    async def suggested(self, info: Info, locale: str | None = None) -> list[Suggestion]:
        """The rule's remedies."""
        found = RULES[self.rule].suggestions(await self.case(info, locale)) if self.ended_at is None else []
        return [Suggestion(label=one.label, mutation=one.mutation, variables=JSON(one.variables)) for one in found]

    async def case(self, info: Info, locale: str | None = None) -> rules.Case:
        """What remedies are made for."""
        deal = await info.context.load(batches.deals, self.row.deal_id) if self.row.deal_id else None
        language, zone = await self._culture(info, locale)
        return rules.Case(
            deal_id=self.row.deal_id,
            deal_title=deal.title if deal else "",
            phase=deal.phase if deal else "",
            owner_id=deal.owner_id if deal else None,
            viewer_id=info.context.actor.collaborator,
            now=info.context.database.clock(),
            time_zone=zone,
            language=language,
            figures=self.row.figures,
            contact_id=self.row.contact_id,
            account_id=self.row.account_id,
        )

    async def _culture(self, info: Info, locale: str | None) -> tuple[rules.Language, str]:
        organization = await info.context.load(batches.organizations, self.row.organization_id)
        language = rules.language_of(locale or (organization.locale if organization else None))
        return language, (organization.time_zone if organization else "") or _UTC

    @strawberry.field(description="Who should take charge; empty for the administrators.")
    def addressees(self) -> list[Collaborator]:
        """Stubs."""
        people = (Collaborator.of(id) for id in self.row.addressee_ids)
        return [person for person in people if person is not None]

    @strawberry.field(description="Who took charge of it.")
    def taken_in_charge_by(self) -> Collaborator | None:
        """A stub."""
        return Collaborator.of(self.row.taken_in_charge_by_id)

    @strawberry.field(description="Who resolved or dismissed it; null where it closed by itself.")
    def ended_by(self) -> Collaborator | None:
        """A stub."""
        return Collaborator.of(self.row.ended_by_id)

    @strawberry.field(description="The alert of the same rule on the same deal before this one.")
    async def predecessor(self, info: Info) -> "AlertType | None":
        """Loaded with the others of the answer."""
        return await AlertType.load(info, self.row.predecessor_id)


_NEEDS: Needs = {
    "headline": ("organization_id", "rule"),
    "reason": ("organization_id", "rule", "figures"),
    "facts": ("figures",),
    "contact": ("contact_id",),
    "account": ("account_id",),
    "deal": ("deal_id",),
    "addressees": ("addressee_ids",),
    "takenInChargeBy": ("taken_in_charge_by_id",),
    "endedBy": ("ended_by_id",),
    "predecessor": ("predecessor_id",),
}
_ENTITIES = Entities("Alert", lists.ALERTS, Alert.__table__.c.id, _NEEDS)
ALERTS = Listing(
    lists.ALERTS,
    Alert.__table__.c.id,
    AlertType.of,
    on_alerts,
    ALERT_COLUMNS,
    NEWEST_ALERT,
    needs=_NEEDS,
    check=KNOWN_FIELDS,
)


@register
@strawberry.type(description="Another collaborator was first.")
class AlreadyTakenInCharge(Error):
    """See errors.AlreadyTakenInCharge.

    Its fields are as nullable as Alert's of the same names: a document may ask for both side by side.
    """

    taken_in_charge_by: Collaborator | None = strawberry.field(description="Who; always there.")
    taken_in_charge_at: datetime | None = strawberry.field(description="When; always there.")

    @classmethod
    def of(cls, error: errors.DomainError) -> Self:
        """With who was first."""
        if not isinstance(error, AlreadyTaken):
            raise TypeError(f"not an AlreadyTakenInCharge: {error!r}")
        return cls(
            code=error.code,
            message=error.message,
            path=[*error.path],
            taken_in_charge_by=Collaborator.of(error.collaborator),
            taken_in_charge_at=error.at,
        )
