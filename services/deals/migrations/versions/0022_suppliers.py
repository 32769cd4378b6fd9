"""Which contacts and accounts are suppliers: quotes are asked of them."""

import sqlalchemy as sa
from alembic import op

revision = "0022_suppliers"
down_revision = "0021_keys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; each contact and account tells its kinds with its next change."""
    for table in ("contact", "account"):
        op.add_column(table, sa.Column("supplier", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Take them away."""
    for table in ("contact", "account"):
        op.drop_column(table, "supplier")
