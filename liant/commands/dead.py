"""`liant dead list | show | replay | discard`: messages that a service gave up on."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from rich.table import Table

from chassis.dead_letters import DeadLetter
from liant.screen import Screen
from liant.system.access import Access
from liant.system.dead_letters import dead_letter, dead_letters, discard, replay

Settle = Callable[[Access, DeadLetter], Awaitable[bool]]


def list_dead(screen: Screen, access: Access, *, as_json: bool) -> None:
    """Print them all. Raises BrokerAway."""
    letters = asyncio.run(dead_letters(access))
    if as_json:
        return _print([letter.told() for letter in letters])
    return screen.out.print(_table(letters))


def show_dead(screen: Screen, access: Access, sequence: int, *, as_json: bool) -> None:
    """Print one with its headers and body. Raises NoDeadLetter, BrokerAway."""
    letter = asyncio.run(dead_letter(access, sequence))
    if as_json:
        return _print({**letter.told(), "headers": letter.headers, "body": letter.body()})
    for name, value in sorted(letter.headers.items()):
        screen.out.print(f"{name}: {value}", markup=False, soft_wrap=True)
    return screen.out.print(letter.body(), markup=False, soft_wrap=True)


def replay_dead(screen: Screen, access: Access, sequences: list[int], *, as_json: bool) -> None:
    """Send some, or all where none is named, again. Raises NoDeadLetter, BrokerAway."""
    asyncio.run(_settle(screen, access, sequences, replay, "sent again", as_json=as_json))


def discard_dead(screen: Screen, access: Access, sequences: list[int], *, as_json: bool) -> None:
    """Take some off the dead letters. Raises NoDeadLetter, BrokerAway."""
    asyncio.run(_settle(screen, access, sequences, discard, "discarded", as_json=as_json))


async def _settle(
    screen: Screen, access: Access, sequences: list[int], settle: Settle, done: str, *, as_json: bool
) -> None:
    chosen = [await dead_letter(access, each) for each in sequences] or await dead_letters(access)
    told = []
    for letter in chosen:
        noted = await settle(access, letter)
        told.append({**letter.told(), "done": done, "noted": noted})
        if not as_json:
            screen.out.print(f"{letter.sequence} {done}: {letter.type} for {letter.consumer}", markup=False)
        if not noted:
            screen.fail("The notifier's database does not answer: `deadLetters` still shows it as waiting.")
    if as_json:
        _print(told)


def _print(told: Any) -> None:
    print(json.dumps(told, ensure_ascii=False))  # noqa: T201  # the output is for programs too


def _table(letters: list[DeadLetter]) -> Table:
    table = Table("number", "since", "given up by", "message", "error", title=f"{len(letters)} dead letters")
    for letter in letters:
        since = letter.stored_at.strftime("%Y-%m-%d %H:%M:%S")
        table.add_row(str(letter.sequence), since, letter.consumer, letter.type, letter.error)
    return table
