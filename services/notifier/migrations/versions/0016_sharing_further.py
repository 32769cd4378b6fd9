"""Sharing rules: a publication is told to contacts whom its author sees, and its readers are shown by portfolio."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations import protect, share, shared_set

revision: str = "0016"
down_revision: str | None = "0015"

CONTACTS = """
SELECT c.id FROM contact c WHERE c.organization_id = scope AND c.relationship_manager_id = ANY (mine)
UNION SELECT i.contact_id FROM interlocutor i
JOIN account a ON a.organization_id = i.organization_id AND a.id = i.account_id
WHERE i.organization_id = scope AND a.relationship_manager_id = ANY (mine) AND i.ended_at IS NULL
"""


def upgrade() -> None:
    """Add the copy of links, and the policies."""
    op.create_table(
        "interlocutor",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("interlocutor_pkey")),
    )
    op.create_index("interlocutor_contact", "interlocutor", ["organization_id", "contact_id"])
    op.create_index("interlocutor_account", "interlocutor", ["organization_id", "account_id"])
    protect("interlocutor", "notifier")
    shared_set("portfolio_contacts", "notifier", CONTACTS, "contact", "account", "interlocutor")
    seen = "contact_id IN (SELECT portfolio_contacts())"
    share("publication_reader", "notifier", f"(contact_id IS NULL OR {seen})")
    share("unsubscription", "notifier", seen)


def downgrade() -> None:
    """Take them away."""
    for table in ("unsubscription", "publication_reader"):
        op.execute(f"DROP POLICY portfolio ON {table}")
    op.execute("DROP FUNCTION portfolio_contacts()")
    op.drop_table("interlocutor")
    for table in ("contact", "account"):
        op.execute(f"DROP POLICY sharing ON {table}")
