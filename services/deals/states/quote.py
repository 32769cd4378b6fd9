"""The life of a quote, of the saga that its acceptance starts, and of a request for a supplier's quote."""

from enum import StrEnum

from services.deals.errors import QuoteNotReachable, RequestNotReachable


class QuoteStatus(StrEnum):
    """Where a version of an offer is in its life."""

    DRAFT = "DRAFT"
    SENT = "SENT"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    EXPIRED = "EXPIRED"
    SUPERSEDED = "SUPERSEDED"
    WITHDRAWN = "WITHDRAWN"


_Q = QuoteStatus
FOLLOWING: dict[QuoteStatus, frozenset[QuoteStatus]] = {
    _Q.DRAFT: frozenset({_Q.SENT, _Q.WITHDRAWN}),
    _Q.SENT: frozenset({_Q.ACCEPTED, _Q.REFUSED, _Q.EXPIRED, _Q.SUPERSEDED, _Q.WITHDRAWN}),
    _Q.ACCEPTED: frozenset(),
    _Q.REFUSED: frozenset({_Q.SUPERSEDED}),
    _Q.EXPIRED: frozenset({_Q.SUPERSEDED}),
    _Q.SUPERSEDED: frozenset(),
    _Q.WITHDRAWN: frozenset(),
}
REVISABLE = frozenset({_Q.SENT, _Q.REFUSED, _Q.EXPIRED})
"""What a new version may be made of."""


def follow(current: QuoteStatus, wanted: QuoteStatus) -> QuoteStatus:
    """The wanted status, if it may follow the current one. Raises QuoteNotReachable."""
    if wanted not in FOLLOWING[current]:
        raise QuoteNotReachable(current, wanted, sorted(FOLLOWING[current]))
    return wanted


class AcceptanceStatus(StrEnum):
    """Where the saga of an acceptance is."""

    STARTED = "STARTED"
    COMPLETED = "COMPLETED"
    COMPENSATED = "COMPENSATED"


def honoured(current: AcceptanceStatus, *, attempt: int, told_of: int) -> AcceptanceStatus:
    """After contacts made the client: an answer to an earlier attempt, or one that came before, changes nothing."""
    waits = current is AcceptanceStatus.STARTED and attempt == told_of
    return AcceptanceStatus.COMPLETED if waits else current


def refused(current: AcceptanceStatus, *, attempt: int, told_of: int) -> AcceptanceStatus:
    """After contacts refused: what was done is to be taken back, once."""
    waits = current is AcceptanceStatus.STARTED and attempt == told_of
    return AcceptanceStatus.COMPENSATED if waits else current


class RequestStatus(StrEnum):
    """Where a request for a supplier's quote is in its life."""

    DRAFT = "DRAFT"
    SENT = "SENT"
    ANSWERED = "ANSWERED"
    DECLINED = "DECLINED"
    RETAINED = "RETAINED"
    DISCARDED = "DISCARDED"
    CANCELLED = "CANCELLED"


_R = RequestStatus
REQUEST_FOLLOWING: dict[RequestStatus, frozenset[RequestStatus]] = {
    _R.DRAFT: frozenset({_R.SENT, _R.CANCELLED}),
    _R.SENT: frozenset({_R.ANSWERED, _R.DECLINED, _R.CANCELLED}),
    _R.ANSWERED: frozenset({_R.ANSWERED, _R.RETAINED, _R.DISCARDED, _R.CANCELLED}),
    _R.DECLINED: frozenset({_R.ANSWERED}),
    _R.RETAINED: frozenset(),
    _R.DISCARDED: frozenset({_R.RETAINED}),
    _R.CANCELLED: frozenset(),
}


def follow_request(current: RequestStatus, wanted: RequestStatus) -> RequestStatus:
    """The wanted status, if it may follow the current one. Raises RequestNotReachable."""
    if wanted not in REQUEST_FOLLOWING[current]:
        raise RequestNotReachable(current, wanted, sorted(REQUEST_FOLLOWING[current]))
    return wanted
