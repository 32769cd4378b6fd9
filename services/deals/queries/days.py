"""The day that it is for an organization."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Select, cast, func, select

from chassis.database import UnitOfWork
from services.deals.model import Organization

FALLBACK_ZONE = "Europe/Paris"


def organization() -> Select[*tuple[Any, ...]]:
    """Name, language and time zone of the scope's organization."""
    return select(Organization.name, Organization.locale, Organization.time_zone)


async def today(work: UnitOfWork) -> date:
    """The date in the organization's time zone."""
    zone = await work.session.scalar(select(Organization.time_zone).where(Organization.id == work.organization))
    return day_of(work.now, zone)


def day_of(moment: datetime, zone: str | None) -> date:
    """The date of a moment in a time zone."""
    return moment.astimezone(ZoneInfo(zone or FALLBACK_ZONE)).date()


def local_date(moment: datetime, zone: Any) -> ColumnElement[date]:
    """The same in SQL, for a column of time zones."""
    return cast(func.timezone(zone, moment), Date)
