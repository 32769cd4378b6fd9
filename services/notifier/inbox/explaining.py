"""Why somebody was told of something, or was not."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, select

from chassis.database import ReadSession
from chassis.errors import InvalidInput
from chassis.identifiers import format_id, kind_of, parse_id
from proto.deals.v1.messages_pb2 import Comment, Event
from services.notifier import queries
from services.notifier.inbox.model import InboxItem
from services.notifier.model import WAITING, Cause, CauseKind, Delivery, Status

_KINDS = {
    "event": (CauseKind.EVENT, CauseKind.INVITATION_ANSWERED),
    "alert": (CauseKind.ALERT,),
    "comment": (CauseKind.COMMENT,),
    "quote": (CauseKind.QUOTE_ANSWERED,),
    "publication": (CauseKind.PUBLICATION,),
}
"""As what a thing is told to collaborators."""
_TOLD_BY_ANOTHER = ("FOLDED", "SUPERSEDED")


class Outcome(StrEnum):
    """What became of telling somebody of something."""

    TOLD = "TOLD"
    WAITING = "WAITING"
    NOT_TOLD = "NOT_TOLD"
    AUTHOR = "AUTHOR"
    NOT_CONCERNED = "NOT_CONCERNED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class Explanation:
    """`because`: why it was not mailed."""

    outcome: Outcome
    because: str | None = None
    reasons: tuple[str, ...] = ()
    deliveries: Sequence[Row[Any]] = ()
    in_inbox: bool = False


async def explanation(read: ReadSession, subject: str, whom: UUID) -> Explanation:
    """Read it from what is on record. Raises InvalidInput, InvalidId."""
    name = kind_of(subject)
    kinds = [kind.value for kind in _KINDS.get(name, ())]
    if not kinds:
        raise InvalidInput("subjectId", f"Nobody is told of a {name}: ask of one of {', '.join(_KINDS)}.")
    id = parse_id(name, subject)
    same = (Delivery.cause_kind.in_(kinds), Delivery.cause_id == id, Delivery.collaborator_id == whom)
    rows = await read.rows(queries.deliveries().where(*same).order_by(Delivery.created_at, Delivery.id))
    boxed = exists().where(InboxItem.cause_kind.in_(kinds), InboxItem.cause_id == id, InboxItem.collaborator_id == whom)
    in_inbox = bool(await read.scalar(select(boxed)))
    if rows:
        reasons = tuple(dict.fromkeys(reason for row in rows for reason in row.reasons))
        return Explanation(*_became(rows), reasons, rows, in_inbox)
    return Explanation(await _untold(read, _KINDS[name][0], id, whom))


def _became(rows: Sequence[Row[Any]]) -> tuple[Outcome, str | None]:
    """What the newest says counts; a revision that another one stands for is told by that, whichever came first."""
    last = next((row for row in reversed(rows) if not (row.detail or "").startswith(_TOLD_BY_ANOTHER)), rows[-1])
    status = Status(last.status)
    if status in (*WAITING, Status.AWAITING_DIGEST):
        return Outcome.WAITING, last.detail
    if status in (Status.SENT, Status.IN_DIGEST):
        return Outcome.TOLD, None
    return Outcome.NOT_TOLD, last.detail


async def _untold(read: ReadSession, kind: CauseKind, id: UUID, whom: UUID) -> Outcome:
    same = (Cause.kind == kind.value, Cause.id == id)
    contents = await read.scalars(select(Cause.content).where(*same).order_by(Cause.revision))
    if not contents:
        return Outcome.UNKNOWN
    writers = {writer for content in contents for writer in _writers(kind, content)}
    return Outcome.AUTHOR if format_id("collaborator", whom) in writers else Outcome.NOT_CONCERNED


def _writers(kind: CauseKind, content: bytes) -> list[str]:
    if kind is CauseKind.EVENT:
        event = Event.FromString(content)
        return [event.author_id, event.actor_id]
    return [Comment.FromString(content).author_id] if kind is CauseKind.COMMENT else []
