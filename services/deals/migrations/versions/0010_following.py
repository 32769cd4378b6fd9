"""Followers by rule, documents, close dates put off, tags; what caused a fact, and which facts are shown as one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import protect

revision = "0010_following"
down_revision = "0009_plans"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def _of(other: str) -> sa.ForeignKeyConstraint:
    """A reference that cannot leave the organization."""
    return sa.ForeignKeyConstraint(["organization_id", f"{other}_id"], [f"{other}.organization_id", f"{other}.id"])


def upgrade() -> None:
    """Add columns and tables."""
    op.add_column("deal", sa.Column("tags", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.create_index("deal_tags", "deal", ["tags"], postgresql_using="gin")
    op.create_index("event_key", "event", ["organization_id", "id"], unique=True)
    op.add_column("notification", sa.Column("cause", sa.Text(), server_default="", nullable=False))
    op.add_column("notification", sa.Column("thing_id", sa.Uuid(), nullable=True))
    op.add_column("notification", sa.Column("head_id", sa.Uuid(), nullable=True))
    op.create_index("notification_head", "notification", ["head_id"], postgresql_where=sa.text("head_id IS NOT NULL"))
    op.add_column("timeline_entry", sa.Column("actor_id", sa.Uuid(), nullable=True))
    op.create_index(
        "timeline_entry_actor", "timeline_entry", ["organization_id", "subject_id", "actor_id", "at", "entry_id"]
    )
    _fill()
    _follow_rules()
    _papers()


def _fill() -> None:
    """Who wrote or did what is on timelines. An owner that is no superuser sees no rows of a forced table."""
    for table in ("timeline_entry", "event", "notification"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    for table, column in (("event", "author_id"), ("notification", "actor_id")):
        op.execute(f"UPDATE timeline_entry e SET actor_id = t.{column} FROM {table} t WHERE t.id = e.entry_id")
    for table in ("timeline_entry", "event", "notification"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _follow_rules() -> None:
    op.create_table(
        "follow_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("collaborator_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=19, scale=4), nullable=True),
        sa.Column("currency", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('MY_ACCOUNTS', 'MY_TEAMS', 'ABOVE_AMOUNT')", name="follow_rule_kind"),
        sa.CheckConstraint("(kind = 'ABOVE_AMOUNT') = (amount IS NOT NULL)", name="follow_rule_amount"),
        sa.CheckConstraint("(kind = 'ABOVE_AMOUNT') = (currency <> '')", name="follow_rule_currency"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "follow_rule_once", "follow_rule", ["organization_id", "collaborator_id", "kind", "currency"], unique=True
    )
    op.create_table(
        "unfollowed",
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("collaborator_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        _of("deal"),
        sa.PrimaryKeyConstraint("deal_id", "collaborator_id"),
    )
    for table in ("follow_rule", "unfollowed"):
        protect(table, "deals")


def _papers() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("removed_at", _MOMENT, nullable=True),
        sa.CheckConstraint("(deal_id IS NULL) <> (event_id IS NULL)", name="document_owner"),
        sa.CheckConstraint(
            "kind IN ('CONTRACT', 'PROPOSAL', 'INVOICE', 'PLAN', 'PHOTO', 'OTHER')", name="document_kind"
        ),
        _of("deal"),
        _of("event"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("document_deal", "document", ["deal_id"])
    op.create_index("document_event", "document", ["event_id"])
    op.create_table(
        "close_push",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("before", sa.Date(), nullable=False),
        sa.Column("after", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        _of("deal"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("close_push_deal", "close_push", ["deal_id", "at"])
    for table in ("document", "close_push"):
        protect(table, "deals")


def downgrade() -> None:
    """Take them away."""
    for table in ("close_push", "document", "unfollowed", "follow_rule"):
        op.drop_table(table)
    op.drop_index("timeline_entry_actor", "timeline_entry")
    op.drop_column("timeline_entry", "actor_id")
    op.drop_index("notification_head", "notification")
    for column in ("head_id", "thing_id", "cause"):
        op.drop_column("notification", column)
    op.drop_index("event_key", "event")
    op.drop_index("deal_tags", "deal")
    op.drop_column("deal", "tags")
