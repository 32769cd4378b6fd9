"""Addresses that bounce, as the notifier tells of them, and how well deals were kept up, day by day."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations import protect

revision = "0026_upkeep"
down_revision = "0025_custom_fields"
branch_labels = None
depends_on = None

_TABLES = ("address_bounce", "health_day")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "address_bounce",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("hard", sa.Integer(), nullable=False),
        sa.Column("soft", sa.Integer(), nullable=False),
        sa.Column("bounces", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("address_bounce_now", "address_bounce", ["since"], postgresql_where=sa.text("bounces"))
    op.create_table(
        "health_day",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("deals", sa.Integer(), nullable=False),
        sa.Column("alerts", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('ORGANIZATION', 'TEAM', 'COLLABORATOR')", name="health_day_kind"),
        sa.PrimaryKeyConstraint("organization_id", "kind", "subject_id", "day"),
    )
    for table in _TABLES:
        protect(table, "deals")
        op.execute(f"CREATE POLICY system ON {table} FOR SELECT TO deals_system USING (true)")
        op.execute(f"GRANT SELECT ON {table} TO deals_system")


def downgrade() -> None:
    """Take them away."""
    for table in _TABLES:
        op.drop_table(table)
