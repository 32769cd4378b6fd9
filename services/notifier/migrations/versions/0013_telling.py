"""Preferences by channel and reason, quiet hours, digests, inbox. See docs/decisions/0036 and 0037."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations import protect

revision: str = "0013"
down_revision: str | None = "0012"

_CATEGORIES = {
    "event": "EVENTS",
    "alert": "ALERTS",
    "quote_answered": "QUOTES",
    "publication": "PUBLICATIONS",
}
_OPEN = sa.text("formed_at IS NULL")


def upgrade() -> None:
    """Create the tables, and carry over what was said."""
    _preferences()
    _rhythms()
    _digests()
    _inbox()
    op.add_column("collaborator", sa.Column("department", sa.Text(), server_default="", nullable=False))
    for name in ("rhythm", "bundling", "inbox_item"):
        protect(name, "notifier")
    protect("digest", "notifier", system=True)


def _preferences() -> None:
    op.execute("ALTER TABLE preference NO FORCE ROW LEVEL SECURITY")
    op.drop_constraint("preference_pkey", "preference")
    op.add_column("preference", sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False))
    for name, value in (("channel", "'EMAIL'"), ("reason", "'*'"), ("cadence", "'NEVER'")):
        op.add_column("preference", sa.Column(name, sa.Text(), server_default=sa.text(value), nullable=False))
    op.execute("UPDATE preference SET cadence = 'IMMEDIATE' WHERE email")
    op.drop_column("preference", "email")
    for name in ("id", "channel", "reason", "cadence"):
        op.alter_column("preference", name, server_default=None)
    op.alter_column("preference", "collaborator_id", nullable=True)
    op.create_primary_key(op.f("preference_pkey"), "preference", ["id"])
    op.create_unique_constraint(
        "preference_once",
        "preference",
        ["organization_id", "collaborator_id", "category", "channel", "reason"],
        postgresql_nulls_not_distinct=True,
    )
    op.execute("ALTER TABLE preference FORCE ROW LEVEL SECURITY")


def _rhythms() -> None:
    op.create_table(
        "rhythm",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("collaborator_id", sa.Uuid(), nullable=True),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("quiet_weekdays", sa.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("digest_at", sa.Time(), nullable=False),
        sa.Column("digest_weekday", sa.SmallInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("rhythm_pkey")),
        sa.UniqueConstraint(
            "organization_id", "collaborator_id", name="rhythm_once", postgresql_nulls_not_distinct=True
        ),
    )
    op.create_table(
        "bundling",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("fold_seconds", sa.Integer(), nullable=False),
        sa.Column("burst_count", sa.Integer(), nullable=False),
        sa.Column("burst_minutes", sa.Integer(), nullable=False),
        sa.Column("burst_longest_minutes", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("bundling_pkey")),
    )


def _digests() -> None:
    op.create_table(
        "digest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("collaborator_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("formed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("digest_pkey")),
    )
    op.create_index(
        "digest_open", "digest", ["organization_id", "collaborator_id", "kind"], unique=True, postgresql_where=_OPEN
    )
    op.create_index("digest_due", "digest", ["due_at"], postgresql_where=_OPEN)
    for name in ("category", "topic"):
        op.add_column("delivery", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("delivery", sa.Column("digest_id", sa.Uuid(), nullable=True))
    ends = ["organization_id", "digest_id"], ["organization_id", "id"]
    op.create_foreign_key("delivery_digest_fkey", "delivery", "digest", *ends)
    op.create_index("delivery_digest", "delivery", ["digest_id"], postgresql_where=sa.text("digest_id IS NOT NULL"))
    op.execute("ALTER TABLE delivery NO FORCE ROW LEVEL SECURITY")
    for kind, category in _CATEGORIES.items():
        op.execute(
            f"UPDATE delivery SET category = '{category}' WHERE cause_kind = '{kind}' AND collaborator_id IS NOT NULL"
        )
    op.execute("ALTER TABLE delivery FORCE ROW LEVEL SECURITY")


def _inbox() -> None:
    op.create_table(
        "inbox_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("collaborator_id", sa.Uuid(), nullable=False),
        sa.Column("cause_kind", sa.Text(), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("reasons", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_because", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("inbox_item_pkey")),
        sa.UniqueConstraint("organization_id", "collaborator_id", "cause_kind", "cause_id", name="inbox_item_once"),
    )
    op.create_index("inbox_item_told", "inbox_item", ["organization_id", "collaborator_id", "told_at"])
    op.create_index("inbox_item_cause", "inbox_item", ["organization_id", "cause_kind", "cause_id"])
