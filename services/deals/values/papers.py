"""How papers are numbered."""

QUOTE_PREFIX = "D"
INVOICE_PREFIX = "F"
CREDIT_PREFIX = "A"


def number_of(prefix: str, year: int, serial: int) -> str:
    """`D-2026-00042`."""
    return f"{prefix}-{year}-{serial:05}"


def shown_number(number: str | None, revision: int = 1) -> str | None:
    """A quote's number as people write it: later versions have theirs behind it."""
    return number if number is None or revision == 1 else f"{number}-V{revision}"
