"""Looking at deals, contacts and accounts: their alerts by the facts and the clock, and when to look next."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Executable, Row
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.database import Database, UnitOfWork
from chassis.plans import Feature
from services.deals.commands.alerts import close_all
from services.deals.commands.looks import remember
from services.deals.commands.raising import raise_alerts
from services.deals.queries import alerts as queries
from services.deals.queries import looks
from services.deals.queries.wanted import Thresholds, cutoffs, usual, wanted
from services.deals.rules import RULES
from services.deals.rules.activity import edges
from services.deals.rules.base import About, Rule
from services.deals.sweeping.metrics import CLOSED, FAILED, LOOKED, RAISED
from services.deals.sweeping.writing import write_each
from services.deals.values.alert_settings import Counting, Cutoff, Wanted

RETRY = timedelta(minutes=10)
"""When to look again at what a rule that fails may have to say."""

_log = structlog.get_logger(__name__)
Subjects = Mapping[UUID, UUID]
"""Deals, contacts and accounts, each with its organization."""


async def rows_of(connection: AsyncConnection, statement: Executable) -> Sequence[Row[Any]]:
    """All rows."""
    return (await connection.execute(statement)).all()


class Looking:
    """What one turn knows: the moment that it is, settings read once, and rules that failed in it."""

    def __init__(
        self,
        connection: AsyncConnection,
        database: Database,
        rules: Iterable[Rule],
        thresholds: Thresholds,
        now: datetime,
    ) -> None:
        self._rows = partial(rows_of, connection)
        self._connection = connection
        self._database = database
        self.rules = tuple(rules)
        self.thresholds = thresholds
        self._told: dict[UUID, Wanted] = {}
        self._countings: dict[tuple[UUID, str, UUID | None], tuple[Counting, int]] = {}
        self._failed: set[str] = set()
        self.now = now

    async def settings(self, organizations: Collection[UUID]) -> list[Wanted]:
        """How these organizations want the rules."""
        if unknown := [each for each in organizations if each not in self._told]:
            self._told |= {each.organization_id: each for each in await wanted(self._rows, unknown)}
        return [self._told[each] for each in sorted(organizations) if each in self._told]

    def forget(self, organization: UUID) -> None:
        """Its settings changed."""
        self._told.pop(organization, None)
        self._countings = {key: told for key, told in self._countings.items() if key[0] != organization}

    async def look(self, subjects: Subjects) -> None:
        """Raise and close what there is to, and remember when to look next."""
        if not subjects:
            return
        told = await self.settings({*subjects.values()})
        again: dict[UUID, datetime] = {}
        for rule in self.rules:
            again |= await self._rule(rule, told, subjects)
        following = await self._following(subjects)
        # What was found is looked at once more: somebody may have held it, or the write may have failed.
        next_ = {**following, **{subject: min(at, following.get(subject, at)) for subject, at in again.items()}}
        for statement in remember(subjects, next_):
            await self._connection.execute(statement)
        LOOKED.inc(len(subjects))

    async def _rule(self, rule: Rule, told: Sequence[Wanted], subjects: Subjects) -> dict[UUID, datetime]:
        """Which of the subjects to look at again, and when."""
        if rule.name not in self._failed:
            try:
                found = await self._changes(rule, told, subjects)
            except Exception:
                self.disable(rule)
            else:
                return {row.subject_id: self.now for row in found}
        return dict.fromkeys(subjects, self.now + RETRY)

    def disable(self, rule: Rule) -> None:
        """One rule's fault must not stop the others: it is left out for the rest of the turn, and told."""
        self._failed.add(rule.name)
        FAILED.labels(rule.name).inc()
        _log.exception("rule failed, disabled for this turn", rule=rule.name)

    async def _changes(self, rule: Rule, told: Sequence[Wanted], subjects: Subjects) -> list[Row[Any]]:
        cut = cutoffs(rule, told, self.now, self.thresholds)
        own = by_organization(cut)

        async def close(work: UnitOfWork, ids: list[UUID]) -> int:
            return await close_all(work, queries.over(rule, work.now, own[work.organization], ids))

        async def begin(work: UnitOfWork, ids: list[UUID]) -> int:
            return await raise_alerts(work, rule, own[work.organization], ids)

        found = [
            row for row in await self._rows(queries.changes(rule, self.now, cut, among=[*subjects])) if self.may(row)
        ]
        closes, raises = (
            [(row.organization_id, row.subject_id) for row in found if getattr(row, what)]
            for what in ("closes", "raises")
        )
        closed, raised = (
            await write_each(self._database, closes, close),
            await write_each(self._database, raises, begin),
        )
        CLOSED.labels(rule.name).inc(closed)
        RAISED.labels(rule.name).inc(raised)
        if closed or raised:
            _log.info("rule swept", rule=rule.name, raised=raised, closed=closed)
        return found

    def may(self, row: Row[Any]) -> bool:
        """Whether there is something to do: where the plan has no alerts, they are closed, and none is raised."""
        return bool(row.closes) or self._told[row.organization_id].standing.allows(Feature.ALERTS, self.now)

    async def _following(self, subjects: Subjects) -> dict[UUID, datetime]:
        """When the clock alone may next change what is to say of each."""
        found: dict[UUID, list[datetime]] = defaultdict(list)
        for rule in self.rules:
            if rule.name not in self._failed:
                try:
                    for row in await self._rows(looks.begun(rule, self.now, [*subjects])):
                        found[row.subject_id] += self._coming(rule, subjects[row.subject_id], row.stage_id, row.since)
                except Exception:
                    self.disable(rule)
        for row in await self._rows(looks.mended([*subjects])):
            if row.rule in RULES:
                whose = subjects[row.subject_id]
                found[row.subject_id] += self._coming(RULES[row.rule], whose, row.stage_id, row.ended_at)
                found[row.subject_id].append(row.ended_at + queries.TRUSTED)
        await self._add_plans(found, subjects)
        await self._add_exclusions(found, subjects)
        ahead = {subject: [at for at in moments if at >= self.now] for subject, moments in found.items()}
        retry = dict.fromkeys(subjects, self.now + RETRY) if self._failed else {}
        return retry | {
            subject: min(*moments, retry.get(subject, moments[0])) for subject, moments in ahead.items() if moments
        }

    def _coming(self, rule: Rule, organization: UUID, stage: UUID | None, since: datetime) -> list[datetime]:
        """When a threshold passes that has not yet."""
        if (told := self._told.get(organization)) is None:
            return []
        key = (organization, rule.name, stage)
        if key not in self._countings:
            counting = usual(rule, self.thresholds)
            self._countings[key] = told.counted(rule.name, counting, stage, by_stage=rule.habit.by_stage)
        counting, more = self._countings[key]
        at = told.coming(counting, since, self.now, more)
        return [] if at is None else [at]

    async def _add_plans(self, found: dict[UUID, list[datetime]], subjects: Subjects) -> None:
        """When what is planned on a deal happens or ends, and when it begins or ends to keep the deal quiet."""
        if not any(rule.habit.about is About.DEAL for rule in self.rules):
            return
        for row in await self._rows(edges(self.now, [*subjects])):
            told = self._told.get(subjects[row.deal_id])
            quiet = timedelta(days=told.quiet_days if told else 0)
            quiets = (row.soonest and row.soonest - quiet, row.undated and row.undated + quiet)
            found[row.deal_id] += [at for at in (row.over, row.due, *quiets) if at is not None]

    async def _add_exclusions(self, found: dict[UUID, list[datetime]], subjects: Subjects) -> None:
        ends = {
            row.organization_id: row.until
            for row in await self._rows(looks.exclusions_end({*subjects.values()}, self.now))
        }
        for subject, organization in subjects.items() if ends else ():
            if organization in ends:
                found[subject].append(ends[organization])


def by_organization(cut: Sequence[Cutoff]) -> Mapping[UUID, list[Cutoff]]:
    """Cutoffs by whose they are."""
    own: dict[UUID, list[Cutoff]] = defaultdict(list)
    for cutoff in cut:
        own[cutoff.organization_id].append(cutoff)
    return own
