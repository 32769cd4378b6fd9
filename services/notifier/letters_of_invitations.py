"""The address at which a contact who is invited answers."""

from datetime import UTC, datetime, timedelta

from chassis.links import LinkKey
from proto.deals.v1.messages_pb2 import Event
from services.notifier.audience import Reason
from services.notifier.queries import Found

PURPOSE = "invitation"
"""What the address is a pass for; deals opens it by the same word."""
_AFTER = timedelta(days=1)


def answer_page(due: Found, key: LinkKey | None, deals_url: str, kept: timedelta) -> str:
    """Empty where there is nothing to answer, or no key to make it with; a series is answered for `kept`."""
    event = Event.FromString(due.content)
    if key is None or event.cancelled or Reason.REMOVED.value in due.reasons:
        return ""
    ids = (due.organization_id, due.cause_id, due.contact_id)
    return f"{deals_url.rstrip('/')}/i/{key.pass_for(PURPOSE, ids, int(_until(event, due, kept).timestamp()))}"


def _until(event: Event, due: Found, kept: timedelta) -> datetime:
    ends: datetime = event.ends_at.ToDatetime(tzinfo=UTC) + _AFTER
    return max(ends, due.written_at + kept) if event.recurrence else ends
