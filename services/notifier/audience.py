"""Who is concerned by a message, and why. Pure: the one place where this is decided."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Reason(StrEnum):
    """Why a collaborator is told, in the order in which a mail says it."""

    MENTIONED = "MENTIONED"
    NAMED = "NAMED"
    DEPARTMENT = "DEPARTMENT"
    ATTENDEE = "ATTENDEE"
    ASSIGNEE = "ASSIGNEE"
    ESCALATED = "ESCALATED"
    ADDRESSEE = "ADDRESSEE"
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


Tie = tuple[Reason, UUID | None]


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

    def reasons(self) -> list[Tie]:
        """Each tie."""
        managers = [(Reason.OWNER, self.owner), (Reason.RELATIONSHIP_MANAGER, self.relationship_manager)]
        return [*managers, *((Reason.FOLLOWER, who) for who in self.followers)]


@dataclass(frozen=True)
class People:
    """Whom an event itself speaks of. `named` are all of them but the assignee, `department` those of a department."""

    named: Collection[UUID] = ()
    department: Collection[UUID] = ()
    attendees: Collection[UUID] = ()
    mentioned: Collection[UUID] = ()
    assignee: UUID | None = None

    def reasons(self) -> list[Tie]:
        """Each tie; NAMED only where nothing says more of how somebody came on the event."""
        known = {*self.department, *self.attendees, *self.mentioned}
        return [
            *((Reason.MENTIONED, who) for who in self.mentioned),
            *((Reason.NAMED, who) for who in self.named if who not in known),
            *((Reason.DEPARTMENT, who) for who in self.department),
            *((Reason.ATTENDEE, who) for who in self.attendees),
            (Reason.ASSIGNEE, self.assignee),
        ]


def of_event(author: UUID | None, writer: UUID | None, people: People, ties: Ties) -> tuple[Concerned, ...]:
    """Everyone on the event or tied to its deal or contact, and its author; not who wrote this revision."""
    return _once_each([*people.reasons(), *ties.reasons(), (Reason.AUTHOR, author)], writer)


def of_comment(author: UUID | None, mentioned: Iterable[UUID], ties: Ties, *, edited: bool) -> tuple[Concerned, ...]:
    """Whoever it mentions, the deal's owner and followers; of an edited one, those whom it did not name before."""
    tied = [] if edited else [tie for tie in ties.reasons() if tie[0] is not Reason.RELATIONSHIP_MANAGER]
    return _once_each([*((Reason.MENTIONED, who) for who in mentioned), *tied], author)


def of_quote(sender: UUID | None, writer: UUID | None, ties: Ties) -> tuple[Concerned, ...]:
    """Who is told what became of a quote: who sent it, the deal's owner and followers; not who wrote it down."""
    tied = [tie for tie in ties.reasons() if tie[0] is not Reason.RELATIONSHIP_MANAGER]
    return _once_each([(Reason.AUTHOR, sender), *tied], writer)


def of_attendance(author: UUID | None, writer: UUID | None) -> tuple[Concerned, ...]:
    """Who is told who comes to an appointment: who planned it; not who wrote the answer down."""
    return _once_each([(Reason.AUTHOR, author)], writer)


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
    handed = [(Reason.ESCALATED, who) for who in whom] if escalated else []
    return _once_each([*handed, *((reason, who) for who in whom), *also])


def _present(who: UUID | None) -> tuple[UUID, ...]:
    return () if who is None else (who,)


def _once_each(ties: Iterable[Tie], writer: UUID | None = None) -> tuple[Concerned, ...]:
    reasons: dict[UUID, list[Reason]] = {}
    for reason, who in ties:
        if who is None or who == writer:
            continue
        known = reasons.setdefault(who, [])
        if reason not in known:
            known.append(reason)
    return tuple(Concerned(who, tuple(sorted(known, key=list(Reason).index))) for who, known in reasons.items())
