"""`liant dead list | show | replay`: messages that a service gave up on."""

import asyncio
from pathlib import Path

from rich.table import Table

from liant.screen import Screen
from liant.system.dead_letters import DeadLetter, dead_letter, dead_letters, replay
from liant.system.folder import DataFolder, NoSystem
from liant.system.layout import Layout


def list_dead(screen: Screen, data: Path) -> None:
    """Print them all. Raises NoSystem, BrokerAway."""
    screen.out.print(_table(asyncio.run(dead_letters(_layout(data)))))


def show_dead(screen: Screen, data: Path, sequence: int) -> None:
    """Print one with its headers and body. Raises NoSystem, NoDeadLetter, BrokerAway."""
    letter = asyncio.run(dead_letter(_layout(data), sequence))
    for name, value in sorted(letter.headers.items()):
        screen.out.print(f"{name}: {value}", markup=False, soft_wrap=True)
    screen.out.print(letter.body(), markup=False, soft_wrap=True)


def replay_dead(screen: Screen, data: Path, sequences: list[int]) -> None:
    """Send some, or all where none is named, again. Raises NoSystem, NoDeadLetter, BrokerAway."""
    layout = _layout(data)
    asyncio.run(_replay(screen, layout, sequences))


async def _replay(screen: Screen, layout: Layout, sequences: list[int]) -> None:
    every = await dead_letters(layout)
    chosen = [await dead_letter(layout, sequence) for sequence in sequences] or every
    for letter in chosen:
        await replay(layout, letter)
        screen.out.print(f"{letter.sequence} sent again: {letter.type} for {letter.consumer}", markup=False)


def _layout(data: Path) -> Layout:
    folder = DataFolder(data)
    if not folder.path.is_dir():
        raise NoSystem(folder.path)
    return Layout.load(folder)


def _table(letters: list[DeadLetter]) -> Table:
    table = Table("number", "since", "given up by", "message", "error", title=f"{len(letters)} dead letters")
    for letter in letters:
        since = letter.stored_at.strftime("%Y-%m-%d %H:%M:%S")
        table.add_row(str(letter.sequence), since, letter.consumer, letter.type, letter.error)
    return table
