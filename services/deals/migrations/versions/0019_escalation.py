"""Who leads a team: alerts that nobody takes charge of go to them."""

import sqlalchemy as sa
from alembic import op

revision = "0019_escalation"
down_revision = "0018_comments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; teams are told again by `liant rebuild deals`."""
    op.add_column("team", sa.Column("lead_id", sa.Uuid(), nullable=True))
