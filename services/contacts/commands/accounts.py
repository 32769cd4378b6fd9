"""The files of companies."""

from collections.abc import Sequence
from typing import NamedTuple, TypedDict
from uuid import UUID

from sqlalchemy import update

from chassis.database import UnitOfWork
from chassis.identifiers import new_id
from services.contacts import events, model
from services.contacts.commands import history
from services.contacts.commands.loading import check_manager, locked, locked_alive
from services.contacts.commands.statuses import Step, begin, move
from services.contacts.encryption import Cipher
from services.contacts.errors import BankDetailsUnavailable
from services.contacts.values import Country, Iban, Siren, Siret, VatNumber


class Address(NamedTuple):
    """A place, parsed."""

    kind: model.Kind
    lines: str
    postal_code: str | None
    city: str | None
    country: Country


class AccountValues(TypedDict, total=False):
    """Parsed values of an account's own columns; what is absent stays as it is."""

    name: str
    siren: Siren | None
    siret: Siret | None
    vat_number: VatNumber | None
    notes: str | None
    relationship_manager_id: UUID | None


async def create_account(work: UnitOfWork, values: AccountValues, step: Step, addresses: Sequence[Address]) -> UUID:
    """Open the file of a company; its history begins with its status. Raises NotFound."""
    await check_manager(work, values.get("relationship_manager_id"))
    account = model.Account(
        **values,
        id=new_id(),
        organization_id=work.organization,
        status=step.status,
        version=1,
        created_at=work.now,
        updated_at=work.now,
        addresses=[],
    )
    account.settle_numbers()
    _set_addresses(account, addresses)
    work.session.add(account)
    await begin(work, account, step)
    await history.record(work, account)
    await work.emit(events.account_created(account))
    return account.id


async def update_account(
    work: UnitOfWork,
    id: UUID,
    values: AccountValues,
    step: Step | None,
    addresses: Sequence[Address] | None,
    expected: int | None,
) -> UUID:
    """Change a company's file. Raises NotFound, WrongState, VersionConflict, StatusNotReachable."""
    await check_manager(work, values.get("relationship_manager_id"))
    account = await locked_alive(work, model.Account, id)
    account.change(expected, work.now, {**values})
    account.settle_numbers()
    if addresses is not None:
        _set_addresses(account, addresses)
    told = await move(work, account, step)
    await history.record(work, account)
    await work.emit(events.account_changed(account), *told)
    return account.id


async def set_iban(work: UnitOfWork, id: UUID, iban: Iban | None, cipher: Cipher | None) -> None:
    """Seal an account's bank details, or take them away. Raises BankDetailsUnavailable without a key."""
    if iban is not None and cipher is None:
        raise BankDetailsUnavailable
    sealed = cipher.encrypt(iban, id) if iban is not None and cipher is not None else None
    await work.session.flush()
    await work.session.execute(update(model.Account).where(model.Account.id == id).values(iban_sealed=sealed))


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


def _set_addresses(account: model.Account, addresses: Sequence[Address]) -> None:
    account.addresses[len(addresses) :] = []
    for position, address in enumerate(addresses):
        if position == len(account.addresses):
            row = model.AccountAddress(organization_id=account.organization_id, position=position)
            account.addresses.append(row)
        for name, value in address._asdict().items():
            setattr(account.addresses[position], name, value)
