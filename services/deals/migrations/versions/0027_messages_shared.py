"""Whoever sees a contact sees what was written to them, from whatever deal."""

from alembic import op

from chassis.migrations import share, shared_set

revision = "0027_messages_shared"
down_revision = "0026_upkeep"
branch_labels = None
depends_on = None

MESSAGES = """
SELECT id FROM message WHERE organization_id = scope
    AND (author_id = ANY (mine) OR deal_id IN (SELECT portfolio_deals()))
UNION SELECT message_id FROM message_recipient
    WHERE organization_id = scope AND contact_id IN (SELECT portfolio_contacts())
"""
_TABLES = ("message", "message_recipient")


def upgrade() -> None:
    """Ask one function of both tables: policies that asked each other would never end."""
    for table in _TABLES:
        op.execute(f"DROP POLICY portfolio ON {table}")
    shared_set("portfolio_messages", "deals", MESSAGES, *_TABLES)
    share("message", "deals", "id IN (SELECT portfolio_messages())")
    share("message_recipient", "deals", "message_id IN (SELECT portfolio_messages())")


def downgrade() -> None:
    """As it was."""
    for table in _TABLES:
        op.execute(f"DROP POLICY portfolio ON {table}")
        op.execute(f"DROP POLICY sharing ON {table}")
    op.execute("DROP FUNCTION portfolio_messages()")
    share(
        "message", "deals", "(deal_id IN (SELECT portfolio_deals()) OR author_id = ANY ((SELECT portfolio())::uuid[]))"
    )
    share("message_recipient", "deals", "message_id IN (SELECT id FROM message)")
