"""Refusals about dead letters."""

from chassis.dead_letters import KEPT
from chassis.errors import DomainError


class DeadLetterTooOld(DomainError):
    """Its sender does not keep it any more, or none of the services sent it."""

    code = "DEAD_LETTER_TOO_OLD"

    def __init__(self, sequence: int) -> None:
        told = f"Its sender keeps messages for {KEPT.days} days: your operators can send it with"
        super().__init__(f"{told} `liant dead replay {sequence}`.", "id")
