"""Keeping dead letters, sending them again, discarding them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from chassis.dead_letters import KEPT, DeadLetter, Undecodable, message_of, publish_again
from chassis.errors import NotFound, VersionConflict, WrongState
from chassis.identifiers import format_id, new_id, parse_id
from chassis.messages import AGGREGATE, SENDER
from chassis.redaction import redact_message
from chassis.wake import notify
from services.notifier import events
from services.notifier.dead_letters.errors import DeadLetterTooOld
from services.notifier.dead_letters.model import DeadLetterRow, DeadLetterState
from services.notifier.model import OUTBOX

SETTLED = "dead_letter_settled"
"""The channel that wakes whoever takes them off the stream."""
_NEVER_WRITTEN = "0"


async def keep(work: UnitOfWork, letter: DeadLetter) -> None:
    """Note a dead letter, or that one died again: it waits once more. An older death changes nothing."""
    headers = letter.headers
    told = {
        "sender": letter.sender,
        "type": letter.type,
        "subject": letter.subject,
        "aggregate": headers.get(AGGREGATE, ""),
        "error": letter.error,
        "headers": headers,
        "payload": letter.payload,
        "written_at": _written_at(letter),
        "died_at": letter.stored_at,
        "sequence": letter.sequence,
        "leaves_stream": False,
        "state": DeadLetterState.WAITING.value,
        "settled_at": None,
        "settled_by_id": None,
    }
    key = {"organization_id": work.organization, "consumer": letter.consumer, "message_id": _message_id(letter)}
    statement = insert(DeadLetterRow).values(id=new_id(), deaths=1, version=1, **key, **told)
    again = {"deaths": DeadLetterRow.deaths + 1, "version": DeadLetterRow.version + 1}
    later = DeadLetterRow.died_at < statement.excluded.died_at
    await work.session.execute(
        statement.on_conflict_do_update(constraint="dead_letter_once", set_={**told, **again}, where=later)
    )


def _message_id(letter: DeadLetter) -> str:
    place = f"{letter.headers.get('liant-stream', '')}-{letter.headers.get('liant-sequence', _NEVER_WRITTEN)}"
    return letter.headers.get("ce-id") or place


def _written_at(letter: DeadLetter) -> datetime:
    try:
        told = datetime.fromisoformat(letter.headers.get("ce-time", ""))
    except ValueError:
        return letter.stored_at
    return told if told.tzinfo else letter.stored_at


async def replay(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Have its sender publish it again. Raises NotFound, VersionConflict, WrongState, DeadLetterTooOld."""
    row = await _changed(work, id, expected)
    if row.state == DeadLetterState.REPLAYED.value:
        raise WrongState("It was sent again already; should it be given up again, it waits here once more.", "id")
    message = _id_in_outbox(row)
    if message is None or row.written_at < work.now - KEPT:
        raise DeadLetterTooOld(row.sequence)
    await _settle(work, row, DeadLetterState.REPLAYED)
    if row.sender == "notifier":
        await publish_again(work, OUTBOX, message)
    else:
        sender = row.headers.get(SENDER)
        recipient = parse_id("organization", sender) if sender else None
        await work.emit(events.dead_letter_replayed(row, recipient))
    return id


async def discard(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Nothing is to be done about it. Raises NotFound, VersionConflict, WrongState."""
    row = await _changed(work, id, expected)
    if row.state != DeadLetterState.WAITING.value:
        raise WrongState("Only a dead letter that waits can be discarded.", "id")
    await _settle(work, row, DeadLetterState.DISCARDED)
    return id


def _id_in_outbox(row: DeadLetterRow) -> UUID | None:
    """Under which its sender keeps it; None where none of the services wrote it."""
    try:
        return UUID(row.message_id) if row.sender else None
    except ValueError:  # no message of ours: kept by its place in the stream
        return None


async def _settle(work: UnitOfWork, row: DeadLetterRow, state: DeadLetterState) -> None:
    row.state, row.leaves_stream = state.value, True
    row.settled_at, row.settled_by_id = work.now, work.actor.collaborator
    row.version += 1
    await notify(work.session, SETTLED)


async def _changed(work: UnitOfWork, id: UUID, expected: int | None) -> DeadLetterRow:
    row = await work.session.get(DeadLetterRow, id, with_for_update=True)
    if row is None:
        raise NotFound("dead_letter", id)
    if expected is not None and expected != row.version:
        raise VersionConflict(expected, row.version)
    return row


def naming(contacts: Sequence[UUID], identifiers: Sequence[str]) -> ColumnElement[bool]:
    """Dead letters that tell of these contacts, or name somebody."""
    payload = func.encode(DeadLetterRow.payload, "hex")
    words = [*(format_id("contact", each) for each in contacts), *(each for each in identifiers if len(each) > 2)]
    return or_(*(func.strpos(payload, word.encode().hex()) > 0 for word in words))


async def redact(work: UnitOfWork, contacts: Sequence[UUID], identifiers: Sequence[str], expression: str) -> None:
    """Take somebody out of what was kept, and off the broker's stream; what cannot be read is deleted."""
    if not (contacts or identifiers):
        return
    columns = DeadLetterRow.id, DeadLetterRow.type, DeadLetterRow.payload
    for row in (await work.session.execute(select(*columns).where(naming(contacts, identifiers)))).all():
        mine = DeadLetterRow.id == row.id
        try:
            message = message_of(row.type, row.payload)
        except Undecodable:
            await work.session.execute(delete(DeadLetterRow).where(mine))
            continue
        redact_message(message, expression)
        changes = {"payload": message.SerializeToString(), "leaves_stream": True}
        await work.session.execute(update(DeadLetterRow).where(mine).values(changes))
    await notify(work.session, SETTLED)
