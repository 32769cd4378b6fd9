"""What came of an attempt, written down: the other side's answer, or a fault of ours."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog

from chassis.auth import Actor
from chassis.database import Database, UnitOfWork
from chassis.identifiers import format_id
from chassis.outages import is_outage
from services.notifier import metrics, queries, schedule
from services.notifier.channels import Channel, Outcome, Ready
from services.notifier.commands import sending
from services.notifier.commands.sending import Answer
from services.notifier.ledger import RETRY_SECONDS
from services.notifier.model import CauseKind, Status, Verdict
from services.notifier.queries import Found

_log = structlog.get_logger(__name__)


class Outcomes:
    """Of one channel's attempts."""

    def __init__(self, database: Database, channel: Channel) -> None:
        self._database, self._channel = database, channel

    async def keep(self, ready: Ready, outcome: Outcome, outages: int) -> None:
        """However long the database is away: forgetting an answer would send the mail again.

        `outages`: how many times in a row the other side took nothing at all.
        """
        while True:
            try:
                async with self._database.unit_of_work(Actor.system(ready.due.organization_id)) as work:
                    return await self._record(work, ready, outcome, outages)
            except Exception as error:
                if not is_outage(error):
                    raise
                _log.warning("database unavailable, an answer of the relay waits", error=repr(error)[:200])
                await asyncio.sleep(RETRY_SECONDS)

    async def _record(self, work: UnitOfWork, ready: Ready, outcome: Outcome, outages: int) -> None:
        due, answer = ready.due, Answer(outcome.verdict, outcome.code, outcome.text)
        await self._channel.answered(work, ready, outcome)
        await sending.close_attempt(work, ready.attempt, answer)
        detail = sending.words(outcome.code, outcome.text)
        match outcome.verdict:
            case Verdict.ACCEPTED:
                await sending.sent(work, due)
            case Verdict.REFUSED:
                await sending.give_up(work, due, Status.REJECTED, detail)
            case Verdict.UNREACHABLE:
                wait = timedelta(seconds=schedule.outage_pause(outages + 1))
                await sending.put_off(work, due.id, Status.QUEUED, f"RELAY_UNREACHABLE: {detail}", wait, tries=0)
            case Verdict.DEFERRED | Verdict.UNKNOWN:
                await self._put_off(work, due, outcome.verdict, detail)

    async def _put_off(self, work: UnitOfWork, due: Found, verdict: Verdict, detail: str) -> None:
        wait = self._channel.wait(verdict, due.attempts + 1)
        if wait is None:
            return await sending.give_up(work, due, Status.BOUNCED, f"GAVE_UP: {detail}")
        status = Status.UNKNOWN if verdict is Verdict.UNKNOWN else Status.DEFERRED
        return await sending.put_off(work, due.id, status, detail, wait)

    async def failed(self, organization: UUID, ids: Sequence[UUID], error: Exception) -> None:
        """A fault of ours: rows wait for their lease to end, or for their next try, with the fault on record."""
        if is_outage(error):
            _log.warning("database unavailable, deliveries wait", error=repr(error)[:200])
            return
        for id in ids:
            _log.exception("delivery failed", delivery=format_id("delivery", id), exc_info=error)
            metrics.FAULTS.inc()
            try:
                async with self._database.unit_of_work(Actor.system(organization)) as work:
                    if row := await queries.delivery(work.session, id):
                        await self._put_off(work, row, Verdict.DEFERRED, f"INTERNAL: {type(error).__name__}")
            except Exception:
                _log.exception("fault not recorded; the lease will end")

    def tell(self, due: Found, outcome: Outcome) -> None:
        """A line of the log, and a count."""
        metrics.MAILS.labels(outcome.verdict).inc()
        waited = (self._database.clock() - due.created_at).total_seconds()
        _log.info(
            due.channel,
            organization=format_id("organization", due.organization_id),
            delivery=format_id("delivery", due.id),
            cause=format_id(CauseKind(due.cause_kind).thing, due.cause_id),
            verdict=outcome.verdict.value,
            code=outcome.code,
            waited=round(waited, 3),
        )
