"""How well deals are kept up: a score from 0 to 100 by deal, and its mean over many.

A deal without an open alert has 100. Each open alert takes its severity's weight away, half of it once somebody took
charge.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, func, literal, select

from services.deals.model import Alert, Deal, HealthDay, TeamMember
from services.deals.queries.alerts import OPEN_STATUSES
from services.deals.rules.base import Severity
from services.deals.states.alert import AlertStatus
from services.deals.states.deal import CARRIED

BEST = 100
WEIGHTS = {Severity.CRITICAL: 40, Severity.WARNING: 20, Severity.INFO: 6}
AT_RISK = 50
BAND = 20
AGES = (1, 7, 30)
"""Days that part the ages of open alerts."""
_ORGANIZATION, _TEAM, _COLLABORATOR = "ORGANIZATION", "TEAM", "COLLABORATOR"


def scored(*clauses: ColumnElement[bool]) -> Any:
    """`deal_id, owner_id, alerts, score` of the deals being carried."""
    weight = case({severity.value: value for severity, value in WEIGHTS.items()}, value=Alert.severity, else_=0)
    taken = Alert.status == AlertStatus.TAKEN_IN_CHARGE.value
    lost = func.sum(case((taken, weight / 2), else_=weight))
    score = func.greatest(0, BEST - cast(func.coalesce(lost, 0), Integer)).label("score")
    is_open = and_(Alert.deal_id == Deal.id, Alert.status.in_(OPEN_STATUSES))
    return (
        select(Deal.id.label("deal_id"), Deal.owner_id, func.count(Alert.id).label("alerts"), score)
        .outerjoin(Alert, is_open)
        .where(Deal.phase.in_(CARRIED), *clauses)
        .group_by(Deal.id, Deal.owner_id)
    )


def of_deals(deals: Sequence[UUID]) -> Select[*tuple[Any, ...]]:
    """`deal_id, score` of each of these that is being carried."""
    found = scored(Deal.id.in_(deals)).subquery()
    return select(found.c.deal_id, found.c.score)


def scope(owner: UUID | None, team: UUID | None) -> list[ColumnElement[bool]]:
    """The deals of a collaborator, of a team's members, or all."""
    if owner is not None:
        return [Deal.owner_id == owner]
    members = select(TeamMember.collaborator_id).where(TeamMember.team_id == team)
    return [Deal.owner_id.in_(members)] if team is not None else []


def summary(clauses: Collection[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """`score` on average, `deals`, `at_risk`, `alerts`."""
    found = scored(*clauses).subquery()
    return select(*_figures(found), func.count().filter(found.c.score < AT_RISK).label("at_risk"))


def _figures(found: Any) -> list[Any]:
    alerts = func.coalesce(func.sum(found.c.alerts), 0)
    mean = cast(func.round(func.avg(found.c.score)), Integer)
    return [mean.label("score"), func.count().label("deals"), cast(alerts, Integer).label("alerts")]


def portfolios(limit: int) -> Select[*tuple[Any, ...]]:
    """The same by owner, the worst first."""
    found = scored(Deal.owner_id.is_not(None)).subquery()
    at_risk = func.count().filter(found.c.score < AT_RISK).label("at_risk")
    of_owner = select(found.c.owner_id, *_figures(found), at_risk).group_by(found.c.owner_id)
    return of_owner.order_by(func.avg(found.c.score), found.c.owner_id).limit(limit)


def bands(clauses: Collection[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """`band, number`: the deals by score, BAND points each; the best are in the last."""
    found = scored(*clauses).subquery()
    band = func.least(found.c.score / literal(BAND, Integer), BEST // BAND - 1).label("band")
    return select(band, func.count().label("number")).group_by(band).order_by(band)


def ages(clauses: Collection[ColumnElement[bool]], now: datetime) -> Select[*tuple[Any, ...]]:
    """`rule, age, number` of the open alerts on deals that are carried; `age` counts the AGES that went by."""
    age: Any = sum((cast(Alert.raised_at <= now - timedelta(days=days), Integer) for days in AGES), literal(0, Integer))
    found = select(Alert.rule, age.label("age")).join(Deal, Deal.id == Alert.deal_id)
    told = found.where(Alert.status.in_(OPEN_STATUSES), *clauses).subquery()
    number = func.count().label("number")
    return select(told.c.rule, told.c.age, number).group_by(told.c.rule, told.c.age).order_by(told.c.rule, told.c.age)


def median_seconds(clauses: Collection[ColumnElement[bool]], since: datetime) -> Select[*tuple[Any, ...]]:
    """The median time from raised to resolved, of the deals' alerts resolved since a moment; null where none was."""
    seconds = func.extract("epoch", Alert.ended_at - Alert.raised_at)
    mended = and_(Alert.status == AlertStatus.RESOLVED.value, Alert.ended_at >= since)
    median = func.percentile_cont(0.5).within_group(seconds)
    return select(median).select_from(Alert).join(Deal, Deal.id == Alert.deal_id).where(mended, *clauses)


def trend(kind: str, subject: UUID, first: date) -> Select[*tuple[Any, ...]]:
    """The days kept, from one on, in order."""
    mine = (HealthDay.kind == kind, HealthDay.subject_id == subject, HealthDay.day >= first)
    return (
        select(HealthDay.day, HealthDay.score, HealthDay.deals, HealthDay.alerts).where(*mine).order_by(HealthDay.day)
    )


def days(organization: UUID, day: date) -> list[Select[*tuple[Any, ...]]]:
    """The rows of a day: the organization's, its teams' and its collaborators'; none of those without deals."""
    found = scored().subquery()
    fixed: list[Any] = [literal(organization).label("organization_id"), literal(day).label("day")]
    member = select(TeamMember.team_id, TeamMember.collaborator_id).subquery()
    some = func.count() > 0
    return [
        select(*fixed, literal(_ORGANIZATION), literal(organization), *_figures(found)).having(some),
        select(*fixed, literal(_TEAM), member.c.team_id, *_figures(found))
        .join(member, member.c.collaborator_id == found.c.owner_id)
        .group_by(member.c.team_id),
        select(*fixed, literal(_COLLABORATOR), found.c.owner_id, *_figures(found))
        .where(found.c.owner_id.is_not(None))
        .group_by(found.c.owner_id),
    ]
