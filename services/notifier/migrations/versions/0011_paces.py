"""Paces of organizations and domains; what waits is found by organization."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations import protect

revision: str = "0011"
down_revision: str | None = "0010"

_WAITING = sa.text("status IN ('QUEUED', 'SENDING', 'DEFERRED', 'UNKNOWN')")


def upgrade() -> None:
    """Add the table, and the organization to the index of what waits."""
    op.create_table(
        "pace",
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("bulk", sa.Boolean(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("slowness", sa.Double(), nullable=False),
        sa.Column("slowed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("queue", "organization_id", "domain", "bulk", name=op.f("pace_pkey")),
    )
    protect("pace", "notifier", system=True)
    # The claim asks at which domain a contact is.
    op.execute("CREATE POLICY system_select ON contact FOR SELECT TO notifier_system USING (true)")
    op.execute("GRANT SELECT ON contact TO notifier_system")
    op.drop_index("delivery_due", table_name="delivery")
    columns = ["queue", "priority", "organization_id", "next_attempt_at"]
    op.create_index("delivery_due", "delivery", columns, postgresql_where=_WAITING)


def downgrade() -> None:
    """Take them away."""
    op.drop_index("delivery_due", table_name="delivery")
    op.create_index("delivery_due", "delivery", ["queue", "priority", "next_attempt_at"], postgresql_where=_WAITING)
    op.execute("DROP POLICY system_select ON contact")
    op.drop_table("pace")
