"""Sharing rules: the delivery log shows what those in the portfolio were told. See docs/decisions/0023-sharing.md."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations import PORTFOLIO, share

revision: str = "0007"
down_revision: str | None = "0006"


def upgrade() -> None:
    """Add the copy of the rule, and the policy."""
    op.add_column("organization", sa.Column("sharing", sa.Text(), nullable=True))
    op.execute(PORTFOLIO)
    share("delivery", "notifier", "collaborator_id = ANY ((SELECT portfolio())::uuid[])")
