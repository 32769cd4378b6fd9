"""Writing deals: input types, their parsing, the mutations."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry import UNSET

from chassis import text
from chassis.custom_fields import MAX_VALUES, Told
from chassis.errors import InvalidInput
from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.graphql.custom_fields import CustomValueInput
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import parse_id
from services.deals.commands import deals as commands
from services.deals.commands import people
from services.deals.schema.deals import DealType
from services.deals.schema.enums import ParticipantRole, Phase
from services.deals.schema.rights import writing
from services.deals.schema.unit import GIVEN, Update, Write, given, written
from services.deals.values import links
from services.deals.values.money import money
from services.deals.values.references import MOST_PEOPLE, ids, optional_id

MOST_OF_A_PART = 80
MOST_OF_A_REASON = 1_000
DealResult = Annotated[
    DealType | CommonErrors, strawberry.union("DealResult", description="The deal, or why nothing was written.")
]


@strawberry.input(description="A contact included in a deal, with the part they play.")
class ParticipantInput:
    """See model.Participant."""

    contact_id: strawberry.ID = strawberry.field(description="Who.")
    part: str = strawberry.field(description="The part they play, in your words.")
    role: ParticipantRole = strawberry.field(default=ParticipantRole.OTHER, description="What they count for.")


@strawberry.input(description="A new deal: with a primary contact, an account, or both.")
class CreateDealInput(Write):
    """See commands.deals.NewDeal."""

    title: str = strawberry.field(description="Its title, on one line.")
    phase: Phase = strawberry.field(default=Phase.LEAD, description="LEAD or OPPORTUNITY.")
    stage_id: strawberry.ID | None = strawberry.field(
        default=None, description="Where it begins; the default pipeline's first stage if absent."
    )
    owner_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="Who owns it; you if absent, nobody if null."
    )
    account_id: strawberry.ID | None = strawberry.field(default=None, description="The company it is about.")
    primary_contact_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whom messages go to by default."
    )
    participants: list[ParticipantInput] = strawberry.field(
        default_factory=list, description="Other contacts included in the exchanges."
    )
    follower_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Collaborators told of what happens on it."
    )
    amount: Decimal | None = strawberry.field(default=None, description="What it is worth, with its currency.")
    currency: str | None = strawberry.field(default=None, description="ISO 4217, as EUR.")
    expected_close: date | None = strawberry.field(default=None, description="When it should be won or lost.")
    tags: list[str] = strawberry.field(default_factory=list, description="Labels, each once whatever its case.")
    custom_values: list[CustomValueInput] = strawberry.field(
        default_factory=list, description="Values of your own fields of deals."
    )


@strawberry.input(description="What to change of a deal; what is absent stays, null takes away.")
class UpdateDealInput(Update):
    """See commands.deals.DealChange."""

    title: str | None = strawberry.field(default=UNSET, description="Its title, on one line; never null.")
    owner_id: strawberry.ID | None = strawberry.field(default=UNSET, description="Who owns it.")
    account_id: strawberry.ID | None = strawberry.field(default=UNSET, description="The company it is about.")
    primary_contact_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="Whom messages go to by default."
    )
    amount: Decimal | None = strawberry.field(default=UNSET, description="What it is worth, with its currency.")
    currency: str | None = strawberry.field(default=UNSET, description="ISO 4217, with its amount.")
    expected_close: date | None = strawberry.field(default=UNSET, description="When it should be won or lost.")
    tags: list[str] | None = strawberry.field(default=UNSET, description="All its labels from now on.")
    custom_values: list[CustomValueInput] = strawberry.field(
        default_factory=list, description="Values of your own fields; those that are not told stay."
    )


@strawberry.input(description="What a deal's phase becomes.")
class ChangeDealPhaseInput(Update):
    """See commands.deals.PhaseChange."""

    phase: Phase = strawberry.field(
        description="LEAD → OPPORTUNITY → SIGNED → DONE; LOST from the first three, and back to OPPORTUNITY."
    )
    lost_reason: str | None = strawberry.field(default=None, description="Why it is lost; with LOST, and only then.")


@strawberry.input(description="A deal, and who follows it.")
class FollowDealInput(Write):
    """See commands.people.Following."""

    deal_id: strawberry.ID = strawberry.field(description="The deal.")
    collaborator_id: strawberry.ID | None = strawberry.field(default=None, description="Who; you if absent.")
    team_id: strawberry.ID | None = strawberry.field(
        default=None, description="A team instead: its members, whoever they are at the time."
    )


@strawberry.input(description="A contact to include in a deal's exchanges; one that is there gets another part.")
class AddParticipantInput(Write):
    """See commands.people.Participation."""

    deal_id: strawberry.ID = strawberry.field(description="The deal.")
    contact_id: strawberry.ID = strawberry.field(description="Who.")
    part: str = strawberry.field(description="The part they play, in your words.")
    role: ParticipantRole = strawberry.field(default=ParticipantRole.OTHER, description="What they count for.")


@strawberry.input(description="A contact to leave out of a deal's exchanges from now on.")
class RemoveParticipantInput(Write):
    """See commands.people.Participation."""

    deal_id: strawberry.ID = strawberry.field(description="The deal.")
    contact_id: strawberry.ID = strawberry.field(description="Who.")


def _part(value: str, field: str) -> str:
    return text.line(value, field, most=MOST_OF_A_PART)


def parts_of(participants: list[ParticipantInput]) -> dict[UUID, tuple[str, str]]:
    """Each participant's part and role. Raises InvalidInput, InvalidId."""
    if len(participants) > MOST_PEOPLE:
        raise InvalidInput("participants", f"At most {MOST_PEOPLE} at a time.")
    return {
        parse_id("contact", one.contact_id, f"participants.{place}.contactId"): (
            _part(one.part, f"participants.{place}.part"),
            one.role.value,
        )
        for place, one in enumerate(participants)
    }


