"""Copies of groups of contacts."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations import protect

revision: str = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("forgotten", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "group_member",
        sa.Column("set_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["set_id"], ["group.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("set_id", "member_id"),
    )
    op.create_index("group_member_contact", "group_member", ["organization_id", "member_id"], unique=False)
    protect('"group"', "notifier")
    protect("group_member", "notifier")
