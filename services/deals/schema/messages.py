"""E-mails written from deals."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row, select

from chassis import markdown
from chassis.graphql.connections import Order
from chassis.graphql.context import Info
from chassis.graphql.listing import Listing, list_field
from chassis.identifiers import format_id, parse_id
from services.deals import model
from services.deals.queries import batches
from services.deals.schema.custom_values import KNOWN_FIELDS
from services.deals.schema.enums import Format, MailStatus, Part
from services.deals.schema.lists import columns_of
from services.deals.schema.message_lists import MessageFilter, MessageOrder, MessageOrderField, on_messages
from services.deals.schema.rights import reading
from services.deals.schema.stubs import Collaborator, Contact

if TYPE_CHECKING:
    from services.deals.schema.deals import DealType

Deal = Annotated["DealType", strawberry.lazy("services.deals.schema.deals")]
Id = Annotated[strawberry.ID, strawberry.argument(description="Its TypeID.")]
_TABLE: Any = model.Message.__table__


@strawberry.type(description="Something kept elsewhere that a message points to, as it was when it was written.")
class MessageAttachment:
    """Part of a Message."""

    title: str = strawberry.field(description="Its title.")
    url: str = strawberry.field(description="Where it is: http or https.")


@strawberry.type(description="A contact whom a message goes to, and where its mail is.")
class MessageRecipient:
    """See model.MessageRecipient."""

    row: strawberry.Private[Row[Any]]
    part: Part = strawberry.field(description="Whether it is written to them, or they have it in copy.")
    status: MailStatus = strawberry.field(description="Where the mail is.")
    reason: str | None = strawberry.field(description="Why it was not sent, or came back.")
    told_at: datetime | None = strawberry.field(description="When its status last changed; null while it is queued.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The recipient of a row."""
        status = MailStatus(row.status)
        return cls(row=row, part=Part(row.part), status=status, reason=row.reason or None, told_at=row.told_at)

    @strawberry.field(description="Who.")
    def contact(self) -> Contact | None:
        """A stub."""
        return Contact.of(self.row.contact_id)


@strawberry.federation.type(
    name="Message", keys=["id"], description="An e-mail that a collaborator wrote from a deal to its people."
)
class MessageType:
    """See model.Message."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `message_…`.")
    version: int = strawberry.field(description="Grows with every news of its mails.")
    subject: str = strawberry.field(description="What it is about, on one line.")
    body: str = strawberry.field(description="What it says, as it was written.")
    format: Format = strawberry.field(description="How the body is read.")
    created_at: datetime = strawberry.field(description="When it was written.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The node of a row."""
        return cls(
            row=row,
            id=strawberry.ID(format_id("message", row.id)),
            version=row.version,
            subject=row.title,
            body=row.body,
            format=row.format and Format(row.format),
            created_at=row.created_at,
        )

    @classmethod
    async def load(cls, info: Info, id: UUID | None) -> Self | None:
        """The message of an id, loaded with the others of the answer; None where there is none."""
        row = await info.context.load(batches.messages, id)
        return None if row is None else cls.of(row)

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity of a key."""
        return await cls.load(info, parse_id("message", id))

    @strawberry.field(description="What it says as HTML that is safe to show: the same that was mailed.")
    def html(self) -> str:
        """Made anew each time: what is safe may change."""
        return markdown.to_html(self.body) if self.format is Format.MARKDOWN else markdown.plain_to_html(self.body)

    @strawberry.field(description="Who wrote it: answers go to their own mailbox.")
    def author(self) -> Collaborator | None:
        """A stub."""
        return Collaborator.of(self.row.author_id)

    @strawberry.field(description="The deal it was written from.")
    async def deal(self, info: Info) -> Deal | None:
        """Loaded with the others of the answer."""
        from services.deals.schema.deals import DealType  # a deal lists its messages: the two know each other

        return await DealType.load(info, self.row.deal_id)

    @strawberry.field(description="Whom it goes to, those who are written to first.")
    async def recipients(self, info: Info) -> list[MessageRecipient]:
        """One statement for all the messages of an answer."""
        rows = await info.context.load(batches.recipients_of_message, self.row.id)
        return [MessageRecipient.of(row) for row in rows]

    @strawberry.field(description="What it points to.")
    def attachments(self) -> list[MessageAttachment]:
        """As they were."""
        return [MessageAttachment(title=one["title"], url=one["url"]) for one in self.row.attachments]


MESSAGES = Listing(
    select(_TABLE),
    _TABLE.c.id,
    MessageType.of,
    on_messages,
    columns_of(model.Message, MessageOrderField),
    [Order(_TABLE.c.id, descending=True)],
    {
        "subject": ("title",),
        "html": ("body", "format"),
        "author": ("author_id",),
        "deal": ("deal_id",),
        "recipients": (),
    },
    check=KNOWN_FIELDS,
)


@strawberry.type
class MessageQuery:
    """Part of the root of reading."""

    @strawberry.field(description="One message; null if there is none.", extensions=reading())
    async def message(self, info: Info, id: Id) -> MessageType | None:
        """By id."""
        return await MessageType.load(info, parse_id("message", id))

    messages = list_field(
        lambda: MESSAGES,
        MessageType,
        filter=MessageFilter,
        order=MessageOrder,
        newest_first=True,
        description="E-mails written from your organization's deals.",
        extensions=reading(),
    )