def new_deal(info: Info, input: CreateDealInput) -> commands.NewDeal:
    """The command of an input. Raises InvalidInput, InvalidId."""
    return commands.NewDeal(
        title=text.line(input.title, "title"),
        phase=input.phase,
        stage=optional_id("stage", input.stage_id, "stageId"),
        owner=info.context.actor.collaborator
        if input.owner_id is UNSET
        else optional_id("collaborator", input.owner_id, "ownerId"),
        account=optional_id("account", input.account_id, "accountId"),
        primary_contact=optional_id("contact", input.primary_contact_id, "primaryContactId"),
        participants=parts_of(input.participants),
        followers=ids("collaborator", input.follower_ids, "followerIds"),
        money=money(input.amount, input.currency),
        expected_close=input.expected_close,
        tags=tuple(links.tags(input.tags, "tags")),
        custom=_custom(input.custom_values),
    )


def changes_of(input: UpdateDealInput) -> dict[str, Any]:
    """The columns that an input names. Raises InvalidInput, InvalidId."""
    return given(
        title=text.line(input.title or "", "title") if input.title is not UNSET else UNSET,
        owner_id=_given_id("collaborator", input.owner_id, "ownerId"),
        account_id=_given_id("account", input.account_id, "accountId"),
        primary_contact_id=_given_id("contact", input.primary_contact_id, "primaryContactId"),
        expected_close=input.expected_close,
        tags=links.tags(input.tags or [], "tags") if input.tags is not UNSET else UNSET,
        **_given_money(input),
    )


def deal_change(input: UpdateDealInput) -> commands.DealChange:
    """The command of an input. Raises InvalidInput, InvalidId."""
    changes = changes_of(input)
    return commands.DealChange(
        id=parse_id("deal", input.id),
        expected_version=input.expected_version,
        changes=changes,
        custom=_custom(input.custom_values),
    )


def _custom(values: list[CustomValueInput]) -> tuple[Told, ...]:
    if len(values) > MAX_VALUES:
        raise InvalidInput("customValues", f"At most {MAX_VALUES} at a time.")
    return tuple(one.told() for one in values)


def _given_id(kind: str, value: Any, field: str) -> Any:
    return UNSET if value is UNSET else optional_id(kind, value, field)


