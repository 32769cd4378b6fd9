"""What authors do with publications."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update

from chassis.database import UnitOfWork
from chassis.errors import Forbidden, InvalidInput, NotFound, VersionConflict, WrongState
from chassis.identifiers import new_id
from services.notifier import queries
from services.notifier.audience import Concerned, Reason
from services.notifier.commands.causes import Told, close
from services.notifier.commands.telling import tell
from services.notifier.model import GROUPS, CauseKind, Team
from services.notifier.publications import content
from services.notifier.publications.content import Values, parsed
from services.notifier.publications.errors import NoAudience, NotPublished
from services.notifier.publications.model import (
    Edition,
    Phase,
    Publication,
    PublicationKind,
    PublicationStatus,
    Round,
    Whom,
)

_FIRST = 0
_SAID = ("title", "body", "question", "options")
_AFTER_PUBLICATION = (*_SAID, "follow_up_days", "follow_up_times")


async def create_publication(work: UnitOfWork, kind: PublicationKind, values: Values) -> UUID:
    """A draft. Raises InvalidInput, NotFound."""
    organization = await queries.organization(work.session, work.organization)
    campaign = kind is PublicationKind.CAMPAIGN
    given = {
        "body": "",
        "question": "",
        "options": [],
        "category": "NEWS",
        "locale": "en" if organization is not None and organization.locale.startswith("en") else "fr",
        "to_network": False,
        "team_ids": [],
        "group_ids": [],
        "feed": not campaign,
        "email": campaign,
        "follow_up_days": None,
        "follow_up_times": 0,
        **parsed(values),
    }
    row = Publication(
        organization_id=work.organization,
        id=new_id(),
        version=1,
        kind=kind.value,
        status=PublicationStatus.DRAFT.value,
        edition=1,
        publisher="",
        author_id=work.actor.collaborator,
        created_at=work.now,
        updated_at=work.now,
        **given,
    )
    await _check(work, row)
    work.session.add(row)
    await work.session.flush()
    return row.id


async def update_publication(work: UnitOfWork, id: UUID, values: Values, expected: int | None) -> UUID:
    """Change it; once it is published, what it says becomes another edition and whom it is for stays.

    Raises NotFound, VersionConflict, WrongState, InvalidInput.
    """
    row, given = await _changed(work, id, expected), parsed(values)
    if row.status == PublicationStatus.WITHDRAWN.value:
        raise WrongState("It is withdrawn: write another one.", "id")
    published = row.status == PublicationStatus.PUBLISHED.value
    if published and (fixed := [name for name in given if name not in _AFTER_PUBLICATION]):
        raise InvalidInput(fixed[0], "It is published: whom it is for, and how, cannot change any more.")
    says_other = any(getattr(row, name) != given[name] for name in _SAID if name in given)
    for name, value in given.items():
        setattr(row, name, value)
    await _check(work, row)
    if published and says_other:
        row.edition += 1
        _keep_edition(work, row)
    if row.status != PublicationStatus.DRAFT.value:
        await _plan_follow_ups(work, row)
    return id


async def publish(work: UnitOfWork, id: UUID, at: datetime | None, expected: int | None) -> UUID:
    """Publish a draft now, or at a moment; a scheduled one may be moved.

    Raises NotFound, VersionConflict, WrongState, InvalidInput, NoAudience.
    """
    row = await _changed(work, id, expected)
    if row.status not in (PublicationStatus.DRAFT.value, PublicationStatus.SCHEDULED.value):
        raise WrongState("It is published or withdrawn already.", "id")
    if at is not None and at.tzinfo is None:
        raise InvalidInput("at", "Say its time zone, such as 2026-12-01T09:00:00+01:00.")
    if at is not None and at <= work.now:
        raise InvalidInput("at", "It must be in the future; leave it out to publish now.")
    if not (row.to_network or row.team_ids or row.group_ids) or not (row.feed or row.email):
        raise NoAudience
    row.status, row.scheduled_at = PublicationStatus.SCHEDULED.value, at or work.now
    await work.session.execute(delete(Round).where(Round.publication_id == id))
    _add_round(work, row, _FIRST, Whom.ALL, row.scheduled_at)
    if at is None:
        await appear(work, row)
    await _plan_follow_ups(work, row)
    return id


async def unschedule(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Make a scheduled publication a draft again. Raises NotFound, VersionConflict, WrongState."""
    row = await _changed(work, id, expected)
    if row.status != PublicationStatus.SCHEDULED.value:
        raise WrongState("It is not scheduled.", "id")
    row.status, row.scheduled_at = PublicationStatus.DRAFT.value, None
    await work.session.execute(delete(Round).where(Round.publication_id == id))
    return id


