"""Mails to contacts: where to write to them, and a queue of their own."""

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"

_WAITING = sa.text("status IN ('QUEUED', 'SENDING', 'DEFERRED', 'UNKNOWN')")


def upgrade() -> None:
    """Add columns and indexes; copies of contacts are to be rebuilt, so that their addresses are there."""
    for name in ("name", "email"):
        op.add_column("contact", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column("contact", sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("ALTER TABLE contact NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE contact SET version = 0")
    op.execute("ALTER TABLE contact FORCE ROW LEVEL SECURITY")
    op.add_column("delivery", sa.Column("contact_id", sa.Uuid(), nullable=True))
    op.add_column("delivery", sa.Column("queue", sa.Text(), server_default="INTERNAL", nullable=False))
    op.alter_column("delivery", "collaborator_id", nullable=True)
    op.create_check_constraint("delivery_reader", "delivery", "(collaborator_id IS NULL) <> (contact_id IS NULL)")
    op.drop_index("delivery_due", table_name="delivery")
    op.create_index("delivery_due", "delivery", ["queue", "priority", "next_attempt_at"], postgresql_where=_WAITING)
    op.create_index("delivery_contact", "delivery", ["organization_id", "contact_id", "created_at"])
    op.create_index(
        "delivery_once_contact",
        "delivery",
        ["organization_id", "cause_kind", "cause_id", "revision", "contact_id", "channel"],
        unique=True,
        postgresql_where=sa.text("contact_id IS NOT NULL"),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_index("delivery_once_contact", table_name="delivery")
    op.drop_index("delivery_contact", table_name="delivery")
    op.drop_index("delivery_due", table_name="delivery")
    op.drop_constraint("delivery_reader", "delivery")
    op.drop_column("delivery", "queue")
    op.drop_column("delivery", "contact_id")
    op.create_index("delivery_due", "delivery", ["priority", "next_attempt_at"], postgresql_where=_WAITING)
    for name in ("deleted", "email", "name"):
        op.drop_column("contact", name)
