"""The copies of organizations say which plan they have; until a message fills it in, nothing is refused."""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("organization", sa.Column("plan", sa.Text(), nullable=True))
    op.add_column("organization", sa.Column("trial_ends_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("organization", sa.Column("subscribed", sa.Boolean(), nullable=False, server_default=sa.false()))
