"""What a contact or an account is found by: written by the database's triggers, in the transaction of the row."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from services.contacts.model.base import Base


class SearchDocument(Base):
    """The lexemes of one contact or account that is not deleted, and the transaction that wrote them last."""

    __tablename__ = "search_document"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    kind: Mapped[str]
    name_sort: Mapped[str]
    written_in: Mapped[int] = mapped_column(BigInteger)
    terms: Mapped[Any] = mapped_column(TSVECTOR)

    __table_args__ = (Index("search_document_terms", "terms", postgresql_using="gin"),)
