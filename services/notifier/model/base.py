"""What the tables derive from, and those of messages and of repeated requests."""

from sqlalchemy import MetaData

from chassis.database import Base
from chassis.idempotency import idempotency_table
from chassis.inbox import inbox_table
from chassis.outbox import outbox_table


class NotifierBase(Base):
    """What the notifier's tables derive from."""

    __abstract__ = True
    metadata = MetaData(
        naming_convention={
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
            "pk": "%(table_name)s_pkey",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "fk": "%(table_name)s_%(column_0_name)s_fkey",
        }
    )


OUTBOX = outbox_table(NotifierBase.metadata)

INBOX = inbox_table(NotifierBase.metadata)

IDEMPOTENCY = idempotency_table(NotifierBase.metadata)
