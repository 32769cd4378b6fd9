"""Values: what they take, and what they refuse."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from babel.numbers import get_currency_precision
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import InvalidInput
from services.deals.values.moments import EARLIEST, LATEST, moment, slot
from services.deals.values.money import money, shown

CURRENCIES = st.sampled_from(["EUR", "USD", "JPY", "KWD", "CHF"])
MOMENTS = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30))  # noqa: DTZ001  # offsets are drawn
OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(amount=st.decimals(min_value=0, max_value=10**15 - 1, places=2), currency=CURRENCIES)
def test_money_is_exact_or_refused(amount: Decimal, currency: str) -> None:
    fits = amount == amount.quantize(Decimal(1).scaleb(-get_currency_precision(currency)))
    if not fits:
        with pytest.raises(InvalidInput):
            money(amount, currency)
        return
    told = money(amount, currency)
    assert told is not None
    assert shown(told.amount.quantize(Decimal("0.0001")), told.currency) == amount


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-0.01", "1000000000000000", "1e400", "0.001", "1E+15"])
def test_an_amount_that_is_none_is_refused(amount: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        money(Decimal(amount), "EUR")
    assert refused.value.path == ["amount"]


@given(at=MOMENTS, offset=OFFSETS)
def test_a_moment_is_kept_to_the_microsecond_in_utc_or_refused(at: datetime, offset: timezone) -> None:
    aware = at.replace(tzinfo=offset)
    if EARLIEST <= aware < LATEST:
        assert moment("at", aware) == aware
        assert moment("at", aware).tzinfo is UTC
    else:
        with pytest.raises(InvalidInput):
            moment("at", aware)


@given(at=MOMENTS)
def test_a_moment_without_an_offset_is_refused(at: datetime) -> None:
    with pytest.raises(InvalidInput):
        moment("at", at)


@given(minutes=st.integers(-10_000, 100_000))
def test_a_slot_ends_after_it_starts_and_within_a_month(minutes: int) -> None:
    begins = datetime(2026, 3, 28, 9, tzinfo=UTC)
    ends = begins + timedelta(minutes=minutes)
    if 0 < minutes <= 31 * 24 * 60:
        assert slot(begins, ends, "Europe/Paris").ends_at == ends
    else:
        with pytest.raises(InvalidInput):
            slot(begins, ends, "Europe/Paris")
