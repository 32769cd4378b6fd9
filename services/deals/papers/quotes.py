"""A quote as a PDF: the same rows give the same bytes."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import orjson
import typst
from babel.numbers import get_currency_precision

from services.deals.papers.words import Words, words_of
from services.deals.values.papers import shown_number
from services.deals.values.totals import Totals

TEMPLATE = Path(__file__).with_name("paper.typ")


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on it: rows of quote, lines and letterhead, their sums, and the day it was made."""

    quote: Any
    lines: Sequence[Any]
    sums: Totals
    seller: Any
    on: date


async def pdf_of(paper: Paper) -> bytes:
    """The PDF, made off the event loop: some 50 ms of CPU."""
    return await asyncio.to_thread(rendered, paper)


def rendered(paper: Paper, format: Literal["pdf", "png"] = "pdf") -> bytes:
    """The bytes; a picture of a one-page paper as well. Raises typst.TypstError."""
    told = {"paper": orjson.dumps(content(paper)).decode()}
    made = typst.compile(_template(), format=format, sys_inputs=told, ignore_system_fonts=True)
    assert isinstance(made, bytes), "a paper of several pages is no single picture"  # noqa: S101  # pictures are ours
    return made


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()


def content(paper: Paper) -> dict[str, Any]:
    """The data that the template shows."""
    quote, seller, words = paper.quote, paper.seller, words_of(paper.quote.locale)
    number = shown_number(quote.number, quote.revision) or ""
    return {
        "locale": words.language,
        "heading": words["quote"].format(number=number),
        "title": quote.title,
        "introduction": quote.introduction,
        "conditions": quote.conditions,
        "seller": _seller(seller, words),
        "buyer": {"name": quote.buyer_name, "address": quote.buyer_address, "number": quote.buyer_number},
        "dates": [
            {"label": words["on"], "value": words.day(paper.on)},
            {"label": words["until"], "value": words.day(quote.valid_until)},
        ],
        "words": {
            **{name: words[name] for name in ("buyer", "page", "conditions", "agreement")},
            "columns": [words[name] for name in ("label", "quantity", "price", "discount", "rate", "net")],
            "shares": [words[name] for name in ("rate", "base", "vat")],
        },
        "lines": [_line(line, quote.currency, words) for line in paper.lines],
        **_figures(paper, words),
        "mentions": _mentions(seller, words),
    }


def _seller(row: Any, words: Words) -> dict[str, str]:
    numbers = [f"{words['siret']} {row.siret}", row.register]
    if row.vat_number:
        numbers.append(f"{words['vat_number']} {row.vat_number}")
    return {
        "name": row.legal_name,
        "address": row.address,
        "contact": " · ".join(filter(None, (row.phone, row.email))),
        "legal": " · ".join(filter(None, (row.legal_name, row.legal_form, *numbers))),
    }


def _line(row: Any, currency: str, words: Words) -> dict[str, str]:
    return {
        "label": row.label,
        "description": row.description,
        "quantity": f"{words.figure(row.quantity)} {row.unit}".strip(),
        "price": words.price(row.unit_price, currency, get_currency_precision(currency)),
        "discount": _discount(row, currency, words),
        "vat": f"{words.figure(row.vat_rate)} %",
        "net": words.money(row.net, currency),
    }


def _discount(row: Any, currency: str, words: Words) -> str:
    if row.discount_percent:
        return f"{words.figure(row.discount_percent)} %"
    return words.money(row.discount_amount, currency) if row.discount_amount else ""


def _figures(paper: Paper, words: Words) -> dict[str, Any]:
    sums, currency, taxed = paper.sums, paper.quote.currency, bool(paper.seller.vat_number)

    def told(name: str, amount: Any, *, strong: bool = False) -> dict[str, Any]:
        return {"label": words[name], "value": words.money(amount, currency), "strong": strong}

    taken = [told("subtotal", sums.subtotal), told("taken", -sums.discount)] if sums.discount else []
    vat = [told("sum_vat", sums.vat)] if taxed else []
    shares = [
        {
            "rate": f"{words.figure(one.rate)} %",
            "net": words.money(one.net, currency),
            "vat": words.money(one.vat, currency),
        }
        for one in sums.shares
    ]
    last = told("sum_gross" if taxed else "to_pay", sums.gross, strong=True)
    return {"shares": shares if taxed else [], "sums": [*taken, told("sum_net", sums.net), *vat, last]}


def _mentions(seller: Any, words: Words) -> list[str]:
    terms = [words["payment"].format(terms=seller.payment_terms)] if seller.payment_terms else []
    no_vat = [] if seller.vat_number else [words["no_vat"]]
    return [*no_vat, *terms, words["free"], words["late"]]
