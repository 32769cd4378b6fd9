"""What a paper's lines come to: nets, discounts, VAT by rate. Exact decimals; see docs/decisions/0030-quotes.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext

from babel.numbers import get_currency_precision, list_currencies

from chassis.errors import InvalidInput
from services.deals.model.deals import AMOUNT_DECIMALS, AMOUNT_DIGITS
from services.deals.model.lines import QUANTITY_DIGITS, RATE_DECIMALS

MOST_LINES = 200
_HUNDRED = Decimal(100)
# The largest amounts have 15 digits: a product of three of them with their decimals must not be cut.
_PRECISION = 80


@dataclass(frozen=True, slots=True)
class Discount:
    """What is taken off: in percent, or in money; at most one of the two."""

    percent: Decimal | None = None
    amount: Decimal | None = None


NO_DISCOUNT = Discount()


@dataclass(frozen=True, slots=True)
class Price:
    """A quantity at a unit price, less a discount, with its VAT rate in percent."""

    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal
    discount: Discount = NO_DISCOUNT


@dataclass(frozen=True, slots=True)
class VatShare:
    """What one rate of VAT bears on, and what it makes."""

    rate: Decimal
    net: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """A paper's sums, each with as many decimals as the currency has."""

    lines: tuple[Decimal, ...]
    subtotal: Decimal
    discount: Decimal
    shares: tuple[VatShare, ...]

    @property
    def net(self) -> Decimal:
        """Without VAT, discounts taken off."""
        return self.subtotal - self.discount

    @property
    def vat(self) -> Decimal:
        """The sum of what each rate makes."""
        return sum((share.vat for share in self.shares), Decimal())

    @property
    def gross(self) -> Decimal:
        """What is to pay."""
        return self.net + self.vat


def totals(prices: Sequence[Price], discount: Discount, currency: str) -> Totals:
    """The sums of a paper. Raises InvalidInput naming the line or the discount at fault."""
    with localcontext(prec=_PRECISION):
        unit = minor_unit(currency)
        nets = tuple(_net(price, unit, f"lines.{place}") for place, price in enumerate(prices))
        subtotal = _checked(sum(nets, Decimal()), "lines")
        taken = _taken(subtotal, discount, unit, "discount")
        bases = _spread(_by_rate(prices, nets), taken, subtotal, unit)
        shares = tuple(VatShare(rate, base, rounded(base * rate / _HUNDRED, unit)) for rate, base in bases.items())
        found = Totals(nets, subtotal, taken, shares)
        _checked(found.gross, "lines")
        return found


def minor_unit(currency: str) -> Decimal:
    """The smallest amount of a currency of ISO 4217: 0.01 of EUR, 1 of JPY."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


def rounded(amount: Decimal, unit: Decimal) -> Decimal:
    """Half a unit and more goes up, as French tax offices and traders round."""
    return amount.quantize(unit, ROUND_HALF_UP)


def currency(value: str, field: str = "currency") -> str:
    """A code of ISO 4217. Raises InvalidInput."""
    if value not in list_currencies():
        raise InvalidInput(field, "Give a code of ISO 4217, as in EUR.")
    return value


def discount(percent: Decimal | None, amount: Decimal | None, unit: Decimal, field: str = "") -> Discount:
    """At most one of the two. Raises InvalidInput."""
    if percent is not None and amount is not None:
        raise InvalidInput(f"{field}discountAmount", "A discount is in percent or in money, not both.")
    if amount is not None:
        number(amount, f"{field}discountAmount", AMOUNT_DIGITS, _decimals(unit))
    return Discount(None if percent is None else rate(percent, f"{field}discountPercent"), amount)


def quantity(value: Decimal, field: str) -> Decimal:
    """More than nothing. Raises InvalidInput."""
    if number(value, field, QUANTITY_DIGITS, AMOUNT_DECIMALS) == 0:
        raise InvalidInput(field, "Give a quantity above zero.")
    return value


def unit_price(value: Decimal, field: str) -> Decimal:
    """Nothing or more; it may be finer than the currency. Raises InvalidInput."""
    return number(value, field, AMOUNT_DIGITS, AMOUNT_DECIMALS)


def rate(value: Decimal, field: str) -> Decimal:
    """A percentage from 0 to 100. Raises InvalidInput."""
    if number(value, field, 3, RATE_DECIMALS) > _HUNDRED:
        raise InvalidInput(field, "Give a percentage from 0 to 100.")
    return value


def number(value: Decimal, field: str, digits: int, decimals: int) -> Decimal:
    """Finite, not negative, with so many digits before and after the point at most. Raises InvalidInput."""
    if not value.is_finite() or value < 0:
        raise InvalidInput(field, "Give a number, zero or more.")
    if value.adjusted() >= digits:
        raise InvalidInput(field, f"It has more than {digits} digits before the point.")
    exponent = value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > decimals:
        raise InvalidInput(field, f"It has more than {decimals} decimals.")
    return value


def _net(price: Price, unit: Decimal, field: str) -> Decimal:
    whole = rounded(price.quantity * price.unit_price, unit)
    _checked(whole, f"{field}.quantity")
    return whole - _taken(whole, price.discount, unit, f"{field}.discountAmount")


def _taken(whole: Decimal, discount: Discount, unit: Decimal, field: str) -> Decimal:
    if discount.percent is not None:
        return rounded(whole * discount.percent / _HUNDRED, unit)
    taken = discount.amount or Decimal()
    if taken > whole:
        raise InvalidInput(field, f"A discount of {taken} is more than the {whole} that it is taken off.")
    return taken.quantize(unit)


def _by_rate(prices: Sequence[Price], nets: Sequence[Decimal]) -> dict[Decimal, Decimal]:
    bases: dict[Decimal, Decimal] = {}
    for price, net in zip(prices, nets, strict=True):
        bases[price.vat_rate] = bases.get(price.vat_rate, Decimal()) + net
    return dict(sorted(bases.items()))


def _spread(bases: dict[Decimal, Decimal], taken: Decimal, subtotal: Decimal, unit: Decimal) -> dict[Decimal, Decimal]:
    """A paper's own discount, in proportion to each rate's net: whole units, and no unit lost (largest remainder)."""
    if not taken:
        return bases
    exact = {rate: taken * base / subtotal for rate, base in bases.items()}
    parts = {rate: share.quantize(unit, ROUND_DOWN) for rate, share in exact.items()}
    left = int((taken - sum(parts.values(), Decimal())) / unit)
    for rate in sorted(exact, key=lambda rate: (parts[rate] - exact[rate], rate))[:left]:
        parts[rate] += unit
    return {rate: base - parts[rate] for rate, base in bases.items()}


def _checked(amount: Decimal, field: str) -> Decimal:
    if amount.adjusted() >= AMOUNT_DIGITS:
        raise InvalidInput(field, f"It comes to more than {AMOUNT_DIGITS} digits before the point.")
    return amount


def _decimals(unit: Decimal) -> int:
    exponent = unit.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
