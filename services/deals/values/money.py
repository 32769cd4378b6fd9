"""Amounts of money: exact, in a currency of ISO 4217."""

from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import get_currency_precision, list_currencies

from chassis.errors import InvalidInput
from services.deals.model.deals import AMOUNT_DIGITS


@dataclass(frozen=True, slots=True)
class Money:
    """An amount that its currency can express."""

    amount: Decimal
    currency: str


def money(amount: Decimal | None, currency: str | None) -> Money | None:
    """Both or neither. Raises InvalidInput naming `amount` or `currency`."""
    if amount is None and currency is None:
        return None
    if currency is None or amount is None:
        raise InvalidInput("currency" if currency is None else "amount", "Give an amount with its currency.")
    if currency not in list_currencies():
        raise InvalidInput("currency", "Give a code of ISO 4217, as in EUR.")
    if not amount.is_finite() or amount < 0:
        raise InvalidInput("amount", "Give a number, zero or more.")
    _check_digits(amount, get_currency_precision(currency), currency)
    return Money(amount, currency)


def shown(amount: Decimal, currency: str) -> Decimal:
    """An amount with as many decimals as its currency has."""
    return amount.quantize(Decimal(1).scaleb(-get_currency_precision(currency)))


def _check_digits(amount: Decimal, decimals: int, currency: str) -> None:
    if amount.adjusted() >= AMOUNT_DIGITS:
        raise InvalidInput("amount", f"It has more than {AMOUNT_DIGITS} digits before the point.")
    exponent = amount.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > decimals:
        raise InvalidInput("amount", f"{currency} has {decimals} decimals.")
