"""Publications and campaigns. See docs/decisions/0039-publications.md."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations import notify_on_insert, protect

revision: str = "0012"
down_revision: str | None = "0011"

# What is published to the network, and nothing else, is seen by organizations that follow its publisher.
_FOLLOWED = """
CREATE POLICY followed ON publication FOR SELECT TO notifier_app USING (
    to_network AND status = 'PUBLISHED' AND organization_id IN (SELECT unnest(followed) FROM following)
)
"""


def _within(name: str) -> sa.ForeignKeyConstraint:
    ends = ["publication.organization_id", "publication.id"]
    return sa.ForeignKeyConstraint(["organization_id", "publication_id"], ends, name=name)


def upgrade() -> None:
    """Create the tables."""
    _publications()
    _rounds()
    _readers()
    _others()
    for name in ("publication", "publication_edition", "publication_reader", "publication_seen", "unsubscription"):
        protect(name, "notifier")
    for name in ("publication_round", "following"):
        protect(name, "notifier", system=True)
    notify_on_insert("publication_round", "publication_round")
    op.execute(_FOLLOWED)


def _publications() -> None:
    op.create_table(
        "publication",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("options", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("to_network", sa.Boolean(), nullable=False),
        sa.Column("team_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("group_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("feed", sa.Boolean(), nullable=False),
        sa.Column("email", sa.Boolean(), nullable=False),
        sa.Column("follow_up_days", sa.Integer(), nullable=True),
        sa.Column("follow_up_times", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="publication_pkey"),
        sa.UniqueConstraint("organization_id", "id", name="publication_within"),
    )
    op.create_index("publication_created", "publication", ["organization_id", "created_at", "id"])
    op.create_index(
        "publication_feed",
        "publication",
        ["organization_id", "published_at", "id"],
        postgresql_where=sa.text("feed"),
    )
    op.create_table(
        "publication_edition",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("publication_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("options", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "publication_id"],
            ["publication.organization_id", "publication.id"],
            name="publication_edition_organization_id_fkey",
        ),
        sa.PrimaryKeyConstraint("organization_id", "publication_id", "number", name="publication_edition_pkey"),
    )


def _rounds() -> None:
    op.create_table(
        "publication_round",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("publication_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("whom", sa.Text(), nullable=False),
        sa.Column("by_plan", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Uuid(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "publication_id"],
            ["publication.organization_id", "publication.id"],
            name="publication_round_organization_id_fkey",
        ),
        sa.PrimaryKeyConstraint("id", name="publication_round_pkey"),
        sa.UniqueConstraint("organization_id", "publication_id", "number", name="publication_round_once"),
    )
    op.create_index(
        "publication_round_due", "publication_round", ["due_at"], postgresql_where=sa.text("done_at IS NULL")
    )


def _readers() -> None:
    op.create_table(
        "publication_reader",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("publication_id", sa.Uuid(), nullable=False),
        sa.Column("collaborator_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("choice", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("unsubscribed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "publication_id"],
            ["publication.organization_id", "publication.id"],
            name="publication_reader_organization_id_fkey",
        ),
        sa.CheckConstraint("num_nonnulls(collaborator_id, contact_id) = 1", name="publication_reader_one"),
        sa.PrimaryKeyConstraint("id", name="publication_reader_pkey"),
        sa.UniqueConstraint("publication_id", "collaborator_id", name="publication_reader_collaborator"),
        sa.UniqueConstraint("publication_id", "contact_id", name="publication_reader_contact"),
    )
    op.create_index("publication_reader_page", "publication_reader", ["organization_id", "publication_id", "id"])
    op.create_index("publication_reader_email", "publication_reader", ["publication_id", "email"])


def _others() -> None:
    op.create_table(
        "publication_seen",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("collaborator_id", sa.Uuid(), nullable=False),
        sa.Column("publication_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "collaborator_id", "publication_id", name="publication_seen_pkey"),
    )
    op.create_table(
        "following",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("followed", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", name="following_pkey"),
    )
    op.create_index("following_followed", "following", ["followed"], postgresql_using="gin")
    op.create_table(
        "unsubscription",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "email", "category", name="unsubscription_pkey"),
        sa.UniqueConstraint("id", name="unsubscription_id_key"),
    )
    op.create_index("unsubscription_at", "unsubscription", ["organization_id", "at"])
