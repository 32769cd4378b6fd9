"""The domain's enums, described."""

from enum import StrEnum

from chassis.graphql.enums import described
from services.deals.commands.occurrences import Scope
from services.deals.rules.base import Severity
from services.deals.states.alert import AlertStatus
from services.deals.states.deal import Phase
from services.deals.states.event import EventKind
from services.deals.states.message import MailStatus
from services.deals.states.task import Priority, TaskStatus
from services.deals.values.attendance import Answer
from services.deals.values.following import Because, FollowKind
from services.deals.values.links import DocumentKind
from services.deals.values.messages import Format, Part
from services.deals.values.participants import ParticipantRole
from services.deals.values.stages import Requirement, Strictness

__all__ = [
    "AlertStatus",
    "Answer",
    "Because",
    "DocumentKind",
    "EventKind",
    "FollowKind",
    "Format",
    "MailStatus",
    "Part",
    "ParticipantRole",
    "Phase",
    "Priority",
    "Requirement",
    "Scope",
    "Severity",
    "Strictness",
    "TaskStatus",
    "TimelineKind",
]


class AlertSubjectKind(StrEnum):
    """Values are kinds of TypeIDs."""

    DEAL = "deal"
    CONTACT = "contact"
    ACCOUNT = "account"
    OWNER = "collaborator"


class TimelineKind(StrEnum):
    """What stands on a timeline."""

    EVENT = "event"
    NOTIFICATION = "notification"
    ALERT = "alert"
    COMMENT = "comment"
    MESSAGE = "message"


described(
    Phase,
    "Where a deal is in its life.",
    LEAD="Somebody may be interested.",
    OPPORTUNITY="Somebody is interested; it is being worked on.",
    SIGNED="It was won, and is being carried out.",
    DONE="It was carried out.",
    LOST="It will not be; see lostReason.",
)
described(
    EventKind,
    "What a collaborator writes down.",
    NOTE="What was said or done, to inform colleagues.",
    APPOINTMENT="A meeting, from when to when.",
    INSTRUCTION="What a colleague is asked to do; see task.",
)
described(
    TaskStatus,
    "Where a task is in its life.",
    OPEN="To be done.",
    DONE="Done.",
    CANCELLED="Cancelled with its instruction.",
)
described(
    AlertStatus,
    "Where an alert is in its life.",
    RAISED="Nobody has taken charge yet.",
    TAKEN_IN_CHARGE="A collaborator sees to it.",
    SNOOZED="It waits until snoozedUntil.",
    RESOLVED="Somebody mended the defect.",
    CLOSED="Its cause went away.",
    DISMISSED="Somebody said that it is no defect.",
)
described(
    Severity,
    "How much an alert matters.",
    INFO="Good to know.",
    WARNING="Somebody should act.",
    CRITICAL="Somebody should act now.",
)
described(
    AlertSubjectKind,
    "What an alert or an exclusion is about.",
    DEAL="A deal.",
    CONTACT="A contact.",
    ACCOUNT="An account.",
    OWNER="The deals of a collaborator.",
)
described(
    TimelineKind,
    "What stands on a timeline.",
    EVENT="Written by a collaborator.",
    NOTIFICATION="A fact, written by the system.",
    ALERT="A defect in the upkeep, raised by the system.",
    COMMENT="Said by a collaborator about the deal or one of its events.",
    MESSAGE="Written by a collaborator to the deal's people, by e-mail.",
)
described(
    ParticipantRole,
    "What a participant of a deal counts for.",
    DECISION_MAKER="Decides.",
    ADVISER="Advises whoever decides.",
    INFLUENCER="Is listened to.",
    OTHER="Anything else; see part.",
)
described(
    Requirement,
    "What a deal may need before it goes on from a stage.",
    AMOUNT="An amount.",
    EXPECTED_CLOSE="An expected close.",
    OWNER="An owner.",
    ACCOUNT="An account.",
    PRIMARY_CONTACT="A primary contact.",
    DECISION_MAKER="A decision maker: a participant, or an interlocutor of its account.",
    EVENT="An event that was not cancelled.",
    LINES="A product or service among its lines.",
    CUSTOM_FIELD="A value of a field that the organization added to deals.",
)
described(
    Strictness,
    "What happens to a deal that goes on without what its stage requires.",
    WARN="The move wants acceptWarnings.",
    BLOCK="The move is refused.",
)
described(
    FollowKind,
    "Which deals a collaborator wants to follow.",
    MY_ACCOUNTS="Those of the accounts and contacts of whose relation you are in charge.",
    MY_TEAMS="Those owned by somebody of a team of yours.",
    ABOVE_AMOUNT="Those worth an amount or more, in its currency.",
)
described(
    Because,
    "Why a collaborator follows a deal.",
    BY_HAND="Somebody put them on it.",
    TEAM="A team of theirs follows it.",
    RULE="A rule of theirs says so.",
)
described(
    DocumentKind,
    "What a document is.",
    CONTRACT="A contract.",
    PROPOSAL="A proposal or a quote.",
    INVOICE="An invoice.",
    PLAN="A plan or a drawing.",
    PHOTO="A photo.",
    OTHER="Anything else.",
)
described(
    Answer,
    "What somebody who was invited answered.",
    NONE="Nothing yet.",
    ACCEPTED="They come.",
    DECLINED="They do not come.",
    TENTATIVE="They may come.",
)
described(
    Scope,
    "How much of a recurring appointment a change is for.",
    THIS="This occurrence alone.",
    FOLLOWING="This occurrence and those that follow.",
)
described(
    Priority,
    "How much a task presses.",
    LOW="When there is time.",
    NORMAL="In its turn.",
    HIGH="Before others.",
    URGENT="Now.",
)
described(
    Format,
    "How a message's text is read.",
    name="MessageFormat",
    PLAIN="As it is, line by line.",
    MARKDOWN="As CommonMark. Tags are shown as they are written, images are left out.",
)
described(
    Part,
    "How a recipient stands on a message.",
    name="MessagePart",
    TO="It is written to them.",
    COPY="They have it in copy.",
)
described(
    MailStatus,
    "Where the mail of a message to one recipient is.",
    QUEUED="It is being sent.",
    SENT="Their mail server, or the relay before it, took it.",
    BOUNCED="It was given up, or came back.",
    REJECTED="It was refused.",
    SUPPRESSED="Their address refused mail lately, and is left alone.",
    SKIPPED="It was not sent: see the reason, such as NO_ADDRESS.",
)
