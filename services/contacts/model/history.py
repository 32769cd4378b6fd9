"""What changed of contacts, accounts and interlocutors: who, when, from what to what. Never changed afterwards."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.identifiers import new_id
from services.contacts.model.base import Base, choice, within


class HistoryAction(StrEnum):
    """What was done."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    DELETED = "DELETED"
    RESTORED = "RESTORED"


class HistoryEntry(Base):
    """One change of a contact or an account; of both, where `interlocutor_id` tells the link that changed.

    `changes` is a list of {field, before, after}, in the words of the graph; secrets never are in it.
    """

    __tablename__ = "history_entry"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[UUID]
    contact_id: Mapped[UUID | None]
    account_id: Mapped[UUID | None]
    interlocutor_id: Mapped[UUID | None]
    version: Mapped[int]
    action: Mapped[HistoryAction] = mapped_column(choice(HistoryAction))
    at: Mapped[datetime]
    by_id: Mapped[UUID | None]
    cause: Mapped[str | None]
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)

    __table_args__ = (
        within("contact_id", "contact", cascade=True),
        within("account_id", "account", cascade=True),
        within("by_id", "collaborator"),
        Index("history_entry_contact", "organization_id", "contact_id", "id"),
        Index("history_entry_account", "organization_id", "account_id", "id"),
    )