async def withdraw(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Take it out of every feed; mails that wait are skipped. Raises NotFound, VersionConflict, WrongState."""
    row = await _changed(work, id, expected)
    if row.status == PublicationStatus.WITHDRAWN.value:
        raise WrongState("It is withdrawn already.", "id")
    row.status, row.withdrawn_at = PublicationStatus.WITHDRAWN.value, work.now
    await close(work, CauseKind.PUBLICATION, id)
    open_rounds = (Round.publication_id == id, Round.done_at.is_(None))
    await work.session.execute(update(Round).where(*open_rounds).values(done_at=work.now))
    return id


async def relaunch(work: UnitOfWork, id: UUID, whom: Whom) -> UUID:
    """Mail those again who have not read, or not answered. Raises NotFound, NotPublished, WrongState."""
    row = await locked(work, id)
    if row.status != PublicationStatus.PUBLISHED.value:
        raise NotPublished
    if not row.email:
        raise WrongState("Reminders are e-mails, and this publication is in the feed alone.", "id")
    if whom is Whom.UNANSWERED and not row.question:
        raise WrongState("It asks nothing: relaunch those who have not read it.", "whom")
    pending = select(func.count()).where(Round.publication_id == id, Round.done_at.is_(None), Round.due_at <= work.now)
    if (await work.session.execute(pending)).scalar_one():
        raise WrongState("It is being told just now: wait until that is over.", "id")
    _add_round(work, row, await _next_number(work, id), whom, work.now)
    return id


async def send_test(work: UnitOfWork, id: UUID) -> UUID:
    """Mail it to oneself. Raises NotFound, Forbidden for the system."""
    row = await locked(work, id)
    if work.actor.collaborator is None:
        raise Forbidden("get a trial mail")
    organization = await queries.organization(work.session, work.organization)
    told = content.told(row, publisher=organization.name if organization else "", test=True)
    cause = Told(CauseKind.PUBLICATION_TEST, new_id(), 0, told.SerializeToString(), work.now)
    await tell(work, cause, [Concerned(work.actor.collaborator, (Reason.READER,))])
    return id


async def appear(work: UnitOfWork, row: Publication) -> None:
    """A scheduled publication is published: from here on it is in the feed."""
    organization = await queries.organization(work.session, work.organization)
    row.status, row.published_at = PublicationStatus.PUBLISHED.value, work.now
    row.publisher = organization.name if organization else ""
    _keep_edition(work, row)
    await work.session.flush()


async def locked(work: UnitOfWork, id: UUID) -> Publication:
    """A publication of the organization, to change. Raises NotFound."""
    mine = (Publication.id == id, Publication.organization_id == work.organization)
    row = await work.session.scalar(select(Publication).where(*mine).with_for_update())
    if row is None:
        raise NotFound("publication", id)
    return row


async def _changed(work: UnitOfWork, id: UUID, expected: int | None) -> Publication:
    row = await locked(work, id)
    if expected is not None and expected != row.version:
        raise VersionConflict(expected, row.version)
    row.version += 1
    row.updated_at = work.now
    return row


async def _check(work: UnitOfWork, row: Publication) -> None:
    """Raise InvalidInput where the parts do not go together, NotFound for a team or group that is not there."""
    campaign = row.kind == PublicationKind.CAMPAIGN.value
    if campaign and (row.to_network or row.team_ids or row.feed):
        raise InvalidInput("groupIds", "A campaign goes to groups of contacts, by e-mail: nothing else is taken.")
    if not campaign and row.group_ids:
        raise InvalidInput("groupIds", "News are for colleagues and followers: make it a campaign.")
    if row.options and not row.question:
        raise InvalidInput("question", "Options answer a question: ask one.")
    if row.follow_up_days == 0:
        row.follow_up_days = None
    if row.follow_up_times and row.follow_up_days is None:
        raise InvalidInput("followUpDays", "Say after how many days.")
    if row.follow_up_times and not row.email:
        raise InvalidInput("followUpTimes", "Reminders are e-mails: set email, too.")
    await _check_there(work, "team", row.team_ids, "teamIds")
    await _check_there(work, "group", row.group_ids, "groupIds")


async def _check_there(work: UnitOfWork, kind: str, ids: Sequence[UUID], field: str) -> None:
    columns: Any = Team.metadata.tables["team"].c if kind == "team" else GROUPS.sets.c
    alive = select(columns.id).where(columns.id.in_(ids), ~columns.deleted)
    there = set((await work.session.execute(alive)).scalars()) if ids else set()
    for place, id in enumerate(ids):
        if id not in there:
            raise NotFound(kind, id, f"{field}.{place}")


def _keep_edition(work: UnitOfWork, row: Publication) -> None:
    said = {name: getattr(row, name) for name in _SAID}
    tenant = {"organization_id": row.organization_id, "publication_id": row.id, "number": row.edition}
    work.session.add(Edition(**tenant, **said, by_id=work.actor.collaborator, at=work.now))


def _add_round(
    work: UnitOfWork, row: Publication, number: int, whom: Whom, at: datetime, *, plan: bool = False
) -> None:
    work.session.add(
        Round(
            organization_id=row.organization_id,
            id=new_id(),
            publication_id=row.id,
            number=number,
            whom=whom.value,
            by_plan=plan,
            by_id=work.actor.collaborator,
            due_at=at,
            phase=Phase.COLLABORATORS.value,
            updated_at=work.now,
        )
    )


async def _next_number(work: UnitOfWork, id: UUID) -> int:
    highest = select(func.max(Round.number)).where(Round.publication_id == id)
    return int((await work.session.execute(highest)).scalar_one() or 0) + 1


async def _plan_follow_ups(work: UnitOfWork, row: Publication) -> None:
    """Rounds to come for those who have not answered, or not read what asks nothing; those planned before go."""
    began = row.published_at or row.scheduled_at
    planned = (Round.publication_id == row.id, Round.by_plan, Round.done_at.is_(None), Round.cursor.is_(None))
    await work.session.execute(delete(Round).where(*planned))
    if began is None or row.follow_up_days is None:
        return
    await work.session.flush()
    number, whom = await _next_number(work, row.id), Whom.UNANSWERED if row.question else Whom.UNREAD
    dues = [began + timedelta(days=row.follow_up_days * place) for place in range(1, row.follow_up_times + 1)]
    for place, due in enumerate(each for each in dues if each > work.now):
        _add_round(work, row, number + place, whom, due, plan=True)
