"""Appointments that come again: the rules of RFC 5545 (3.3.10), in the organizer's clock.

A rule is read into what it may be here before anything runs it: nothing more often than daily, and no part that could
make a search for the next occurrence endless. Occurrences keep their time of day. Where the clock skips that time, the
offset before the gap holds (RFC 5545, 3.3.5): an hour later by the new clock. Where the clock shows it twice, the
first.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, weekday

from chassis.errors import InvalidInput
from services.deals.values.moments import LATEST

MOST_OCCURRENCES = 1_000
"""Of one COUNT, and of one answer."""
LONGEST_RULE = 200
MOST_INTERVAL = 400
CHECKED = 60
"""Occurrences looked at for overlaps when a series is planned."""
END_OF_TIME = LATEST

_FREQUENCIES: dict[str, Literal[0, 1, 2, 3]] = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY, "YEARLY": YEARLY}
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LONG = {"MONTHLY", "YEARLY"}
LEAST_OF_A_DAY = 4
_PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}


class InvalidRecurrence(InvalidInput):
    """A rule that is not one of RFC 5545, or that is not taken here."""

    def __init__(self, message: str) -> None:
        super().__init__("recurrence", message)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it is kept: its parts in one order; `until` in UTC."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    days: tuple[tuple[int, str], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: str = "MO"

    def __str__(self) -> str:
        """As RFC 5545 writes it."""
        told = {
            "FREQ": self.frequency,
            "INTERVAL": self.interval if self.interval != 1 else "",
            "COUNT": self.count or "",
            "UNTIL": self.until.strftime("%Y%m%dT%H%M%SZ") if self.until else "",
            "BYDAY": ",".join(f"{ordinal or ''}{day}" for ordinal, day in self.days),
            "BYMONTHDAY": ",".join(map(str, self.month_days)),
            "BYMONTH": ",".join(map(str, self.months)),
            "BYSETPOS": ",".join(map(str, self.positions)),
            "WKST": self.week_start if self.week_start != "MO" else "",
        }
        return ";".join(f"{name}={value}" for name, value in told.items() if value)


def read_rule(text: str) -> Rule:
    """The rule of a text as `FREQ=WEEKLY;BYDAY=MO`. Raises InvalidRecurrence."""
    parts = _parts(text)
    rule = Rule(
        frequency=parts.get("FREQ", ""),
        interval=_number(parts, "INTERVAL", 1, MOST_INTERVAL) or 1,
        count=_number(parts, "COUNT", 1, MOST_OCCURRENCES),
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
        days=tuple(_day(one) for one in parts.get("BYDAY", "").split(",") if one),
        month_days=_numbers(parts, "BYMONTHDAY", 31),
        months=tuple(abs(one) for one in _numbers(parts, "BYMONTH", 12)),
        positions=_numbers(parts, "BYSETPOS", 366),
        week_start=parts.get("WKST", "MO"),
    )
    _check(rule)
    return rule


def _parts(text: str) -> dict[str, str]:
    told = text.strip().upper().removeprefix("RRULE:")
    pairs = [one.partition("=") for one in told.split(";")]
    parts = {name: value for name, _, value in pairs}
    if len(told) > LONGEST_RULE or not all(value for *_, value in pairs) or len(parts) != len(pairs):
        raise InvalidRecurrence(f"Give a rule of RFC 5545 as FREQ=WEEKLY;BYDAY=MO, at most {LONGEST_RULE} characters.")
    if unknown := sorted(set(parts) - _PARTS):
        raise InvalidRecurrence(f"{unknown[0][:20]} is not taken: give {', '.join(sorted(_PARTS))}.")
    return parts


def _check(rule: Rule) -> None:
    if rule.frequency not in _FREQUENCIES:
        raise InvalidRecurrence(f"FREQ is one of {', '.join(_FREQUENCIES)}.")
    if rule.count and rule.until:
        raise InvalidRecurrence("Give COUNT or UNTIL, not both.")
    if rule.week_start not in _DAYS:
        raise InvalidRecurrence("WKST is a day, as MO.")
    if rule.frequency == "WEEKLY" and rule.month_days:
        raise InvalidRecurrence("BYMONTHDAY does not go with WEEKLY.")
    _check_ordinals(rule)
    _check_positions(rule)


def _check_ordinals(rule: Rule) -> None:
    """A day that no month has would be looked for until the calendar ends."""
    most = 53 if rule.frequency == "YEARLY" and not rule.months else 5 if rule.frequency in _LONG else 0
    if any(abs(ordinal) > most for ordinal, _ in rule.days):
        raise InvalidRecurrence(f"With {rule.frequency}, days are {f'as 1MO, up to {most}' if most else 'as MO'}.")
    if rule.month_days and any(ordinal for ordinal, _ in rule.days):
        raise InvalidRecurrence("Days as 1MO do not go with BYMONTHDAY.")


def _check_positions(rule: Rule) -> None:
    """Each month has every day of the week at least LEAST_OF_A_DAY times."""
    if not rule.positions:
        return
    plain = bool(rule.days) and not any(ordinal for ordinal, _ in rule.days)
    if rule.frequency not in _LONG or not plain or rule.month_days:
        raise InvalidRecurrence("BYSETPOS goes with MONTHLY or YEARLY, days as MO, and no BYMONTHDAY.")
    if max(map(abs, rule.positions)) > LEAST_OF_A_DAY * len(rule.days):
        raise InvalidRecurrence(f"BYSETPOS is at most {LEAST_OF_A_DAY * len(rule.days)} here.")


def _number(parts: dict[str, str], name: str, least: int, most: int) -> int | None:
    if name not in parts:
        return None
    value = parts[name]
    if not (value.isascii() and value.isdigit() and len(value) <= 6 and least <= int(value) <= most):
        raise InvalidRecurrence(f"{name} is {least} to {most}.")
    return int(value)


def _numbers(parts: dict[str, str], name: str, most: int) -> tuple[int, ...]:
    told = [one for one in parts.get(name, "").split(",") if one]
    bare = [one.removeprefix("-") for one in told]
    if not all(one.isascii() and one.isdigit() and len(one) <= 3 and 1 <= int(one) <= most for one in bare):
        raise InvalidRecurrence(f"{name} lists numbers up to {most}.")
    return tuple(dict.fromkeys(int(one) for one in told))


def _day(text: str) -> tuple[int, str]:
    day, ordinal = text[-2:], text[:-2] or "0"
    bare = ordinal.lstrip("+-")
    if day not in _DAYS or len(ordinal) - len(bare) > 1 or not (bare.isascii() and bare.isdigit() and int(bare) <= 53):
        raise InvalidRecurrence("BYDAY lists days, as MO or 1MO or -1FR.")
    return int(ordinal), day


def _until(text: str) -> datetime:
    for form in ("%Y%m%dT%H%M%SZ", "%Y%m%d"):
        try:
            found = datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return found if form.endswith("Z") else found + timedelta(days=1, seconds=-1)
    raise InvalidRecurrence("UNTIL is a moment in UTC as 20270131T235959Z, or a day as 20270131.")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that an appointment is: `id` is when its series says it begins, whenever it really does."""

    id: datetime
    starts_at: datetime
    ends_at: datetime
    place: str | None = None
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """An appointment that comes again: its first slot in UTC, the organizer's zone, its rule and its exceptions."""

    starts_at: datetime
    ends_at: datetime
    time_zone: str
    rule: Rule
    excluded: frozenset[datetime] = frozenset()
    moved: tuple[Occurrence, ...] = ()

    @property
    def length(self) -> timedelta:
        """How long each occurrence is."""
        return self.ends_at - self.starts_at

    def starts(self, after: datetime | None = None, before: datetime | None = None) -> Iterator[datetime]:
        """When the rule says that occurrences begin, in UTC; exceptions are not looked at."""
        zone = ZoneInfo(self.time_zone)
        for local in self._locals(before):
            found = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
            if before is not None and found >= before:
                return
            if after is None or found >= after:
                yield found

    def _locals(self, before: datetime | None) -> Iterator[datetime]:
        zone, rule = ZoneInfo(self.time_zone), self.rule
        end = min(one for one in (rule.until, before, END_OF_TIME) if one is not None)
        return iter(
            rrule(
                _FREQUENCIES[rule.frequency],
                dtstart=self.starts_at.astimezone(zone).replace(tzinfo=None),
                interval=rule.interval,
                wkst=_DAYS.index(rule.week_start),
                count=rule.count,
                until=None if rule.count else end.astimezone(zone).replace(tzinfo=None),
                byweekday=[weekday(_DAYS.index(day), ordinal or None) for ordinal, day in rule.days] or None,
                bymonthday=rule.month_days or None,
                bymonth=rule.months or None,
                bysetpos=rule.positions or None,
            )
        )

    def occurrences(self, begins: datetime, ends: datetime) -> list[Occurrence]:
        """Those that touch a span, in order, at most MOST_OCCURRENCES; exceptions are applied."""
        moved = {one.id: one for one in self.moved}
        plain = (
            Occurrence(start, start, start + self.length)
            for start in self.starts(begins - self.length, ends)
            if start not in self.excluded and start not in moved
        )
        touching = (one for one in plain if one.ends_at > begins)
        found = [*islice(touching, MOST_OCCURRENCES)]
        found += [one for one in self.moved if one.ends_at > begins and one.starts_at < ends]
        return sorted(found, key=lambda one: (one.starts_at, one.id))[:MOST_OCCURRENCES]

    def has(self, id: datetime) -> bool:
        """Whether the series has this occurrence, and it was not cancelled."""
        return id not in self.excluded and next(self.starts(id, id + timedelta(seconds=1)), None) == id

    def last_end(self) -> datetime:
        """When it is over for good; END_OF_TIME for an endless one."""
        rule = self.rule
        if rule.count is None and rule.until is None:
            return END_OF_TIME
        last = max((start for start in self.starts() if start not in self.excluded), default=self.starts_at)
        return max([last + self.length, *(one.ends_at for one in self.moved)])

    def before(self, id: datetime) -> "Series":
        """The same up to an occurrence, without it."""
        rule = replace(self.rule, count=None, until=id - timedelta(seconds=1))
        return replace(
            self,
            rule=rule,
            excluded=frozenset(one for one in self.excluded if one < id),
            moved=tuple(one for one in self.moved if one.id < id),
        )


