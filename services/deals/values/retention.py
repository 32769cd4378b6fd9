"""How long the law has papers kept, whoever asks for them to be erased."""

from datetime import date

YEARS = 10
"""Of accounts and of what they rest on, from the end of their year (code de commerce, L123-22)."""


def kept_until(sent_on: date | None) -> date | None:
    """The last day that a paper must be kept; None for one that nobody was sent."""
    return None if sent_on is None else date(sent_on.year + YEARS, 12, 31)
