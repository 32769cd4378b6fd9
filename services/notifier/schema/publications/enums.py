"""Enums of publications."""

from chassis.graphql.enums import described
from services.notifier.publications.model import PublicationCategory, PublicationKind, PublicationStatus, Whom

__all__ = ["PublicationCategory", "PublicationKind", "PublicationStatus", "Whom"]

described(
    PublicationKind,
    "What a publication is.",
    NEWS="For colleagues, and for organizations that follow yours: in the feed, and by e-mail if you wish.",
    CAMPAIGN="Mails to groups of contacts.",
)
described(
    PublicationStatus,
    "Where a publication is.",
    DRAFT="Being written.",
    SCHEDULED="Appears at its moment.",
    PUBLISHED="Read by those whom it is for.",
    WITHDRAWN="Taken out of feeds; its page says so.",
)
described(
    PublicationCategory,
    "What a contact can unsubscribe from.",
    NEWS="What happens in the firm.",
    OFFERS="What it offers.",
    EVENTS="What it invites to.",
    SURVEYS="What it asks.",
)
described(
    Whom,
    "Which readers a round of mails is for.",
    name="PublicationRoundAudience",
    ALL="Everybody: the first one.",
    UNREAD="Those who have not read it.",
    UNANSWERED="Those who have not answered.",
)
