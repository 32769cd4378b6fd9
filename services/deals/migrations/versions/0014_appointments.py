"""Appointments that come again, with their attendees; links, mentions; tasks with priority and checklist."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import protect

revision = "0014_appointments"
down_revision = "0013_alert_settings"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_OF_EVENT = (["organization_id", "event_id"], ["event.organization_id", "event.id"])
_COLUMNS = ("link", "recurrence", "recurs_until", "excluded", "series_id", "mention_ids")


def upgrade() -> None:
    """Add columns and tables."""
    op.add_column("event", sa.Column("link", sa.Text(), nullable=True))
    op.add_column("event", sa.Column("recurrence", sa.Text(), nullable=True))
    op.add_column("event", sa.Column("recurs_until", _MOMENT, nullable=True))
    op.add_column("event", sa.Column("excluded", postgresql.ARRAY(_MOMENT), server_default="{}", nullable=False))
    op.add_column("event", sa.Column("series_id", sa.Uuid(), nullable=True))
    op.add_column("event", sa.Column("mention_ids", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False))
    op.create_check_constraint("event_recurs", "event", "(recurrence IS NULL) = (recurs_until IS NULL)")
    op.create_check_constraint("event_recurrence", "event", "recurrence IS NULL OR kind = 'APPOINTMENT'")
    op.create_index("event_starts", "event", ["organization_id", "starts_at"])
    op.create_index(
        "event_recurring",
        "event",
        ["organization_id", "recurs_until"],
        postgresql_where=sa.text("recurrence IS NOT NULL"),
    )
    op.add_column("task", sa.Column("priority", sa.Text(), server_default="NORMAL", nullable=False))
    op.add_column("task", sa.Column("checklist", postgresql.JSONB(), server_default="[]", nullable=False))
    op.create_check_constraint("task_priority", "task", "priority IN ('LOW', 'NORMAL', 'HIGH', 'URGENT')")
    op.create_table(
        "moved_occurrence",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence", _MOMENT, nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name="moved_occurrence_order"),
        sa.ForeignKeyConstraint(*_OF_EVENT),
        sa.PrimaryKeyConstraint("event_id", "occurrence"),
    )
    op.create_table(
        "attendee",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), server_default="NONE", nullable=False),
        sa.Column("answered_at", _MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('collaborator', 'contact')", name="attendee_kind"),
        sa.CheckConstraint("answer IN ('NONE', 'ACCEPTED', 'DECLINED', 'TENTATIVE')", name="attendee_answer"),
        sa.CheckConstraint("(answer = 'NONE') = (answered_at IS NULL)", name="attendee_answered"),
        sa.ForeignKeyConstraint(*_OF_EVENT),
        sa.PrimaryKeyConstraint("event_id", "person_id"),
    )
    op.create_index("attendee_person", "attendee", ["organization_id", "person_id"])
    for table in ("moved_occurrence", "attendee"):
        protect(table, "deals")


def downgrade() -> None:
    """Take them away."""
    op.drop_table("attendee")
    op.drop_table("moved_occurrence")
    op.drop_column("task", "checklist")
    op.drop_column("task", "priority")
    op.drop_index("event_recurring", "event")
    op.drop_index("event_starts", "event")
    op.drop_constraint("event_recurrence", "event")
    op.drop_constraint("event_recurs", "event")
    for column in _COLUMNS:
        op.drop_column("event", column)
