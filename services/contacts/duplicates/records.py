"""Rows to what is compared: so many records at once, in a few statements. The deleted are left out."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from chassis.text import folded
from services.contacts.duplicates.candidates import Fetch
from services.contacts.duplicates.companies import Company
from services.contacts.duplicates.people import Person, domain
from services.contacts.model import Account, AccountAddress, Contact, ContactEmail, ContactPhone, Interlocutor


async def people(fetch: Fetch, ids: Collection[UUID]) -> dict[UUID, Person]:
    """Contacts by id."""
    columns = (Contact.id, Contact.given_name, Contact.family_name, Contact.given_name_sort, Contact.family_name_sort)
    rows = await fetch(select(*columns).where(Contact.id.in_(ids), Contact.deleted_at.is_(None)))
    emails = await _gathered(fetch, ContactEmail.contact_id, ContactEmail.address, ids)
    phones = await _gathered(fetch, ContactPhone.contact_id, ContactPhone.number, ids)
    accounts = await _accounts(fetch, ids)
    return {
        row.id: Person(
            given=row.given_name_sort or "",
            family=row.family_name_sort or "",
            shown=" ".join(filter(None, (row.given_name, row.family_name))),
            emails=tuple(emails[row.id]),
            phones=tuple(phones[row.id]),
            accounts=tuple(accounts[row.id]),
            id=row.id,
        )
        for row in rows
    }


async def companies(fetch: Fetch, ids: Collection[UUID]) -> dict[UUID, Company]:
    """Accounts by id."""
    columns = (Account.id, Account.name, Account.name_sort, Account.siren, Account.siret, Account.vat_number)
    rows = await fetch(select(*columns).where(Account.id.in_(ids), Account.deleted_at.is_(None)))
    domains, places = await _domains(fetch, ids), await _places(fetch, ids)
    return {
        row.id: Company(
            name=row.name_sort,
            shown=row.name,
            siren=row.siren,
            siret=row.siret,
            vat_number=row.vat_number,
            domains=tuple(sorted(domains[row.id])),
            places=tuple(places[row.id]),
            id=row.id,
        )
        for row in rows
    }


async def _gathered(fetch: Fetch, owner: Any, value: Any, ids: Collection[UUID]) -> dict[UUID, list[str]]:
    rows = await fetch(select(owner.label("owner"), value.label("value")).where(owner.in_(ids)))
    return _by_owner(rows, lambda row: row.value)


async def _accounts(fetch: Fetch, ids: Collection[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
    statement = (
        select(Interlocutor.contact_id.label("owner"), Account.id, Account.name)
        .join(Account, Account.id == Interlocutor.account_id)
        .where(Interlocutor.contact_id.in_(ids), Interlocutor.ended_at.is_(None), Account.deleted_at.is_(None))
    )
    return _by_owner(await fetch(statement), lambda row: (row.id, row.name))


async def _domains(fetch: Fetch, ids: Collection[UUID]) -> dict[UUID, set[str]]:
    statement = (
        select(Interlocutor.account_id.label("owner"), ContactEmail.address)
        .join(ContactEmail, ContactEmail.contact_id == Interlocutor.contact_id)
        .where(Interlocutor.account_id.in_(ids), Interlocutor.ended_at.is_(None))
    )
    found: dict[UUID, set[str]] = defaultdict(set)
    for row in await fetch(statement):
        if (told := domain(row.address)) is not None:
            found[row.owner].add(told)
    return found


async def _places(fetch: Fetch, ids: Collection[UUID]) -> dict[UUID, list[tuple[str, str]]]:
    place = AccountAddress
    rows = await fetch(
        select(place.account_id.label("owner"), place.lines, place.postal_code).where(place.account_id.in_(ids))
    )
    return _by_owner(rows, lambda row: (folded(row.lines.partition("\n")[0]), row.postal_code or ""))


def _by_owner(rows: Sequence[Row[Any]], value: Any) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.owner].append(value(row))
    return found
