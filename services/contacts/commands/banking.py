"""Bank details of companies: sealed at rest, and never told by the history."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from chassis.database import UnitOfWork
from services.contacts.commands import history
from services.contacts.commands.loading import locked_alive
from services.contacts.encryption import Cipher
from services.contacts.errors import BankDetailsUnavailable
from services.contacts.model import Account, BankAccount
from services.contacts.values import Bic, Iban

MAX_BANK_ACCOUNTS = 10


class BankDetails(NamedTuple):
    """One account at a bank, parsed."""

    iban: Iban
    bic: Bic | None = None
    holder: str | None = None


async def set_bank_accounts(work: UnitOfWork, id: UUID, told: Sequence[BankDetails], cipher: Cipher | None) -> None:
    """Replace a company's bank details; the first are the main ones.

    Raises BankDetailsUnavailable without a key, NotFound, WrongState.
    """
    if told and cipher is None:
        raise BankDetailsUnavailable
    account = await locked_alive(work, Account, id)
    await work.session.flush()
    columns = BankAccount
    count = select(func.count()).where(columns.account_id == id)
    before = await work.session.scalar(count) or 0
    await work.session.execute(delete(columns).where(columns.account_id == id))
    rows = [
        {
            "organization_id": work.organization,
            "account_id": id,
            "position": position,
            "iban_sealed": cipher.encrypt(each.iban, id),
            "bic_sealed": cipher.encrypt(each.bic, id) if each.bic else None,
            "holder_sealed": cipher.encrypt(each.holder, id) if each.holder else None,
        }
        for position, each in enumerate(told)
        if cipher is not None
    ]
    if rows:
        await work.session.execute(insert(columns), rows)
    if before or rows:
        # How many there are, and no more: bank details are for those allowed to read them.
        await history.record(work, account, more=[history.Change("bankAccounts", before or None, len(rows) or None)])
