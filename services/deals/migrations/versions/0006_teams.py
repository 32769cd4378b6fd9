"""Copies of teams, and the teams that follow deals."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations import protect

revision = "0006_teams"
down_revision = "0005_rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "team",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "team_member",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("collaborator_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team_id", "collaborator_id"),
    )
    op.create_index("team_member_collaborator", "team_member", ["organization_id", "collaborator_id"], unique=False)
    op.create_table(
        "follower_team",
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"]),
        sa.PrimaryKeyConstraint("deal_id", "team_id"),
    )
    op.create_index("follower_team_team", "follower_team", ["team_id"], unique=False)
    for table in ("team", "team_member", "follower_team"):
        protect(table, "deals")


def downgrade() -> None:
    """Drop the tables."""
    for table in ("follower_team", "team_member", "team"):
        op.drop_table(table)
