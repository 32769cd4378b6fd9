"""Writes of the notifier's subgraph."""

from typing import Annotated
from uuid import UUID

import strawberry

from chassis.database import UnitOfWork
from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.graphql.rules import writing
from services.notifier.commands.preferences import set_own_preference
from services.notifier.permissions import Rule
from services.notifier.schema.enums import Category
from services.notifier.schema.publication_mutations import AuthorMutations, ReaderMutations
from services.notifier.schema.suppressions import SuppressionMutations
from services.notifier.schema.types import NotificationPreference
from services.notifier.schema.unit import Write, once
from services.notifier.schema.webhook_mutations import WebhookMutations


@strawberry.input(description="What you want, or no longer want, to be told by e-mail.")
class SetNotificationPreferenceInput(Write):
    """Said for oneself."""

    category: Category = strawberry.field(description="What.")
    email: bool = strawberry.field(description="Whether e-mails about it are wanted.")


SetNotificationPreferenceResult = Annotated[
    NotificationPreference | CommonErrors,
    strawberry.union(
        name="SetNotificationPreferenceResult", description="What is wanted now, or why nothing was written."
    ),
]


@strawberry.type(description="Everything that can be written. Each field takes one input and answers a union.")
class Mutation(SuppressionMutations, WebhookMutations, AuthorMutations, ReaderMutations):
    """The root of writing."""

    @strawberry.mutation(
        description="Choose whether you are told of a category by e-mail.", extensions=writing(Rule.CHOOSE_OWN)
    )
    async def set_notification_preference(
        self,
        info: Info,
        input: Annotated[SetNotificationPreferenceInput, strawberry.argument(description="What you choose.")],
    ) -> SetNotificationPreferenceResult:
        """For the asker."""

        async def act(work: UnitOfWork) -> UUID:
            return await set_own_preference(work, input.category, email=input.email)

        await once(info, input, act)
        return NotificationPreference(category=input.category, email=input.email)

    set_notification_preferences = batch_of(
        set_notification_preference, "set_notification_preferences", "Choose for several categories at once."
    )
