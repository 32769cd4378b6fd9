"""The domain's enums as those of the schema, under names that say whose they are."""

from chassis.graphql.enums import described
from services.notifier.audience import Reason
from services.notifier.model import Category, Status, Verdict

__all__ = ["Category", "Reason", "Status", "Verdict"]

described(
    Status,
    "Where a delivery is.",
    name="DeliveryStatus",
    QUEUED="Waits for a sender, or for the relay to be back.",
    SENDING="Within an attempt.",
    SENT="The relay took it.",
    DEFERRED="The relay asked for another try later.",
    BOUNCED="Given up after every try.",
    REJECTED="Refused for good by the relay, or an address that no mail can be sent to.",
    SUPPRESSED="Not sent: the address refused mail lately.",
    SKIPPED="Not sent: see `notSentBecause`.",
    UNKNOWN="The connection broke while the relay took it; tried again under the same Message-ID.",
)
described(
    Verdict,
    "What became of an attempt.",
    name="DeliveryVerdict",
    ACCEPTED="The relay took the mail.",
    DEFERRED="The relay asked for another try later.",
    REFUSED="The relay refuses this mail.",
    UNREACHABLE="The relay takes no mail at all now; nothing was sent.",
    UNKNOWN="The connection, or the worker, ended while the relay took it.",
)
described(
    Reason,
    "Why a collaborator is told.",
    name="DeliveryReason",
    NAMED="Named on the event.",
    ASSIGNEE="The event's task is theirs.",
    MENTIONED="Named in the comment.",
    ADDRESSEE="The alert is addressed to them.",
    ESCALATED="Nobody took charge of the alert in time.",
    OWNER="Owner of the deal.",
    RELATIONSHIP_MANAGER="In charge of the relation with the contact or account.",
    FOLLOWER="Follows the deal.",
    ADMIN="Administrator, where nobody else is in charge.",
    REMOVED="Was concerned before a change of the appointment.",
    AUTHOR="Wrote the event that somebody else changed.",
    READER="The publication is addressed to them.",
    INVITED="Is asked to become a collaborator.",
    SIGNING_IN="Gave their address to sign in.",
    TESTING="Whoever runs the system sent a test to the address.",
)
described(
    Category,
    "What a collaborator can unsubscribe from.",
    name="NotificationCategory",
    EVENTS="Notes, appointments and instructions.",
    ALERTS="Alerts about the upkeep of deals and contacts.",
    PUBLICATIONS="What your organization, and those that it follows, publish.",
    QUOTES="What became of the quotes of deals that you own, follow, or sent.",
    COMMENTS="What colleagues say about deals and events, to you or to all who follow.",
)
