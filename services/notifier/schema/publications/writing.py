"""What authors do with publications."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry import UNSET

from chassis.database import UnitOfWork
from chassis.errors import NotFound
from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.graphql.rules import writing
from chassis.graphql.writes import Update, Write
from chassis.identifiers import parse_id
from services.notifier.permissions import Rule
from services.notifier.publications import commands
from services.notifier.publications.answering import subscribe_again, unsubscribe
from services.notifier.publications.content import Values
from services.notifier.publications.model import EVERYTHING
from services.notifier.schema.publications.enums import PublicationCategory, PublicationKind, Whom
from services.notifier.schema.publications.types import Publication
from services.notifier.schema.types import Contact
from services.notifier.schema.unit import WHICH, Naming, once

PublicationResult = Annotated[
    Publication | CommonErrors,
    strawberry.union("PublicationResult", description="The publication, or why nothing was written."),
]


@strawberry.type(description="Whether a contact gets campaigns.")
class CampaignSubscription:
    """What (un)subscribing gives."""

    contact: Contact = strawberry.field(description="The contact.")
    subscribed: bool = strawberry.field(description="Whether they get campaigns, of that category at least.")


CampaignSubscriptionResult = Annotated[
    CampaignSubscription | CommonErrors,
    strawberry.union("CampaignSubscriptionResult", description="What holds now, or why nothing was written."),
]


@strawberry.input(description="A new publication: a draft.")
class CreatePublicationInput(Write):
    """See commands.create_publication."""

    kind: PublicationKind = strawberry.field(description="News or campaign.")
    title: str = strawberry.field(description="Its title, and its mails' subject; 200 characters at most.")
    body: str = strawberry.field(default="", description="Markdown, 20,000 characters at most; images become links.")
    question: str | None = strawberry.field(default=None, description="What readers are asked.")
    options: list[str] | None = strawberry.field(
        default=None, description="What they can answer, 2 to 10; none for an answer in words."
    )
    locale: str | None = strawberry.field(default=None, description="Language of page and mails: fr or en.")
    category: PublicationCategory | None = strawberry.field(
        default=None, description="What contacts can unsubscribe from; NEWS without it."
    )
    to_network: bool | None = strawberry.field(
        default=None, description="News: for all colleagues, and for organizations that follow yours."
    )
    team_ids: list[strawberry.ID] | None = strawberry.field(default=None, description="News: the teams it is for.")
    group_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Campaign: the groups of contacts it is for."
    )
    feed: bool | None = strawberry.field(default=None, description="News: whether it is in the feed; yes without it.")
    email: bool | None = strawberry.field(default=None, description="News: whether it is mailed, too.")
    follow_up_days: int | None = strawberry.field(default=None, description="Days between reminders; 0 for none.")
    follow_up_times: int | None = strawberry.field(default=None, description="How many reminders; 5 at most.")


@strawberry.input(description="Changes of a publication; what is absent stays as it is.")
class UpdatePublicationInput(Update):
    """See commands.update_publication."""

    title: str | None = strawberry.field(default=UNSET, description="Its title, and its mails' subject.")
    body: str | None = strawberry.field(default=UNSET, description="Markdown.")
    question: str | None = strawberry.field(default=UNSET, description="What readers are asked; empty for nothing.")
    options: list[str] | None = strawberry.field(default=UNSET, description="What they can answer.")
    locale: str | None = strawberry.field(default=UNSET, description="Language of page and mails: fr or en.")
    category: PublicationCategory | None = strawberry.field(
        default=UNSET, description="What contacts can unsubscribe from."
    )
    to_network: bool | None = strawberry.field(default=UNSET, description="News: for all colleagues and followers.")
    team_ids: list[strawberry.ID] | None = strawberry.field(default=UNSET, description="News: the teams it is for.")
    group_ids: list[strawberry.ID] | None = strawberry.field(default=UNSET, description="Campaign: its groups.")
    feed: bool | None = strawberry.field(default=UNSET, description="News: whether it is in the feed.")
    email: bool | None = strawberry.field(default=UNSET, description="News: whether it is mailed, too.")
    follow_up_days: int | None = strawberry.field(default=UNSET, description="Days between reminders; 0 for none.")
    follow_up_times: int | None = strawberry.field(default=UNSET, description="How many reminders; 5 at most.")


@strawberry.input(description="Which publication.")
class PublicationInput(Update):
    """For what needs nothing more."""


@strawberry.input(description="Which publication, and when it appears.")
class PublishPublicationInput(Update):
    """See commands.publish."""

    at: datetime | None = strawberry.field(default=None, description="When; now without it.")


@strawberry.input(description="Whom to mail again.")
class RelaunchPublicationInput(Write):
    """See commands.relaunch."""

    id: strawberry.ID = strawberry.field(description="The publication.")
    audience: Whom = strawberry.field(default=Whom.UNANSWERED, description="Who has not answered, or not read.")


@strawberry.input(description="Which publication to try.")
class TestPublicationInput(Write):
    """See commands.send_test."""

    id: strawberry.ID = strawberry.field(description="The publication.")


@strawberry.input(description="Whether a contact gets campaigns.")
class SetCampaignSubscriptionInput(Write):
    """See answering.unsubscribe."""

    contact_id: strawberry.ID = strawberry.field(description="The contact.")
    subscribed: bool = strawberry.field(
        description="False: no more. True: again, of every category; only where the contact asked for it."
    )
    category: PublicationCategory | None = strawberry.field(
        default=None, description="With subscribed false: of which category; of all without it."
    )


def _values(input: Any) -> Values:
    """What was given. Raises InvalidId."""
    names = ("title", "body", "question", "options", "locale", "to_network", "feed", "email")
    given = {name: getattr(input, name) for name in (*names, "follow_up_days", "follow_up_times")}
    told = {name: None if value is UNSET else value for name, value in given.items()}
    return Values(
        **told,
        category=input.category.value if input.category else None,
        team_ids=_ids("team", input.team_ids, "teamIds"),
        group_ids=_ids("group", input.group_ids, "groupIds"),
    )


def _ids(kind: str, given: Any, field: str) -> list[UUID] | None:
    return [parse_id(kind, each, field) for each in given] if isinstance(given, list) else None


async def _publication(info: Info, id: UUID) -> Publication:
    found = await Publication.found(info, id)
    if found is None:
        raise NotFound("publication", id)
    return found


_NAMED = Naming("publication", Annotated[PublicationInput, WHICH], PublicationResult, _publication)


@strawberry.type
class AuthorMutations:
    """Fields of Mutation, for those who publish."""

    @strawberry.mutation(description="Begin a publication: a draft.", extensions=writing(Rule.PUBLISH))
    async def create_publication(
        self, info: Info, input: Annotated[CreatePublicationInput, strawberry.argument(description="The draft.")]
    ) -> PublicationResult:
        """See commands.create_publication."""
        values = _values(input)

        async def act(work: UnitOfWork) -> UUID:
            return await commands.create_publication(work, input.kind, values)

        return await _publication(info, await once(info, input, act))

    @strawberry.mutation(
        description="Change a publication; once it is published, what it says becomes another edition.",
        extensions=writing(Rule.PUBLISH),
    )
    async def update_publication(
        self, info: Info, input: Annotated[UpdatePublicationInput, strawberry.argument(description="What changes.")]
    ) -> PublicationResult:
        """See commands.update_publication."""
        id, values = parse_id("publication", input.id), _values(input)

        async def act(work: UnitOfWork) -> UUID:
            return await commands.update_publication(work, id, values, input.expected_version)

        return await _publication(info, await once(info, input, act))

    @strawberry.mutation(
        description="Publish now, or at a moment; a scheduled publication is moved.", extensions=writing(Rule.PUBLISH)
    )
    async def publish_publication(
        self, info: Info, input: Annotated[PublishPublicationInput, strawberry.argument(description="Which, when.")]
    ) -> PublicationResult:
        """See commands.publish."""
        id = parse_id("publication", input.id)

        async def act(work: UnitOfWork) -> UUID:
            return await commands.publish(work, id, input.at, input.expected_version)

        return await _publication(info, await once(info, input, act))

    unschedule_publication = _NAMED.mutation(
        commands.unschedule, Rule.PUBLISH, "Make a scheduled publication a draft again."
    )
    withdraw_publication = _NAMED.mutation(
        commands.withdraw, Rule.WITHDRAW, "Take a publication out of every feed; mails that wait are not sent."
    )

    @strawberry.mutation(
        description="Mail those again who have not answered, or not read.", extensions=writing(Rule.PUBLISH)
    )
    async def relaunch_publication(
        self, info: Info, input: Annotated[RelaunchPublicationInput, strawberry.argument(description="Whom.")]
    ) -> PublicationResult:
        """See commands.relaunch."""
        id = parse_id("publication", input.id)

        async def act(work: UnitOfWork) -> UUID:
            return await commands.relaunch(work, id, input.audience)

        return await _publication(info, await once(info, input, act))

    @strawberry.mutation(description="Mail a publication to yourself.", extensions=writing(Rule.PUBLISH))
    async def test_publication(
        self, info: Info, input: Annotated[TestPublicationInput, strawberry.argument(description="Which one.")]
    ) -> PublicationResult:
        """See commands.send_test."""
        id = parse_id("publication", input.id)

        async def act(work: UnitOfWork) -> UUID:
            return await commands.send_test(work, id)

        return await _publication(info, await once(info, input, act))

    @strawberry.mutation(
        description="Write down that a contact wants no more campaigns, or wants them again.",
        extensions=writing(Rule.MANAGE_UNSUBSCRIPTIONS),
    )
    async def set_campaign_subscription(
        self, info: Info, input: Annotated[SetCampaignSubscriptionInput, strawberry.argument(description="Who, what.")]
    ) -> CampaignSubscriptionResult:
        """See answering.unsubscribe."""
        id = parse_id("contact", input.contact_id, "contactId")

        async def act(work: UnitOfWork) -> UUID:
            if input.subscribed:
                await subscribe_again(work, id)
            else:
                await unsubscribe(work, id, input.category.value if input.category else EVERYTHING)
            return id

        await once(info, input, act)
        return CampaignSubscription(contact=Contact(id=input.contact_id), subscribed=input.subscribed)

    create_publications = batch_of(create_publication, "create_publications", "Begin several publications.")
