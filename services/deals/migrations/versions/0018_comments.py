"""Comments and what they said before; the time zones of collaborators."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import protect, share

revision = "0018_comments"
down_revision = "0017_sharing"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def _of(other: str) -> sa.ForeignKeyConstraint:
    """A reference that cannot leave the organization."""
    return sa.ForeignKeyConstraint(["organization_id", f"{other}_id"], [f"{other}.organization_id", f"{other}.id"])


def upgrade() -> None:
    """Add column and tables."""
    op.add_column("collaborator", sa.Column("time_zone", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("mention_ids", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("edited_at", _MOMENT, nullable=True),
        sa.Column("deleted_at", _MOMENT, nullable=True),
        _of("deal"),
        _of("event"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("comment_key", "comment", ["organization_id", "id"], unique=True)
    op.create_index("comment_deal", "comment", ["deal_id", "id"])
    op.create_index("comment_event", "comment", ["event_id", "id"])
    op.create_table(
        "comment_revision",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        _of("comment"),
        sa.PrimaryKeyConstraint("comment_id", "version"),
    )
    for table in ("comment", "comment_revision"):
        protect(table, "deals")
    events = "event_id IN (SELECT portfolio_events())"
    share("comment", "deals", f"(deal_id IN (SELECT portfolio_deals()) OR {events})")
    share("comment_revision", "deals", "comment_id IN (SELECT id FROM comment)")
    for table in ("attendee", "moved_occurrence"):
        share(table, "deals", events)
    op.execute("REVOKE UPDATE, DELETE ON comment_revision FROM deals_app")


def downgrade() -> None:
    """Take them away."""
    for table in ("attendee", "moved_occurrence"):
        op.execute(f"DROP POLICY portfolio ON {table}")
    op.drop_table("comment_revision")
    op.drop_table("comment")
    op.drop_column("collaborator", "time_zone")
