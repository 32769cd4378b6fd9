"""Every rule's look at everything: that what the turns left behind is what the facts and the time ask for."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Row, Select, false, func, select, text, true
from sqlalchemy.ext.asyncio import AsyncConnection

from services.deals.model import Organization
from services.deals.queries import alerts as queries
from services.deals.queries.looks import pending
from services.deals.queries.wanted import cutoffs
from services.deals.rules.base import Rule
from services.deals.sweeping.looking import Looking, rows_of
from services.deals.sweeping.metrics import AUDIT_SECONDS, MISSED
from services.deals.values.alert_settings import Cutoff

PLANNING = {"work_mem": "128MB", "max_parallel_workers_per_gather": "0"}
"""How PostgreSQL works a rule's look at everything.

What happened on a million deals is put together in memory: on disk it takes twice as long. And by one process: each of
several would put it together for itself.
"""
MOST = 1_000
"""Alerts of a rule that one audit sees to; where there are more, the next turn audits again."""

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def planned_for_everything(connection: AsyncConnection) -> AsyncIterator[None]:
    """The connection's settings for looks at everything, and afterwards as they were."""
    for name, value in PLANNING.items():
        await connection.execute(select(func.set_config(name, value, false())))
    try:
        yield
    finally:
        for name in PLANNING:
            await connection.execute(text(f"RESET {name}"))


async def audit(connection: AsyncConnection, looking: Looking, only: UUID | None) -> tuple[int, bool]:
    """How many alerts were missed, and whether everything was looked over. They are counted, told, and seen to."""
    scope = Organization.id == only if only else true()
    organizations = [row.id for row in await rows_of(connection, select(Organization.id).where(scope))]
    told = await looking.settings(organizations)
    missed, whole = 0, True
    with AUDIT_SECONDS.time():
        for rule in looking.rules:
            cut = cutoffs(rule, told, looking.now, looking.thresholds)
            try:
                found = [
                    row for row in await rows_of(connection, _missed(rule, looking.now, cut, only)) if looking.may(row)
                ]
            except Exception:
                looking.disable(rule)
                continue
            missed, whole = missed + len(found), whole and len(found) < MOST
            if found:
                _tell(rule, found)
                await looking.look({row.subject_id: row.organization_id for row in found})
    _log.info("alerts audited", organizations=len(told), missed=missed)
    return missed, whole


def _missed(rule: Rule, now: datetime, cut: Sequence[Cutoff], only: UUID | None) -> Select[*tuple[Any, ...]]:
    found = queries.changes(rule, now, cut, only).subquery("found")
    return select(found).where(~pending(found.c.subject_id, now)).limit(MOST)


def _tell(rule: Rule, found: Sequence[Row[Any]]) -> None:
    MISSED.labels(rule.name).inc(len(found))
    some = [f"{row.subject_id} {'closes' if row.closes else 'raises'}" for row in found[:5]]
    _log.error("alerts that no turn had found", rule=rule.name, count=len(found), some=some)
