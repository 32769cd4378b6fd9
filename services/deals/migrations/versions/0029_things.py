"""Facts by what they are about: the history of a task is one range."""

from alembic import op

revision = "0029_things"
down_revision = "0028_alert_looks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index."""
    op.create_index("notification_thing", "notification", ["organization_id", "thing_id"])


def downgrade() -> None:
    """Without it."""
    op.drop_index("notification_thing", "notification")
