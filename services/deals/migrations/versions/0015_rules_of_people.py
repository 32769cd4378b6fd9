"""What the rules about people look at: since when a status holds, origins, who can be reached, probable duplicates."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations import protect

revision = "0015_rules_of_people"
down_revision = "0014_appointments"
branch_labels = None
depends_on = None

_READ = ("duplicate", "timeline_entry", "stage_visit")


def upgrade() -> None:
    """Add the columns and the table; `liant rebuild deals` fills what is not told again."""
    for table in ("contact", "account"):
        op.add_column(
            table, sa.Column("status_since", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
        )
        op.alter_column(table, "status_since", server_default=None)
    op.add_column("contact", sa.Column("origin", sa.Text(), nullable=False, server_default=""))
    op.add_column("contact", sa.Column("reachable", sa.Boolean(), nullable=False, server_default=sa.true()))
    for name in ("origin", "reachable"):
        op.alter_column("contact", name, server_default=None)
    op.create_table(
        "duplicate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("duplicate_first", "duplicate", ["organization_id", "first_id"])
    protect("duplicate", "deals")
    for table in _READ:
        op.execute(f"CREATE POLICY system ON {table} FOR SELECT TO deals_system USING (true)")
        op.execute(f"GRANT SELECT ON {table} TO deals_system")
