"""Timelines read by kind: a rare kind is found without walking the others."""

from alembic import op

revision = "0023_timeline_kinds"
down_revision = "0022_suppliers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "timeline_entry_kind", "timeline_entry", ["organization_id", "subject_id", "kind", "at", "entry_id"]
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_index("timeline_entry_kind", "timeline_entry")
