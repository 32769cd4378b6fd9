"""Reports on mails, how each person's address fares, and suppressions that an administrator can list and lift."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.migrations import protect, purge_by_system

revision: str = "0009"
down_revision: str | None = "0008"


def upgrade() -> None:
    """Add tables and columns."""
    op.create_table(
        "mail_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "status_code", "words")),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("mail_report_delivery_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("mail_report_pkey")),
        sa.UniqueConstraint(
            "organization_id", "delivery_id", "kind", name=op.f("mail_report_organization_id_delivery_id_kind_key")
        ),
    )
    op.create_index(op.f("mail_report_delivery_id_idx"), "mail_report", ["delivery_id"])
    op.create_table(
        "address",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("outside", sa.Boolean(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("hard", "soft", "complaints")),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "person_id", name=op.f("address_pkey")),
    )
    bounced = sa.text("bounced_at IS NOT NULL")
    op.create_index("address_bounced", "address", ["bounced_at"], postgresql_where=bounced)
    op.create_index("address_email", "address", ["organization_id", "email"])
    op.create_index("contact_email", "contact", ["organization_id", "email"])
    protect("mail_report", "notifier")
    protect("address", "notifier", system=True)
    _describe_suppressions()
    purge_by_system("suppression", "notifier")


def _describe_suppressions() -> None:
    """Those from before were all made of refusals, thirty days ahead."""
    defaults = {"id": "gen_random_uuid()", "reason": "'HARD_BOUNCE'", "since": "now()"}
    kinds: dict[str, Any] = {
        "id": sa.Uuid(),
        "reason": sa.Text(),
        "since": sa.DateTime(timezone=True),
    }
    for name, default in defaults.items():
        op.add_column("suppression", sa.Column(name, kinds[name], server_default=sa.text(default), nullable=False))
        op.alter_column("suppression", name, server_default=None)
    op.create_unique_constraint(op.f("suppression_organization_id_id_key"), "suppression", ["organization_id", "id"])


def downgrade() -> None:
    """Take them away."""
    for verb in ("select", "delete"):
        op.execute(f"DROP POLICY system_{verb} ON suppression")
    for name in ("since", "reason", "id"):
        op.drop_column("suppression", name)
    op.drop_index("contact_email", table_name="contact")
    op.drop_table("address")
    op.drop_table("mail_report")
