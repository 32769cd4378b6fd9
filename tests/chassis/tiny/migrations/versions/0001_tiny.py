"""Every table of the model."""

from alembic import op

from chassis.migrations import notify_on_insert, protect
from tests.chassis.tiny.model import Base

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    Base.metadata.create_all(op.get_bind())
    for table in Base.metadata.sorted_tables:
        protect(table.name, "tiny", system=table.name in ("outbox", "idempotency"))
    notify_on_insert("outbox", "outbox")
