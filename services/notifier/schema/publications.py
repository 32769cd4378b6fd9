"""Publications as their authors see them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row, select

from chassis.graphql.connections import Order
from chassis.graphql.context import Info
from chassis.graphql.enums import described
from chassis.graphql.filters import (
    BooleanFilter,
    ChoiceFilter,
    Clauses,
    Conditions,
    DateTimeFilter,
    IdFilter,
    StringFilter,
    by,
    condition,
    where,
)
from chassis.graphql.listing import Listing, Within, list_field
from chassis.graphql.ordering import Columns, Ordering
from chassis.graphql.rules import reading
from chassis.identifiers import format_id, parse_id
from chassis.markdown import to_html
from services.notifier.letters_of_publications import preview
from services.notifier.permissions import Rule
from services.notifier.publications.content import told
from services.notifier.publications.feed import PUBLICATION
from services.notifier.publications.model import PublicationReader, Unsubscription, table
from services.notifier.schema import publication_loading as loading
from services.notifier.schema.publication_enums import PublicationCategory, PublicationKind, PublicationStatus, Whom
from services.notifier.schema.types import Collaborator, Contact

_READERS = table(PublicationReader).c
_UNSUBSCRIPTIONS = table(Unsubscription).c


def _collaborator(id: UUID | None) -> Collaborator | None:
    return Collaborator(id=strawberry.ID(format_id("collaborator", id))) if id else None


@strawberry.type(description="What became of a publication's readers and mails, counted as you ask.")
class PublicationCounts:
    """See publication_loading.counts. Readers of organizations that follow yours are not counted: they are theirs."""

    readers: int = strawberry.field(description="Colleagues or contacts whom it was told to so far.")
    read: int = strawberry.field(description="Who have read it, on its page or in the feed; whoever answered has.")
    answered: int = strawberry.field(description="Who have answered.")
    unsubscribed: int = strawberry.field(description="Who unsubscribed from its link.")
    sent: int = strawberry.field(description="Whose mail, or reminder, the relay took and did not bounce.")
    bounced: int = strawberry.field(description="Whose every mail bounced or was refused.")
    skipped: int = strawberry.field(description="Whom no mail was sent to: unsubscribed, suppressed, no address…")
    waiting: int = strawberry.field(description="Whose mail is still to be sent.")


@strawberry.type(description="How often an option was chosen.")
class PublicationOption:
    """One of the options."""

    option: str = strawberry.field(description="The option.")
    count: int = strawberry.field(description="How many chose it.")


@strawberry.type(description="What a publication said, once published, until it was changed.")
class PublicationEdition:
    """A row of publication_edition."""

    number: int = strawberry.field(description="From 1 on.")
    title: str = strawberry.field(description="Its title.")
    body: str = strawberry.field(description="Markdown.")
    question: str = strawberry.field(description="What it asks; empty where nothing.")
    options: list[str] = strawberry.field(description="What can be answered; none for an answer in words.")
    at: datetime = strawberry.field(description="Since when it says so.")
    by_id: strawberry.Private[UUID | None]

    @strawberry.field(description="Who wrote it so; null for the system.")
    def by(self) -> Collaborator | None:
        """By key: contacts owns it."""
        return _collaborator(self.by_id)

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row."""
        names = ("number", "title", "body", "question", "options", "at", "by_id")
        return cls(**{name: getattr(row, name) for name in names})


