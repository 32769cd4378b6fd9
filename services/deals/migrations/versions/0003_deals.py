"""Pipelines, deals and the people around them."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations import protect

revision = "0003_deals"
down_revision = "0002_copies"
branch_labels = None
depends_on = None


def _readable_by_the_sweep(table: str) -> None:
    """The alert rules look over all organizations; what they find is written in each one's scope."""
    op.execute(f"CREATE POLICY system ON {table} FOR SELECT TO deals_system USING (true)")
    op.execute(f"GRANT SELECT ON {table} TO deals_system")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "pipeline",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "pipeline_default", "pipeline", ["organization_id"], unique=True, postgresql_where=sa.text("is_default")
    )
    op.create_index("pipeline_organization", "pipeline", ["organization_id"], unique=False)
    protect("pipeline", "deals")
    op.create_table(
        "stage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("pipeline_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("probability", sa.SmallInteger(), nullable=False),
        sa.Column("expected_days", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pipeline_id"],
            ["pipeline.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("pipeline_id", "position", name="stage_position"),
    )
    protect("stage", "deals")
    op.create_table(
        "deal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("lost_reason", sa.Text(), nullable=True),
        sa.Column("pipeline_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("stage_entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("primary_contact_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=19, scale=4), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("expected_close", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(phase = 'LOST') = (lost_reason IS NOT NULL)", name="deal_lost_reason"),
        sa.CheckConstraint("phase IN ('LEAD', 'OPPORTUNITY', 'SIGNED', 'DONE', 'LOST')", name="deal_phase"),
        sa.CheckConstraint("(amount IS NULL) = (currency IS NULL)", name="deal_amount_currency"),
        sa.CheckConstraint("account_id IS NOT NULL OR primary_contact_id IS NOT NULL", name="deal_party"),
        sa.ForeignKeyConstraint(
            ["pipeline_id"],
            ["pipeline.id"],
        ),
        sa.ForeignKeyConstraint(
            ["stage_id"],
            ["stage.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("deal_account", "deal", ["account_id"], unique=False)
    op.create_index("deal_newest", "deal", ["organization_id", "id"], unique=False)
    op.create_index(
        "deal_open", "deal", ["id"], unique=False, postgresql_where=sa.text("phase IN ('LEAD', 'OPPORTUNITY')")
    )
    op.create_index("deal_owner", "deal", ["owner_id"], unique=False)
    op.create_index("deal_primary_contact", "deal", ["primary_contact_id"], unique=False)
    op.create_index("deal_stage", "deal", ["stage_id"], unique=False)
    protect("deal", "deals")
    _readable_by_the_sweep("deal")
    op.create_table(
        "participant",
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deal_id"],
            ["deal.id"],
        ),
        sa.PrimaryKeyConstraint("deal_id", "contact_id"),
    )
    op.create_index("participant_contact", "participant", ["contact_id"], unique=False)
    protect("participant", "deals")
    op.create_table(
        "follower",
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("collaborator_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["deal_id"],
            ["deal.id"],
        ),
        sa.PrimaryKeyConstraint("deal_id", "collaborator_id"),
    )
    protect("follower", "deals")


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("follower")
    op.drop_table("participant")
    op.drop_table("deal")
    op.drop_table("stage")
    op.drop_table("pipeline")
