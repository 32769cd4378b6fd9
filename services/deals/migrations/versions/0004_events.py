"""Events, tasks, alerts, facts, timelines."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import protect

revision = "0004_events"
down_revision = "0003_deals"
branch_labels = None
depends_on = None


def _readable_by_the_sweep(table: str) -> None:
    """The alert rules look over all organizations; what they find is written in each one's scope."""
    op.execute(f"CREATE POLICY system ON {table} FOR SELECT TO deals_system USING (true)")
    op.execute(f"GRANT SELECT ON {table} TO deals_system")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("departments", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'APPOINTMENT') = (starts_at IS NOT NULL AND ends_at IS NOT NULL AND time_zone IS NOT NULL)",
            name="event_appointment",
        ),
        sa.CheckConstraint("kind IN ('NOTE', 'APPOINTMENT', 'INSTRUCTION')", name="event_kind"),
        sa.CheckConstraint("deal_id IS NOT NULL OR contact_id IS NOT NULL", name="event_subject"),
        sa.CheckConstraint("ends_at >= starts_at", name="event_order"),
        sa.ForeignKeyConstraint(
            ["deal_id"],
            ["deal.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("event_contact", "event", ["contact_id"], unique=False)
    op.create_index("event_deal", "event", ["deal_id", "created_at"], unique=False)
    op.create_index(
        "event_planned",
        "event",
        ["deal_id", "starts_at"],
        unique=False,
        postgresql_where=sa.text("kind = 'APPOINTMENT' AND cancelled_at IS NULL"),
    )
    protect("event", "deals")
    _readable_by_the_sweep("event")
    op.create_table(
        "concerned",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("collaborator_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
        ),
        sa.PrimaryKeyConstraint("event_id", "collaborator_id"),
    )
    protect("concerned", "deals")
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("status IN ('OPEN', 'DONE', 'CANCELLED')", name="task_status"),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "task_assignee", "task", ["assignee_id", "due_at"], unique=False, postgresql_where=sa.text("status = 'OPEN'")
    )
    op.create_index("task_event", "task", ["event_id"], unique=True)
    protect("task", "deals")
    _readable_by_the_sweep("task")
    op.create_table(
        "alert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", postgresql.JSONB(), nullable=False),
        sa.Column("addressee_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_in_charge_by_id", sa.Uuid(), nullable=True),
        sa.Column("taken_in_charge_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ending_reason", sa.Text(), nullable=True),
        sa.Column("predecessor_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(status = 'SNOOZED') = (snoozed_until IS NOT NULL)", name="alert_snoozed"),
        sa.CheckConstraint("(status = 'TAKEN_IN_CHARGE') <= (taken_in_charge_by_id IS NOT NULL)", name="alert_taken"),
        sa.CheckConstraint(
            "status IN ('RAISED', 'TAKEN_IN_CHARGE', 'SNOOZED', 'RESOLVED', 'CLOSED', 'DISMISSED')", name="alert_status"
        ),
        sa.ForeignKeyConstraint(
            ["deal_id"],
            ["deal.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("alert_deal", "alert", ["deal_id", "rule", "since"], unique=False)
    op.create_index("alert_newest", "alert", ["organization_id", "id"], unique=False)
    op.create_index(
        "alert_once_while_open",
        "alert",
        ["organization_id", "rule", "deal_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('RAISED', 'TAKEN_IN_CHARGE', 'SNOOZED')"),
    )
    op.create_index(
        "alert_snoozed_until", "alert", ["snoozed_until"], unique=False, postgresql_where=sa.text("status = 'SNOOZED'")
    )
    protect("alert", "deals")
    _readable_by_the_sweep("alert")
    op.create_table(
        "notification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    protect("notification", "deals")
    op.execute("REVOKE UPDATE, DELETE ON notification FROM deals_app")
    op.create_table(
        "timeline_entry",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "subject_id", "at", "entry_id"),
    )
    protect("timeline_entry", "deals")
    op.execute("REVOKE UPDATE, DELETE ON timeline_entry FROM deals_app")


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("timeline_entry")
    op.drop_table("notification")
    op.drop_table("alert")
    op.drop_table("task")
    op.drop_table("concerned")
    op.drop_table("event")
