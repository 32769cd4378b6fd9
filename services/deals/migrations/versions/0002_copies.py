"""Copies of what the contacts service owns."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations import protect

revision = "0002_copies"
down_revision = "0001_messages"
branch_labels = None
depends_on = None


def _readable_by_the_sweep(table: str) -> None:
    """The alert rules look over all organizations; what they find is written in each one's scope."""
    op.execute(f"CREATE POLICY system ON {table} FOR SELECT TO deals_system USING (true)")
    op.execute(f"GRANT SELECT ON {table} TO deals_system")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "organization",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    protect("organization", "deals", tenant="id")
    op.create_table(
        "collaborator",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("collaborator_department", "collaborator", ["organization_id", "department"], unique=False)
    protect("collaborator", "deals")
    op.create_table(
        "contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("relationship_manager_id", sa.Uuid(), nullable=True),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    protect("contact", "deals")
    _readable_by_the_sweep("contact")
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("relationship_manager_id", sa.Uuid(), nullable=True),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    protect("account", "deals")
    _readable_by_the_sweep("account")
    op.create_table(
        "interlocutor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("job_title", sa.Text(), nullable=False),
        sa.Column("decision_maker", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("interlocutor_account", "interlocutor", ["organization_id", "account_id"], unique=False)
    op.create_index("interlocutor_contact", "interlocutor", ["organization_id", "contact_id"], unique=False)
    protect("interlocutor", "deals")


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("interlocutor")
    op.drop_table("account")
    op.drop_table("contact")
    op.drop_table("collaborator")
    op.drop_table("organization")
