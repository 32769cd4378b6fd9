"""How much of something is a defect, as an organization wants it; when an alert's snooze was over."""

import sqlalchemy as sa
from alembic import op

revision = "0030_alert_levels"
down_revision = "0029_things"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Columns."""
    op.add_column("alert_setting", sa.Column("level", sa.SmallInteger(), nullable=True))
    op.create_check_constraint("alert_setting_level", "alert_setting", "level > 0")
    op.add_column("alert", sa.Column("woken_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Without them."""
    op.drop_column("alert", "woken_at")
    op.drop_column("alert_setting", "level")