def _given_money(input: UpdateDealInput) -> dict[str, Any]:
    if input.amount is UNSET and input.currency is UNSET:
        return {}
    told = money(input.amount or None if input.amount is UNSET else input.amount, input.currency or None)
    return {"amount": told.amount if told else None, "currency": told.currency if told else None}


@strawberry.type
class DealMutation:
    """Part of the root of writing."""

    @strawberry.mutation(description="Begin a deal.", extensions=writing())
    async def create_deal(self, info: Info, input: Annotated[CreateDealInput, GIVEN]) -> DealResult:
        """See commands.deals.create_deal."""
        return await written(info, input, commands.create_deal, new_deal(info, input), DealType)

    @strawberry.mutation(description="Change a deal.", extensions=writing())
    async def update_deal(self, info: Info, input: Annotated[UpdateDealInput, GIVEN]) -> DealResult:
        """See commands.deals.update_deal."""
        return await written(info, input, commands.update_deal, deal_change(input), DealType)

    @strawberry.mutation(description="Carry a deal on: qualified, signed, done, lost.", extensions=writing())
    async def change_deal_phase(self, info: Info, input: Annotated[ChangeDealPhaseInput, GIVEN]) -> DealResult:
        """See commands.deals.change_deal_phase."""
        reason = input.lost_reason
        order = commands.PhaseChange(
            id=parse_id("deal", input.id),
            phase=input.phase,
            lost_reason=None if reason is None else text.line(reason, "lostReason", most=MOST_OF_A_REASON),
            expected_version=input.expected_version,
        )
        return await written(info, input, commands.change_deal_phase, order, DealType)

    @strawberry.mutation(description="Be told of what happens on a deal.", extensions=writing())
    async def follow_deal(self, info: Info, input: Annotated[FollowDealInput, GIVEN]) -> DealResult:
        """See commands.people.follow_deal."""
        return await written(info, input, people.follow_deal, people.Following(**_following(info, input)), DealType)

    @strawberry.mutation(description="Be told no longer.", extensions=writing())
    async def unfollow_deal(self, info: Info, input: Annotated[FollowDealInput, GIVEN]) -> DealResult:
        """See commands.people.unfollow_deal."""
        order = people.Unfollowing(**_following(info, input))
        return await written(info, input, people.unfollow_deal, order, DealType)

    @strawberry.mutation(description="Include a contact in a deal's exchanges.", extensions=writing())
    async def add_participant(self, info: Info, input: Annotated[AddParticipantInput, GIVEN]) -> DealResult:
        """See commands.people.add_participant."""
        order = people.Participation(
            deal=parse_id("deal", input.deal_id, "dealId"),
            contact=parse_id("contact", input.contact_id, "contactId"),
            part=_part(input.part, "part"),
            role=input.role.value,
        )
        return await written(info, input, people.add_participant, order, DealType)

    @strawberry.mutation(description="Leave a contact out of a deal's exchanges.", extensions=writing())
    async def remove_participant(self, info: Info, input: Annotated[RemoveParticipantInput, GIVEN]) -> DealResult:
        """See commands.people.remove_participant."""
        order = people.Removal(
            deal=parse_id("deal", input.deal_id, "dealId"), contact=parse_id("contact", input.contact_id, "contactId")
        )
        return await written(info, input, people.remove_participant, order, DealType)

    create_deals = batch_of(create_deal, "create_deals", "Begin deals.")
    update_deals = batch_of(update_deal, "update_deals", "Change deals.")
    change_deals_phase = batch_of(change_deal_phase, "change_deals_phase", "Carry deals on.")


def _following(info: Info, input: FollowDealInput) -> dict[str, Any]:
    deal = parse_id("deal", input.deal_id, "dealId")
    collaborator = optional_id("collaborator", input.collaborator_id, "collaboratorId")
    if team := optional_id("team", input.team_id, "teamId"):
        if collaborator:
            raise InvalidInput("teamId", "Give a collaborator or a team, one at a time.")
        return {"deal": deal, "who": team, "kind": "team"}
    found = collaborator or info.context.actor.collaborator
    if found is None:
        raise InvalidInput("collaboratorId", "Say who follows the deal.")
    return {"deal": deal, "who": found}
