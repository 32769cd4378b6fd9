"""The copies of contacts and accounts say what they became part of."""

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    """Add the columns."""
    for table in ("contact", "account"):
        op.add_column(table, sa.Column("merged_into_id", sa.Uuid(), nullable=True))
