"""Idempotency keys are purged across organizations."""

from chassis.migrations import purge_by_system

revision = "0021_keys"
down_revision = "0020_privacy"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the system role do it."""
    purge_by_system("idempotency", "deals")
