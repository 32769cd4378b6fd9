"""Sharing rules: deals and what is on them are seen by portfolio. See docs/decisions/0023-sharing.md."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations import PORTFOLIO, share, shared_set

revision = "0017_sharing"
down_revision = "0016_merges"
branch_labels = None
depends_on = None

SERVICE = "deals"

ACCOUNTS = """
SELECT a.id FROM account a WHERE a.organization_id = scope AND a.relationship_manager_id = ANY (mine)
UNION SELECT i.account_id FROM interlocutor i JOIN contact c ON c.id = i.contact_id
WHERE c.organization_id = scope AND c.relationship_manager_id = ANY (mine) AND i.ended_at IS NULL
"""
CONTACTS = """
SELECT c.id FROM contact c WHERE c.organization_id = scope AND c.relationship_manager_id = ANY (mine)
UNION SELECT i.contact_id FROM interlocutor i JOIN account a ON a.id = i.account_id
WHERE a.organization_id = scope AND a.relationship_manager_id = ANY (mine) AND i.ended_at IS NULL
"""
DEALS = """
SELECT d.id FROM deal d WHERE d.organization_id = scope AND (
    d.owner_id = ANY (mine)
    OR d.account_id IN (SELECT id FROM account WHERE relationship_manager_id = ANY (mine))
    OR d.primary_contact_id IN (SELECT portfolio_contacts()))
UNION SELECT deal_id FROM follower WHERE organization_id = scope AND collaborator_id = ANY (mine)
UNION SELECT f.deal_id FROM follower_team f JOIN team_member m ON m.team_id = f.team_id
WHERE f.organization_id = scope AND m.collaborator_id = ANY (mine)
UNION SELECT deal_id FROM participant WHERE organization_id = scope AND contact_id IN (SELECT portfolio_contacts())
"""
# Whoever wrote an event, is named on it or is asked by it was told of it: they see it, whatever it is on.
EVENTS = """
SELECT id FROM event WHERE organization_id = scope AND (author_id = ANY (mine)
    OR deal_id IN (SELECT portfolio_deals())
    OR (deal_id IS NULL AND contact_id IN (SELECT portfolio_contacts())))
UNION SELECT event_id FROM concerned WHERE organization_id = scope AND collaborator_id = ANY (mine)
UNION SELECT event_id FROM task WHERE organization_id = scope AND assignee_id = ANY (mine)
"""
SETS = {
    "portfolio_contacts": CONTACTS,
    "portfolio_accounts": ACCOUNTS,
    "portfolio_deals": DEALS,
    "portfolio_events": EVENTS,
}
READ = (
    *("contact", "account", "interlocutor", "team_member"),
    *("deal", "participant", "follower", "follower_team", "event", "concerned", "task"),
)
ON_DEALS = (
    *("participant", "follower", "follower_team", "unfollowed", "stage_visit", "close_push", "deal_line"),
    *("quote", "contract", "invoice", "quote_request"),
)
OF_DEAL = "deal_id IN (SELECT portfolio_deals())"
SUBJECTS = "SELECT portfolio_deals() UNION SELECT portfolio_contacts() UNION SELECT portfolio_accounts()"


def upgrade() -> None:
    """Add the copy of the rule, and the policies."""
    op.add_column("organization", sa.Column("sharing", sa.Text(), nullable=True))
    op.execute(PORTFOLIO)
    for name, query in SETS.items():
        shared_set(name, SERVICE, query, *READ)
    share("contact", SERVICE, "id IN (SELECT portfolio_contacts())")
    share("account", SERVICE, "id IN (SELECT portfolio_accounts())")
    share("deal", SERVICE, "id IN (SELECT portfolio_deals())")
    for table in ON_DEALS:
        share(table, SERVICE, OF_DEAL)
    share("event", SERVICE, "id IN (SELECT portfolio_events())")
    share("task", SERVICE, "event_id IN (SELECT portfolio_events())")
    share("concerned", SERVICE, "event_id IN (SELECT portfolio_events())")
    share("document", SERVICE, f"({OF_DEAL} OR event_id IN (SELECT portfolio_events()))")
    told = "(addressee_ids && (SELECT portfolio()) OR taken_in_charge_by_id = ANY ((SELECT portfolio())::uuid[]))"
    share("alert", SERVICE, f"(subject_id IN ({SUBJECTS}) OR {told})")
    share("notification", SERVICE, f"({OF_DEAL} OR (deal_id IS NULL AND contact_id IN (SELECT portfolio_contacts())))")
    share("timeline_entry", SERVICE, f"subject_id IN ({SUBJECTS})")
