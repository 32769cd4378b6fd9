"""Bank details of companies: for those allowed only."""

from typing import Any

import strawberry
from strawberry import UNSET

from chassis import text
from chassis.graphql.context import Info
from services.contacts import values
from services.contacts.commands.banking import MAX_BANK_ACCOUNTS, BankDetails
from services.contacts.encryption import Cipher
from services.contacts.errors import BankDetailsUnavailable
from services.contacts.permissions import Rule, check
from services.contacts.schema.part_inputs import several

MAX_HOLDER = 140


@strawberry.type(description="An account of a company at a bank.")
class BankAccount:
    """See model.BankAccount."""

    iban: str = strawberry.field(description="IBAN (ISO 13616).")
    bic: str | None = strawberry.field(description="BIC of the bank (ISO 9362).")
    holder: str | None = strawberry.field(description="Whose it is, where that is not the company's name.")


@strawberry.input(description="An account of a company at a bank.")
class BankAccountInput:
    """See commands.banking.BankDetails."""

    iban: str = strawberry.field(description="IBAN (ISO 13616).")
    bic: str | None = strawberry.field(default=None, description="BIC of the bank (ISO 9362).")
    holder: str | None = strawberry.field(
        default=None, description="Whose it is, where that is not the company's name."
    )


def opened(info: Info, rows: Any) -> list[BankAccount]:
    """Rows of queries.bank_accounts, decrypted. Raises Forbidden, BankDetailsUnavailable."""
    check(info.context.actor, Rule.READ_BANK_DETAILS)
    cipher: Cipher | None = info.context.tools.cipher
    if rows and cipher is None:
        raise BankDetailsUnavailable
    return [_opened(cipher, row) for row in rows if cipher is not None]


def bank_details(info: Info, told: Any) -> list[BankDetails] | None:
    """What an input tells, for those who may; None where it tells nothing. Raises Forbidden, InvalidInput."""
    if told is UNSET:
        return None
    check(info.context.actor, Rule.WRITE_BANK_DETAILS)
    return several(told, "bankAccounts", _parsed, MAX_BANK_ACCOUNTS)


def _parsed(item: BankAccountInput, path: str) -> BankDetails:
    return BankDetails(
        values.parse_iban(item.iban, f"{path}.iban"),
        values.parse_bic(item.bic, f"{path}.bic") if item.bic else None,
        text.optional_line(item.holder, f"{path}.holder", most=MAX_HOLDER),
    )


def _opened(cipher: Cipher, row: Any) -> BankAccount:
    def plain(sealed: bytes | None) -> str | None:
        return None if sealed is None else cipher.decrypt(sealed, row.account_id)

    return BankAccount(iban=plain(row.iban_sealed) or "", bic=plain(row.bic_sealed), holder=plain(row.holder_sealed))
