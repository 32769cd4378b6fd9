"""Works the delivery rows: claim, prepare, write down, send, write down. Run as many as you like.

Each step runs ahead of the next and takes many deliveries at a time, so that no connection waits for the database or
for a mail to be written, and no mail pays for a statement or a commit alone. What was prepared is looked at again
where it waited. SENDING is committed before DATA and SENT after the answer: a sender that dies in between leaves rows
that are sent again once their lease is over, with the same Message-ID; and as no connection takes another mail before
its last one is marked, a crash doubles at most one mail for each connection (the channel's `room`).
"""

import asyncio
import os
import socket
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import groupby
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.auth import Actor
from chassis.database import Database
from chassis.identifiers import new_id
from chassis.outages import is_outage
from chassis.wake import Wake
from services.notifier import schedule
from services.notifier.channels import Channel, Outcome, Ready
from services.notifier.commands import marking
from services.notifier.ledger import Ledger
from services.notifier.model import DELIVERIES, Verdict
from services.notifier.outcomes import Outcomes
from services.notifier.reach import Reach
from services.notifier.settings import NotifierSettings

_POLL_SECONDS = 1.0
_FAULT_SECONDS = 2.0
_FRESH = timedelta(seconds=2)
"""How long it holds that a delivery may go: who unsubscribed meanwhile is sent nothing."""
_HELD_BACK = Outcome(Verdict.UNREACHABLE, text="the relay took none before it")

_log = structlog.get_logger(__name__)


