"""Fields that organizations add to their deals, and their values."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import protect, share

revision = "0025_custom_fields"
down_revision = "0024_messages_of_deals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "custom_field",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("options", postgresql.JSONB(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("custom_field_tenant", "custom_field", ["organization_id", "id"], unique=True)
    op.create_index(
        "custom_field_key", "custom_field", ["organization_id", "key"], postgresql_where=sa.text("NOT deleted")
    )
    op.create_table(
        "deal_custom_value",
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("field_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("millionths", sa.BigInteger(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("truth", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["organization_id", "deal_id"], ["deal.organization_id", "deal.id"]),
        sa.ForeignKeyConstraint(["organization_id", "field_id"], ["custom_field.organization_id", "custom_field.id"]),
        sa.PrimaryKeyConstraint("deal_id", "field_id", "position"),
    )
    for name, column in (("text", "text"), ("number", "millionths"), ("day", "day")):
        op.create_index(f"deal_custom_value_{name}", "deal_custom_value", ["organization_id", "field_id", column])
    protect("custom_field", "deals")
    protect("deal_custom_value", "deals")
    share("deal_custom_value", "deals", "deal_id IN (SELECT portfolio_deals())")


def downgrade() -> None:
    """Take them away."""
    op.drop_table("deal_custom_value")
    op.drop_table("custom_field")
