"""The domain's enums as those of the schema, under names that say whose they are."""

from chassis.graphql.enums import described
from services.notifier.audience import Reason
from services.notifier.digests.model import DigestKind
from services.notifier.inbox.model import InboxState
from services.notifier.model import Category, Status, Verdict
from services.notifier.preferences.cadence import Cadence
from services.notifier.preferences.cadence import Channel as TellingChannel
from services.notifier.preferences.cadence import Source as PreferenceSource

__all__ = [
    "Cadence",
    "Category",
    "DigestKind",
    "InboxState",
    "PreferenceSource",
    "Reason",
    "Status",
    "TellingChannel",
    "Verdict",
]

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
    AWAITING_DIGEST="Will be told in the next digest: see `digest`.",
    IN_DIGEST="Told by a digest: see `digest`.",
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
    MENTIONED="Mentioned in the text.",
    NAMED="Named on the event.",
    DEPARTMENT="Of a department that the event concerns.",
    ATTENDEE="Invited to the appointment.",
    ESCALATED="Nobody took charge of the alert in time: it went to them.",
    ASSIGNEE="The event's task is theirs.",
    ADDRESSEE="The alert is addressed to them.",
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
    "What a collaborator can choose about, CRITICAL excepted.",
    name="NotificationCategory",
    COMMENTS="Comments that mention you, or on deals that you own or follow.",
    CRITICAL="Signing in, urgent instructions to you, endpoints that failed: always told, at once.",
    EVENTS="Notes, appointments and instructions.",
    ALERTS="Alerts about the upkeep of deals and contacts.",
    PUBLICATIONS="What your organization, and those that it follows, publish.",
    QUOTES="What became of the quotes of deals that you own, follow, or sent.",
)
described(
    TellingChannel,
    "Where one is told.",
    name="NotificationChannel",
    EMAIL="By e-mail.",
    INBOX="In the inbox, `inbox`.",
)
described(
    Cadence,
    "How often one is told.",
    name="NotificationCadence",
    IMMEDIATE="At once, or when your quiet hours end.",
    DAILY="In a mail a day.",
    WEEKLY="In a mail a week.",
    NEVER="Not at all.",
)
described(
    PreferenceSource,
    "Who says so.",
    name="NotificationSource",
    OWN="You.",
    ORGANIZATION="An administrator, for everybody who does not say.",
    BUILT_IN="Nobody said anything.",
)
described(
    DigestKind,
    "Why deliveries wait for one another.",
    DAILY="You chose a mail a day.",
    WEEKLY="You chose a mail a week.",
    BURST="There were too many at once.",
)
described(
    InboxState,
    "What you have done with an item.",
    UNREAD="Nothing yet.",
    READ="You have read it, or opened its mail's link.",
    DONE="You are done with it, or it waits for nobody any more.",
)