class DeliverySender:
    """Takes a channel's due deliveries; leaves its relay alone for a while when that takes nothing at all."""

    def __init__(self, database: Database, system: AsyncEngine, channel: Channel, settings: NotifierSettings) -> None:
        self._database, self._system, self._channel = database, system, channel
        self._worker = f"{socket.gethostname()}-{os.getpid()}-{new_id().hex[-6:]}"
        self._lease = timedelta(seconds=settings.lease_seconds)
        self._ledger = Ledger(database, system, self._worker)
        self._outcomes = Outcomes(database, channel)
        self._reach = Reach(channel.room, channel.ahead)
        self._held: set[UUID] = set()
        self._probes: set[UUID] = set()
        self._preparing: set[asyncio.Task[None]] = set()
        self._prepared: deque[Ready] = deque()
        self._begun: asyncio.Queue[Ready] = asyncio.Queue()
        self._room, self._more = asyncio.Event(), asyncio.Event()
        self._down, self._outages, self._stopping = False, 0, False

    async def run(self, stop: asyncio.Event) -> None:
        """Send until told to stop; what was begun is finished, what was not is given back."""
        own = [self._hand_over() for _ in range(self._channel.room)]
        tasks = [asyncio.create_task(each) for each in (*own, self._begin_all(), self._keep_leases())]
        try:
            async with Wake(self._system, DELIVERIES, self._channel.queue.value) as wake:
                while not stop.is_set():
                    await self._turn(stop, wake)
            await self._finish()
        finally:
            for task in tasks:
                task.cancel()
            await self._ledger.close()

    async def _finish(self) -> None:
        self._stopping = True
        self._more.set()
        while self._held:
            self._room.clear()
            await self._room.wait()

    async def _turn(self, stop: asyncio.Event, wake: Wake) -> None:
        try:
            if self._down and not self._held:
                self._outages += 1
                await wake.pause(stop, schedule.outage_pause(self._outages))
            if not await self._take(stop):
                await wake.wait(stop, _POLL_SECONDS)
        except Exception as error:
            _log.warning(
                "deliveries cannot be claimed, will retry", error=repr(error)[:300], exc_info=not is_outage(error)
            )
            await wake.pause(stop, _FAULT_SECONDS)

    async def _take(self, stop: asyncio.Event) -> bool:
        """Claim what there is room for, not one by one; False where nothing was due."""
        most = 1 if self._down else self._reach.most()
        if len(self._held) > most // 2:
            self._room.clear()
            await first_of(self._room, stop)
            return True
        wanted = most - len(self._held)
        claimed = await self._channel.claim(self._system, self._worker, self._lease, wanted)
        self._reach.claimed(wanted, len(claimed))
        ids = [delivery for _, delivery in claimed]
        self._held.update(ids)
        self._probes = set(ids) if self._down else set()
        for organization, group in groupby(sorted(claimed, key=_organization), key=_organization):
            # Sorting keeps the order within an organization: the most urgent are prepared first.
            self._prepare_soon(organization, [delivery for _, delivery in group])
        return bool(claimed)

    def _prepare_soon(self, organization: UUID, ids: Sequence[UUID]) -> None:
        task = asyncio.create_task(self._prepare(organization, ids))
        self._preparing.add(task)
        task.add_done_callback(self._preparing.discard)

    async def _prepare(self, organization: UUID, ids: Sequence[UUID]) -> None:
        """Look whether they may go, and make what goes out."""
        try:
            async with self._database.unit_of_work(Actor.system(organization)) as work:
                ready = await self._channel.prepare(work, ids, self._worker)
        except Exception as error:
            if len(ids) > 1 and not is_outage(error):
                for id in ids:  # one that cannot be written holds up no other
                    await self._prepare(organization, [id])
                return
            await self._outcomes.failed(organization, ids, error)
            ready = []
        self._prepared.extend(ready)
        self._more.set()
        self._release({*ids} - {each.due.id for each in ready})

    def _release(self, ids: Iterable[UUID]) -> None:
        self._held.difference_update(ids)
        self._room.set()

    async def _begin_all(self) -> None:
        while True:
            await self._more.wait()
            self._more.clear()
            while self._prepared and self._begun.qsize() <= self._reach.soon() // 2:
                many = min(len(self._prepared), self._reach.soon())
                await self._begin([self._prepared.popleft() for _ in range(many)])

    async def _begin(self, batch: Sequence[Ready]) -> None:
        """The next ones are SENDING, but for those that are to wait, or to be looked at again."""
        now = self._database.clock()
        go = [ready for ready in batch if self._may_begin(ready)]
        fresh = [ready for ready in go if now - ready.at <= _FRESH]
        try:
            if len(go) < len(batch):
                await self._give_back({ready.due.id for ready in batch} - {ready.due.id for ready in go})
            mine = await self._ledger.begin(fresh) if fresh else set()
        except Exception as error:
            _log.warning("not written down, deliveries wait", error=repr(error)[:300], exc_info=not is_outage(error))
            self._release(ready.due.id for ready in batch)
            return
        for ready in fresh:
            if ready.due.id in mine:
                self._begun.put_nowait(ready)
        self._release({ready.due.id for ready in fresh} - mine)
        for ready in go:
            if now - ready.at > _FRESH:
                self._prepare_soon(ready.due.organization_id, [ready.due.id])

    def _may_begin(self, ready: Ready) -> bool:
        return not self._stopping and (not self._down or ready.due.id in self._probes)

    async def _give_back(self, ids: set[UUID]) -> None:
        await marking.let_go(self._system, self._worker, ids)
        self._release(ids)

    async def _hand_over(self) -> None:
        """One of the channel's connections: a delivery is marked before the next one is taken."""
        while True:
            ready = await self._next()
            self._more.set()
            try:
                await self._send(ready)
            except Exception as error:
                await self._outcomes.failed(ready.due.organization_id, [ready.due.id], error)
            self._reach.over()
            self._release([ready.due.id])

    async def _next(self) -> Ready:
        if not self._begun.empty():
            return self._begun.get_nowait()
        with self._reach.dry():
            return await self._begun.get()

    async def _send(self, ready: Ready) -> None:
        if self._down and ready.due.id not in self._probes:
            outcome = _HELD_BACK
        else:
            outcome = await self._channel.send(ready)
            self._down = outcome.verdict is Verdict.UNREACHABLE
            self._outages = self._outages if self._down else 0
        if outcome.verdict is Verdict.ACCEPTED and self._channel.success_is_all:
            await self._ledger.sent(ready, outcome)
        else:
            await self._outcomes.keep(ready, outcome, self._outages)
        self._outcomes.tell(ready.due, outcome)

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 3)
            if ids := list(self._held):
                try:
                    await marking.renew(self._system, self._worker, self._lease, ids)
                except Exception as error:
                    _log.warning("leases not renewed", error=repr(error)[:200])


def _organization(claimed: tuple[UUID, UUID]) -> UUID:
    return claimed[0]


async def first_of(*events: asyncio.Event) -> None:
    """Return at the first of these."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
