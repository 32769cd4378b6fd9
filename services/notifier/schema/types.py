"""Types of the delivery log, and the types of other subgraphs that it adds to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from chassis.graphql.context import Info
from chassis.graphql.listing import Listing, Within, list_field
from chassis.identifiers import format_id, parse_id
from services.notifier import queries
from services.notifier.model import CauseKind
from services.notifier.queries import Found
from services.notifier.schema import loading
from services.notifier.schema.enums import Category, DigestKind, Reason, Status, Verdict
from services.notifier.schema.lists import DELIVERY_COLUMNS, DeliveryFilter, DeliveryOrder, on_deliveries
from services.notifier.schema.suppressions import DeliveryReport


@strawberry.type(description="One try at handing a mail to the relay.")
class DeliveryAttempt:
    """An attempt."""

    started_at: datetime = strawberry.field(description="When it began.")
    ended_at: datetime | None = strawberry.field(description="When it was answered; null while it runs.")
    verdict: Verdict | None = strawberry.field(description="What became of it; null while it runs.")
    code: int | None = strawberry.field(description="The relay's SMTP code.")
    answer: str | None = strawberry.field(description="The relay's words.")

    @classmethod
    def of(cls, row: Found) -> Self:
        """The type of a row."""
        return cls(
            started_at=row.started_at,
            ended_at=row.ended_at,
            verdict=Verdict(row.verdict) if row.verdict else None,
            code=row.code,
            answer=row.answer,
        )


@strawberry.federation.type(
    keys=["id"], description="One telling of something to one collaborator, or one mail to a contact."
)
class Delivery:
    """A row of the delivery log."""

    id: strawberry.ID = strawberry.field(description="TypeID.")
    channel: str = strawberry.field(description="How it is told: `email`.")
    revision: int = strawberry.field(description="Which change of the event is told; 0 is its creation.")
    category: Category | None = strawberry.field(description="What one chooses about; null for contacts and digests.")
    reasons: list[Reason] = strawberry.field(description="Every reason why this collaborator is told.")
    status: Status = strawberry.field(description="Where it is.")
    not_sent_because: str | None = strawberry.field(description="A fixed code, and words after it; null once sent.")
    email: str | None = strawberry.field(description="The address it went to.")
    subject: str | None = strawberry.field(description="The mail's subject, once written.")
    message_id: str | None = strawberry.field(description="The mail's Message-ID: the same at every attempt.")
    attempt_count: int = strawberry.field(description="Attempts that the relay answered.")
    next_attempt_at: datetime | None = strawberry.field(description="When it is tried next; null once it is over.")
    created_at: datetime = strawberry.field(description="When it was queued.")
    sent_at: datetime | None = strawberry.field(description="When the relay took it.")
    row: strawberry.Private[Found]

    @classmethod
    def of(cls, row: Found) -> Self:
        """The type of a row."""
        return cls(
            id=strawberry.ID(format_id("delivery", row.id)),
            channel=row.channel,
            revision=row.revision,
            category=Category(row.category) if row.category else None,
            reasons=[Reason(reason) for reason in row.reasons or ()],
            status=row.status and Status(row.status),
            not_sent_because=row.detail,
            email=row.email,
            subject=row.subject,
            message_id=row.message_id,
            attempt_count=row.attempts,
            next_attempt_at=row.next_attempt_at,
            created_at=row.created_at,
            sent_at=row.sent_at,
            row=row,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The delivery of a key."""
        row = await info.context.load(loading.deliveries, parse_id("delivery", id))
        return cls.of(row) if row else None

    @strawberry.field(description="The collaborator who is told; null where a contact is written to.")
    def collaborator(self) -> "Collaborator | None":
        """By key: contacts owns it."""
        id = self.row.collaborator_id
        return Collaborator(id=strawberry.ID(format_id("collaborator", id))) if id else None

    @strawberry.field(description="The contact who is written to, outside your organization.")
    def contact(self) -> "Contact | None":
        """By key: contacts owns it."""
        id = self.row.contact_id
        return Contact(id=strawberry.ID(format_id("contact", id))) if id else None

    @strawberry.field(description="The quote that is sent, or that was answered, if it is about one.")
    def quote(self) -> "Quote | None":
        """By key: deals owns it."""
        about = CauseKind(self.row.cause_kind).thing == CauseKind.QUOTE.value
        return Quote(id=self._cause()) if about else None

    @strawberry.field(description="The event that is told, if it is one.")
    def event(self) -> "Event | None":
        """By key: deals owns it."""
        about = CauseKind(self.row.cause_kind).thing == CauseKind.EVENT.value
        return Event(id=self._cause()) if about else None

    @strawberry.field(description="The alert that is told, if it is one.")
    def alert(self) -> "Alert | None":
        """By key: deals owns it."""
        return Alert(id=self._cause()) if self.row.cause_kind == CauseKind.ALERT.value else None

    @strawberry.field(description="The comment that is told, if it is one.")
    def comment(self) -> "Comment | None":
        """By key: deals owns it."""
        return Comment(id=self._cause()) if self.row.cause_kind == CauseKind.COMMENT.value else None

    @strawberry.field(description="The digest that it waits for or was told by, if there is one.")
    async def digest(self, info: Info) -> "Digest | None":
        """Gathered for the whole page."""
        row = await info.context.load(loading.digests, self.row.digest_id) if self.row.digest_id else None
        return Digest.of(row) if row else None

    @strawberry.field(description="What it tells, if it is a digest.")
    async def bundled(self, info: Info) -> "Digest | None":
        """Gathered for the whole page."""
        if self.row.cause_kind != CauseKind.DIGEST.value:
            return None
        row = await info.context.load(loading.digests, self.row.cause_id)
        return Digest.of(row) if row else None

    @strawberry.field(description="Every attempt at sending it, first to last.")
    async def attempts(self, info: Info) -> list[DeliveryAttempt]:
        """Gathered for the whole page."""
        rows = await info.context.load(loading.attempts, self.row.id)
        return [DeliveryAttempt.of(row) for row in rows]

    @strawberry.field(description="What came back of it after the relay had taken it, first to last.")
    async def reports(self, info: Info) -> list[DeliveryReport]:
        """Gathered for the whole page."""
        return [DeliveryReport.of(row) for row in await info.context.load(loading.reports, self.row.id)]

    def _cause(self) -> strawberry.ID:
        return strawberry.ID(format_id(CauseKind(self.row.cause_kind).thing, self.row.cause_id))


