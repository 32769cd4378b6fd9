"""A publication is told a page at a time: each page is one transaction with its place in the round.

So a worker that dies doubles and loses nobody, and a group of any size is told in little memory.
"""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import ARRAY, Row, Uuid, cast, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.auth import Actor
from chassis.database import Database, UnitOfWork
from chassis.leases import Leases
from chassis.messages import Outgoing
from chassis.outages import is_outage
from chassis.wake import Wake
from proto.notifier.v1.messages_pb2 import PublicationPublished
from services.notifier.audience import Concerned, Reason
from services.notifier.commands.causes import Told
from services.notifier.commands.telling import tell
from services.notifier.model import CauseKind
from services.notifier.publications import content
from services.notifier.publications.audience import mates_of, page_of
from services.notifier.publications.commands import appear, locked
from services.notifier.publications.mailing import mail_contacts
from services.notifier.publications.model import (
    ROUNDS,
    Following,
    Phase,
    Publication,
    PublicationStatus,
    Round,
    Whom,
    table,
)
from services.notifier.webhooks.payload import Occasion
from services.notifier.webhooks.telling import tell_endpoints

PAGE = 500
_FOLLOWERS = 20
_POLL_SECONDS = 5.0
_FAULT_SECONDS = 5.0
_LEASE_SECONDS = 30.0
_NEXT = {Phase.COLLABORATORS: Phase.CONTACTS, Phase.CONTACTS: Phase.FOLLOWERS}

_log = structlog.get_logger(__name__)


class RoundWorker:
    """Tells what is due; run as many as you like."""

    def __init__(self, database: Database, system: AsyncEngine, page: int = PAGE) -> None:
        self._database, self._system, self._page = database, system, page
        self._leases = Leases(system, table(Round), _LEASE_SECONDS)

    async def run(self, stop: asyncio.Event) -> None:
        """Work rounds until told to stop; a page that was begun is finished."""
        async with Wake(self._system, ROUNDS) as wake:
            while not stop.is_set():
                try:
                    if not await self.work_one(stop):
                        await wake.wait(stop, _POLL_SECONDS)
                except Exception as error:
                    _log.warning("a publication is not told, will retry", exc_info=not is_outage(error))
                    await wake.pause(stop, _FAULT_SECONDS)

    async def work_one(self, stop: asyncio.Event) -> bool:
        """Work one due round to its end; False where none is due."""
        async with self._leases.claim((Round.done_at.is_(None)) & (Round.due_at <= func.now())) as claimed:
            while claimed is not None and not stop.is_set() and await self.step(claimed):
                pass
        return claimed is not None

    async def step(self, claimed: Row[Any]) -> bool:
        """Queue one page; False once the round is over, or another worker's."""
        followers: Sequence[UUID] = ()
        async with self._database.unit_of_work(Actor.system(claimed.organization_id)) as work:
            # A publication is locked before its rounds, here as in commands.
            publication = await locked(work, claimed.publication_id)
            round = await work.session.scalar(select(Round).where(Round.id == claimed.id).with_for_update())
            if round is None or round.done_at is not None or round.lease != claimed.lease:
                return False
            round.updated_at = work.now
            if publication.status == PublicationStatus.SCHEDULED.value:
                await appear(work, publication)
            if publication.status != PublicationStatus.PUBLISHED.value:
                round.done_at = work.now
                return False
            if round.number == 0 and round.phase == Phase.COLLABORATORS.value and round.cursor is None:
                await _announce(work, publication)
            told = told_of(publication, round)
            if round.phase != Phase.FOLLOWERS.value:
                await self._tell_own(work, publication, round, told)
                return True
            if publication.to_network and publication.email and round.whom == Whom.ALL.value:
                followers = await self._followers(publication.organization_id, round.cursor)
            round.done_at = None if followers else work.now
        return await self._tell_followers(claimed, told, followers)

    async def _tell_own(self, work: UnitOfWork, publication: Publication, round: Round, told: Told) -> None:
        rows = await page_of(work, publication, round, self._page)
        people = [each.person for each in rows]
        if rows and publication.email and round.phase == Phase.CONTACTS.value:
            await mail_contacts(work, told, publication.category, people)
        elif rows and publication.email:
            await tell(work, told, [Concerned(each, (Reason.READER,)) for each in people])
        round.cursor = rows[-1].cursor if rows else None
        if len(rows) < self._page:
            round.phase, round.cursor = _NEXT[Phase(round.phase)].value, None

    async def _followers(self, publisher: UUID, after: UUID | None) -> Sequence[UUID]:
        """The next organizations that follow the publisher."""
        statement = select(Following.organization_id).where(Following.followed.op("@>")(cast([publisher], ARRAY(Uuid))))
        if after is not None:
            statement = statement.where(Following.organization_id > after)
        async with self._system.connect() as connection:
            page = statement.order_by(Following.organization_id).limit(_FOLLOWERS)
            return (await connection.execute(page)).scalars().all()

    async def _tell_followers(self, claimed: Row[Any], told: Told, followers: Sequence[UUID]) -> bool:
        """Each organization's people in a transaction of its own: nothing of theirs comes to the publisher."""
        for organization in followers:
            async with self._database.unit_of_work(Actor.system(organization)) as work:
                await _tell_everybody(work, told, self._page)
        if followers:
            async with self._database.unit_of_work(Actor.system(claimed.organization_id)) as work:
                round = await work.session.scalar(select(Round).where(Round.id == claimed.id).with_for_update())
                if round is None or round.lease != claimed.lease:
                    return False
                round.cursor = followers[-1]
        return bool(followers)


def told_of(publication: Publication, round: Round) -> Told:
    """What a round's mails are written from: the publication as it is when the round begins."""
    said = content.told(publication).SerializeToString()
    return Told(CauseKind.PUBLICATION, publication.id, round.number, said, publication.published_at or round.due_at)


async def _tell_everybody(work: UnitOfWork, told: Told, many: int) -> None:
    last: UUID | None = None
    while page := await mates_of(work, last, many):
        await tell(work, told, [Concerned(each, (Reason.READER,)) for each in page])
        last = page[-1]


async def _announce(work: UnitOfWork, publication: Publication) -> None:
    """Tell the other services and programs; with the first page, so once."""
    body = PublicationPublished(publication=content.told(publication))
    message = Outgoing("publication", publication.id, publication.version, body)
    await work.emit(message)
    occasion = Occasion("publication.published", publication.id, work.now, work.organization, publication.version)
    await tell_endpoints(work, (occasion, body))
