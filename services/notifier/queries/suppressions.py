"""Suppressed addresses, and who is at an address."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, literal, select

from chassis.arrays import one_of
from services.notifier.model import Collaborator, Contact, Suppression, SuppressionReason
from services.notifier.queries.copies import Found, Reader


async def suppressed(
    reader: Reader, organization: UUID, emails: Collection[str], *, signing_in: bool = False
) -> dict[str, str]:
    """Addresses that are left alone for now, with what they had answered.

    Whoever called a mail spam may still sign in.
    """
    statement = select(Suppression.email, Suppression.answer).where(
        Suppression.organization_id == organization, one_of(Suppression.email, emails), Suppression.until > func.now()
    )
    statement = statement.where(Suppression.reason != SuppressionReason.COMPLAINT.value) if signing_in else statement
    return {row.email: row.answer for row in await reader.execute(statement)}


MOST_PEOPLE_AT_AN_ADDRESS = 100


async def people_at(reader: Reader, organization: UUID, email: str) -> Sequence[Found]:
    """Contacts and collaborators who have an address; of a very common one, MOST_PEOPLE_AT_AN_ADDRESS."""
    contact = select(Contact.id, literal(True).label("outside")).where(
        Contact.organization_id == organization, Contact.email == email, ~Contact.deleted
    )
    colleague = select(Collaborator.id, literal(False)).where(
        Collaborator.organization_id == organization, Collaborator.email == email
    )
    both = contact.union_all(colleague).order_by("outside", "id").limit(MOST_PEOPLE_AT_AN_ADDRESS)
    return (await reader.execute(both)).all()


SUPPRESSION: tuple[Any, ...] = (
    Suppression.id,
    Suppression.email,
    Suppression.reason,
    Suppression.answer,
    Suppression.since,
    Suppression.until,
)


def suppressions() -> Select[Any]:
    """Addresses of the scope that are left alone now."""
    return select(*SUPPRESSION).where(Suppression.until > func.now())