DELIVERIES = Listing(
    queries.deliveries(),
    loading.LOG.id,
    Delivery.of,
    on_deliveries,
    DELIVERY_COLUMNS,
    loading.OLDEST,
    {
        "notSentBecause": ("detail",),
        "attemptCount": ("attempts",),
        "collaborator": ("collaborator_id",),
        "contact": ("contact_id",),
        "bundled": ("cause_kind", "cause_id"),
        **dict.fromkeys(("attempts", "reports"), ()),
    },
)


def log(description: str, within: Within | None = None, extensions: Sequence[Any] = ()) -> Any:
    """A field that pages through the delivery log, or one parent's part of it."""
    return list_field(
        lambda: DELIVERIES,
        Delivery,
        filter=DeliveryFilter,
        order=DeliveryOrder,
        description=description,
        within=within,
        extensions=extensions,
    )


@strawberry.type(description="Several deliveries to one collaborator in one mail.")
class Digest:
    """See digests.model.Digest."""

    key: strawberry.Private[Any]
    id: strawberry.ID = strawberry.field(description="TypeID, `digest_…`.")
    kind: DigestKind = strawberry.field(description="Why they wait for one another.")
    due_at: datetime = strawberry.field(description="When it is, or was, to be told.")
    formed_at: datetime | None = strawberry.field(description="When it was closed and mailed; null while it waits.")
    items = log("What it tells, and what was left out of it and why; oldest first.", loading.OF_DIGEST)

    @classmethod
    def of(cls, row: Found) -> Self:
        """The type of a row."""
        id = strawberry.ID(format_id("digest", row.id))
        return cls(key=row.id, id=id, kind=DigestKind(row.kind), due_at=row.due_at, formed_at=row.formed_at)


@strawberry.federation.type(keys=["id"], description="A comment, of deals.")
class Comment:
    """What the notifier adds to a comment."""

    id: strawberry.ID = strawberry.field(description="TypeID.")
    deliveries = log("Who was told of it, and what became of it.", loading.of_cause(CauseKind.COMMENT))


@strawberry.federation.type(keys=["id"], description="An event, of deals.")
class Event:
    """What the notifier adds to an event."""

    id: strawberry.ID = strawberry.field(description="TypeID.")
    deliveries = log(
        "Who was told of it or invited to it, how, and what became of it; its author of the answers. Oldest first.",
        loading.of_cause(CauseKind.EVENT, CauseKind.APPOINTMENT, CauseKind.INVITATION_ANSWERED),
    )


@strawberry.federation.type(keys=["id"], description="A quote, of deals.")
class Quote:
    """What the notifier adds to a quote."""

    id: strawberry.ID = strawberry.field(description="TypeID.")
    deliveries = log(
        "To whom it was mailed, who was told of the answer, and what became of it; oldest first.",
        loading.of_cause(CauseKind.QUOTE, CauseKind.QUOTE_ANSWERED),
    )


@strawberry.federation.type(
    keys=[Key(fields=FieldSet("id"), resolvable=False)], description="A natural person whom your firm knows."
)
class Contact:
    """Owned by contacts."""

    id: strawberry.ID = strawberry.field(description="TypeID, `contact_…`.")


@strawberry.federation.type(keys=["id"], description="An alert, of deals.")
class Alert:
    """What the notifier adds to an alert."""

    id: strawberry.ID = strawberry.field(description="TypeID.")
    deliveries = log("Who was told of it, how, and what became of it; oldest first.", loading.of_cause(CauseKind.ALERT))


@strawberry.federation.type(keys=["id"], description="A collaborator, of contacts.")
class Collaborator:
    """What the notifier adds to a collaborator."""

    id: strawberry.ID = strawberry.field(description="TypeID.")
    deliveries = log("What this collaborator was told, oldest first.", loading.OF_COLLABORATOR)
