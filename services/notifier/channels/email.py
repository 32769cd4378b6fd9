"""E-mail: a letter in its reader's language, through the relay."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.database import UnitOfWork
from chassis.links import LinkKey
from services.notifier import schedule
from services.notifier.bounces.reports import bounce_kind, status_in
from services.notifier.bounces.terms import terms_of, verp_of
from services.notifier.channels import Going, Outcome, Ready
from services.notifier.commands import sending
from services.notifier.commands.bouncing import bounced
from services.notifier.commands.claiming import Claims
from services.notifier.commands.pacing import Paces
from services.notifier.doors import Doors, DoorShut, is_door
from services.notifier.forms import BLANK, Forms, is_read_alike
from services.notifier.gate import Stopped
from services.notifier.letters import letter_of, people_in
from services.notifier.letters_of_invitations import answer_page
from services.notifier.letters_of_publications import PUBLISHED, links_to_publication
from services.notifier.letters_of_quotes import pages_url, recipient_link
from services.notifier.links import hash_of, links_of, new_token
from services.notifier.mail.addresses import Undeliverable
from services.notifier.mail.letter import Links
from services.notifier.mail.message import Form, Mail, Sender, compose
from services.notifier.mail.signing import Signer
from services.notifier.mailer import Mailer
from services.notifier.model import CauseKind, Queue, Status, Verdict
from services.notifier.queries import Found
from services.notifier.settings import NotifierSettings
from services.notifier.sources import Sources

_AHEAD = 16
# What a domain answers that wants less for a while.
_TROUBLE = frozenset({421, 450, 451, 452})


class EmailChannel:
    """Mails to colleagues, or those to the world outside."""

    def __init__(self, mailer: Mailer, settings: NotifierSettings, queue: Queue = Queue.INTERNAL) -> None:
        self._mailer, self._settings = mailer, settings
        self._doors = Doors(settings)
        file = settings.quote_links_key_file
        self._key = LinkKey.from_file(file) if file else None
        self._sender = Sender(settings.mail_from, settings.mail_domain)
        self._verp = verp_of(settings)
        self._signer = _signer(settings)
        self.queue, outside = queue, queue is Queue.EXTERNAL
        self.room = settings.external_connections if outside else settings.smtp_connections
        self.ahead, self.success_is_all = _AHEAD * self.room, True
        self._forms = Forms(self._sender)
        self._claims = Claims(queue, Paces(queue, settings.limits(outside=outside)))

    async def claim(self, system: AsyncEngine, worker: str, lease: timedelta, most: int) -> list[tuple[UUID, UUID]]:
        """See Channel."""
        return await self._claims.take(system, worker, lease, most)

    async def prepare(self, work: UnitOfWork, deliveries: Sequence[UUID], worker: str) -> list[Ready]:
        """See Channel."""
        dues = await sending.begin(work, deliveries, worker)
        sources = Sources(work.session, work.organization)
        await sources.collaborators(people_in(dues))
        found = [await self._prepared(work, due, sources) for due in dues]
        return [ready for ready in found if ready is not None]

    async def _prepared(self, work: UnitOfWork, due: Found, sources: Sources) -> Ready | None:
        token = new_token() if due.contact_id is None or due.cause_kind in PUBLISHED else None
        try:
            mail = await self._written(sources, due, token, work.now)
        except DoorShut as shut:
            await sending.end(work, due, Stopped(Status.SKIPPED, str(shut)))
            return None
        except Undeliverable as error:
            await sending.end(work, due, Stopped(Status.REJECTED, f"ADDRESS_INVALID: {error}"))
            return None
        expires_at = work.now + timedelta(days=self._settings.links_days)
        token_hash = hash_of(token) if token else None
        going = Going(mail.message_id, due.reader_email, mail.subject, token_hash, expires_at)
        return Ready(due, going, mail, work.now)

    async def _written(self, sources: Sources, due: Found, token: str | None, now: datetime) -> Mail:
        """Raises DoorShut, Undeliverable."""
        if token is not None and is_read_alike(due):
            form = await sources.once(due, lambda: self._form(sources, due, now))
            if form is not None:
                return form.mail(due.id, due.reader_name or "", due.reader_email, now, token)
        return compose(await letter_of(sources, due, self._links(due, token, now)), self._sender, now)

    async def _form(self, sources: Sources, due: Found, now: datetime) -> Form | None:
        """What all readers of a cause read alike; None where each reads their own."""
        return self._forms.of(await letter_of(sources, due, self._links(due, BLANK, now)))

    def _links(self, due: Found, token: str | None, now: datetime) -> Links:
        """Raises DoorShut where the mail's link cannot be made."""
        if is_door(due):
            return self._doors.links(due, now)
        if token is not None and due.cause_kind in PUBLISHED:
            return links_to_publication(due, token, self._settings.public_url)
        return self._outside(due) if token is None else links_of(token, self._settings.public_url)

    def _outside(self, due: Found) -> Links:
        if due.cause_kind == CauseKind.APPOINTMENT.value:
            kept = timedelta(days=self._settings.links_days)
            return Links(page=answer_page(due, self._key, self._settings.deals_url, kept), unsubscribe="")
        link = recipient_link(due)
        if link is None:
            return Links(page="", unsubscribe="")
        if self._key is None:
            raise DoorShut("QUOTE_LINKS_OFF")
        return Links(page=f"{pages_url(due)}{self._key.token(UUID(link))}", unsubscribe="")

    async def send(self, ready: Ready) -> Outcome:
        """See Channel."""
        mail: Mail = ready.content
        envelope_sender = self._verp.sender(ready.due.id) if self._verp else self._sender.address
        content = await asyncio.to_thread(self._signer.signed, mail.content) if self._signer else mail.content
        outcome = await self._mailer.send(envelope_sender, mail.recipient, content)
        if outcome.verdict is Verdict.ACCEPTED:
            self._claims.paces.accepted(mail.recipient)
        elif outcome.code in _TROUBLE and outcome.verdict is Verdict.DEFERRED:
            self._claims.paces.deferred(mail.recipient)
        return outcome

    async def answered(self, work: UnitOfWork, ready: Ready, outcome: Outcome) -> None:
        """Count against an address what the relay said of it for good."""
        due, words = ready.due, sending.words(outcome.code, outcome.text)
        last = outcome.verdict is Verdict.DEFERRED and self.wait(outcome.verdict, due.attempts + 1) is None
        if last or (outcome.about_recipient and outcome.verdict is Verdict.REFUSED):
            kind = bounce_kind(status_in(outcome.text), outcome.code)
            await bounced(work, due.reader_email, kind, words, terms_of(self._settings))

    def wait(self, verdict: Verdict, tries: int) -> timedelta | None:
        """See Channel."""
        return schedule.delay(verdict, tries, self._settings.retry_seconds)


def _signer(settings: NotifierSettings) -> Signer | None:
    if settings.dkim_key_file is None:
        return None
    domain = settings.dkim_domain or settings.mail_from.rpartition("@")[2]
    return Signer.from_file(settings.dkim_key_file, domain, settings.dkim_selector)
