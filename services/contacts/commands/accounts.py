"""The files of companies."""

from typing import TypedDict
from uuid import UUID

from chassis.database import UnitOfWork
from chassis.identifiers import new_id
from services.contacts import events, model
from services.contacts.commands import history
from services.contacts.commands.custom_values import set_custom_values
from services.contacts.commands.hierarchy import check_parent
from services.contacts.commands.loading import check_manager, in_sight, locked, locked_alive
from services.contacts.commands.parts import NOTHING, Parts, set_parts
from services.contacts.commands.statuses import Step, begin, move
from services.contacts.commands.tags import set_tags
from services.contacts.links import Url, domain_of
from services.contacts.model import RelationKind
from services.contacts.values import Siren, Siret, VatNumber


class AccountValues(TypedDict, total=False):
    """Parsed values of an account's own columns; what is absent stays as it is."""

    name: str
    siren: Siren | None
    siret: Siret | None
    vat_number: VatNumber | None
    parent_id: UUID | None
    website: Url | None
    relation_kinds: list[RelationKind]
    social_links: list[dict[str, str]]
    notes: str | None
    relationship_manager_id: UUID | None


async def create_account(work: UnitOfWork, values: AccountValues, step: Step, parts: Parts = NOTHING) -> UUID:
    """Open the file of a company; its history begins with its status. Raises NotFound, WrongState."""
    await check_parent(work, None, values.get("parent_id"))
    await check_manager(work, values.get("relationship_manager_id"))
    account = model.Account(
        **{**values, "relationship_manager_id": in_sight(work, values.get("relationship_manager_id"))},
        id=new_id(),
        organization_id=work.organization,
        status=step.status,
        version=1,
        created_at=work.now,
        updated_at=work.now,
    )
    _settle(account)
    set_parts(account, parts)
    work.session.add(account)
    await set_tags(work, account, parts.tags)
    await begin(work, account, step)
    more = await set_custom_values(work, account, parts.custom, new=True)
    await history.record(work, account, more=more)
    await work.emit(events.account_created(account))
    return account.id


async def update_account(
    work: UnitOfWork,
    id: UUID,
    values: AccountValues,
    step: Step | None,
    parts: Parts,
    expected: int | None,
) -> UUID:
    """Change a company's file; a list replaces the one there was.

    Raises NotFound, WrongState, VersionConflict, StatusNotReachable, ParentLoop, ParentTooDeep.
    """
    await check_parent(work, id, values.get("parent_id"))
    await check_manager(work, values.get("relationship_manager_id"))
    account = await locked_alive(work, model.Account, id)
    account.change(expected, work.now, {**values})
    _settle(account)
    set_parts(account, parts)
    await set_tags(work, account, parts.tags)
    told = await move(work, account, step)
    more = await set_custom_values(work, account, parts.custom)
    await history.record(work, account, more=more)
    await work.emit(events.account_changed(account), *told)
    return account.id


async def delete_account(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Take an account out of every list; it can be restored. Raises NotFound, WrongState, VersionConflict."""
    account = await locked(work, model.Account, id)
    account.delete(expected, work.now)
    await history.record(work, account)
    await work.emit(events.account_changed(account))
    return account.id


async def restore_account(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Take a deleted account back. Raises NotFound, WrongState, VersionConflict."""
    account = await locked(work, model.Account, id)
    account.restore(expected, work.now)
    await history.record(work, account)
    await work.emit(events.account_changed(account))
    return account.id


def _settle(account: model.Account) -> None:
    account.settle_numbers()
    account.domain = domain_of(Url(account.website)) if account.website else None
