"""What one does with one's inbox, and hearing of its changes."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.graphql.following import ServedByTheGateway
from chassis.graphql.rules import writing
from chassis.identifiers import format_id, parse_id
from services.notifier.inbox import commands
from services.notifier.permissions import Rule
from services.notifier.schema.enums import Category, InboxState
from services.notifier.schema.inbox.types import Inbox
from services.notifier.schema.unit import Write, once


@strawberry.input(description="What you have done with some items.")
class MarkInboxItemsInput(Write):
    """Some of one's own."""

    ids: list[strawberry.ID] = strawberry.field(description="Which; at most 500. Those that are not yours are left.")
    state: InboxState = strawberry.field(description="What you have done with them.")


@strawberry.input(description="What you have done with everything.")
class MarkInboxInput(Write):
    """Everything of one's own."""

    state: InboxState = strawberry.field(description="What you have done with it. What is DONE stays done.")
    category: Category | None = strawberry.field(default=None, description="Only of this category.")
    until: datetime | None = strawberry.field(
        default=None, description="Only what you were told until then: what you have seen."
    )


MarkInboxResult = Annotated[
    Inbox | CommonErrors,
    strawberry.union(name="MarkInboxResult", description="Your inbox, or why nothing was written."),
]


def _inbox(me: UUID) -> Inbox:
    return Inbox(id=strawberry.ID(format_id("collaborator", me)))


@strawberry.type
class InboxMutations:
    """Fields of Mutation."""

    @strawberry.mutation(description="Mark items read, done, or unread again.", extensions=writing(Rule.CHOOSE_OWN))
    async def mark_inbox_items(
        self, info: Info, input: Annotated[MarkInboxItemsInput, strawberry.argument(description="Which, and how.")]
    ) -> MarkInboxResult:
        """Of the asker's own."""
        ids = [parse_id("inbox_item", id) for id in input.ids]
        return _inbox(await once(info, input, lambda work: commands.mark(work, ids, input.state)))

    @strawberry.mutation(description="Mark everything read or done.", extensions=writing(Rule.CHOOSE_OWN))
    async def mark_inbox(
        self, info: Info, input: Annotated[MarkInboxInput, strawberry.argument(description="How.")]
    ) -> MarkInboxResult:
        """The asker's own."""
        marked = (input.state, input.category, input.until)
        return _inbox(await once(info, input, lambda work: commands.mark_all(work, *marked)))


@strawberry.type(description="What can be followed live; resumable by the cursor that each result carries.")
class Subscription:
    """The root of following."""

    @strawberry.subscription(description="Your inbox, whenever something comes into it or changes there.")
    async def inbox_changed(self) -> AsyncGenerator[Inbox, None]:
        """Served by the gateway."""
        raise ServedByTheGateway
        yield
