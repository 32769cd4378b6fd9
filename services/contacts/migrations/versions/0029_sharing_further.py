"""Sharing rules: groups are counted, merges, exchanges of cards, imports and searches shown by portfolio, too."""

from chassis.migrations import share

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

SERVICE = "contacts"
CONTACTS = "SELECT portfolio_contacts()"
MINE = "= ANY ((SELECT portfolio())::uuid[])"


def upgrade() -> None:
    share("group_member", SERVICE, f"contact_id IN ({CONTACTS})")
    # The loser is part of the winner: whoever sees that one may see what was merged.
    share("merge", SERVICE, f"winner_id IN ({CONTACTS} UNION SELECT portfolio_accounts())")
    share("card_exchange", SERVICE, f"(collaborator_id {MINE} OR contact_id IN ({CONTACTS}))")
    for job in ("contact_import", "duplicate_search"):
        share(job, SERVICE, f"created_by_id {MINE}")
