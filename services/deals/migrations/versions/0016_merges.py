"""Contacts and accounts that became part of another: what followed, and pairs that may be the same."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import protect

revision = "0016_merges"
down_revision = "0015_rules_of_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables and columns."""
    for table in ("contact", "account"):
        op.add_column(table, sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.add_column("timeline_entry", sa.Column("merged_from_id", sa.Uuid(), nullable=True))
    op.create_table(
        "merge_move",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("loser_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("detail", postgresql.JSONB(), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "loser_id", "place", "row_id"),
    )
    protect("merge_move", "deals")
    # A fact is never edited: but whom it is about may become part of another.
    op.execute("GRANT UPDATE (contact_id, account_id) ON notification TO deals_app")
    # What is on a timeline stays there, but for what a merge put there and its undoing takes away.
    op.execute("GRANT DELETE ON timeline_entry TO deals_app")
    op.execute(
        "CREATE POLICY only_copies ON timeline_entry AS RESTRICTIVE FOR DELETE TO deals_app"
        " USING (merged_from_id IS NOT NULL)"
    )
    op.create_index("notification_contact", "notification", ["organization_id", "contact_id"])
    op.create_index("notification_account", "notification", ["organization_id", "account_id"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index("notification_account")
    op.drop_index("notification_contact")
    op.execute("DROP POLICY only_copies ON timeline_entry")
    op.execute("REVOKE DELETE ON timeline_entry FROM deals_app")
    op.execute("REVOKE UPDATE (contact_id, account_id) ON notification FROM deals_app")
    op.drop_table("merge_move")
    op.drop_column("timeline_entry", "merged_from_id")
    for table in ("contact", "account"):
        op.drop_column(table, "merged_into_id")
