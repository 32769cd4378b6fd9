"""What followed contacts who became part of others, so that it can go back; whom a delivery's cause names."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations import protect

revision: str = "0014"
down_revision: str | None = "0013"


def upgrade() -> None:
    """Create the table, the column and the index."""
    op.create_table(
        "merge_move",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("loser_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "loser_id", "place", "row_id", name=op.f("merge_move_pkey")),
    )
    protect("merge_move", "notifier")
    op.add_column("delivery", sa.Column("named_contact_id", sa.Uuid(), nullable=True))
    op.create_index("unsubscription_contact", "unsubscription", ["organization_id", "contact_id"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index("unsubscription_contact", "unsubscription")
    op.drop_column("delivery", "named_contact_id")
    op.drop_table("merge_move")
