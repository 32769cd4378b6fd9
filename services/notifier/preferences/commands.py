"""What a collaborator wants to be told, and what an administrator wants for those who did not say."""

from dataclasses import dataclass
from datetime import time
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from chassis.errors import Forbidden, InvalidInput
from chassis.identifiers import new_id
from services.notifier import queries
from services.notifier.audience import Reason
from services.notifier.digests.model import Digest, DigestKind
from services.notifier.errors import CriticalIsAlwaysTold
from services.notifier.model import Category, Delivery
from services.notifier.preferences.bundling import Bounds
from services.notifier.preferences.cadence import ANY, REASONS, Cadence, Channel
from services.notifier.preferences.model import Bundling, Preference, RhythmRow
from services.notifier.preferences.rhythm import Rhythm
from services.notifier.zones import zone_of

_LONGEST_FOLD = 3600
_MOST_BURST = 1000
_LONGEST_BURST = 1440
_WEEK = range(1, 8)


@dataclass(frozen=True)
class Wanted:
    """What is chosen; `cadence` None takes the choice back."""

    category: Category
    channel: Channel = Channel.EMAIL
    reason: Reason | None = None
    cadence: Cadence | None = None

    def check(self) -> None:
        """Raises CriticalIsAlwaysTold, InvalidInput."""
        if self.category is Category.CRITICAL:
            raise CriticalIsAlwaysTold
        if self.reason is not None and self.reason not in REASONS[self.category]:
            told = ", ".join(REASONS[self.category])
            raise InvalidInput("reason", f"Nobody is told of {self.category} for that reason: choose one of {told}.")
        if self.channel is Channel.INBOX and self.cadence in (Cadence.DAILY, Cadence.WEEKLY):
            raise InvalidInput("cadence", "The inbox has no digests: choose IMMEDIATE or NEVER.")


async def choose(work: UnitOfWork, wanted: Wanted, collaborator: UUID | None) -> None:
    """For a collaborator, or for everybody who did not choose. Raises CriticalIsAlwaysTold, InvalidInput."""
    wanted.check()
    reason = wanted.reason.value if wanted.reason else ANY
    key = {
        "organization_id": work.organization,
        "collaborator_id": collaborator,
        "category": wanted.category.value,
        "channel": wanted.channel.value,
        "reason": reason,
    }
    if wanted.cadence is None:
        same = [getattr(Preference, name).is_not_distinct_from(value) for name, value in key.items()]
        await work.session.execute(delete(Preference).where(*same))
        return
    values = {"cadence": wanted.cadence.value, "changed_at": work.now}
    statement = insert(Preference).values(id=new_id(), **key, **values)
    await work.session.execute(statement.on_conflict_do_update(constraint="preference_once", set_=values))


async def choose_for_oneself(work: UnitOfWork, wanted: Wanted) -> UUID:
    """Say it for oneself. Raises Forbidden for the system, that is told nothing; gives who said it."""
    me = _me(work)
    await choose(work, wanted, me)
    return me


async def unsubscribe(work: UnitOfWork, collaborator: UUID, category: Category) -> None:
    """No more mail of a category, for whatever reason. Again changes nothing; CRITICAL cannot be left."""
    if category is Category.CRITICAL:
        return
    mine = (Preference.collaborator_id == collaborator, Preference.category == category.value)
    await work.session.execute(delete(Preference).where(*mine, Preference.channel == Channel.EMAIL.value))
    await choose(work, Wanted(category, cadence=Cadence.NEVER), collaborator)


async def set_rhythm(work: UnitOfWork, rhythm: Rhythm, collaborator: UUID | None) -> None:
    """Quiet hours and the hour of digests, of a collaborator or of those who have none. Raises InvalidInput."""
    _check_rhythm(rhythm)
    values = {
        "quiet_from": rhythm.quiet_from,
        "quiet_until": rhythm.quiet_until,
        "quiet_weekdays": sorted(set(rhythm.quiet_weekdays)),
        "digest_at": rhythm.digest_at,
        "digest_weekday": rhythm.digest_weekday,
        "changed_at": work.now,
    }
    key = {"id": new_id(), "organization_id": work.organization, "collaborator_id": collaborator}
    statement = insert(RhythmRow).values(**key, **values)
    await work.session.execute(statement.on_conflict_do_update(constraint="rhythm_once", set_=values))
    if collaborator is not None:
        await _move_digests(work, rhythm, collaborator)


