"""Messages that a service gave up on: reading them, and sending them again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from chassis.bus import DEAD_STREAM, Bus
from chassis.config import BrokerSettings
from chassis.database import create_engine
from chassis.dead_letters import DEAD_SUBJECTS, DeadLetter
from liant.system.access import Access
from services.notifier.dead_letters.keeping import note_settled
from services.notifier.dead_letters.model import DeadLetterState

CONNECT_SECONDS = 5


class BrokerAway(Exception):
    """NATS does not answer."""

    def __init__(self, url: str) -> None:
        super().__init__(f"NATS does not answer at {url}: is the system up? (`liant doctor` tells)")


class NoDeadLetter(Exception):
    """No dead letter has this number."""

    def __init__(self, sequence: int) -> None:
        super().__init__(f"No dead letter has the number {sequence}: `liant dead list` shows those there are.")


class SenderUnknown(Exception):
    """None of the services wrote it."""

    def __init__(self, letter: DeadLetter) -> None:
        told = f"Dead letter {letter.sequence} was published under {letter.subject!r}, by none of the services"
        super().__init__(f"{told}: it can be discarded, not sent again.")


async def dead_letters(access: Access) -> list[DeadLetter]:
    """All of them, oldest first. Raises BrokerAway."""
    async with _connected(access.migrate) as bus:
        return [DeadLetter.of(message) async for message in bus.replay(DEAD_STREAM, [DEAD_SUBJECTS])]


async def dead_letter(access: Access, sequence: int) -> DeadLetter:
    """One of them. Raises NoDeadLetter, BrokerAway."""
    found = next((each for each in await dead_letters(access) if each.sequence == sequence), None)
    if found is None:
        raise NoDeadLetter(sequence)
    return found


async def replay(access: Access, letter: DeadLetter) -> bool:
    """Publish it again as its own service did, then take it off the dead letters. Raises BrokerAway, SenderUnknown.

    Its `ce-id` stays: services that had handled it drop it, the one that gave up tries once more. False where the
    notifier's database could not note it: `deadLetters` then still shows it as waiting.
    """
    if not letter.sender:
        raise SenderUnknown(letter)
    async with _connected(access.settings[letter.sender]) as bus:
        # A new Nats-Msg-Id: the stream still remembers the original's, and would drop it.
        await bus.publish(letter.subject, letter.payload, {**letter.original, "Nats-Msg-Id": f"replay:{uuid4()}"})
    return await _settle(access, letter, DeadLetterState.REPLAYED)


async def discard(access: Access, letter: DeadLetter) -> bool:
    """Take it off the dead letters. Raises BrokerAway. False where the notifier's database could not note it."""
    return await _settle(access, letter, DeadLetterState.DISCARDED)


async def _settle(access: Access, letter: DeadLetter, state: DeadLetterState) -> bool:
    async with _connected(access.migrate) as bus:
        await bus.forget(DEAD_STREAM, letter.sequence)
    engine = create_engine(str(access.settings["notifier"].database_system_url), application="liant-dead-letters")
    try:
        await note_settled(engine, letter, state)
    except (SQLAlchemyError, OSError):
        return False
    finally:
        await engine.dispose()
    return True


@asynccontextmanager
async def _connected(settings: BrokerSettings) -> AsyncIterator[Bus]:
    bus = await Bus.connect(settings, "liant-dead-letters", wait_seconds=CONNECT_SECONDS)
    try:
        if not bus.connected:
            raise BrokerAway(settings.nats_url)
        yield bus
    finally:
        await bus.close()
