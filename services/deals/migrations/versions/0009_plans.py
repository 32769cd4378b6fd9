"""The copies of organizations say which plan they have."""

import sqlalchemy as sa
from alembic import op

revision = "0009_plans"
down_revision = "0008_statuses"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; until a message fills them, nothing is refused."""
    op.add_column("organization", sa.Column("plan", sa.Text(), nullable=True))
    op.add_column("organization", sa.Column("trial_ends_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("organization", sa.Column("subscribed", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Drop the columns."""
    for column in ("subscribed", "trial_ends_at", "plan"):
        op.drop_column("organization", column)
