"""Accounts, with what belongs to them, and their interlocutors."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from chassis.database import ReadSession
from services.contacts.model import (
    Account,
    AccountAddress,
    AccountEmail,
    AccountPhone,
    AccountStatusChange,
    BankAccount,
    Interlocutor,
)
from services.contacts.queries.rows import Rows, Statement, place_columns, rows_of_each, rows_through_merges

ACCOUNT = select(
    Account.id,
    Account.version,
    Account.name,
    Account.siren,
    Account.siret,
    Account.vat_number,
    Account.status,
    Account.parent_id,
    Account.website,
    Account.domain,
    Account.relation_kinds,
    Account.social_links,
    Account.relationship_manager_id,
    Account.created_at,
    Account.updated_at,
    Account.deleted_at,
    Account.merged_into_id,
)

INTERLOCUTOR = select(
    Interlocutor.id,
    Interlocutor.version,
    Interlocutor.contact_id,
    Interlocutor.account_id,
    Interlocutor.job_title,
    Interlocutor.decision_maker,
    Interlocutor.started_on,
    Interlocutor.ended_at,
    Interlocutor.created_at,
    Interlocutor.updated_at,
    Interlocutor.deleted_at,
)


async def accounts(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Accounts by id, deleted ones included; for one that was merged, the one that it became part of."""
    return await rows_through_merges(read, ACCOUNT, Account, ids)


async def accounts_of(read: ReadSession, statement: Statement, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """As `accounts`, of some of the columns: id and merged_into_id among them."""
    return await rows_through_merges(read, statement, Account, ids)


async def interlocutors(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Interlocutors by id, ended ones included."""
    return await read.by_key(INTERLOCUTOR, Interlocutor.id, ids)


async def account_notes(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """The notes on accounts."""
    return await read.by_key(select(Account.id, Account.notes), Account.id, ids)


async def bank_accounts(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The sealed bank details of companies, the main ones first."""
    bank = BankAccount
    columns = (bank.account_id, bank.iban_sealed, bank.bic_sealed, bank.holder_sealed)
    return await rows_of_each(read, select(*columns).order_by(bank.position), bank.account_id, ids)


async def account_addresses(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The places of companies, the main one first."""
    return await rows_of_each(
        read, place_columns(AccountAddress, AccountAddress.account_id), AccountAddress.account_id, ids
    )


async def account_emails(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The e-mail addresses of companies, the primary one first."""
    columns = (AccountEmail.account_id, AccountEmail.address, AccountEmail.kind, AccountEmail.position)
    return await rows_of_each(read, select(*columns).order_by(AccountEmail.position), AccountEmail.account_id, ids)


async def account_phones(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The telephones of companies, the primary one first."""
    columns = (AccountPhone.account_id, AccountPhone.number, AccountPhone.kind, AccountPhone.position)
    return await rows_of_each(read, select(*columns).order_by(AccountPhone.position), AccountPhone.account_id, ids)


async def account_history(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The commercial histories of accounts, oldest first."""
    step = AccountStatusChange
    columns = (step.account_id, step.status, step.at, step.by_id, step.reason, step.quote_id)
    return await rows_of_each(read, select(*columns).order_by(step.at, step.id), step.account_id, ids)
