"""Commercial statuses of contacts and accounts in their copies; facts that are about an account."""

from alembic import op

revision = "0008_statuses"
down_revision = "0007_pipelines"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    for table in ("contact", "account"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN status text NOT NULL DEFAULT 'SUSPECT'")
        op.execute(f"ALTER TABLE {table} ALTER COLUMN status DROP DEFAULT")
    op.execute("ALTER TABLE notification ADD COLUMN account_id uuid")


def downgrade() -> None:
    """Take them away."""
    op.execute("ALTER TABLE notification DROP COLUMN account_id")
    for table in ("contact", "account"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN status")