@strawberry.type(description="One telling of a publication: the first, or a reminder.")
class PublicationRound:
    """A row of publication_round."""

    number: int = strawberry.field(description="0 is the first telling.")
    audience: Whom = strawberry.field(description="Which readers.")
    planned: bool = strawberry.field(description="Whether it comes of followUpDays, not of relaunchPublication.")
    due_at: datetime = strawberry.field(description="When it begins.")
    done_at: datetime | None = strawberry.field(description="When everybody was queued, or it was cancelled.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row."""
        return cls(
            number=row.number, audience=Whom(row.whom), planned=row.by_plan, due_at=row.due_at, done_at=row.done_at
        )


@strawberry.type(description="A mail as its readers get it, but for the links.")
class PublicationPreview:
    """What a campaign or news mail looks like."""

    subject: str = strawberry.field(description="Subject.")
    html: str = strawberry.field(description="HTML part.")
    text: str = strawberry.field(description="Text part.")


@strawberry.type(description="A reader of a publication, and what they did with it.")
class Reader:
    """A row of publication_reader."""

    row: strawberry.Private[Row[Any]]
    told_at: datetime = strawberry.field(description="When they were noted as a reader.")
    read_at: datetime | None = strawberry.field(description="When they read it first.")
    answered_at: datetime | None = strawberry.field(description="When they answered last.")
    choice: str | None = strawberry.field(description="The option that they chose.")
    words: str | None = strawberry.field(description="What they wrote.")
    unsubscribed_at: datetime | None = strawberry.field(description="When they unsubscribed from its link.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row."""
        names = ("read_at", "answered_at", "choice", "words", "unsubscribed_at")
        return cls(row=row, told_at=row.added_at, **{name: getattr(row, name) for name in names})

    @strawberry.field(description="The colleague who reads; null for a contact.")
    def collaborator(self) -> Collaborator | None:
        """By key: contacts owns it."""
        return _collaborator(self.row.collaborator_id)

    @strawberry.field(description="The contact who reads; null for a colleague.")
    def contact(self) -> Contact | None:
        """By key: contacts owns it."""
        id = self.row.contact_id
        return Contact(id=strawberry.ID(format_id("contact", id))) if id else None


class PublicationReaderOrderField(StrEnum):
    """See _READER_COLUMNS."""

    TOLD_AT = "told_at"
    READ_AT = "read_at"
    ANSWERED_AT = "answered_at"


described(
    PublicationReaderOrderField,
    "What readers can be ordered by.",
    TOLD_AT="When they were noted.",
    READ_AT="When they read it first.",
    ANSWERED_AT="When they answered last.",
)
_READER_COLUMNS: Columns = {
    PublicationReaderOrderField.TOLD_AT: (_READERS.added_at, False),
    PublicationReaderOrderField.READ_AT: (_READERS.read_at, True),
    PublicationReaderOrderField.ANSWERED_AT: (_READERS.answered_at, True),
}


@strawberry.input(description="One term of an order of readers.")
class PublicationReaderOrder(Ordering):
    """See chassis.graphql.ordering.Term."""

    field: PublicationReaderOrderField = strawberry.field(description="By what.")


@strawberry.input(description="Which readers. All the conditions given must hold.")
class PublicationReaderFilter:
    """Conditions on readers."""

    contact_id: IdFilter | None = condition("The contact who reads.")
    collaborator_id: IdFilter | None = condition("The colleague who reads.")
    read_at: DateTimeFilter | None = condition("When they read it; `isNull` for those who have not.")
    answered_at: DateTimeFilter | None = condition("When they answered; `isNull` for those who have not.")
    choice: StringFilter | None = condition("The option that they chose.")
    unsubscribed_at: DateTimeFilter | None = condition("When they unsubscribed from its link.")
    and_: list["PublicationReaderFilter"] | None = condition("All of these hold.", name="and")
    or_: list["PublicationReaderFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "PublicationReaderFilter | None" = condition("This does not hold.", name="not")


_ON_READERS: Conditions = {
    "contact_id": by(_READERS.contact_id, "contact"),
    "collaborator_id": by(_READERS.collaborator_id, "collaborator"),
    "read_at": by(_READERS.read_at),
    "answered_at": by(_READERS.answered_at),
    "choice": by(_READERS.choice),
    "unsubscribed_at": by(_READERS.unsubscribed_at),
}


def _on_readers(filter: PublicationReaderFilter | None) -> Clauses:
    return where(filter, _ON_READERS)


READERS = Listing(
    select(*_READERS),
    _READERS.id,
    Reader.of,
    _on_readers,
    _READER_COLUMNS,
    (Order(_READERS.added_at), Order(_READERS.id)),
)


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
        within=Within(_READERS.publication_id),
        description="Who it was told to, and what they did with it; in the order they were noted.",
    )

    @strawberry.field(description="The body as safe HTML.")
    def html(self) -> str:
        """For pages."""
        return to_html(self.row.body)

    @strawberry.field(description="The mail that it makes.")
    def preview(self) -> PublicationPreview:
        """Without links."""
        made = preview(told(self.row, publisher=self.row.publisher or "…"))
        return PublicationPreview(subject=made.subject, html=made.html, text=made.text)

    @strawberry.field(description="Who writes it.")
    def author(self) -> Collaborator | None:
        """By key: contacts owns it."""
        return _collaborator(self.row.author_id)

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


class PublicationOrderField(StrEnum):
    """See _COLUMNS."""

    CREATED_AT = "created_at"
    PUBLISHED_AT = "published_at"
    SCHEDULED_AT = "scheduled_at"


described(
    PublicationOrderField,
    "What publications can be ordered by.",
    CREATED_AT="When it was begun.",
    PUBLISHED_AT="When it appeared.",
    SCHEDULED_AT="When it appears.",
)
COLUMNS: Columns = {
    PublicationOrderField.CREATED_AT: (PUBLICATION.c.created_at, False),
    PublicationOrderField.PUBLISHED_AT: (PUBLICATION.c.published_at, True),
    PublicationOrderField.SCHEDULED_AT: (PUBLICATION.c.scheduled_at, True),
}


@strawberry.input(description="One term of an order of publications.")
class PublicationOrder(Ordering):
    """See chassis.graphql.ordering.Term."""

    field: PublicationOrderField = strawberry.field(description="By what.")


@strawberry.input(description="Which publications. All the conditions given must hold.")
class PublicationFilter:
    """Conditions on publications."""

    id: IdFilter | None = condition("Which one.")
    kind: ChoiceFilter[PublicationKind] | None = condition("News or campaign.")
    status: ChoiceFilter[PublicationStatus] | None = condition("Where it is.")
    category: ChoiceFilter[PublicationCategory] | None = condition("What contacts can unsubscribe from.")
    title: StringFilter | None = condition("Its title.")
    author_id: IdFilter | None = condition("Who writes it.")
    to_network: BooleanFilter | None = condition("Whether it is for the network.")
    published_at: DateTimeFilter | None = condition("When it appeared.")
    created_at: DateTimeFilter | None = condition("When it was begun.")
    and_: list["PublicationFilter"] | None = condition("All of these hold.", name="and")
    or_: list["PublicationFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "PublicationFilter | None" = condition("This does not hold.", name="not")


_ON_PUBLICATIONS: Conditions = {
    "id": by(PUBLICATION.c.id, "publication"),
    "kind": by(PUBLICATION.c.kind),
    "status": by(PUBLICATION.c.status),
    "category": by(PUBLICATION.c.category),
    "title": by(PUBLICATION.c.title),
    "author_id": by(PUBLICATION.c.author_id, "collaborator"),
    "to_network": by(PUBLICATION.c.to_network),
    "published_at": by(PUBLICATION.c.published_at),
    "created_at": by(PUBLICATION.c.created_at),
}


def on_publications(filter: PublicationFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    return where(filter, _ON_PUBLICATIONS)


def owned(info: Info) -> Listing[Publication]:
    """One's own organization's: row-level security shows those that it follows, too."""
    mine = select(*PUBLICATION.c).where(PUBLICATION.c.organization_id == info.context.actor.organization)
    oldest = (Order(PUBLICATION.c.created_at), Order(PUBLICATION.c.id))
    return Listing(mine, PUBLICATION.c.id, Publication.of, on_publications, COLUMNS, oldest)


@strawberry.type(description="An address that wants no more campaigns.")
class CampaignUnsubscription:
    """A row of unsubscription."""

    row: strawberry.Private[Row[Any]]
    email: str = strawberry.field(description="The address.")
    category: PublicationCategory | None = strawberry.field(description="Of which category; null for all of them.")
    at: datetime = strawberry.field(description="Since when.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row."""
        category = None if row.category == "*" else PublicationCategory(row.category)
        return cls(row=row, email=row.email, category=category, at=row.at)

    @strawberry.field(description="The contact who unsubscribed.")
    def contact(self) -> Contact | None:
        """By key: contacts owns it."""
        id = self.row.contact_id
        return Contact(id=strawberry.ID(format_id("contact", id))) if id else None


class CampaignUnsubscriptionOrderField(StrEnum):
    """See UNSUBSCRIPTIONS."""

    AT = "at"


described(CampaignUnsubscriptionOrderField, "What they can be ordered by.", AT="Since when.")


@strawberry.input(description="One term of an order of those who want no campaigns.")
class CampaignUnsubscriptionOrder(Ordering):
    """See chassis.graphql.ordering.Term."""

    field: CampaignUnsubscriptionOrderField = strawberry.field(description="By what.")


@strawberry.input(description="Which of those who want no campaigns. All the conditions given must hold.")
class CampaignUnsubscriptionFilter:
    """Conditions on unsubscriptions."""

    email: StringFilter | None = condition("The address.")
    contact_id: IdFilter | None = condition("The contact who unsubscribed.")
    at: DateTimeFilter | None = condition("Since when.")


def _on_unsubscriptions(filter: CampaignUnsubscriptionFilter | None) -> Clauses:
    columns = _UNSUBSCRIPTIONS
    return where(
        filter, {"email": by(columns.email), "contact_id": by(columns.contact_id, "contact"), "at": by(columns.at)}
    )


UNSUBSCRIPTIONS = Listing(
    select(*_UNSUBSCRIPTIONS),
    _UNSUBSCRIPTIONS.id,
    CampaignUnsubscription.of,
    _on_unsubscriptions,
    {CampaignUnsubscriptionOrderField.AT: (_UNSUBSCRIPTIONS.at, False)},
    (Order(_UNSUBSCRIPTIONS.at), Order(_UNSUBSCRIPTIONS.id)),
)


@strawberry.type
class PublicationQueries:
    """Fields of Query."""

    @strawberry.field(
        description="One publication of your organization; null if there is none.",
        extensions=reading(Rule.READ_PUBLICATIONS),
    )
    async def publication(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its TypeID.")]
    ) -> Publication | None:
        """By id."""
        return await Publication.found(info, parse_id("publication", id))

    publications = list_field(
        owned,
        Publication,
        filter=PublicationFilter,
        order=PublicationOrder,
        description="Publications of your organization, a page at a time; oldest first.",
        extensions=reading(Rule.READ_PUBLICATIONS),
        by_caller=True,
    )
    campaign_unsubscriptions = list_field(
        lambda: UNSUBSCRIPTIONS,
        CampaignUnsubscription,
        filter=CampaignUnsubscriptionFilter,
        order=CampaignUnsubscriptionOrder,
        description="Addresses that want no more campaigns.",
        extensions=reading(Rule.MANAGE_UNSUBSCRIPTIONS),
    )
