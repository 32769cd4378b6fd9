"""Idempotency keys are purged across organizations."""

from chassis.migrations import purge_by_system

revision: str = "0008"
down_revision: str | None = "0007"


def upgrade() -> None:
    """Let the system role do it."""
    purge_by_system("idempotency", "notifier")
