"""Documents put on deals and events."""

from typing import Annotated

import strawberry

from chassis import text
from chassis.errors import InvalidInput
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import parse_id
from services.deals.commands import documents as commands
from services.deals.schema.enums import DocumentKind
from services.deals.schema.papers import Document
from services.deals.schema.rights import writing
from services.deals.schema.unit import GIVEN, Write, written
from services.deals.values import links
from services.deals.values.references import optional_id

DocumentResult = Annotated[
    Document | CommonErrors, strawberry.union("DocumentResult", description="The document, or why nothing was written.")
]


@strawberry.input(description="A document to put on a deal or on an event; name one of the two.")
class AddDocumentInput(Write):
    """See commands.documents.NewDocument."""

    deal_id: strawberry.ID | None = strawberry.field(default=None, description="The deal.")
    event_id: strawberry.ID | None = strawberry.field(default=None, description="The event.")
    title: str = strawberry.field(description="Its title, on one line.")
    url: str = strawberry.field(description="Where it is: http or https.")
    kind: DocumentKind = strawberry.field(default=DocumentKind.OTHER, description="What it is.")


@strawberry.input(description="A document to take off.")
class RemoveDocumentInput(Write):
    """See commands.documents.Removal."""

    id: strawberry.ID = strawberry.field(description="The document.")


@strawberry.type
class DocumentMutation:
    """Part of the root of writing."""

    @strawberry.mutation(description="Put a document on a deal or an event.", extensions=writing())
    async def add_document(self, info: Info, input: Annotated[AddDocumentInput, GIVEN]) -> DocumentResult:
        """See commands.documents.add_document."""
        if input.deal_id is not None and input.event_id is not None:
            raise InvalidInput("eventId", "A document is on a deal or on an event, not on both.")
        order = commands.NewDocument(
            title=text.line(input.title, "title"),
            url=links.url(input.url, "url"),
            kind=input.kind,
            deal=optional_id("deal", input.deal_id, "dealId"),
            event=optional_id("event", input.event_id, "eventId"),
        )
        return await written(info, input, commands.add_document, order, Document)

    @strawberry.mutation(description="Take a document off; it stays in the history.", extensions=writing())
    async def remove_document(self, info: Info, input: Annotated[RemoveDocumentInput, GIVEN]) -> DocumentResult:
        """See commands.documents.remove_document."""
        order = commands.Removal(id=parse_id("document", input.id))
        return await written(info, input, commands.remove_document, order, Document)
