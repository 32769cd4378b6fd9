"""Reads of the inbox; and why one was told of something, or was not."""

from typing import Annotated

import strawberry

from chassis.graphql.context import Info
from chassis.graphql.enums import described
from chassis.graphql.rules import reading
from chassis.identifiers import format_id, new_id
from services.notifier.inbox.explaining import Outcome, explanation
from services.notifier.permissions import Rule
from services.notifier.schema.enums import Reason
from services.notifier.schema.inbox.types import Inbox
from services.notifier.schema.preferences.queries import Whom, readable
from services.notifier.schema.types import Delivery

described(
    Outcome,
    "What became of telling somebody of something.",
    name="TellingOutcome",
    TOLD="It was mailed, alone or in a digest.",
    WAITING="It will be mailed: see `nextAttemptAt` and `notSentBecause` of the delivery, or its `digest`.",
    NOT_TOLD="It concerns them, and was not mailed: `because` says why.",
    AUTHOR="They wrote it themselves: nobody is told of what they do.",
    NOT_CONCERNED="It was told, and nothing ties them to it.",
    UNKNOWN="Nothing was told of it to anybody.",
)


@strawberry.type(description="Why somebody was told of something, or was not.")
class Telling:
    """See inbox.explaining."""

    outcome: Outcome = strawberry.field(description="What became of it.")
    because: str | None = strawberry.field(description="Why it was not mailed: a fixed code, and words after it.")
    reasons: list[Reason] = strawberry.field(description="Every reason why it concerns them.")
    deliveries: list[Delivery] = strawberry.field(description="Every telling of it to them, first to last.")
    in_inbox: bool = strawberry.field(description="Whether it is, or was, in their inbox.")


@strawberry.type
class InboxQueries:
    """Fields of Query."""

    @strawberry.field(description="What you were told.", extensions=reading(Rule.READ_OWN))
    def inbox(self, info: Info) -> Inbox:
        """The asker's own."""
        return Inbox(id=strawberry.ID(format_id("collaborator", info.context.actor.collaborator or new_id())))

    @strawberry.field(description="Why you were told of something, or were not.", extensions=reading(Rule.READ_OWN))
    async def why_told(
        self,
        info: Info,
        subject_id: Annotated[
            strawberry.ID, strawberry.argument(description="An event, alert, comment, quote or publication.")
        ],
        collaborator_id: Whom = None,
    ) -> Telling:
        """Of oneself; of others for administrators."""
        whom = readable(info, collaborator_id) or new_id()
        found = await explanation(info.context.read, subject_id, whom)
        return Telling(
            outcome=found.outcome,
            because=found.because,
            reasons=[Reason(reason) for reason in found.reasons],
            deliveries=[Delivery.of(row) for row in found.deliveries],
            in_inbox=found.in_inbox,
        )
