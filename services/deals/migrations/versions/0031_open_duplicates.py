"""Open duplicates by their second one: a contact's twin is looked up from either side."""

import sqlalchemy as sa
from alembic import op

revision = "0031_open_duplicates"
down_revision = "0030_alert_levels"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index."""
    op.create_index("duplicate_open_second", "duplicate", ["second_id"], postgresql_where=sa.text("open"))


def downgrade() -> None:
    """Without it."""
    op.drop_index("duplicate_open_second", "duplicate")
