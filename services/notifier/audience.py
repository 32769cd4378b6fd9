"""Who is concerned by an event or an alert, and why. Pure: the one place where this is decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Reason(StrEnum):
    """Why a collaborator is told, in the order in which a mail says it."""

    NAMED = "NAMED"
    MENTIONED = "MENTIONED"
    ASSIGNEE = "ASSIGNEE"
    ADDRESSEE = "ADDRESSEE"
    ESCALATED = "ESCALATED"
    OWNER = "OWNER"
    RELATIONSHIP_MANAGER = "RELATIONSHIP_MANAGER"
    FOLLOWER = "FOLLOWER"
    ADMIN = "ADMIN"
    REMOVED = "REMOVED"
    AUTHOR = "AUTHOR"
    READER = "READER"
    INVITED = "INVITED"
    SIGNING_IN = "SIGNING_IN"
    TESTING = "TESTING"


@dataclass(frozen=True)
class Concerned:
    """A collaborator who is to be told, once, with every reason."""

    collaborator: UUID
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Ties:
    """How collaborators are tied to the deal and contact that a message is about."""

    owner: UUID | None = None
    relationship_manager: UUID | None = None
    followers: tuple[UUID, ...] = ()


def of_event(
    author: UUID | None, writer: UUID | None, named: Iterable[UUID], assignee: UUID | None, ties: Ties
) -> tuple[Concerned, ...]:
    """Everyone named on the event or tied to its deal or contact, and its author; not who wrote this revision."""
    ties_of = [
        *((Reason.NAMED, who) for who in named),
        (Reason.ASSIGNEE, assignee),
        (Reason.OWNER, ties.owner),
        (Reason.RELATIONSHIP_MANAGER, ties.relationship_manager),
        *((Reason.FOLLOWER, who) for who in ties.followers),
        (Reason.AUTHOR, author),
    ]
    return _once_each((reason, who) for reason, who in ties_of if who is not None and who != writer)


def of_quote(sender: UUID | None, writer: UUID | None, ties: Ties) -> tuple[Concerned, ...]:
    """Who is told what became of a quote: who sent it, the deal's owner and followers; not who wrote it down."""
    ties_of = [
        (Reason.AUTHOR, sender),
        (Reason.OWNER, ties.owner),
        *((Reason.FOLLOWER, who) for who in ties.followers),
    ]
    return _once_each((reason, who) for reason, who in ties_of if who is not None and who != writer)


def of_comment(author: UUID | None, mentioned: Iterable[UUID], ties: Ties, *, edited: bool) -> tuple[Concerned, ...]:
    """Whom a comment names, and the deal's owner and followers; of an edited one, only whom it names anew."""
    around = [] if edited else [(Reason.OWNER, ties.owner), *((Reason.FOLLOWER, who) for who in ties.followers)]
    ties_of = [*((Reason.MENTIONED, who) for who in mentioned), *around]
    return _once_each((reason, who) for reason, who in ties_of if who is not None and who != author)


def of_alert(
    addressees: Iterable[UUID], ties: Ties, admins: Iterable[UUID], *, escalated: bool = False
) -> tuple[Concerned, ...]:
    """Whoever should take charge: the addressees, else the owner, else the relationship manager, else the admins."""
    steps = (
        (Reason.ADDRESSEE, tuple(addressees)),
        (Reason.OWNER, _present(ties.owner)),
        (Reason.RELATIONSHIP_MANAGER, _present(ties.relationship_manager)),
        (Reason.ADMIN, tuple(admins)),
    )
    reason, whom = next(((reason, whom) for reason, whom in steps if whom), (Reason.ADMIN, ()))
    also = [(step, who) for step, people in steps if step is not Reason.ADMIN for who in people if who in whom]
    why = [(Reason.ESCALATED, who) for who in whom] if escalated else []
    return _once_each([*((reason, who) for who in whom), *also, *why])


def _present(who: UUID | None) -> tuple[UUID, ...]:
    return () if who is None else (who,)


def _once_each(ties: Iterable[tuple[Reason, UUID]]) -> tuple[Concerned, ...]:
    reasons: dict[UUID, list[Reason]] = {}
    for reason, who in ties:
        known = reasons.setdefault(who, [])
        if reason not in known:
            known.append(reason)
    return tuple(Concerned(who, tuple(sorted(known, key=list(Reason).index))) for who, known in reasons.items())
