"""The phases of a deal."""

from enum import StrEnum

from services.deals.errors import PhaseNotReachable


class Phase(StrEnum):
    """Where a deal is in its life."""

    LEAD = "LEAD"
    OPPORTUNITY = "OPPORTUNITY"
    SIGNED = "SIGNED"
    DONE = "DONE"
    LOST = "LOST"


OPEN = frozenset({Phase.LEAD, Phase.OPPORTUNITY})
CARRIED = tuple(phase.value for phase in (Phase.LEAD, Phase.OPPORTUNITY, Phase.SIGNED))
"""Of deals that somebody has to look after, as they are kept."""

FOLLOWING: dict[Phase, frozenset[Phase]] = {
    Phase.LEAD: frozenset({Phase.OPPORTUNITY, Phase.LOST}),
    Phase.OPPORTUNITY: frozenset({Phase.SIGNED, Phase.LOST}),
    Phase.SIGNED: frozenset({Phase.DONE, Phase.LOST}),
    Phase.DONE: frozenset(),
    Phase.LOST: frozenset({Phase.OPPORTUNITY}),
}


def follow(current: Phase, wanted: Phase) -> Phase:
    """The wanted phase, if it may follow the current one. Raises PhaseNotReachable."""
    if wanted not in FOLLOWING[current]:
        raise PhaseNotReachable(current, wanted, sorted(FOLLOWING[current]))
    return wanted


def taken_back(current: Phase, before: Phase) -> Phase:
    """What a deal that a quote's acceptance signed becomes when that is undone; one that went on stays.

    A deal that was lost is not lost again: somebody accepted an offer.
    """
    if current is not Phase.SIGNED or before in {Phase.SIGNED, Phase.DONE}:
        return current
    return before if before in OPEN else Phase.OPPORTUNITY
