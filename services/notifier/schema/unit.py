"""How the notifier's mutations write."""

from chassis.database import UnitOfWork
from chassis.graphql.writes import Write, Writer
from services.notifier.model import IDEMPOTENCY

__all__ = ["Write", "once"]


async def _anybody(_: UnitOfWork) -> None:
    """Whoever was disabled is not let in at all (chassis.admission)."""


once = Writer(IDEMPOTENCY, _anybody).once
