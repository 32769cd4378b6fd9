"""Endpoints of programs, and deliveries to them. See docs/decisions/0040-webhooks.md."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import protect, purge_by_system

revision: str = "0010"
down_revision: str | None = "0009"

_WAITING = "status IN ('QUEUED', 'SENDING', 'DEFERRED', 'UNKNOWN')"


def upgrade() -> None:
    """Create the table; a delivery has a collaborator, a contact or an endpoint."""
    op.create_table(
        "webhook_endpoint",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("types", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("filters", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("disabled_because", sa.Text(), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("secret_number", sa.Integer(), nullable=False),
        sa.Column("old_secret_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resting_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="webhook_endpoint_pkey"),
        sa.UniqueConstraint("organization_id", "id", name="webhook_endpoint_within"),
    )
    op.create_index("webhook_endpoint_created", "webhook_endpoint", ["organization_id", "created_at", "id"])
    protect("webhook_endpoint", "notifier", system=True)
    op.add_column("delivery", sa.Column("endpoint_id", sa.Uuid(), nullable=True))
    op.drop_constraint("delivery_reader", "delivery")
    op.create_check_constraint(
        "delivery_reader", "delivery", "num_nonnulls(collaborator_id, contact_id, endpoint_id) = 1"
    )
    op.create_foreign_key(
        "delivery_endpoint_fkey",
        "delivery",
        "webhook_endpoint",
        ["organization_id", "endpoint_id"],
        ["organization_id", "id"],
    )
    _indexes()
    purge_by_system("cause", "notifier")


def _indexes() -> None:
    theirs = "endpoint_id IS NOT NULL"
    op.create_index(
        "delivery_once_endpoint",
        "delivery",
        ["organization_id", "cause_kind", "cause_id", "endpoint_id"],
        unique=True,
        postgresql_where=sa.text(theirs),
    )
    op.create_index(
        "delivery_endpoint",
        "delivery",
        ["organization_id", "endpoint_id", "created_at"],
        postgresql_where=sa.text(theirs),
    )
    op.create_index(
        "delivery_endpoint_due",
        "delivery",
        ["endpoint_id", "priority", "next_attempt_at"],
        postgresql_where=sa.text(f"{theirs} AND {_WAITING}"),
    )
    # What is swept when it is old.
    op.create_index("delivery_swept", "delivery", ["created_at"], postgresql_where=sa.text("queue = 'WEBHOOK'"))
    op.create_index("cause_swept", "cause", ["at"], postgresql_where=sa.text("kind = 'message'"))
