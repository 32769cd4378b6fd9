"""Writes on deals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from chassis.custom_fields import Told
from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from chassis.identifiers import new_id
from services.deals import events
from services.deals.commands.alerts import close_what_is_over
from services.deals.commands.custom_values import set_custom_values
from services.deals.commands.history import record, subject_of
from services.deals.commands.locking import locked
from services.deals.commands.stages import begin_stay, open_stage
from services.deals.model import ClosePush, Deal, Follower, Participant
from services.deals.states import deal as phases
from services.deals.states.deal import Phase
from services.deals.values.money import Money
from services.deals.values.references import Reference, references


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDeal:
    """What a deal begins with; `participants` tells each one's part and role."""

    title: str
    phase: Phase = Phase.LEAD
    stage: UUID | None = None
    owner: UUID | None = None
    account: UUID | None = None
    primary_contact: UUID | None = None
    participants: dict[UUID, tuple[str, str]] = field(default_factory=dict)
    followers: tuple[UUID, ...] = ()
    money: Money | None = None
    expected_close: date | None = None
    tags: tuple[str, ...] = ()
    custom: tuple[Told, ...] = ()

    @property
    def references(self) -> list[Reference]:
        """Ids of people and companies, with their fields."""
        return [
            *references("collaborator", "ownerId", self.owner),
            *references("account", "accountId", self.account),
            *references("contact", "primaryContactId", self.primary_contact),
            *references("contact", "participants", *self.participants),
            *references("collaborator", "followerIds", *self.followers),
        ]


