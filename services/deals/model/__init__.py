"""Tables and invariants of the deals service."""

from services.deals.model.alert_settings import AlertCalendar, AlertExclusion, AlertSetting, Closure
from services.deals.model.alerts import Alert
from services.deals.model.appointments import Attendee, MovedOccurrence
from services.deals.model.base import IDEMPOTENCY, INBOX, OUTBOX, Base
from services.deals.model.billing import Contract, Invoice, InvoiceLine, Payment, QuoteRequest
from services.deals.model.comments import Comment, CommentRevision
from services.deals.model.copies import Account, Collaborator, Contact, Duplicate, Interlocutor, Organization
from services.deals.model.custom_fields import CustomField, DealCustomValue
from services.deals.model.deals import Deal, Follower, Participant
from services.deals.model.events import Concerned, Event, Task
from services.deals.model.following import FollowRule, Unfollowed
from services.deals.model.groups import GROUPS
from services.deals.model.history import Notification, TimelineEntry
from services.deals.model.lines import DealLine, PricedLine, Product
from services.deals.model.looks import AlertCue, AlertLook, AlertTurn
from services.deals.model.merges import MergeMove
from services.deals.model.messages import Message, MessageRecipient
from services.deals.model.papers import ClosePush, Document
from services.deals.model.pipelines import COLOR, SPANCO, SPANCO_NAME, Pipeline, Stage, StageVisit
from services.deals.model.quotes import (
    Acceptance,
    Letterhead,
    PaperCounter,
    Quote,
    QuoteAnswer,
    QuoteLine,
    QuoteLink,
    QuotePaper,
)
from services.deals.model.teams import FollowerTeam, Team, TeamMember
from services.deals.model.upkeep import AddressBounce, HealthDay

__all__ = [
    "COLOR",
    "GROUPS",
    "IDEMPOTENCY",
    "INBOX",
    "OUTBOX",
    "SPANCO",
    "SPANCO_NAME",
    "Acceptance",
    "Account",
    "AddressBounce",
    "Alert",
    "AlertCalendar",
    "AlertCue",
    "AlertExclusion",
    "AlertLook",
    "AlertSetting",
    "AlertTurn",
    "Attendee",
    "Base",
    "ClosePush",
    "Closure",
    "Collaborator",
    "Comment",
    "CommentRevision",
    "Concerned",
    "Contact",
    "Contract",
    "CustomField",
    "Deal",
    "DealCustomValue",
    "DealLine",
    "Document",
    "Duplicate",
    "Event",
    "FollowRule",
    "Follower",
    "FollowerTeam",
    "HealthDay",
    "Interlocutor",
    "Invoice",
    "InvoiceLine",
    "Letterhead",
    "MergeMove",
    "Message",
    "MessageRecipient",
    "MovedOccurrence",
    "Notification",
    "Organization",
    "PaperCounter",
    "Participant",
    "Payment",
    "Pipeline",
    "PricedLine",
    "Product",
    "Quote",
    "QuoteAnswer",
    "QuoteLine",
    "QuoteLink",
    "QuotePaper",
    "QuoteRequest",
    "Stage",
    "StageVisit",
    "Task",
    "Team",
    "TeamMember",
    "TimelineEntry",
    "Unfollowed",
]
