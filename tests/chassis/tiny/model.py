"""Notes, and the names of contacts as messages tell them."""

from uuid import UUID

from sqlalchemy import MetaData
from sqlalchemy.orm import Mapped, mapped_column

from chassis import database
from chassis.idempotency import idempotency_table
from chassis.inbox import inbox_table
from chassis.outbox import outbox_table


class Base(database.Base):
    """The tiny service's tables."""

    __abstract__ = True
    metadata = MetaData()


outbox = outbox_table(Base.metadata)
inbox = inbox_table(Base.metadata)
idempotency = idempotency_table(Base.metadata)


class Note(Base):
    """A text of an organization."""

    __tablename__ = "note"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    text: Mapped[str]


class Seen(Base):
    """What was handled: one row a message, so that twice is seen."""

    __tablename__ = "seen"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    contact: Mapped[str]
    version: Mapped[int]


class Name(Base):
    """A copy: the newest name of each contact."""

    __tablename__ = "name"
    contact: Mapped[str] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    name: Mapped[str]
    version: Mapped[int]
