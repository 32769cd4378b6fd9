"""How often a collaborator is told of something. Pure: asked when a mail is queued, and when preferences are read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.notifier.audience import Reason
from services.notifier.model import Category

ANY = "*"
"""Stands for every reason that has no choice of its own."""


class Channel(StrEnum):
    """Where one is told."""

    EMAIL = "EMAIL"
    INBOX = "INBOX"


class Cadence(StrEnum):
    """How often, the most eager first."""

    IMMEDIATE = "IMMEDIATE"
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    NEVER = "NEVER"


class Source(StrEnum):
    """Who says so."""

    OWN = "OWN"
    ORGANIZATION = "ORGANIZATION"
    BUILT_IN = "BUILT_IN"


@dataclass(frozen=True)
class Choice:
    """What somebody said of a category, a channel and a reason (or ANY); an organization's default is not `own`."""

    own: bool
    category: Category
    channel: Channel
    reason: str
    cadence: Cadence


@dataclass(frozen=True)
class Effective:
    """What holds, and why."""

    cadence: Cadence
    source: Source


AT_ONCE = Effective(Cadence.IMMEDIATE, Source.BUILT_IN)

REASONS: dict[Category, tuple[Reason, ...]] = {
    Category.EVENTS: (
        *(Reason.MENTIONED, Reason.NAMED, Reason.DEPARTMENT, Reason.ATTENDEE, Reason.ASSIGNEE, Reason.OWNER),
        *(Reason.RELATIONSHIP_MANAGER, Reason.FOLLOWER, Reason.REMOVED, Reason.AUTHOR),
    ),
    Category.COMMENTS: (Reason.MENTIONED, Reason.OWNER, Reason.FOLLOWER),
    Category.ALERTS: (*(Reason.ESCALATED, Reason.ADDRESSEE, Reason.OWNER, Reason.RELATIONSHIP_MANAGER, Reason.ADMIN),),
    Category.QUOTES: (Reason.OWNER, Reason.FOLLOWER, Reason.AUTHOR),
    Category.PUBLICATIONS: (Reason.READER,),
    Category.CRITICAL: (),
}
"""For which reasons one can be told of a category."""


def effective(choices: Iterable[Choice], category: Category, channel: Channel, reason: str) -> Effective:
    """One's own choice for the reason, one's own for any, then the organization's alike, else at once."""
    if category is Category.CRITICAL:
        return AT_ONCE
    said = {
        (each.own, each.reason): each.cadence
        for each in choices
        if each.category is category and each.channel is channel
    }
    for own in (True, False):
        for wanted in (reason, ANY):
            if (cadence := said.get((own, wanted))) is not None:
                return Effective(cadence, Source.OWN if own else Source.ORGANIZATION)
    return AT_ONCE


def for_reasons(choices: Sequence[Choice], category: Category, channel: Channel, reasons: Iterable[str]) -> Effective:
    """Whoever has several reasons is told as the most eager of them wants."""
    found = [effective(choices, category, channel, reason) for reason in reasons]
    found = found or [effective(choices, category, channel, ANY)]
    return min(found, key=lambda each: list(Cadence).index(each.cadence))
