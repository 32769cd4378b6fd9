"""What a publication is made of, and what became of it."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis.identifiers import format_id
from services.notifier.schema.publications.enums import Whom
from services.notifier.schema.types import Collaborator


def collaborator_of(id: UUID | None) -> Collaborator | None:
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
        return collaborator_of(self.by_id)

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