def planned(series: Series) -> Series:
    """The series, if it can be planned. Raises InvalidRecurrence."""
    rule = series.rule
    if rule.until is not None and rule.until < series.starts_at:
        raise InvalidRecurrence("It would end before it begins: give a later UNTIL.")
    # Looked at before the rule runs: one that is daily and never matches would be searched day by day to the year 9999.
    first = [*islice(series.starts(), CHECKED)] if _may_begin(series) else []
    if not first or first[0] != series.starts_at:
        raise InvalidRecurrence("The appointment begins at a time that its rule does not give: change one of the two.")
    if any(later - earlier < series.length for earlier, later in pairwise(first)):
        raise InvalidRecurrence("Occurrences would overlap: make them shorter, or rarer.")
    return series


def _may_begin(series: Series) -> bool:
    local, rule = series.starts_at.astimezone(ZoneInfo(series.time_zone)), series.rule
    from_the_end = local.day - monthrange(local.year, local.month)[1] - 1
    return (
        (not rule.months or local.month in rule.months)
        and (not rule.month_days or bool({local.day, from_the_end} & {*rule.month_days}))
        and (not rule.days or _DAYS[local.weekday()] in {day for _, day in rule.days})
    )


def moved(series: Series, occurrence: Occurrence) -> Series:
    """The series with one occurrence moved. Raises InvalidInput where it is none, or would overlap another."""
    if not series.has(occurrence.id):
        raise InvalidInput("occurrence", "The series has no such occurrence, or it was cancelled.")
    others = replace(
        series,
        excluded=series.excluded | {occurrence.id},
        moved=tuple(one for one in series.moved if one.id != occurrence.id),
    )
    if others.occurrences(occurrence.starts_at, occurrence.ends_at):
        raise InvalidInput("startsAt", "It would overlap another occurrence of the series: choose another time.")
    return replace(series, moved=(*others.moved, occurrence))


