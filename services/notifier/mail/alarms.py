"""An alert in words, for the rules whose figures are known here: headline, reason, remedies."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Say = Callable[[str], str]
Figures = Mapping[str, str]
Day = Callable[[str], str]


@dataclass(frozen=True)
class Told:
    """What a mail says of an alert."""

    headline: str
    reason: str
    remedies: list[str]


def tell(rule: str, figures: Figures, say: Say, day: Day) -> Told | None:
    """The words of a rule; None for one that is unknown here. `day` writes an ISO 8601 moment as a day."""
    words = _RULES.get(rule)
    return None if words is None else words(figures, say, day)


def _without_next_event(figures: Figures, say: Say, day: Day) -> Told:
    last = day(figures.get("last_event_at", ""))
    since = say("Nothing is planned on this deal, and nothing has happened on it since %(day)s.") % {"day": last}
    never = say("Nothing is planned on this deal, and nothing has happened on it yet.")
    remedies = [say("Plan an appointment"), say("Give an instruction to a colleague")]
    return Told(say("deal without a next event"), since if last else never, remedies)


def _stale(figures: Figures, say: Say, day: Day) -> Told:
    reason = say("No exchange since %(day)s: %(expected)s days are expected at stage “%(stage)s”.") % {
        "day": day(figures.get("last_activity_at", "")),
        "expected": figures.get("expected_days", ""),
        "stage": figures.get("stage", ""),
    }
    remedies = [say("Relaunch the contact"), say("Move back to the previous stage"), say("Close as lost")]
    return Told(say("deal stale in its stage"), reason, remedies)


def _close_date_passed(figures: Figures, say: Say, day: Day) -> Told:
    reason = say("This deal should have been closed on %(day)s.") % {"day": day(figures.get("expected_close", ""))}
    return Told(say("close date passed"), reason, [say("Set a new date"), say("Say that it is won or lost")])


def _close_date_pushed(figures: Figures, say: Say, day: Day) -> Told:
    reason = say("The close date was pushed back %(count)s times at this stage, last on %(day)s.") % {
        "count": figures.get("count", ""),
        "day": day(figures.get("last_push_at", "")),
    }
    return Told(say("close date pushed back"), reason, [say("Requalify with the contact"), say("Close as lost")])


def _without_owner(figures: Figures, say: Say, day: Day) -> Told:
    if owner := figures.get("owner", ""):
        reason = say("The account of %(owner)s, who owns this deal, is disabled.") % {"owner": owner}
    else:
        reason = say("Nobody has owned this deal since %(day)s.") % {"day": day(figures.get("owner_since", ""))}
    return Told(say("deal without an owner"), reason, [say("Take the deal, or assign it")])


def _instruction_overdue(figures: Figures, say: Say, day: Day) -> Told:
    reason = say("The instruction “%(title)s” was due on %(day)s.") % {
        "title": figures.get("title", ""),
        "day": day(figures.get("due_at", "")),
    }
    remedies = [say("Say that it is done"), say("Set a new due date"), say("Reassign it")]
    return Told(say("instruction overdue"), reason, remedies)


_RULES: dict[str, Callable[[Figures, Say, Day], Told]] = {
    "deal_without_next_event": _without_next_event,
    "deal_stale_in_stage": _stale,
    "close_date_passed": _close_date_passed,
    "close_date_pushed": _close_date_pushed,
    "deal_without_owner": _without_owner,
    "instruction_overdue": _instruction_overdue,
}
