"""What follows from mail that comes back: for its delivery, for its address, and for those who hear of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, delete, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from chassis.errors import NotFound
from chassis.identifiers import new_id
from services.notifier import queries
from services.notifier.bounces.model import Address, MailReport
from services.notifier.bounces.reports import Report, ReportKind
from services.notifier.commands import sending
from services.notifier.events import address_bounced, address_recovered
from services.notifier.model import Collaborator, Contact, Status, Suppression, SuppressionReason
from services.notifier.queries import Found

_WORDS_LENGTH = 300
_ADDRESS = tuple(Address.__table__.c)
_REASONS = {ReportKind.HARD: SuppressionReason.HARD_BOUNCE, ReportKind.COMPLAINT: SuppressionReason.COMPLAINT}
_COUNTED = {ReportKind.HARD: "hard", ReportKind.SOFT: "soft", ReportKind.COMPLAINT: "complaints"}


@dataclass(frozen=True)
class Terms:
    """How long an address is left alone, for each reason."""

    hard: timedelta = timedelta(days=30)
    complaint: timedelta = timedelta(days=365)

    def of(self, reason: SuppressionReason) -> timedelta:
        """For a reason."""
        return self.hard if reason is SuppressionReason.HARD_BOUNCE else self.complaint


async def take_report(work: UnitOfWork, delivery: Found, report: Report, terms: Terms) -> bool:
    """Act on what came back of a delivery's mail. False where that was told before: then nothing changes."""
    if not await _is_new(work, delivery.id, report):
        return False
    words = report.words[:_WORDS_LENGTH]
    if report.kind in (ReportKind.HARD, ReportKind.SOFT) and delivery.status == Status.SENT.value:
        await sending.came_back(work, delivery, words)
    if report.kind in _COUNTED and delivery.email:
        await bounced(work, delivery.email, report.kind, words, terms)
    if report.kind is ReportKind.DELIVERED and delivery.email:
        await recovered(work, delivery.email)
    return True


async def _is_new(work: UnitOfWork, delivery: UUID, report: Report) -> bool:
    row = {
        "id": new_id(),
        "organization_id": work.organization,
        "delivery_id": delivery,
        "kind": report.kind.value,
        "status_code": report.status,
        "words": report.words[:_WORDS_LENGTH],
        "received_at": work.now,
    }
    statement = insert(MailReport).values(row).on_conflict_do_nothing().returning(MailReport.id)
    return await work.session.scalar(statement) is not None


async def bounced(work: UnitOfWork, email: str, kind: ReportKind, words: str, terms: Terms) -> None:
    """Count it against everybody who has the address, and leave the address alone where it is gone or complained."""
    until = None
    if (reason := _REASONS.get(kind)) is not None:
        until = work.now + terms.of(reason)
        await _suppress(work, Suppression(email=email, reason=reason.value, answer=words, until=until))
    for person in await queries.people_at(work.session, work.organization, email):
        row = await _count(work, person, email, kind, words)
        await work.emit(address_bounced(row, until, work.now))


async def recovered(work: UnitOfWork, email: str) -> None:
    """Mail goes to an address again: it is left alone no more, and nothing counts against it."""
    await work.session.execute(delete(Suppression).where(Suppression.email == email))
    await _begin_again(work, Address.email == email)


async def lift(work: UnitOfWork, suppression: UUID) -> UUID:
    """Write to an address again, as an administrator says so. Raises NotFound."""
    statement = select(Suppression.email).where(Suppression.id == suppression).with_for_update()
    email = await work.session.scalar(statement)
    if email is None:
        raise NotFound("suppression", suppression)
    await recovered(work, email)
    return suppression


async def follow_addresses(
    work: UnitOfWork, copy: type[Contact] | type[Collaborator], people: Collection[UUID]
) -> None:
    """People may have other addresses now: what came back from the ones before counts no more."""
    if people:
        now = select(copy.email).where(copy.id == Address.person_id).scalar_subquery()
        await _begin_again(work, Address.person_id.in_(people), Address.email != now, email=now)


async def inherit_address(work: UnitOfWork, person: UUID, email: str) -> None:
    """A contact has an address now that others have: what came back from it counts against this one, too.

    So a merge may tell of the winner's new address before or after it tells of the loser.
    """
    columns = {column.name: column for column in _ADDRESS}
    told = {**columns, "person_id": literal(person), "version": literal(1)}
    known = (Address.email == email, Address.bounced_at.is_not(None), Address.outside, Address.person_id != person)
    other = select(*told.values()).where(*known).order_by(Address.bounced_at.desc()).limit(1)
    statement = insert(Address).from_select([*told], other)
    changed = {name: statement.excluded[name] for name in told if name not in ("organization_id", "person_id")}
    changed["version"] = Address.version + 1
    put = statement.on_conflict_do_update(index_elements=["organization_id", "person_id"], set_=changed)
    for row in (await work.session.execute(put.returning(*_ADDRESS))).all():
        left_alone = select(Suppression.until).where(Suppression.email == email)
        await work.emit(address_bounced(row, await work.session.scalar(left_alone), work.now))


async def _begin_again(work: UnitOfWork, *which: object, **values: Any) -> None:
    statement = (
        update(Address)
        .where(*which, Address.bounced_at.is_not(None))  # type: ignore[arg-type]  # clauses, as callers give them
        .values(hard=0, soft=0, complaints=0, reason="", bounced_at=None, version=Address.version + 1, **values)
        .returning(*_ADDRESS)
    )
    for row in (await work.session.execute(statement)).all():
        await work.emit(address_recovered(row, work.now))


async def _count(work: UnitOfWork, person: Found, email: str, kind: ReportKind, words: str) -> Found:
    counts = {name: int(counted is kind) for counted, name in _COUNTED.items()}
    key = {"organization_id": work.organization, "person_id": person.id}
    told = {"outside": person.outside, "email": email, "reason": words, "bounced_at": work.now}
    statement = insert(Address).values(**key, **told, **counts, version=1)
    same = Address.email == email
    grown = {name: case((same, getattr(Address, name)), else_=0) + count for name, count in counts.items()}
    changed = {**told, **grown, "version": Address.version + 1}
    statement = statement.on_conflict_do_update(index_elements=[*key], set_=changed)
    return (await work.session.execute(statement.returning(*_ADDRESS))).one()


async def _suppress(work: UnitOfWork, told: Suppression) -> None:
    values = {"reason": told.reason, "answer": told.answer, "until": told.until, "since": work.now}
    statement = insert(Suppression).values(organization_id=work.organization, email=told.email, id=new_id(), **values)
    # What was said for longer holds: a bounce does not shorten what a complaint asked for.
    longer = Suppression.until < told.until
    keys = ["organization_id", "email"]
    await work.session.execute(statement.on_conflict_do_update(index_elements=keys, set_=values, where=longer))
