"""Pipelines that an organization makes its own: archived, coloured, with exit criteria; stays in stages; outcomes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import protect

revision = "0007_pipelines"
down_revision = "0006_teams"
branch_labels = None
depends_on = None

_IN_USE = sa.text("archived_at IS NULL")
_MOMENT = sa.DateTime(timezone=True)


def _belongs(table: str, column: str, other: str) -> None:
    """A reference that cannot leave the organization: row-level security does not look at foreign keys."""
    op.create_foreign_key(
        f"{table}_{column}_fkey", table, other, ["organization_id", column], ["organization_id", "id"]
    )


def upgrade() -> None:
    """Add columns and tables."""
    op.add_column("pipeline", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("pipeline", sa.Column("archived_at", _MOMENT, nullable=True))
    op.create_check_constraint("pipeline_default_in_use", "pipeline", "NOT is_default OR archived_at IS NULL")
    op.drop_index("pipeline_organization", "pipeline")
    op.create_index("pipeline_key", "pipeline", ["organization_id", "id"], unique=True)
    op.create_index("pipeline_name", "pipeline", ["organization_id", "name"], unique=True, postgresql_where=_IN_USE)

    op.add_column("stage", sa.Column("color", sa.Text(), server_default="#6b7280", nullable=False))
    op.add_column("stage", sa.Column("criteria", postgresql.JSONB(), server_default="[]", nullable=False))
    op.add_column("stage", sa.Column("archived_at", _MOMENT, nullable=True))
    op.create_check_constraint("stage_probability", "stage", "probability BETWEEN 0 AND 100")
    op.create_check_constraint("stage_expected_days", "stage", "expected_days > 0")
    op.drop_constraint("stage_position", "stage")
    op.create_index("stage_key", "stage", ["organization_id", "id"], unique=True)
    op.create_index("stage_position", "stage", ["pipeline_id", "position"], unique=True, postgresql_where=_IN_USE)
    op.drop_constraint("stage_pipeline_id_fkey", "stage")
    _belongs("stage", "pipeline_id", "pipeline")

    op.drop_index("deal_newest", "deal")
    op.create_index("deal_newest", "deal", ["organization_id", "id"], unique=True)
    for column, other in (("pipeline_id", "pipeline"), ("stage_id", "stage")):
        op.drop_constraint(f"deal_{column}_fkey", "deal")
        _belongs("deal", column, other)
    op.add_column("deal", sa.Column("signed_at", _MOMENT, nullable=True))
    op.add_column("deal", sa.Column("lost_at", _MOMENT, nullable=True))
    op.add_column("participant", sa.Column("role", sa.Text(), server_default="OTHER", nullable=False))
    op.create_check_constraint(
        "participant_role", "participant", "role IN ('DECISION_MAKER', 'ADVISER', 'INFLUENCER', 'OTHER')"
    )
    _stage_visits()
    _fill()


def _stage_visits() -> None:
    op.create_table(
        "stage_visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", _MOMENT, nullable=False),
        sa.Column("left_at", _MOMENT, nullable=True),
        sa.Column("moved_by_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    _belongs("stage_visit", "deal_id", "deal")
    _belongs("stage_visit", "stage_id", "stage")
    op.create_index(
        "stage_visit_open", "stage_visit", ["deal_id"], unique=True, postgresql_where=sa.text("left_at IS NULL")
    )
    op.create_index("stage_visit_deal", "stage_visit", ["deal_id", "entered_at"])
    op.create_index("stage_visit_stage", "stage_visit", ["stage_id", "entered_at"])


def _fill() -> None:
    """What is known of the deals that are there. An owner that is no superuser sees no rows of a forced table."""
    op.execute("ALTER TABLE deal NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE deal SET signed_at = updated_at WHERE phase IN ('SIGNED', 'DONE')")
    op.execute("UPDATE deal SET lost_at = updated_at WHERE phase = 'LOST'")
    op.execute(
        "INSERT INTO stage_visit (id, organization_id, deal_id, stage_id, entered_at) "
        "SELECT gen_random_uuid(), organization_id, id, stage_id, stage_entered_at FROM deal"
    )
    op.execute("ALTER TABLE deal FORCE ROW LEVEL SECURITY")
    protect("stage_visit", "deals")


def downgrade() -> None:
    """Take them away."""
    op.drop_table("stage_visit")
    op.drop_column("participant", "role")
    op.drop_column("deal", "lost_at")
    op.drop_column("deal", "signed_at")
    for column, other in (("pipeline_id", "pipeline"), ("stage_id", "stage")):
        op.drop_constraint(f"deal_{column}_fkey", "deal")
        op.create_foreign_key(f"deal_{column}_fkey", "deal", other, [column], ["id"])
    op.drop_index("deal_newest", "deal")
    op.create_index("deal_newest", "deal", ["organization_id", "id"])
    op.drop_constraint("stage_pipeline_id_fkey", "stage")
    op.create_foreign_key("stage_pipeline_id_fkey", "stage", "pipeline", ["pipeline_id"], ["id"])
    op.drop_index("stage_position", "stage")
    op.drop_index("stage_key", "stage")
    op.create_unique_constraint("stage_position", "stage", ["pipeline_id", "position"])
    op.drop_constraint("stage_expected_days", "stage")
    op.drop_constraint("stage_probability", "stage")
    for name in ("archived_at", "criteria", "color"):
        op.drop_column("stage", name)
    op.drop_index("pipeline_name", "pipeline")
    op.drop_index("pipeline_key", "pipeline")
    op.create_index("pipeline_organization", "pipeline", ["organization_id"])
    op.drop_constraint("pipeline_default_in_use", "pipeline")
    op.drop_column("pipeline", "archived_at")
    op.drop_column("pipeline", "version")
