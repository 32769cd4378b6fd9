"""Lists before their paging."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select

from services.deals.model import Alert, Deal, Participant, Pipeline, TimelineEntry


def deals(clauses: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """Deals that fulfil the conditions."""
    return select(Deal.__table__).where(*clauses)


def of_contact(contact: UUID) -> ColumnElement[bool]:
    """Deals of which a contact is the primary contact or a participant."""
    part = select(Participant.deal_id).where(Participant.contact_id == contact)
    return or_(Deal.primary_contact_id == contact, Deal.id.in_(part))


def of_account(account: UUID) -> ColumnElement[bool]:
    """Deals of an account."""
    return Deal.account_id == account


def alerts(clauses: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """Alerts that fulfil the conditions."""
    return select(Alert.__table__).where(*clauses)


def pipelines() -> Select[*tuple[Any, ...]]:
    """Every pipeline, the default one first."""
    return select(Pipeline.__table__).order_by(Pipeline.is_default.desc(), Pipeline.id)


def timeline(organization: UUID, subject: UUID, kinds: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """The entries of one timeline, of these kinds or of all."""
    # The organization is named although row-level security holds: it is the first column of the primary key.
    statement = select(TimelineEntry.entry_id, TimelineEntry.kind).where(
        TimelineEntry.organization_id == organization, TimelineEntry.subject_id == subject
    )
    return statement.where(TimelineEntry.kind.in_(kinds)) if kinds else statement
