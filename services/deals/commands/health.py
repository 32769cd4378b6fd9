"""The day's health, kept once: the trend is made of these."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from services.deals.model import Deal, HealthDay, Organization
from services.deals.queries import health
from services.deals.queries.days import FALLBACK_ZONE, local_date, today
from services.deals.states.deal import CARRIED

AT_ONCE = 200
"""Organizations seen to in a turn; the next turns see to the others."""
_COLUMNS = ("organization_id", "day", "kind", "subject_id", "score", "deals", "alerts")


def unkept(now: datetime, only: UUID | None) -> Select[*tuple[Any, ...]]:
    """Organizations whose day has not been kept yet, as the system's role sees them."""
    zone = func.coalesce(func.nullif(Organization.time_zone, ""), FALLBACK_ZONE)
    kept = exists().where(
        HealthDay.organization_id == Organization.id,
        HealthDay.kind == "ORGANIZATION",
        HealthDay.subject_id == Organization.id,
        HealthDay.day == local_date(now, zone),
    )
    busy = exists().where(Deal.organization_id == Organization.id, Deal.phase.in_(CARRIED))
    found = select(Organization.id).where(busy, ~kept).order_by(Organization.id).limit(AT_ONCE)
    return found if only is None else found.where(Organization.id == only)


async def keep_day(work: UnitOfWork, organizations: Sequence[UUID]) -> int:
    """Keep the organization's day; again changes nothing."""
    day: date = await today(work)
    for organization in organizations:
        for rows in health.days(organization, day):
            begin = insert(HealthDay).from_select(_COLUMNS, rows)
            await work.session.execute(begin.on_conflict_do_nothing())
    return len(organizations)
