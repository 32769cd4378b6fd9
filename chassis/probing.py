"""Probes: messages that change nothing, and prove by their row in an inbox that they came."""

from typing import Any
from uuid import UUID

from chassis.database import UnitOfWork
from chassis.messages import Received

PROBED = UUID("00000000-0000-7000-8000-000000000000")
"""The organization that probes are sent for; no tenant has its id."""


async def probed(work: UnitOfWork, message: Received[Any]) -> None:
    """Nothing to do: the inbox's row, in the same transaction, is the answer."""
