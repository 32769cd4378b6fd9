"""What a contact or an account is found by: written by the database's triggers, in the transaction of the row."""

from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from services.contacts.model.base import Base


class SearchEntry(Base):
    """The lexemes of one contact or account that is not deleted."""

    __tablename__ = "search_entry"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    kind: Mapped[str]
    name_sort: Mapped[str]
    terms: Mapped[Any] = mapped_column(TSVECTOR)

    __table_args__ = (
        Index("search_entry_terms", "terms", postgresql_using="gin", postgresql_with={"gin_pending_list_limit": 64}),
    )
