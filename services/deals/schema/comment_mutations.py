"""Writing comments."""

from typing import Annotated

import strawberry

from chassis import text
from chassis.errors import InvalidInput
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import parse_id
from services.deals.commands import comments as commands
from services.deals.schema.comments import CommentType
from services.deals.schema.rights import writing
from services.deals.schema.unit import GIVEN, Update, Write, written
from services.deals.values.references import ids, optional_id

CommentResult = Annotated[
    CommentType | CommonErrors,
    strawberry.union("CommentResult", description="The comment, or why nothing was written."),
]


@strawberry.input(description="What you say about a deal or about an event; name one of the two.")
class WriteCommentInput(Write):
    """See commands.comments.NewComment."""

    deal_id: strawberry.ID | None = strawberry.field(default=None, description="The deal.")
    event_id: strawberry.ID | None = strawberry.field(default=None, description="The event.")
    body: str = strawberry.field(description="What you say.")
    mention_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Collaborators whom it names; they are told."
    )


@strawberry.input(description="What your comment says from now on.")
class EditCommentInput(Update):
    """See commands.comments.Edit."""

    body: str = strawberry.field(description="What you say.")
    mention_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Every collaborator whom it names."
    )


@strawberry.input(description="A comment to delete.")
class DeleteCommentInput(Update):
    """See commands.comments.Deletion."""


def _body(value: str) -> str:
    told = text.optional_note(value, "body")
    if told is None:
        raise InvalidInput("body", "It must not be empty.")
    return told


@strawberry.type
class CommentMutation:
    """Part of the root of writing."""

    @strawberry.mutation(description="Say something about a deal or an event.", extensions=writing())
    async def write_comment(self, info: Info, input: Annotated[WriteCommentInput, GIVEN]) -> CommentResult:
        """See commands.comments.write_comment."""
        if input.deal_id is not None and input.event_id is not None:
            raise InvalidInput("eventId", "A comment is on a deal or on an event, not on both.")
        order = commands.NewComment(
            body=_body(input.body),
            deal=optional_id("deal", input.deal_id, "dealId"),
            event=optional_id("event", input.event_id, "eventId"),
            mentions=ids("collaborator", input.mention_ids, "mentionIds"),
        )
        return await written(info, input, commands.write_comment, order, CommentType)

    @strawberry.mutation(description="Say otherwise what you said.", extensions=writing())
    async def edit_comment(self, info: Info, input: Annotated[EditCommentInput, GIVEN]) -> CommentResult:
        """See commands.comments.edit_comment."""
        order = commands.Edit(
            id=parse_id("comment", input.id),
            body=_body(input.body),
            mentions=ids("collaborator", input.mention_ids, "mentionIds"),
            expected_version=input.expected_version,
        )
        return await written(info, input, commands.edit_comment, order, CommentType)

    @strawberry.mutation(
        description="Delete a comment of yours; an administrator may delete anybody's.", extensions=writing()
    )
    async def delete_comment(self, info: Info, input: Annotated[DeleteCommentInput, GIVEN]) -> CommentResult:
        """See commands.comments.delete_comment."""
        order = commands.Deletion(id=parse_id("comment", input.id), expected_version=input.expected_version)
        return await written(info, input, commands.delete_comment, order, CommentType)