async def create_deal(work: UnitOfWork, order: NewDeal) -> UUID:
    """Begin a deal. Raises InvalidInput, NotFound."""
    _require_a_party(order.account, order.primary_contact)
    if order.phase not in phases.OPEN:
        raise InvalidInput("phase", "A deal begins as a LEAD or an OPPORTUNITY.")
    stage = await open_stage(work, order.stage)
    deal = Deal(
        id=new_id(),
        organization_id=work.organization,
        version=1,
        title=order.title,
        phase=order.phase.value,
        pipeline_id=stage.pipeline_id,
        stage_id=stage.id,
        stage_entered_at=work.now,
        owner_id=order.owner,
        owner_since=work.now,
        account_id=order.account,
        primary_contact_id=order.primary_contact,
        amount=order.money.amount if order.money else None,
        currency=order.money.currency if order.money else None,
        expected_close=order.expected_close,
        tags=list(order.tags),
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(deal)
    await work.session.flush()
    await begin_stay(work, deal)
    _add_people(work, deal, order)
    custom = await set_custom_values(work, deal, order.custom, new=True)
    subject = await subject_of(work, deal.id, None)
    await record(work, "deal_created", subject, {"title": (None, deal.title), "phase": (None, deal.phase), **custom})
    await work.emit(events.deal_created(deal, subject))
    return deal.id


def _add_people(work: UnitOfWork, deal: Deal, order: NewDeal) -> None:
    for contact, (part, role) in order.participants.items():
        key = {"deal_id": deal.id, "contact_id": contact, "organization_id": work.organization}
        work.session.add(Participant(**key, part=part, role=role))
    for follower in order.followers:
        work.session.add(_follower(work, deal.id, follower))


def _follower(work: UnitOfWork, deal: UUID, collaborator: UUID) -> Follower:
    return Follower(deal_id=deal, collaborator_id=collaborator, organization_id=work.organization, since=work.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class DealChange:
    """What a deal becomes; `changes` holds column names, and only of what the caller gave."""

    id: UUID
    expected_version: int | None
    changes: dict[str, Any]
    custom: tuple[Told, ...] = ()

    @property
    def references(self) -> list[Reference]:
        """Ids of people and companies, with their fields."""
        told = self.changes.get
        return [
            *references("collaborator", "ownerId", told("owner_id")),
            *references("account", "accountId", told("account_id")),
            *references("contact", "primaryContactId", told("primary_contact_id")),
        ]


async def update_deal(work: UnitOfWork, order: DealChange) -> UUID:
    """Change a deal's fields; what is already so is no change. Raises NotFound, VersionConflict, InvalidInput."""
    deal = await locked(work, Deal, order.id, version=order.expected_version)
    made = await apply(work, deal, order.changes)
    made |= await set_custom_values(work, deal, order.custom)
    if owner := made.pop("owner_id", None):
        await changed(work, deal, "owner_changed", {"owner_id": owner})
    if made:
        await changed(work, deal, "deal_changed", made)
    await close_what_is_over(work, deal.id)
    return deal.id


async def apply(work: UnitOfWork, deal: Deal, given: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Give a locked deal's columns these values; what was and became of those that differ. Raises InvalidInput."""
    made = {name: (getattr(deal, name), value) for name, value in given.items() if getattr(deal, name) != value}
    for name, (_, value) in made.items():
        setattr(deal, name, value)
    _require_a_party(deal.account_id, deal.primary_contact_id)
    if "amount" in made:
        deal.amount_follows_lines = False
    if "owner_id" in made:
        deal.owner_since = work.now
    if _is_pushed(*made.get("expected_close", (None, None))):
        _remember_push(work, deal, *made["expected_close"])
    return made


def _remember_push(work: UnitOfWork, deal: Deal, before: date, after: date) -> None:
    deal.close_pushes = [*deal.close_pushes, work.now]
    work.session.add(
        ClosePush(
            id=new_id(),
            organization_id=work.organization,
            deal_id=deal.id,
            at=work.now,
            before=before,
            after=after,
            by_id=work.actor.collaborator,
        )
    )


def _is_pushed(before: date | None, after: date | None) -> bool:
    return before is not None and after is not None and after > before


def _require_a_party(account: UUID | None, contact: UUID | None) -> None:
    if account is None and contact is None:
        raise InvalidInput("primaryContactId", "A deal needs an account, a primary contact, or both.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseChange:
    """What a deal's phase becomes; a lost deal has its reason."""

    id: UUID
    phase: Phase
    lost_reason: str | None
    expected_version: int | None
    references: tuple[Reference, ...] = ()


async def change_deal_phase(work: UnitOfWork, order: PhaseChange) -> UUID:
    """Carry a deal on. Raises NotFound, VersionConflict, PhaseNotReachable, InvalidInput."""
    deal = await locked(work, Deal, order.id, version=order.expected_version)
    before, after = deal.phase, phases.follow(Phase(deal.phase), order.phase)
    if (after is Phase.LOST) != (order.lost_reason is not None):
        raise InvalidInput("lostReason", "A reason goes with the phase LOST, and with no other.")
    deal.phase, deal.lost_reason = after.value, order.lost_reason
    _date_outcome(work, deal, after)
    made: dict[str, tuple[Any, Any]] = {"phase": (before, deal.phase)}
    if order.lost_reason is not None:
        made["lost_reason"] = (None, order.lost_reason)
    await changed(work, deal, "phase_changed", made)
    await close_what_is_over(work, deal.id)
    return deal.id


def _date_outcome(work: UnitOfWork, deal: Deal, phase: Phase) -> None:
    """When it was won or lost; a deal that is opened again is neither."""
    if phase is Phase.SIGNED:
        deal.signed_at = work.now
    elif phase is Phase.LOST:
        deal.lost_at = work.now
    elif phase in phases.OPEN:
        deal.signed_at = deal.lost_at = None


async def changed(
    work: UnitOfWork, deal: Deal, kind: str, changes: Mapping[str, tuple[Any, Any]], left: UUID | None = None
) -> None:
    """A deal's next version, with the fact and the message that tell of it; `left`: the pipeline it was in."""
    deal.version += 1
    deal.updated_at = work.now
    subject = await subject_of(work, deal.id, None)
    await record(work, kind, subject, changes)
    left_it = left if left != deal.pipeline_id else None
    await work.emit(events.deal_changed(deal, subject, left_it))