def rest(series: Series, id: datetime, starts_at: datetime, ends_at: datetime, rule: Rule | None) -> Series:
    """The series from an occurrence on, at another time of day or by another rule. Raises InvalidRecurrence.

    A rule by one day of the week goes along to another day; cancelled occurrences stay cancelled, moved ones do not
    stay moved.
    """
    zone = ZoneInfo(series.time_zone)
    told = rule or _along(series, id, starts_at.astimezone(zone))
    shift = starts_at.astimezone(zone).replace(tzinfo=None) - id.astimezone(zone).replace(tzinfo=None)
    kept = frozenset(_shifted(one, shift, zone) for one in series.excluded if one > id)
    return planned(Series(starts_at, ends_at, series.time_zone, told, kept))


def _along(series: Series, id: datetime, local: datetime) -> Rule:
    rule = series.rule
    if rule.count is not None:
        rule = replace(rule, count=rule.count - sum(1 for _ in series.starts(before=id)))
    if len(rule.days) == 1 and rule.days[0][0] == 0:
        rule = replace(rule, days=((0, _DAYS[local.weekday()]),))
    return rule


def _shifted(moment: datetime, by: timedelta, zone: ZoneInfo) -> datetime:
    local = moment.astimezone(zone).replace(tzinfo=None) + by
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)
