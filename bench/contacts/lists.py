"""Pages of contacts by common filters and orders: `python -m bench.contacts.lists 1000000 --keep /tmp/speed-book`.

First and next page of 50, as the application's role through row-level security; without, and within a portfolio.
"""

import argparse
import asyncio
import os
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

from bench.contacts.base import AddressBook, address_book
from bench.contacts.search import Portfolio, reading
from bench.contacts.surroundings import portfolios
from chassis.database import Database
from chassis.graphql.connections import Order, Paging, page
from chassis.graphql.filters import ChoiceFilter, IdFilter, StringFilter
from chassis.graphql.ordering import Direction, orders
from chassis.identifiers import format_id
from services.contacts import model, queries
from services.contacts.model import AccountStatus, Contact
from services.contacts.schema.lists import AccountFilter, ContactFilter, InterlocutorFilter, on_contacts
from services.contacts.schema.orders import CONTACT_COLUMNS, ContactOrder, ContactOrderField

SIZE = 50
Filters = Mapping[str, ContactFilter | None]
_BY = {
    "id": [],
    "family name": [ContactOrder(field=ContactOrderField.FAMILY_NAME)],
    "given name": [ContactOrder(field=ContactOrderField.GIVEN_NAME)],
    "newest": [ContactOrder(field=ContactOrderField.CREATED_AT, direction=Direction.DESC)],
    "last changed": [ContactOrder(field=ContactOrderField.UPDATED_AT, direction=Direction.DESC)],
    "status": [ContactOrder(field=ContactOrderField.STATUS)],
}
BY = {name: orders(terms, CONTACT_COLUMNS, Contact.id) for name, terms in _BY.items()}


def filters(manager: UUID) -> Filters:
    """Common ones."""
    mine = format_id("collaborator", manager)
    return {
        "none": None,
        "status": ContactFilter(status=ChoiceFilter(eq=AccountStatus.SUSPECT)),
        "a status nobody has": ContactFilter(status=ChoiceFilter(eq=AccountStatus.CLIENT)),
        "manager": ContactFilter(relationship_manager_id=IdFilter(eq=mine)),
        "e-mail": ContactFilter(email=StringFilter(eq="p1234@firme1234.example")),
        "telephone begins": ContactFilter(phone=StringFilter(starts_with="+33612")),
        "family name is": ContactFilter(family_name=StringFilter(eq="Bernardin")),
        "family name begins": ContactFilter(family_name=StringFilter(starts_with="Ber")),
        "family name has": ContactFilter(family_name=StringFilter(contains="ardin")),
        "company": ContactFilter(account=AccountFilter(name=StringFilter(eq="Boulangerie 77"))),
        "job title": ContactFilter(interlocutor=InterlocutorFilter(job_title=StringFilter(eq="Gérante"))),
        "without manager": ContactFilter(relationship_manager_id=IdFilter(is_null=True)),
    }


async def measure(database: Database, book: AddressBook, title: str, told: Filters, portfolio: Portfolio) -> None:
    """A line for each filter, a column for each order: milliseconds of the first page and of the next one."""
    print(f"\n{title} (load {os.getloadavg()[0]:.1f})\n{'':22}" + "".join(f"{name:>18}" for name in BY))
    for name, filter in told.items():
        cells = [await _cell(database, book.organization, filter, order, portfolio) for order in BY.values()]
        print(f"{name:22}" + "".join(f"{cell:>18}" for cell in cells), flush=True)


async def _cell(
    database: Database, organization: UUID, filter: ContactFilter | None, order: list[Order], portfolio: Portfolio
) -> str:
    first, next_ = [], []
    statement = queries.CONTACT.where(*on_contacts(filter))
    for _ in range(4):
        async with reading(database, organization, portfolio) as read:
            begun = time.perf_counter()
            found: Any = await page(read, statement, order, Paging.parse(SIZE, None, None, None), lambda row: row)
            first.append((time.perf_counter() - begun) * 1000)
            after = found.edges[-1].cursor if found.edges else None
            begun = time.perf_counter()
            await page(read, statement, order, Paging.parse(SIZE, after, None, None), lambda row: row)
            next_.append((time.perf_counter() - begun) * 1000)
    return f"{median(first[1:]):.1f} / {median(next_[1:]):.1f}"


async def main() -> None:
    """Fill, page, tell."""
    parser = argparse.ArgumentParser("python -m bench.contacts.lists")
    parser.add_argument("contacts", type=int, nargs="?", default=300_000)
    parser.add_argument("--keep", type=Path)
    told = parser.parse_args()
    async with address_book(told.contacts, keep=told.keep) as book:
        few, _ = await portfolios(book)
        database = Database(book.app_url, model.Base, "contacts")
        await measure(database, book, "everything", filters(few[0]), None)
        await measure(database, book, "a portfolio of one in 512", filters(few[0]), few)
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())