def _check_rhythm(rhythm: Rhythm) -> None:
    if (rhythm.quiet_from is None) is not (rhythm.quiet_until is None):
        raise InvalidInput("quietUntil", "Give both ends of the quiet hours, or neither.")
    if any(day not in _WEEK for day in rhythm.quiet_weekdays):
        raise InvalidInput("quietWeekdays", "Weekdays are 1 (Monday) to 7 (Sunday).")
    if len(set(rhythm.quiet_weekdays)) == len(_WEEK):
        raise InvalidInput(
            "quietWeekdays", "One day at least must not be quiet: choose NEVER for what you do not want."
        )
    if rhythm.digest_weekday not in _WEEK:
        raise InvalidInput("digestWeekday", "Weekdays are 1 (Monday) to 7 (Sunday).")


async def _move_digests(work: UnitOfWork, rhythm: Rhythm, collaborator: UUID) -> None:
    """What waits comes at the new hour."""
    people = await queries.collaborators(work.session, work.organization, [collaborator])
    found = await queries.organization(work.session, work.organization)
    person = people.get(collaborator)
    zone = zone_of(person.time_zone if person else "", found.time_zone if found else "")
    for cadence in (Cadence.DAILY, Cadence.WEEKLY):
        mine = (Digest.collaborator_id == collaborator, Digest.kind == DigestKind(cadence.value).value)
        due = rhythm.next_digest(zone, work.now, cadence)
        await work.session.execute(update(Digest).where(*mine, Digest.formed_at.is_(None)).values(due_at=due))


async def set_rhythm_for_oneself(work: UnitOfWork, rhythm: Rhythm) -> UUID:
    """Say it for oneself. Raises Forbidden, InvalidInput."""
    me = _me(work)
    await set_rhythm(work, rhythm, me)
    return me


async def set_bundling(work: UnitOfWork, bounds: Bounds) -> None:
    """How the organization folds and bundles. Raises InvalidInput."""
    for name, value, most in (
        ("foldSeconds", bounds.fold_seconds, _LONGEST_FOLD),
        ("burstCount", bounds.burst_count - 1, _MOST_BURST - 1),
        ("burstMinutes", bounds.burst_minutes - 1, _LONGEST_BURST - 1),
        ("burstLongestMinutes", bounds.burst_longest_minutes - bounds.burst_minutes, _LONGEST_BURST),
    ):
        if not 0 <= value <= most:
            raise InvalidInput(name, _BOUNDS[name])
    values = {
        "fold_seconds": bounds.fold_seconds,
        "burst_count": bounds.burst_count,
        "burst_minutes": bounds.burst_minutes,
        "burst_longest_minutes": bounds.burst_longest_minutes,
        "changed_at": work.now,
    }
    statement = insert(Bundling).values(organization_id=work.organization, **values)
    await work.session.execute(statement.on_conflict_do_update(index_elements=["organization_id"], set_=values))


_BOUNDS = {
    "foldSeconds": f"Between 0 and {_LONGEST_FOLD} seconds.",
    "burstCount": f"Between 1 and {_MOST_BURST} mails.",
    "burstMinutes": f"Between 1 and {_LONGEST_BURST} minutes.",
    "burstLongestMinutes": f"From burstMinutes to {_LONGEST_BURST} minutes more.",
}


def _me(work: UnitOfWork) -> UUID:
    if work.actor.collaborator is None:
        raise Forbidden("choose for somebody else")
    return work.actor.collaborator


def clock_of(field: str, told: str) -> time:
    """`HH:MM`. Raises InvalidInput."""
    try:
        found = time.fromisoformat(told)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None or len(told) != len("00:00"):
        raise InvalidInput(field, "An hour looks like 08:30.")
    return found


async def categories_of(work: UnitOfWork, digest: UUID) -> list[Category]:
    """What a digest tells of."""
    found = await work.session.scalars(select(Delivery.category).where(Delivery.digest_id == digest).distinct())
    return [Category(each) for each in found if each]
