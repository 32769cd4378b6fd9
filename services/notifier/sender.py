"""Works the delivery rows: claim, write down, send, write down. Run as many as you like.

Written down before DATA and after the answer: a sender that dies in between leaves a row that is sent again once its
lease is over, with the same Message-ID; so a crash doubles at most the mails that were within DATA.
"""

import asyncio
import functools
import os
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.auth import Actor
from chassis.database import Database, UnitOfWork
from chassis.identifiers import format_id, new_id
from chassis.links import LinkKey
from chassis.outages import is_outage
from chassis.wake import Wake
from services.notifier import metrics, queries, schedule
from services.notifier.commands import sending
from services.notifier.commands.sending import Answer
from services.notifier.doors import Doors, DoorShut, is_door
from services.notifier.gate import Stopped
from services.notifier.letters import letter_of
from services.notifier.letters_of_quotes import pages_url, recipient_link
from services.notifier.links import hash_of, links_of, new_token
from services.notifier.mail.addresses import Undeliverable
from services.notifier.mail.letter import Links
from services.notifier.mail.message import Mail, Sender, compose
from services.notifier.mailer import Mailer, Outcome
from services.notifier.model import DELIVERIES, CauseKind, Queue, Status, Verdict
from services.notifier.queries import Found
from services.notifier.settings import NotifierSettings

_POLL_SECONDS = 1.0
_RETRY_SECONDS = 0.5
_FAULT_SECONDS = 2.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Written:
    """A mail that may go: its row says SENDING."""

    due: Found
    attempt: UUID
    mail: Mail


class DeliverySender:
    """Takes due deliveries, at most `room` at a time; leaves the relay alone for a while when it takes no mail."""

    def __init__(
        self,
        database: Database,
        system: AsyncEngine,
        mailer: Mailer,
        settings: NotifierSettings,
        queue: Queue = Queue.INTERNAL,
    ) -> None:
        self._database, self._system, self._mailer, self._settings = database, system, mailer, settings
        self._doors = Doors(settings)
        self._queue = queue
        file = settings.quote_links_key_file
        self._key = LinkKey.from_file(file) if file else None
        self._sender = Sender(settings.mail_from, settings.mail_domain)
        self._worker = f"{socket.gethostname()}-{os.getpid()}-{new_id().hex[-6:]}"
        self._lease = timedelta(seconds=settings.lease_seconds)
        outside = queue is Queue.EXTERNAL
        self._room = (
            settings.external_connections if outside else settings.smtp_connections
        )  # no more, since each may be doubled by a crash
        self._sending: dict[UUID, asyncio.Task[None]] = {}
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
        """Claim what there is room for; False where nothing was due."""
        room = (1 if self._down else self._room) - len(self._sending)
        if room <= 0:
            await asyncio.wait(self._sending.values(), return_when=asyncio.FIRST_COMPLETED)
            return True
        claimed = await sending.claim(self._system, self._worker, self._lease, room, self._queue)
        for organization, delivery in claimed:
            task = asyncio.create_task(self._work(organization, delivery))
            self._sending[delivery] = task
            task.add_done_callback(functools.partial(self._done, delivery))
        return bool(claimed)

    def _done(self, delivery: UUID, _: asyncio.Task[None]) -> None:
        self._sending.pop(delivery, None)

    async def _work(self, organization: UUID, delivery: UUID) -> None:
        with structlog.contextvars.bound_contextvars(
            organization=format_id("organization", organization), delivery=format_id("delivery", delivery)
        ):
            try:
                written = await self._write_down(organization, delivery)
                if written is not None:
                    await self._send(organization, written)
            except Exception as error:
                await self._failed(organization, delivery, error)

    async def _write_down(self, organization: UUID, delivery: UUID) -> _Written | None:
        async with self._database.unit_of_work(Actor.system(organization)) as work:
            due = await sending.begin(work, delivery, self._worker)
            if due is None:
                return None
            token = new_token() if due.contact_id is None else None
            try:
                letter = await letter_of(work.session, due, self._links(due, token, work.now))
                mail = compose(letter, self._sender, work.now)
            except DoorShut as shut:
                await sending.end(work, due, Stopped(Status.SKIPPED, str(shut)))
                return None
            except Undeliverable as error:
                await sending.end(work, due, Stopped(Status.REJECTED, f"ADDRESS_INVALID: {error}"))
                return None
            expires_at = work.now + timedelta(days=self._settings.links_days)
            outgoing = sending.Outgoing(mail.subject, mail.message_id, hash_of(token) if token else None, expires_at)
            return _Written(due, await sending.write_down(work, due, outgoing, self._worker), mail)

    def _links(self, due: Found, token: str | None, now: datetime) -> Links:
        """Raises DoorShut where the mail's link cannot be made."""
        if is_door(due):
            return self._doors.links(due, now)
        return self._outside(due) if token is None else links_of(token, self._settings.public_url)

    def _outside(self, due: Found) -> Links:
        link = recipient_link(due)
        if link is None:
            return Links(page="", unsubscribe="")
        if self._key is None:
            raise DoorShut("QUOTE_LINKS_OFF")
        return Links(page=f"{pages_url(due)}{self._key.token(UUID(link))}", unsubscribe="")

    async def _send(self, organization: UUID, written: _Written) -> None:
        mail = written.mail
        outcome = await self._mailer.send(self._sender.address, mail.recipient, mail.content)
        metrics.MAILS.labels(outcome.verdict).inc()
        self._down = outcome.verdict is Verdict.UNREACHABLE
        self._outages = self._outages if self._down else 0
        await self._surely(organization, lambda work: self._record(work, written, outcome))
        self._tell(written.due, outcome)

    def _tell(self, due: Found, outcome: Outcome) -> None:
        waited = (self._database.clock() - due.created_at).total_seconds()
        cause = format_id(CauseKind(due.cause_kind).thing, due.cause_id)
        _log.info("mail", cause=cause, verdict=outcome.verdict.value, code=outcome.code, waited=round(waited, 3))

    async def _record(self, work: UnitOfWork, written: _Written, outcome: Outcome) -> None:
        due = written.due
        await sending.close_attempt(work, written.attempt, Answer(outcome.verdict, outcome.code, outcome.text))
        detail = " ".join(str(word) for word in (outcome.code, outcome.text) if word)
        match outcome.verdict:
            case Verdict.ACCEPTED:
                await sending.sent(work, due)
            case Verdict.REFUSED:
                if outcome.about_recipient:
                    await sending.suppress(work, due.reader_email, detail)
                await sending.give_up(work, due, Status.REJECTED, detail)
            case Verdict.UNREACHABLE:
                wait = timedelta(seconds=schedule.outage_pause(self._outages + 1))
                await sending.put_off(work, due.id, Status.QUEUED, f"RELAY_UNREACHABLE: {detail}", wait, tries=0)
            case Verdict.DEFERRED | Verdict.UNKNOWN:
                await self._put_off(work, due, outcome.verdict, detail)

    async def _put_off(self, work: UnitOfWork, due: Found, verdict: Verdict, detail: str) -> None:
        wait = schedule.delay(verdict, due.attempts + 1, self._settings.retry_seconds)
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
