"""The metadata of the deals database, with the tables that every service has."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from sqlalchemy import DateTime, ForeignKeyConstraint, MetaData, Text, Uuid
from sqlalchemy.orm import mapped_column

from chassis import database
from chassis.idempotency import idempotency_table
from chassis.identifiers import new_id
from chassis.inbox import inbox_table
from chassis.outbox import outbox_table

Id = Annotated[UUID, mapped_column(Uuid, primary_key=True, default=new_id)]
Ref = Annotated[UUID, mapped_column(Uuid)]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
String = Annotated[str, mapped_column(Text)]


class Base(database.Base):
    """Base of every mapped class of this service."""

    __abstract__ = True
    metadata = MetaData()


OUTBOX = outbox_table(Base.metadata)
INBOX = inbox_table(Base.metadata)
IDEMPOTENCY = idempotency_table(Base.metadata)


def within(column: str, table: str) -> ForeignKeyConstraint:
    """A reference that cannot cross the organization's border: foreign keys are checked without row-level security."""
    return ForeignKeyConstraint(["organization_id", column], [f"{table}.organization_id", f"{table}.id"])
