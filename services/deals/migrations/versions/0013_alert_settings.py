"""How organizations want their alerts: calendar, thresholds, exceptions; alerts on anything; escalation."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import protect

revision = "0013_alert_settings"
down_revision = "0012_groups"
branch_labels = None
depends_on = None

_TABLES = ("alert_calendar", "closure", "alert_setting", "alert_exclusion")
_READ = (*_TABLES, "interlocutor", "participant")
_OPEN = "status IN ('RAISED', 'TAKEN_IN_CHARGE', 'SNOOZED')"


def upgrade() -> None:
    """Create the tables; alerts get their subject, step and escalation."""
    _settings()
    _alerts()
    for table in _TABLES:
        protect(table, "deals")
    for table in _READ:
        op.execute(f"CREATE POLICY system ON {table} FOR SELECT TO deals_system USING (true)")
        op.execute(f"GRANT SELECT ON {table} TO deals_system")


def _settings() -> None:
    op.create_table(
        "alert_calendar",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("weekdays", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("holidays", sa.Text(), nullable=True),
        sa.Column("quiet_days", sa.SmallInteger(), nullable=False),
        sa.Column("escalation_days", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("organization_id"),
    )
    op.create_table(
        "closure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name="closure_order"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("closure_organization", "closure", ["organization_id", "first_day"])
    op.create_table(
        "alert_setting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("pipeline_id", sa.Uuid(), nullable=True),
        sa.Column("stage_id", sa.Uuid(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=True),
        sa.Column("steps", postgresql.ARRAY(sa.SmallInteger()), nullable=True),
        sa.Column("working", sa.Boolean(), nullable=True),
        sa.Column("quiet", sa.Boolean(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("pipeline_id IS NULL OR stage_id IS NULL", name="alert_setting_scope"),
        sa.ForeignKeyConstraint(["pipeline_id"], ["pipeline.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint(
            "organization_id",
            "rule",
            "pipeline_id",
            "stage_id",
            name="alert_setting_once",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "alert_exclusion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("alert_exclusion_subject", "alert_exclusion", ["organization_id", "subject_id"])


def _alerts() -> None:
    op.drop_index("alert_once_while_open", "alert")
    op.drop_index("alert_deal", "alert")
    op.alter_column("alert", "deal_id", nullable=True)
    for name in ("contact_id", "account_id"):
        op.add_column("alert", sa.Column(name, sa.Uuid(), nullable=True))
    op.add_column(
        "alert",
        sa.Column(
            "subject_id",
            sa.Uuid(),
            sa.Computed("coalesce(deal_id, contact_id, account_id)", persisted=True),
            nullable=False,
        ),
    )
    for name in ("step", "escalation"):
        op.add_column("alert", sa.Column(name, sa.SmallInteger(), nullable=False, server_default="0"))
        op.alter_column("alert", name, server_default=None)
    op.add_column("alert", sa.Column("ending_remedy", sa.Text(), nullable=True))
    op.add_column("alert", sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint("alert_subject", "alert", "num_nonnulls(deal_id, contact_id, account_id) = 1")
    op.create_index(
        "alert_once_while_open",
        "alert",
        ["organization_id", "rule", "subject_id"],
        unique=True,
        postgresql_where=sa.text(_OPEN),
    )
    op.create_index("alert_subject", "alert", ["subject_id", "rule", "since"])
    op.create_index("alert_waiting", "alert", ["raised_at"], postgresql_where=sa.text("status = 'RAISED'"))
