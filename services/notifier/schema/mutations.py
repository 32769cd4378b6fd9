"""Writes of the notifier's subgraph."""

from typing import Annotated

import strawberry

from chassis.errors import Forbidden as NoCollaborator
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors, expected_errors
from services.notifier.commands.preferences import set_preference
from services.notifier.schema.enums import Category
from services.notifier.schema.types import NotificationPreference


@strawberry.input(description="What you want, or no longer want, to be told by e-mail.")
class SetNotificationPreferenceInput:
    """Said for oneself. Saying it again changes nothing, so it needs no idempotency key."""

    category: Category = strawberry.field(description="What.")
    email: bool = strawberry.field(description="Whether e-mails about it are wanted.")


SetNotificationPreferenceResult = Annotated[
    NotificationPreference | CommonErrors, strawberry.union(name="SetNotificationPreferenceResult")
]


@strawberry.type
class Mutation:
    """What can be written."""

    @strawberry.mutation(description="Choose whether you are told of a category by e-mail.")
    @expected_errors
    async def set_notification_preference(
        self, info: Info, input: SetNotificationPreferenceInput
    ) -> SetNotificationPreferenceResult:
        """For the asker."""
        await info.context.read.release()
        async with info.context.unit_of_work() as work:
            if work.actor.collaborator is None:
                raise NoCollaborator("choose for somebody else")
            await set_preference(work, work.actor.collaborator, input.category, email=input.email)
        return NotificationPreference(category=input.category, email=input.email)
