"""Deals."""

from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis.graphql.connections import After, Before, Connection, First, Last
from chassis.graphql.context import Info
from chassis.graphql.entities import Entities
from chassis.graphql.listing import Listing, Within, list_field
from chassis.graphql.selecting import Needs
from chassis.identifiers import format_id, parse_id
from services.deals import model
from services.deals.commands.quotes.drafts import DEFAULT_CURRENCY
from services.deals.model import Deal
from services.deals.queries import batches, lists
from services.deals.schema.custom_values import KNOWN_FIELDS, CustomValueType
from services.deals.schema.enums import AlertStatus, ParticipantRole, Phase
from services.deals.schema.lists import DEAL_COLUMNS, NEWEST_DEAL, on_deals
from services.deals.schema.message_lists import MessageFilter, MessageOrder
from services.deals.schema.papers import ClosePush, Document, Following
from services.deals.schema.pipelines import ExitCriterion, PipelineType, StageType
from services.deals.schema.stubs import Account, Collaborator, Contact, Team
from services.deals.schema.timeline import Comment, Kinds, People, TimelineEntry, timeline_page
from services.deals.states.alert import OPEN
from services.deals.values.money import shown

if TYPE_CHECKING:
    from services.deals.schema.alerts import AlertType
    from services.deals.schema.contracts import ContractType, InvoiceType
    from services.deals.schema.messages import MessageType
    from services.deals.schema.products import LineType
    from services.deals.schema.quotes import QuoteRequestType, QuoteType

Alert = Annotated["AlertType", strawberry.lazy("services.deals.schema.alerts")]
Contract = Annotated["ContractType", strawberry.lazy("services.deals.schema.contracts")]
Invoice = Annotated["InvoiceType", strawberry.lazy("services.deals.schema.contracts")]
Message = Annotated["MessageType", strawberry.lazy("services.deals.schema.messages")]
Line = Annotated["LineType", strawberry.lazy("services.deals.schema.products")]
Quote = Annotated["QuoteType", strawberry.lazy("services.deals.schema.quotes")]
QuoteRequest = Annotated["QuoteRequestType", strawberry.lazy("services.deals.schema.quotes")]


@strawberry.type(description="A contact included in a deal's exchanges.")
class Participant:
    """See model.Participant."""

    contact: Contact = strawberry.field(description="Who.")
    part: str = strawberry.field(description="The part they play, in your words.")
    role: ParticipantRole = strawberry.field(description="What they count for.")


@strawberry.type(description="A stay of a deal in a stage.")
class StageStay:
    """See model.StageVisit."""

    row: strawberry.Private[Row[Any]]
    entered_at: datetime = strawberry.field(description="When it came.")
    left_at: datetime | None = strawberry.field(description="When it left; null while it is there.")
    days: float = strawberry.field(description="How long it stayed, or has stayed until now.")

    @classmethod
    def of(cls, row: Row[Any], now: datetime) -> Self:
        """The stay of a row, its length as of now."""
        stayed = ((row.left_at or now) - row.entered_at).total_seconds()
        return cls(row=row, entered_at=row.entered_at, left_at=row.left_at, days=max(0.0, stayed) / 86_400)

    @strawberry.field(description="The stage; it may have been taken out of its pipeline since.")
    async def stage(self, info: Info) -> StageType:
        """Loaded with the others of the answer."""
        return await StageType.load(info, self.row.stage_id)

    @strawberry.field(description="Who moved it there; null where it was the system.")
    def moved_by(self) -> Collaborator | None:
        """A stub."""
        return Collaborator.of(self.row.moved_by_id)


