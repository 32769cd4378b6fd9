"""Tables of the notifier: copies of others' data, causes, deliveries with their attempts, links, preferences."""

from services.notifier.model.base import IDEMPOTENCY, INBOX, OUTBOX, NotifierBase
from services.notifier.model.copies import (
    GROUPS,
    Account,
    Collaborator,
    Contact,
    Interlocutor,
    MergeMove,
    Organization,
    Team,
)
from services.notifier.model.deliveries import Attempt, Cause, Delivery, Link, Pace
from services.notifier.model.kinds import DELIVERIES, WAITING, Category, CauseKind, Queue, Status, Verdict
from services.notifier.model.suppressions import Suppression, SuppressionReason

__all__ = [
    "DELIVERIES",
    "GROUPS",
    "IDEMPOTENCY",
    "INBOX",
    "OUTBOX",
    "WAITING",
    "Account",
    "Attempt",
    "Category",
    "Cause",
    "CauseKind",
    "Collaborator",
    "Contact",
    "Delivery",
    "Interlocutor",
    "Link",
    "MergeMove",
    "NotifierBase",
    "Organization",
    "Pace",
    "Queue",
    "Status",
    "Suppression",
    "SuppressionReason",
    "Team",
    "Verdict",
]
