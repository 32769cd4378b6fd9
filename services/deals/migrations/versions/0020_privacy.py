"""A fact is never edited, but for taking out a person who was erased."""

from alembic import op

revision = "0020_privacy"
down_revision = "0019_escalation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Grant the column."""
    op.execute("GRANT UPDATE (details) ON notification TO deals_app")


def downgrade() -> None:
    """Take it away."""
    op.execute("REVOKE UPDATE (details) ON notification FROM deals_app")
