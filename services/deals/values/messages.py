"""What a message to a deal's people is made of."""

from enum import StrEnum

MOST_ATTACHMENTS = 20


class Format(StrEnum):
    """How a message's text is read."""

    PLAIN = "PLAIN"
    MARKDOWN = "MARKDOWN"


class Part(StrEnum):
    """How a recipient stands on a message."""

    TO = "TO"
    COPY = "COPY"
