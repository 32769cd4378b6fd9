"""What readers do with publications."""

from typing import Annotated
from uuid import UUID

import strawberry

from chassis.database import UnitOfWork
from chassis.errors import Forbidden, NotFound
from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.graphql.rules import writing
from chassis.graphql.writes import Write
from chassis.identifiers import parse_id
from services.notifier.permissions import Rule
from services.notifier.publications.answering import Person, Reply, answer, mark_read
from services.notifier.publications.feed import PUBLICATION
from services.notifier.schema.publications.feed import FeedItem, mine
from services.notifier.schema.unit import once

FeedItemResult = Annotated[
    FeedItem | CommonErrors, strawberry.union("FeedItemResult", description="The item, or why nothing was written.")
]


@strawberry.input(description="Which publication you have read.")
class MarkPublicationReadInput(Write):
    """See answering.mark_read."""

    id: strawberry.ID = strawberry.field(description="One of your feed.")


@strawberry.input(description="Your answer to a publication; another one replaces it.")
class AnswerPublicationInput(Write):
    """See answering.answer."""

    id: strawberry.ID = strawberry.field(description="One of your feed.")
    choice: str = strawberry.field(default="", description="One of its options, if it has any.")
    words: str = strawberry.field(default="", description="In your own words; 2,000 characters at most.")


async def _item(info: Info, id: UUID) -> FeedItem:
    listing = mine(info)
    row = await info.context.read.first(listing.statement.where(PUBLICATION.c.id == id))
    if row is None:
        raise NotFound("publication", id)
    return listing.node(row)


def _reader(work: UnitOfWork) -> Person:
    if work.actor.collaborator is None:
        raise Forbidden("read for somebody else")
    return Person(collaborator=work.actor.collaborator)


@strawberry.type
class ReaderMutations:
    """Fields of Mutation, for those who read."""

    @strawberry.mutation(description="Say that you have read a publication.", extensions=writing(Rule.READ_FEED))
    async def mark_publication_read(
        self, info: Info, input: Annotated[MarkPublicationReadInput, strawberry.argument(description="Which one.")]
    ) -> FeedItemResult:
        """See answering.mark_read."""
        id = parse_id("publication", input.id)

        async def act(work: UnitOfWork) -> UUID:
            return await mark_read(work, id, _reader(work))

        return await _item(info, await once(info, input, act))

    @strawberry.mutation(description="Answer a publication of your own organization.", extensions=writing(Rule.ANSWER))
    async def answer_publication(
        self, info: Info, input: Annotated[AnswerPublicationInput, strawberry.argument(description="Your answer.")]
    ) -> FeedItemResult:
        """See answering.answer."""
        id = parse_id("publication", input.id)

        async def act(work: UnitOfWork) -> UUID:
            return await answer(work, id, _reader(work), Reply(input.choice.strip(), input.words))

        return await _item(info, await once(info, input, act))

    mark_publications_read = batch_of(
        mark_publication_read, "mark_publications_read", "Say that you have read several publications."
    )
