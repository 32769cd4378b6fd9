"""Works the delivery rows: claim, write down, send, write down. Run as many as you like.

Written down before DATA and after the answer: a sender that dies in between leaves a row that is sent again once its
lease is over, with the same Message-ID; so a crash doubles at most the mails that were within DATA. As many as may be
doubled are between the two at once (the channel's `room`); as many again are made ready meanwhile, so that no
connection waits for the database; and more are claimed ahead, so that a claim is not paid for each.
"""

import asyncio
import functools
import os
import socket
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.auth import Actor
from chassis.database import Database, UnitOfWork
from chassis.identifiers import format_id, new_id
from chassis.outages import is_outage
from chassis.wake import Wake
from services.notifier import metrics, queries, schedule
from services.notifier.channels import Channel, Outcome, Ready
from services.notifier.commands import sending
from services.notifier.commands.sending import Answer
from services.notifier.model import DELIVERIES, CauseKind, Status, Verdict
from services.notifier.queries import Found
from services.notifier.settings import NotifierSettings

_POLL_SECONDS = 1.0
_RETRY_SECONDS = 0.5
_FAULT_SECONDS = 2.0

_log = structlog.get_logger(__name__)


class DeliverySender:
    """Takes a channel's due deliveries; leaves its relay alone for a while when that takes nothing at all."""

    def __init__(self, database: Database, system: AsyncEngine, channel: Channel, settings: NotifierSettings) -> None:
        self._database, self._system, self._channel = database, system, channel
        self._worker = f"{socket.gethostname()}-{os.getpid()}-{new_id().hex[-6:]}"
        self._lease = timedelta(seconds=settings.lease_seconds)
        self._sending: dict[UUID, asyncio.Task[None]] = {}
        self._ready = asyncio.Semaphore(2 * channel.room if channel.ahead else channel.room)
        self._doubt = asyncio.Semaphore(channel.room)
        self._down, self._outages = False, 0

    async def run(self, stop: asyncio.Event) -> None:
        """Send until told to stop; what was begun is finished."""
        keeper = asyncio.create_task(self._keep_leases())
        try:
            async with Wake(self._system, DELIVERIES) as wake:
                while not stop.is_set():
                    await self._turn(stop, wake)
            await asyncio.gather(*self._sending.values())
        finally:
            keeper.cancel()

    async def _turn(self, stop: asyncio.Event, wake: Wake) -> None:
        try:
            if self._down and not self._sending:
                self._outages += 1
                await wake.pause(stop, schedule.outage_pause(self._outages))
            if not await self._take():
                await wake.wait(stop, _POLL_SECONDS)
        except Exception as error:
            _log.warning(
                "deliveries cannot be claimed, will retry", error=repr(error)[:300], exc_info=not is_outage(error)
            )
            await wake.pause(stop, _FAULT_SECONDS)

    async def _take(self) -> bool:
        """Claim what there is room for, not one by one; False where nothing was due."""
        most = 1 if self._down else self._channel.room + self._channel.ahead
        if len(self._sending) > most // 2:
            await asyncio.wait(self._sending.values(), return_when=asyncio.FIRST_COMPLETED)
            return True
        room, probes = most - len(self._sending), self._down
        claimed = await self._channel.claim(self._system, self._worker, self._lease, room)
        for organization, delivery in claimed:
            task = asyncio.create_task(self._work(organization, delivery, probes=probes))
            self._sending[delivery] = task
            task.add_done_callback(functools.partial(self._done, delivery))
        return bool(claimed)

    def _done(self, delivery: UUID, _: asyncio.Task[None]) -> None:
        self._sending.pop(delivery, None)

    async def _work(self, organization: UUID, delivery: UUID, *, probes: bool) -> None:
        with structlog.contextvars.bound_contextvars(
            organization=format_id("organization", organization), delivery=format_id("delivery", delivery)
        ):
            try:
                async with self._ready:
                    if self._down and not probes:
                        return await sending.let_go(self._system, self._worker, delivery)
                    ready = await self._write_down(organization, delivery)
                    if ready is not None:
                        async with self._doubt:
                            await self._send(organization, ready)
            except Exception as error:
                await self._failed(organization, delivery, error)

    async def _write_down(self, organization: UUID, delivery: UUID) -> Ready | None:
        async with self._database.unit_of_work(Actor.system(organization)) as work:
            return await self._channel.write_down(work, delivery, self._worker)

    async def _send(self, organization: UUID, ready: Ready) -> None:
        outcome = await self._channel.send(ready)
        metrics.MAILS.labels(outcome.verdict).inc()
        self._down = outcome.verdict is Verdict.UNREACHABLE
        self._outages = self._outages if self._down else 0
        await self._surely(organization, lambda work: self._record(work, ready, outcome))
        self._tell(ready.due, outcome)

    def _tell(self, due: Found, outcome: Outcome) -> None:
        waited = (self._database.clock() - due.created_at).total_seconds()
        cause = format_id(CauseKind(due.cause_kind).thing, due.cause_id)
        _log.info(due.channel, cause=cause, verdict=outcome.verdict.value, code=outcome.code, waited=round(waited, 3))

    async def _record(self, work: UnitOfWork, ready: Ready, outcome: Outcome) -> None:
        due, answer = ready.due, Answer(outcome.verdict, outcome.code, outcome.text)
        await self._channel.answered(work, ready, outcome)
        if outcome.verdict is Verdict.ACCEPTED:
            await sending.sent(work, due, ready.attempt, answer)
        else:
            await sending.close_attempt(work, ready.attempt, answer)
            await self._not_sent(work, due, outcome)

    async def _not_sent(self, work: UnitOfWork, due: Found, outcome: Outcome) -> None:
        detail = sending.words(outcome.code, outcome.text)
        match outcome.verdict:
            case Verdict.REFUSED:
                await sending.give_up(work, due, Status.REJECTED, detail)
            case Verdict.UNREACHABLE:
                wait = timedelta(seconds=schedule.outage_pause(self._outages + 1))
                await sending.put_off(work, due.id, Status.QUEUED, f"RELAY_UNREACHABLE: {detail}", wait, tries=0)
            case Verdict.DEFERRED | Verdict.UNKNOWN:
                await self._put_off(work, due, outcome.verdict, detail)

    async def _put_off(self, work: UnitOfWork, due: Found, verdict: Verdict, detail: str) -> None:
        wait = self._channel.wait(verdict, due.attempts + 1)
        if wait is None:
            return await sending.give_up(work, due, Status.BOUNCED, f"GAVE_UP: {detail}")
        status = Status.UNKNOWN if verdict is Verdict.UNKNOWN else Status.DEFERRED
        return await sending.put_off(work, due.id, status, detail, wait)

    async def _surely(self, organization: UUID, change: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        """Write down what happened, however long the database is away: forgetting it would send the mail again."""
        while True:
            try:
                async with self._database.unit_of_work(Actor.system(organization)) as work:
                    return await change(work)
            except Exception as error:
                if not is_outage(error):
                    raise
                _log.warning("database unavailable, an answer of the relay waits", error=repr(error)[:200])
                await asyncio.sleep(_RETRY_SECONDS)

    async def _failed(self, organization: UUID, delivery: UUID, error: Exception) -> None:
        """A fault of ours: the row waits for its lease to end, or for its next try, with the fault on record."""
        if is_outage(error):
            _log.warning("database unavailable, delivery waits", error=repr(error)[:200])
            return
        _log.exception("delivery failed", exc_info=error)
        metrics.FAULTS.inc()
        try:
            async with self._database.unit_of_work(Actor.system(organization)) as work:
                if row := await queries.delivery(work.session, delivery):
                    await self._put_off(work, row, Verdict.DEFERRED, f"INTERNAL: {type(error).__name__}")
        except Exception:
            _log.exception("fault not recorded; the lease will end")

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 3)
            if ids := list(self._sending):
                try:
                    await sending.renew(self._system, self._worker, self._lease, ids)
                except Exception as error:
                    _log.warning("leases not renewed", error=repr(error)[:200])
