"""`liant dead list | show | replay`: messages that a service gave up on."""

import asyncio

from rich.table import Table

from liant.screen import Screen
from liant.system.access import Access
from liant.system.dead_letters import DeadLetter, dead_letter, dead_letters, replay


def list_dead(screen: Screen, access: Access) -> None:
    """Print them all. Raises BrokerAway."""
    screen.out.print(_table(asyncio.run(dead_letters(access))))


def show_dead(screen: Screen, access: Access, sequence: int) -> None:
    """Print one with its headers and body. Raises NoDeadLetter, BrokerAway."""
    letter = asyncio.run(dead_letter(access, sequence))
    for name, value in sorted(letter.headers.items()):
        screen.out.print(f"{name}: {value}", markup=False, soft_wrap=True)
    screen.out.print(letter.body(), markup=False, soft_wrap=True)


def replay_dead(screen: Screen, access: Access, sequences: list[int]) -> None:
    """Send some, or all where none is named, again. Raises NoDeadLetter, BrokerAway."""
    asyncio.run(_replay(screen, access, sequences))


async def _replay(screen: Screen, access: Access, sequences: list[int]) -> None:
    every = await dead_letters(access)
    chosen = [await dead_letter(access, sequence) for sequence in sequences] or every
    for letter in chosen:
        await replay(access, letter)
        screen.out.print(f"{letter.sequence} sent again: {letter.type} for {letter.consumer}", markup=False)


def _table(letters: list[DeadLetter]) -> Table:
    table = Table("number", "since", "given up by", "message", "error", title=f"{len(letters)} dead letters")
    for letter in letters:
        since = letter.stored_at.strftime("%Y-%m-%d %H:%M:%S")
        table.add_row(str(letter.sequence), since, letter.consumer, letter.type, letter.error)
    return table
