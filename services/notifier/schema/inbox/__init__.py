"""The inbox, and why one was told of something, or was not."""

from services.notifier.schema.inbox.mutations import InboxMutations, Subscription
from services.notifier.schema.inbox.queries import InboxQueries
from services.notifier.schema.inbox.types import Inbox

__all__ = ["Inbox", "InboxMutations", "InboxQueries", "Subscription"]
