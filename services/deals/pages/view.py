"""What a quote's page shows, in the quote's language."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import get_currency_precision

from services.deals.commands.quotes.lines import price_of
from services.deals.papers.words import Words, words_of
from services.deals.queries.days import FALLBACK_ZONE, day_of
from services.deals.states.quote import QuoteStatus
from services.deals.values.papers import shown_number
from services.deals.values.totals import Discount, totals


def sentence_of(quote: Any) -> str:
    """What an acceptance agrees to."""
    words = words_of(quote.locale)
    number = shown_number(quote.number, quote.revision)
    return words["sentence"].format(number=number, gross=words.money(quote.gross, quote.currency))


def context_of(quote: Any, lines: Sequence[Any], now: datetime) -> dict[str, Any]:
    """For the template."""
    words = words_of(quote.locale)
    taken = Discount(quote.discount_percent, quote.discount_amount)
    sums = totals([price_of(line) for line in lines], taken, quote.currency)
    return {
        "locale": words.language,
        "words": words,
        "heading": words["quote"].format(number=shown_number(quote.number, quote.revision)),
        "quote": quote,
        "state": _state(quote, now),
        "sentence": sentence_of(quote),
        "until": words.day(quote.valid_until),
        "lines": [_line(line, quote.currency, words) for line in lines],
        "sums": {name: words.money(getattr(sums, name), quote.currency) for name in ("net", "vat", "gross")},
        "discount": words.money(-sums.discount, quote.currency) if sums.discount else "",
        "answered_at": _moment(quote, words),
        "fingerprint": quote.sha256.hex(),
    }


def _state(quote: Any, now: datetime) -> str:
    """OPEN where it can be answered, else what became of it."""
    if quote.status != QuoteStatus.SENT:
        return str(quote.status)
    return "OPEN" if quote.valid_until >= day_of(now, quote.time_zone) else "EXPIRED"


def _moment(quote: Any, words: Words) -> str:
    if quote.answered_at is None:
        return ""
    zone = ZoneInfo(quote.time_zone or FALLBACK_ZONE)
    return str(format_datetime(quote.answered_at, "long", tzinfo=zone, locale=words.locale))


def _line(row: Any, currency: str, words: Words) -> dict[str, str]:
    return {
        "label": row.label,
        "description": row.description,
        "quantity": f"{words.figure(row.quantity)} {row.unit}".strip(),
        "price": words.price(row.unit_price, currency, get_currency_precision(currency)),
        "net": words.money(row.net, currency),
    }
