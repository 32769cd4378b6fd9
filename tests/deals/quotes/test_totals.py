"""Sums of papers: exact, by rate, to the currency's minor unit; laws that hold for any lines."""

from decimal import Decimal as D

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.errors import InvalidInput
from services.deals.values.totals import Discount, Price, minor_unit, totals

CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD"])
PERCENT = st.decimals(0, 100, places=2)
PRICES = st.builds(
    Price,
    st.decimals(D("0.0001"), 100_000, places=4),
    st.decimals(0, 100_000, places=4),
    st.sampled_from([D(0), D("2.1"), D("5.5"), D(10), D(20)]),
    st.builds(Discount, st.none() | PERCENT),
)
WHOLE = st.builds(Discount, st.none() | PERCENT)
# A machine that is busy says nothing about the laws.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@unhurried
@given(st.lists(PRICES, max_size=12), WHOLE, CURRENCIES)
def test_every_sum_is_of_whole_minor_units_and_adds_up(prices: list[Price], whole: Discount, currency: str) -> None:
    found, unit = totals(prices, whole, currency), minor_unit(currency)
    figures = [*found.lines, found.discount, found.net, found.vat, found.gross]
    figures += [figure for share in found.shares for figure in (share.net, share.vat)]
    assert all(figure == figure.quantize(unit) for figure in figures)
    assert found.subtotal == sum(found.lines)
    assert sum(share.net for share in found.shares) == found.net
    assert found.gross == found.net + found.vat
    assert all(share.net >= 0 for share in found.shares)


@unhurried
@given(st.lists(PRICES, min_size=1, max_size=12), WHOLE, CURRENCIES, st.randoms())
def test_vat_is_rounded_once_a_rate_whatever_the_order_of_lines(
    prices: list[Price], whole: Discount, currency: str, random: object
) -> None:
    found = totals(prices, whole, currency)
    for share in found.shares:
        exact = share.net * share.rate / 100
        assert abs(share.vat - exact) <= minor_unit(currency) / 2
    shuffled = list(prices)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert totals(shuffled, whole, currency).gross == found.gross


def test_half_a_cent_goes_up_and_a_rate_s_vat_is_rounded_on_its_sum() -> None:
    # Three lines of 0.33 at 5.5 %: 0.99 × 5.5 % = 0.05445, where line by line would give 3 × 0.02 = 0.06.
    found = totals([Price(D(1), D("0.33"), D("5.5"))] * 3, Discount(), "EUR")
    assert (found.net, found.vat) == (D("0.99"), D("0.05"))
    assert totals([Price(D(1), D("0.125"), D(20))], Discount(), "EUR").net == D("0.13")


def test_a_discount_on_the_whole_is_spread_over_the_rates_to_the_last_cent() -> None:
    prices = [Price(D(1), D("33.33"), rate) for rate in (D(0), D(10), D(20))]
    found = totals(prices, Discount(amount=D("10.00")), "EUR")
    assert [share.net for share in found.shares] == [D("29.99"), D("30.00"), D("30.00")]
    assert found.net == D("89.99")


@pytest.mark.parametrize(
    ("prices", "whole", "field"),
    [
        ([Price(D("999999999"), D("999999999999999"), D(20))], Discount(), "lines.0.quantity"),
        ([Price(D(1), D("999999999999999"), D(20))], Discount(), "lines"),
        ([Price(D(1), D(5), D(20), Discount(amount=D(6)))], Discount(), "lines.0.discountAmount"),
        ([Price(D(1), D(5), D(20))], Discount(amount=D(6)), "discount"),
    ],
)
def test_sums_that_cannot_be_are_refused_at_their_field(prices: list[Price], whole: Discount, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        totals(prices, whole, "EUR")
    assert ".".join(refused.value.path) == field