@strawberry.federation.type(
    name="Deal", keys=["id"], description="The link between a contact and/or an account and your firm."
)
class DealType:
    """See model.Deal."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `deal_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    title: str = strawberry.field(description="Its title.")
    phase: Phase = strawberry.field(description="Where it is in its life.")
    lost_reason: str | None = strawberry.field(description="Why it was lost, if it was.")
    amount: Decimal | None = strawberry.field(description="What it is worth, exactly; null if unknown.")
    currency: str | None = strawberry.field(description="The currency of the amount, ISO 4217.")
    amount_follows_lines: bool = strawberry.field(description="Whether the amount is what its lines came to.")
    expected_close: date | None = strawberry.field(description="When it should be won or lost.")
    tags: list[str] = strawberry.field(description="Its labels.")
    signed_at: datetime | None = strawberry.field(description="When it was won, if it was.")
    lost_at: datetime | None = strawberry.field(description="When it was lost, if it was.")
    stage_entered_at: datetime = strawberry.field(description="When it came to its stage.")
    created_at: datetime = strawberry.field(description="When it began.")
    updated_at: datetime = strawberry.field(description="When it last changed.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The node of a row."""
        return cls(
            row=row,
            id=strawberry.ID(format_id("deal", row.id)),
            version=row.version,
            title=row.title,
            phase=row.phase and Phase(row.phase),
            lost_reason=row.lost_reason,
            amount=None if row.amount is None else shown(row.amount, row.currency),
            currency=row.currency,
            amount_follows_lines=row.amount_follows_lines,
            expected_close=row.expected_close,
            tags=row.tags,
            signed_at=row.signed_at,
            lost_at=row.lost_at,
            stage_entered_at=row.stage_entered_at,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @classmethod
    async def load(cls, info: Info, id: UUID | None) -> Self | None:
        """The deal of an id, loaded with the others of the answer; None where there is none."""
        row = await info.context.load(batches.deals, id)
        return None if row is None else cls.of(row)

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity of a key."""
        row = await _ENTITIES.row(info, parse_id("deal", id))
        return None if row is None else cls.of(row)

    @strawberry.field(description="How well it is kept up, 0 to 100: see `Health.score`; null once it is done or lost.")
    async def health(self, info: Info) -> int | None:
        """Loaded with the others of the answer."""
        row = await info.context.load(batches.scores, self.row.id)
        return None if row is None else row.score

    @strawberry.field(description="Where it is in its pipeline.")
    async def stage(self, info: Info) -> StageType:
        """Loaded with the others of the answer."""
        return await StageType.load(info, self.row.stage_id)

    @strawberry.field(description="Its stays in stages, oldest first.")
    async def stage_history(self, info: Info) -> list[StageStay]:
        """One statement for all the deals of an answer."""
        now = info.context.database.clock()
        return [StageStay.of(row, now) for row in await info.context.load(batches.stays_of_deal, self.row.id)]

    @strawberry.field(description="What its stage requires before it goes on, and it lacks.")
    async def unmet_criteria(self, info: Info) -> list[ExitCriterion]:
        """Two statements for all the deals of an answer."""
        stage = await StageType.load(info, self.row.stage_id)
        if not stage.criteria:
            return []
        absent = await info.context.load(batches.lacks_of_deal, self.row.id)
        return [one for one in stage.criteria if one.need in absent]

    @strawberry.field(description="The pipeline it moves in.")
    async def pipeline(self, info: Info) -> PipelineType:
        """Loaded with the others of the answer."""
        return await PipelineType.load(info, self.row.pipeline_id)

    @strawberry.field(description="The collaborator who owns it.")
    def owner(self) -> Collaborator | None:
        """A stub."""
        return Collaborator.of(self.row.owner_id)

    @strawberry.field(description="The company it is about.")
    def account(self) -> Account | None:
        """A stub."""
        return Account.of(self.row.account_id)

    @strawberry.field(description="Whom messages go to by default.")
    def primary_contact(self) -> Contact | None:
        """A stub."""
        return Contact.of(self.row.primary_contact_id)

    @strawberry.field(description="Other contacts included in the exchanges.")
    async def participants(self, info: Info) -> list[Participant]:
        """One statement for all the deals of an answer."""
        rows = await info.context.load(batches.participants_of_deal, self.row.id)
        people = ((Contact.of(row.contact_id), row) for row in rows)
        return [
            Participant(contact=contact, part=row.part, role=ParticipantRole(row.role))
            for contact, row in people
            if contact is not None
        ]

    @strawberry.field(
        description="Collaborators told of what happens on it, by hand, by a team or by a rule of theirs."
    )
    async def followers(self, info: Info) -> list[Collaborator]:
        """One statement for all the deals of an answer."""
        rows = await info.context.load(batches.followers_of_deal, self.row.id)
        return [one.collaborator for one in Following.all_of(rows)]

    @strawberry.field(description="The same, and why each follows.")
    async def following(self, info: Info) -> list[Following]:
        """One statement for all the deals of an answer."""
        return Following.all_of(await info.context.load(batches.followers_of_deal, self.row.id))

    @strawberry.field(description="Values of the fields that your organization adds to deals, in their order.")
    async def custom_values(self, info: Info) -> list[CustomValueType]:
        """One statement for all the deals of an answer."""
        return CustomValueType.all_of(await info.context.load(batches.custom_values_of_deal, self.row.id))

    @strawberry.field(description="What is kept elsewhere about it, oldest first.")
    async def documents(self, info: Info) -> list[Document]:
        """One statement for all the deals of an answer."""
        return [Document.of(row) for row in await info.context.load(batches.documents_of_deal, self.row.id)]

    @strawberry.field(description="Each time that its expected close was put off, oldest first.")
    async def close_pushes(self, info: Info) -> list[ClosePush]:
        """One statement for all the deals of an answer."""
        return [ClosePush.of(row) for row in await info.context.load(batches.pushes_of_deal, self.row.id)]

    @strawberry.field(description="Teams whose members are told of what happens on it, whoever they are at the time.")
    async def follower_teams(self, info: Info) -> list[Team]:
        """One statement for all the deals of an answer."""
        return [Team.of(row.team_id) for row in await info.context.load(batches.teams_of_deal, self.row.id)]

    @strawberry.field(description="Its open alerts, oldest first.")
    async def alerts(self, info: Info) -> list[Alert]:
        """One statement for all the deals of an answer."""
        from services.deals.schema.alerts import AlertType  # an alert knows its deal, and a deal its alerts

        rows = await info.context.load(batches.alerts_of_deal, self.row.id)
        return [AlertType.of(row) for row in rows if AlertStatus(row.status) in OPEN]

    @strawberry.field(description="Products and services it is about, before any quote.")
    async def lines(self, info: Info) -> list[Line]:
        """One statement for all the deals of an answer."""
        from services.deals.schema.products import LineType

        rows = await info.context.load(batches.lines_of_deal, self.row.id)
        return [LineType.of(row, self.currency or DEFAULT_CURRENCY) for row in rows]

    @strawberry.field(description="Its quotes, every version of each, oldest first.")
    async def quotes(self, info: Info) -> list[Quote]:
        """One statement for all the deals of an answer."""
        from services.deals.schema.quotes import QuoteType

        return [QuoteType.of(row) for row in await info.context.load(batches.quotes_of_deal, self.row.id)]

    @strawberry.field(description="What suppliers were asked to offer for it, oldest first.")
    async def quote_requests(self, info: Info) -> list[QuoteRequest]:
        """One statement for all the deals of an answer."""
        from services.deals.schema.quotes import QuoteRequestType

        return [QuoteRequestType.of(row) for row in await info.context.load(batches.requests_of_deal, self.row.id)]

    @strawberry.field(description="Its contracts, oldest first.")
    async def contracts(self, info: Info) -> list[Contract]:
        """One statement for all the deals of an answer."""
        from services.deals.schema.contracts import ContractType

        return [ContractType.of(row) for row in await info.context.load(batches.contracts_of_deal, self.row.id)]

    @strawberry.field(description="Its invoices and credit notes, oldest first.")
    async def invoices(self, info: Info) -> list[Invoice]:
        """One statement for all the deals of an answer."""
        from services.deals.schema.contracts import InvoiceType

        return [InvoiceType.of(row) for row in await info.context.load(batches.invoices_of_deal, self.row.id)]

    messages = list_field(
        lambda: import_module("services.deals.schema.messages").MESSAGES,
        Message,
        filter=MessageFilter,
        order=MessageOrder,
        newest_first=True,
        within=Within(model.Message.deal_id, lambda deal: deal.row.id),
        description="E-mails that were written from it.",
    )

    @strawberry.field(description="What colleagues say about it, oldest first.")
    async def comments(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Comment]:
        """One statement for all the deals of an answer."""
        from services.deals.schema.comments import COMMENTS  # a comment knows what it is on

        ends = (first, after, last, before)
        return await COMMENTS.page_within(info, model.Comment.deal_id, self.row.id, None, None, ends)

    @strawberry.field(description="What happened on it, newest first.")
    async def timeline(
        self,
        info: Info,
        kinds: Kinds = None,
        people: People = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[TimelineEntry]:
        """Events, notifications and alerts in one order."""
        return await timeline_page(info, self.row.id, kinds, people, (first, after, last, before))


_NEEDS: Needs = {
    "amount": ("amount", "currency"),
    "stage": ("stage_id",),
    "pipeline": ("pipeline_id",),
    "owner": ("owner_id",),
    "account": ("account_id",),
    "primaryContact": ("primary_contact_id",),
    **dict.fromkeys(("participants", "followers", "alerts", "timeline", "messages", "customValues"), ()),
}
_ENTITIES = Entities("Deal", lists.DEALS, Deal.__table__.c.id, _NEEDS)
DEALS = Listing(
    lists.DEALS, Deal.__table__.c.id, DealType.of, on_deals, DEAL_COLUMNS, NEWEST_DEAL, _NEEDS, check=KNOWN_FIELDS
)
