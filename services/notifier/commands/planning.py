"""What becomes of each telling: at once, later, in a digest, or not at all."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, Uuid, cast, exists, func, or_, select, true

from chassis.database import UnitOfWork
from services.notifier import queries
from services.notifier.audience import Concerned
from services.notifier.digests.model import Digest, DigestKind
from services.notifier.gate import Circumstances, Stopped, stopped
from services.notifier.model import Category, CauseKind, Delivery, Status
from services.notifier.preferences.bundling import Bounds
from services.notifier.preferences.cadence import AT_ONCE, Cadence, Channel, Effective, Source, for_reasons
from services.notifier.preferences.queries import Wishes, bounds, wishes
from services.notifier.queries import Found
from services.notifier.zones import zone_of


@dataclass(frozen=True)
class Plan:
    """What becomes of one collaborator's mail, and whether it comes into their inbox."""

    category: Category | None
    status: Status = Status.QUEUED
    detail: str | None = None
    due_at: datetime | None = None
    digest: DigestKind | None = None
    inbox: Effective = AT_ONCE

    @property
    def counts(self) -> bool:
        """Whether it is one of the mails that make a burst; `_lately` counts the same."""
        mailed = self.status is Status.QUEUED or self.digest is DigestKind.BURST
        return mailed and self.category not in (None, Category.CRITICAL)

    def stopped(self, why: Stopped) -> "Plan":
        """The same telling, not mailed."""
        return replace(self, status=why.status, detail=why.detail, due_at=None, digest=None)


@dataclass(frozen=True)
class Surroundings:
    """What the plans of tellings stand on. `lately`: how many mails each was told."""

    people: Mapping[UUID, Found]
    refused: Mapping[str, str]
    wishes: Mapping[UUID, Wishes]
    bounds: Bounds
    lately: Counter[UUID]
    fallback_zone: str

    def count(self, plans: Mapping[UUID, Plan]) -> None:
        """What is planned is told lately, for what is told after it."""
        self.lately.update(id for id, each in plans.items() if each.counts)


async def surroundings(work: UnitOfWork, ids: Sequence[UUID], *, signing_in: bool = False) -> Surroundings:
    """Read it."""
    people = await queries.collaborators(work.session, work.organization, ids)
    emails = [person.email for person in people.values()]
    refused = await queries.suppressed(work.session, work.organization, emails, signing_in=signing_in)
    found = await queries.organization(work.session, work.organization)
    limits = await bounds(work.session)
    lately = await _lately(work, ids, limits)
    zone = found.time_zone if found else ""
    return Surroundings(people, refused, await wishes(work.session, ids), limits, lately, zone)


def plan(told: CauseKind, category: Category, each: Concerned, around: Surroundings, now: datetime) -> Plan:
    """What becomes of a telling, whatever was told before."""
    wanted, reasons = around.wishes[each.collaborator], [reason.value for reason in each.reasons]
    by_mail = for_reasons(wanted.choices, category, Channel.EMAIL, reasons)
    made = Plan(category, due_at=now, inbox=for_reasons(wanted.choices, category, Channel.INBOX, reasons))
    person = around.people.get(each.collaborator)
    if person is None:  # invited, and no collaborator yet
        return made
    never = by_mail.cadence is Cadence.NEVER
    by_default = by_mail.source is not Source.OWN
    about = Circumstances(
        person.email, person.disabled, never, around.refused.get(person.email), kind=told.value, by_default=by_default
    )
    if (why_not := stopped(about)) is not None:
        return made.stopped(why_not)
    if category is Category.CRITICAL:
        return made
    zone = zone_of(person.time_zone, around.fallback_zone)
    return _in_time(made, by_mail.cadence, wanted, each, around, zone, now)


def _in_time(
    made: Plan, cadence: Cadence, wanted: Wishes, each: Concerned, around: Surroundings, zone: ZoneInfo, now: datetime
) -> Plan:
    if cadence is not Cadence.IMMEDIATE:
        due = wanted.rhythm.next_digest(zone, now, cadence)
        return replace(made, status=Status.AWAITING_DIGEST, due_at=due, digest=DigestKind(cadence.value))
    if around.lately.get(each.collaborator, 0) >= around.bounds.burst_count:
        due = now + around.bounds.burst
        return replace(made, status=Status.AWAITING_DIGEST, due_at=due, digest=DigestKind.BURST)
    quiet_end = wanted.rhythm.quiet_end(zone, now)
    return made if quiet_end is None else replace(made, due_at=quiet_end, detail="QUIET_HOURS")


async def _lately(work: UnitOfWork, ids: Sequence[UUID], limits: Bounds) -> Counter[UUID]:
    """How many mails each was told lately, those bundled for a burst included; at most as many as matter."""
    bundled = exists().where(
        Digest.organization_id == Delivery.organization_id,
        Digest.id == Delivery.digest_id,
        Digest.kind == DigestKind.BURST.value,
    )
    who = func.unnest(cast(list(ids), ARRAY(Uuid))).table_valued("id").render_derived(name="who")
    recent = (
        select(Delivery.id)
        .where(
            Delivery.organization_id == work.organization,
            Delivery.collaborator_id == who.c.id,
            Delivery.created_at > work.now - limits.burst,
            Delivery.category.is_not(None),
            Delivery.category != Category.CRITICAL.value,
            Delivery.status.not_in([Status.SKIPPED.value, Status.SUPPRESSED.value]),
            or_(Delivery.digest_id.is_(None), bundled),
        )
        .limit(limits.burst_count)
        .lateral("recent")
    )
    counted = select(who.c.id, func.count().label("many")).select_from(who.join(recent, true())).group_by(who.c.id)
    return Counter({row.id: row.many for row in await work.session.execute(counted)})
