"""Webhooks: endpoints of programs, and what was sent to them."""

from services.notifier.schema.webhooks.mutations import WebhookMutations
from services.notifier.schema.webhooks.queries import WebhookQueries

__all__ = ["WebhookMutations", "WebhookQueries"]
