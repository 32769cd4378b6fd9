"""E-mails written from deals, and what became of each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import protect, share

revision = "0024_messages_of_deals"
down_revision = "0023_timeline_kinds"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_FAILED = "status IN ('BOUNCED', 'REJECTED', 'SUPPRESSED', 'SKIPPED')"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("attachments", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.CheckConstraint("format IN ('PLAIN', 'MARKDOWN')", name="message_format"),
        sa.ForeignKeyConstraint(["organization_id", "deal_id"], ["deal.organization_id", "deal.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("message_key", "message", ["organization_id", "id"], unique=True)
    op.create_index("message_deal", "message", ["deal_id", "id"])
    op.create_index("message_author", "message", ["organization_id", "author_id", "id"])
    op.create_table(
        "message_recipient",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("told_at", _MOMENT, nullable=True),
        sa.CheckConstraint("part IN ('TO', 'COPY')", name="message_recipient_part"),
        sa.ForeignKeyConstraint(["organization_id", "message_id"], ["message.organization_id", "message.id"]),
        sa.PrimaryKeyConstraint("message_id", "contact_id"),
    )
    op.create_index("message_recipient_contact", "message_recipient", ["organization_id", "contact_id"])
    op.create_index(
        "message_recipient_failed",
        "message_recipient",
        ["organization_id", "message_id"],
        postgresql_where=sa.text(_FAILED),
    )
    protect("message", "deals")
    protect("message_recipient", "deals")
    # The sweep of deals that go stale.
    op.execute("CREATE POLICY system ON message FOR SELECT TO deals_system USING (true)")
    op.execute("GRANT SELECT ON message TO deals_system")
    share(
        "message", "deals", "(deal_id IN (SELECT portfolio_deals()) OR author_id = ANY ((SELECT portfolio())::uuid[]))"
    )
    share("message_recipient", "deals", "message_id IN (SELECT id FROM message)")


def downgrade() -> None:
    """Take them away."""
    op.drop_table("message_recipient")
    op.drop_table("message")
