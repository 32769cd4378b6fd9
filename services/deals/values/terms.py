"""Terms of contracts: months, notice, renewal, what a term is worth."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from chassis.errors import InvalidInput
from services.deals.model.deals import AMOUNT_DIGITS

MOST_MONTHS = 1200
MOST_DAYS = 3660
_DAY = timedelta(days=1)


class Period(StrEnum):
    """What a contract's amount is for."""

    ONCE = "ONCE"
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"


class Renewal(StrEnum):
    """What becomes of a contract at the end of its term."""

    NONE = "NONE"
    TACIT = "TACIT"
    EXPRESS = "EXPRESS"


MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """From when to when a contract runs, and what happens at its end. `ends_on` is its last day."""

    starts_on: date | None = None
    ends_on: date | None = None
    renewal: Renewal = Renewal.NONE
    renewal_months: int | None = None
    notice_months: int = 0
    notice_days: int = 0

    def check(self) -> None:
        """Raises InvalidInput naming the field at fault."""
        if self.ends_on and self.starts_on and self.ends_on < self.starts_on:
            raise InvalidInput("endsOn", "It ends after it starts.")
        if self.renewal is not Renewal.NONE and (self.renewal_months is None or self.ends_on is None):
            raise InvalidInput("renewalMonths", "A renewal needs the end of the term, and for how many months it is.")
        for name, value, most in (
            ("renewalMonths", self.renewal_months, MOST_MONTHS),
            ("noticeMonths", self.notice_months, MOST_MONTHS),
            ("noticeDays", self.notice_days, MOST_DAYS),
        ):
            if value is not None and not (1 if name == "renewalMonths" else 0) <= value <= most:
                raise InvalidInput(name, f"Give a number up to {most}.")

    @property
    def notice_on(self) -> date | None:
        """The last day on which notice can be given: three months before 31 December, that is 30 September."""
        if self.ends_on is None:
            return None
        return plus_months(self.ends_on + _DAY, -self.notice_months) - timedelta(days=self.notice_days) - _DAY


def plus_months(day: date, months: int) -> date:
    """So many months later, at the month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_end(ends_on: date, months: int) -> date:
    """The last day of the term that follows: a year after 28 February is the last of February."""
    return plus_months(ends_on + _DAY, months) - _DAY


def value_of(amount: Decimal, period: Period, starts_on: date | None, ends_on: date | None) -> Decimal:
    """What a term is worth: begun periods count whole; a year where there is no end. Raises InvalidInput."""
    if period is Period.ONCE:
        return amount
    months = 12 if starts_on is None or ends_on is None else _months(starts_on, ends_on)
    worth = amount * -(-months // MONTHS[period])
    if worth.adjusted() >= AMOUNT_DIGITS:
        raise InvalidInput("amount", f"The term comes to more than {AMOUNT_DIGITS} digits before the point.")
    return worth


def _months(starts_on: date, ends_on: date) -> int:
    """Begun months from the first to the last day."""
    over = ends_on + _DAY
    months = (over.year - starts_on.year) * 12 + over.month - starts_on.month
    return months + (over.day > starts_on.day)
