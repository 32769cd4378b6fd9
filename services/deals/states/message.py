"""Where the mail of a message to one recipient is. Pure."""

from datetime import datetime
from enum import StrEnum


class MailStatus(StrEnum):
    """The notifier's own words, but for what it has not told yet."""

    QUEUED = "QUEUED"
    SENT = "SENT"
    BOUNCED = "BOUNCED"
    REJECTED = "REJECTED"
    SUPPRESSED = "SUPPRESSED"
    SKIPPED = "SKIPPED"


FAILED = (MailStatus.BOUNCED, MailStatus.REJECTED, MailStatus.SUPPRESSED, MailStatus.SKIPPED)
"""It did not reach them, and will not by itself."""


def follows(present: MailStatus, told_at: datetime | None, wanted: MailStatus, at: datetime) -> bool:
    """Whether what is told now takes the place of what was told before: news may come twice, or out of order.

    What has failed stays so; what was sent may still come back.
    """
    if present is wanted or wanted is MailStatus.QUEUED or present in FAILED:
        return False
    return wanted in FAILED or told_at is None or at >= told_at
