"""What the rules look at: since when a deal has its owner, its pushed close dates, and the sweep's right to read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005_rules"
down_revision = "0004_events"
branch_labels = None
depends_on = None

_READ = ("stage", "collaborator")


def upgrade() -> None:
    """Add the columns and rights."""
    op.add_column("deal", sa.Column("owner_since", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE deal SET owner_since = created_at")
    op.alter_column("deal", "owner_since", nullable=False)
    op.add_column(
        "deal",
        sa.Column("close_pushes", postgresql.ARRAY(sa.DateTime(timezone=True)), server_default="{}", nullable=False),
    )
    for table in _READ:
        op.execute(f"CREATE POLICY system ON {table} FOR SELECT TO deals_system USING (true)")
        op.execute(f"GRANT SELECT ON {table} TO deals_system")


def downgrade() -> None:
    """Take them away."""
    for table in _READ:
        op.execute(f"REVOKE SELECT ON {table} FROM deals_system")
        op.execute(f"DROP POLICY system ON {table}")
    op.drop_column("deal", "close_pushes")
    op.drop_column("deal", "owner_since")
