"""Publications as their authors see them."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis.graphql.context import Info
from chassis.graphql.listing import Within, list_field
from chassis.identifiers import format_id, parse_id
from chassis.markdown import to_html
from services.notifier.letters_of_publications import preview
from services.notifier.publications.content import told
from services.notifier.schema.publications import loading
from services.notifier.schema.publications.enums import PublicationCategory, PublicationKind, PublicationStatus
from services.notifier.schema.publications.parts import (
    PublicationCounts,
    PublicationEdition,
    PublicationOption,
    PublicationPreview,
    PublicationRound,
    collaborator_of,
)
from services.notifier.schema.publications.readers import (
    READERS,
    ROWS,
    PublicationReaderFilter,
    PublicationReaderOrder,
    Reader,
)
from services.notifier.schema.types import Collaborator


@strawberry.federation.type(keys=["id"], description="What your organization publishes, as its authors see it.")
class Publication:
    """A row of publication."""

    row: strawberry.Private[Row[Any]]
    key: strawberry.Private[UUID]
    id: strawberry.ID = strawberry.field(description="TypeID, `publication_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    kind: PublicationKind = strawberry.field(description="News or campaign.")
    status: PublicationStatus = strawberry.field(description="Where it is.")
    category: PublicationCategory = strawberry.field(description="What contacts can unsubscribe from.")
    locale: str = strawberry.field(description="Language of its page and mails: fr or en.")
    title: str = strawberry.field(description="Its title.")
    body: str = strawberry.field(description="Markdown.")
    question: str = strawberry.field(description="What it asks; empty where nothing.")
    options: list[str] = strawberry.field(description="What can be answered; none for an answer in words.")
    edition: int = strawberry.field(description="Grows when what it says changes once it is published.")
    to_network: bool = strawberry.field(description="For all colleagues, and for organizations that follow yours.")
    team_ids: list[strawberry.ID] = strawberry.field(description="Teams that it is for.")
    group_ids: list[strawberry.ID] = strawberry.field(description="Groups of contacts that it is for.")
    feed: bool = strawberry.field(description="Whether it is in the feed.")
    email: bool = strawberry.field(description="Whether it is mailed.")
    follow_up_days: int | None = strawberry.field(description="Days between reminders to those who did not answer.")
    follow_up_times: int = strawberry.field(description="How many reminders.")
    scheduled_at: datetime | None = strawberry.field(description="When it appears, or was to.")
    published_at: datetime | None = strawberry.field(description="When it appeared.")
    withdrawn_at: datetime | None = strawberry.field(description="When it was withdrawn.")
    created_at: datetime = strawberry.field(description="When it was begun.")
    updated_at: datetime = strawberry.field(description="When it last changed.")

    readers = list_field(
        lambda: READERS,
        Reader,
        filter=PublicationReaderFilter,
        order=PublicationReaderOrder,
        within=Within(ROWS.publication_id),
        description="Who it was told to, and what they did with it; in the order they were noted.",
    )

    @strawberry.field(description="The body as safe HTML.")
    def html(self) -> str:
        """For pages."""
        return to_html(self.row.body)

    @strawberry.field(description="The mail that it makes.")
    async def preview(self, info: Info) -> PublicationPreview:
        """Without links. What it is published as is written down once it is."""
        name = self.row.publisher or await info.context.load(loading.publishers, self.row.organization_id)
        made = preview(told(self.row, publisher=name))
        return PublicationPreview(subject=made.subject, html=made.html, text=made.text)

    @strawberry.field(description="Who writes it.")
    def author(self) -> Collaborator | None:
        """By key: contacts owns it."""
        return collaborator_of(self.row.author_id)

    @strawberry.field(description="What became of its readers and mails.")
    async def counts(self, info: Info) -> PublicationCounts:
        """Two statements for all."""
        counted = await info.context.load(loading.counts, self.key)
        return PublicationCounts(**{name: counted[name] for name in loading.ZERO})

    @strawberry.field(description="How often each option was chosen.")
    async def answers(self, info: Info) -> list[PublicationOption]:
        """One statement for all."""
        counted = await info.context.load(loading.answers, self.key)
        return [PublicationOption(option=each, count=counted.get(each, 0)) for each in self.options]

    @strawberry.field(description="What it said, first to last; none before it is published.")
    async def editions(self, info: Info) -> list[PublicationEdition]:
        """One statement for all."""
        return [PublicationEdition.of(row) for row in await info.context.load(loading.editions, self.key)]

    @strawberry.field(description="When it was told, and will be.")
    async def rounds(self, info: Info) -> list[PublicationRound]:
        """One statement for all."""
        return [PublicationRound.of(row) for row in await info.context.load(loading.rounds, self.key)]

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of PUBLICATION."""
        same = ("version", "locale", "title", "body", "question", "options", "edition", "to_network", "feed", "email")
        more = ("follow_up_days", "follow_up_times", "scheduled_at", "published_at", "withdrawn_at")
        named = {name: getattr(row, name) for name in (*same, *more, "created_at", "updated_at")}
        return cls(
            row=row,
            key=row.id,
            id=strawberry.ID(format_id("publication", row.id)),
            kind=PublicationKind(row.kind),
            status=PublicationStatus(row.status),
            category=PublicationCategory(row.category),
            team_ids=[strawberry.ID(format_id("team", id)) for id in row.team_ids],
            group_ids=[strawberry.ID(format_id("group", id)) for id in row.group_ids],
            **named,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """For the gateway's entity calls."""
        return await cls.found(info, parse_id("publication", id))

    @classmethod
    async def found(cls, info: Info, id: UUID) -> Self | None:
        """One of one's own organization."""
        row = await info.context.load(loading.publications, id)
        return cls.of(row) if row and row.organization_id == info.context.actor.organization else None
