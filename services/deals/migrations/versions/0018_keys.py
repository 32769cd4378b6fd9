"""Idempotency keys are purged across organizations."""

from chassis.migrations import purge_by_system

revision = "0018_keys"
down_revision = "0017_sharing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the system role do it."""
    purge_by_system("idempotency", "deals")
