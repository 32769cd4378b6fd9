"""Writes of the notifier's subgraph."""

import strawberry

from services.notifier.schema.dead_letters import DeadLetterMutations
from services.notifier.schema.inbox import InboxMutations
from services.notifier.schema.preferences import PreferenceMutations
from services.notifier.schema.publications import AuthorMutations, ReaderMutations
from services.notifier.schema.suppressions import SuppressionMutations
from services.notifier.schema.webhooks import WebhookMutations


@strawberry.type(description="Everything that can be written. Each field takes one input and answers a union.")
class Mutation(
    SuppressionMutations,
    WebhookMutations,
    AuthorMutations,
    ReaderMutations,
    PreferenceMutations,
    InboxMutations,
    DeadLetterMutations,
):
    """The root of writing."""
