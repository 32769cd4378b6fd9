"""Writing messages."""

from typing import Annotated

import strawberry

from chassis import text
from chassis.errors import InvalidInput
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import parse_id
from services.deals.commands import messages as commands
from services.deals.schema.enums import Format
from services.deals.schema.messages import MessageType
from services.deals.schema.rights import writing
from services.deals.schema.unit import GIVEN, Write, written
from services.deals.values.references import ids

MessageResult = Annotated[
    MessageType | CommonErrors,
    strawberry.union("MessageResult", description="The message, or why nothing was written."),
]


@strawberry.input(description="An e-mail to a deal's people.")
class WriteMessageInput(Write):
    """See commands.messages.NewMessage."""

    deal_id: strawberry.ID = strawberry.field(description="The deal.")
    subject: str = strawberry.field(description="What it is about, on one line.")
    body: str = strawberry.field(description="What it says.")
    format: Format = strawberry.field(default=Format.PLAIN, description="How the body is read.")
    to_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Contacts whom it is written to; the deal's primary contact if absent."
    )
    copy_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Contacts in copy; the deal's participants if absent, nobody if empty."
    )
    document_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Documents of the deal that it points to, by their addresses."
    )


def _body(value: str) -> str:
    told = text.optional_note(value, "body")
    if told is None:
        raise InvalidInput("body", "It must not be empty.")
    return told


@strawberry.type
class MessageMutation:
    """Part of the root of writing."""

    @strawberry.mutation(
        description="Write an e-mail to a deal's people; see recipients for what becomes of it.", extensions=writing()
    )
    async def write_message(self, info: Info, input: Annotated[WriteMessageInput, GIVEN]) -> MessageResult:
        """See commands.messages.write_message."""
        order = commands.NewMessage(
            deal=parse_id("deal", input.deal_id),
            title=text.line(input.subject, "subject"),
            body=_body(input.body),
            format=input.format,
            to=None if input.to_ids is None else ids("contact", input.to_ids, "toIds"),
            copy=None if input.copy_ids is None else ids("contact", input.copy_ids, "copyIds"),
            documents=ids("document", input.document_ids, "documentIds"),
        )
        return await written(info, input, commands.write_message, order, MessageType)
