"""What a delivery is about, where it stands, and how an attempt ended."""

from enum import StrEnum

DELIVERIES = "delivery"  # the channel that wakes senders


class CauseKind(StrEnum):
    """What a mail is about."""

    EVENT = "event"
    ALERT = "alert"
    INVITATION = "invitation"
    SIGN_IN = "sign_in"
    QUOTE = "quote"
    QUOTE_ANSWERED = "quote_answered"
    QUOTE_REQUEST = "quote_request"
    MESSAGE = "deal_message"
    INVITATION_ANSWERED = "invitation_answered"
    APPOINTMENT = "appointment"  # as contacts who are invited are told of it
    WEBHOOK = "message"
    WEBHOOK_DISABLED = "webhook"
    PUBLICATION = "publication"
    PUBLICATION_TEST = "publication_test"
    TEST = "probe"  # of whoever runs the system; an affair of no collaborator
    COMMENT = "comment"
    DIGEST = "digest"

    @property
    def thing(self) -> str:
        """The kind of the id that it is about."""
        return _THINGS.get(self.value, self.value)


_THINGS = {"quote_answered": "quote", "deal_message": "message", "appointment": "event", "invitation_answered": "event"}


class Category(StrEnum):
    """What a collaborator can unsubscribe from, CRITICAL excepted."""

    EVENTS = "EVENTS"
    ALERTS = "ALERTS"
    QUOTES = "QUOTES"
    PUBLICATIONS = "PUBLICATIONS"
    COMMENTS = "COMMENTS"
    CRITICAL = "CRITICAL"


class Queue(StrEnum):
    """Mails to colleagues, mails to the world outside, messages to programs: none waits for the others."""

    INTERNAL = "INTERNAL"
    EXTERNAL = "EXTERNAL"
    WEBHOOK = "WEBHOOK"


class Status(StrEnum):
    """Where a delivery is; every one that is not SENT has its reason in `detail`."""

    QUEUED = "QUEUED"
    SENDING = "SENDING"
    SENT = "SENT"
    DEFERRED = "DEFERRED"
    BOUNCED = "BOUNCED"
    REJECTED = "REJECTED"
    SUPPRESSED = "SUPPRESSED"
    SKIPPED = "SKIPPED"
    UNKNOWN = "UNKNOWN"
    AWAITING_DIGEST = "AWAITING_DIGEST"
    IN_DIGEST = "IN_DIGEST"


class Verdict(StrEnum):
    """What became of one attempt."""

    ACCEPTED = "ACCEPTED"  # the relay answered 250 to the message
    DEFERRED = "DEFERRED"  # 4xx for this mail
    REFUSED = "REFUSED"  # 5xx for this mail
    UNREACHABLE = "UNREACHABLE"  # the relay takes no mail at all now; nothing was sent
    UNKNOWN = "UNKNOWN"  # the connection, or the worker, ended within DATA; the relay may have taken it


WAITING = (Status.QUEUED, Status.SENDING, Status.DEFERRED, Status.UNKNOWN)
