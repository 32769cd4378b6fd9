"""Rows to messages."""

from services.deals.events.alerts import alert_changed, alert_raised, words_of
from services.deals.events.deals import deal_changed, deal_created, fact_recorded
from services.deals.events.exchanges import (
    EventState,
    comment_written,
    event_changed,
    event_created,
    invitation_answered,
    message_changed,
    message_written,
)
from services.deals.events.privacy import erasure_done, person_export_told
from services.deals.events.quotes import (
    acceptance_compensated,
    quote_answered,
    quote_changed,
    quote_request_sent,
    quote_sent,
)

__all__ = [
    "EventState",
    "acceptance_compensated",
    "alert_changed",
    "alert_raised",
    "comment_written",
    "deal_changed",
    "deal_created",
    "erasure_done",
    "event_changed",
    "event_created",
    "fact_recorded",
    "invitation_answered",
    "message_changed",
    "message_written",
    "person_export_told",
    "quote_answered",
    "quote_changed",
    "quote_request_sent",
    "quote_sent",
    "words_of",
]
