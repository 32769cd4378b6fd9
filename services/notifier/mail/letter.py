"""What a mail tells, as data: parsed and cleaned once, so that nothing after has to doubt it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from services.notifier.audience import Reason
from services.notifier.mail.people import Person, Recipient, Reply


class Kind(StrEnum):
    """One folder of templates each."""

    EVENT_NOTE = "event_note"
    EVENT_APPOINTMENT = "event_appointment"
    EVENT_INSTRUCTION = "event_instruction"
    EVENT_CANCELLED = "event_cancelled"
    COMMENT = "comment"
    ALERT = "alert"
    INVITATION = "invitation"
    SIGN_IN = "sign_in"
    TEST = "test"
    QUOTE = "quote"
    QUOTE_REQUEST = "quote_request"
    QUOTE_ANSWERED = "quote_answered"
    MESSAGE = "message"
    APPOINTMENT_OFFERED = "appointment_offered"
    APPOINTMENT_WITHDRAWN = "appointment_withdrawn"
    APPOINTMENT_ANSWERED = "appointment_answered"
    WEBHOOK_DISABLED = "webhook_disabled"
    PUBLICATION = "publication"
    CAMPAIGN = "campaign"
    DIGEST = "digest"

    @property
    def outside(self) -> bool:
        """Whether it goes to a contact, who has no preferences here."""
        return self in _OUTSIDE

    @property
    def cancels(self) -> bool:
        """Whether it takes an appointment out of its reader's calendar."""
        return self in {Kind.EVENT_CANCELLED, Kind.APPOINTMENT_WITHDRAWN}


_OUTSIDE = {
    *(Kind.QUOTE, Kind.QUOTE_REQUEST, Kind.MESSAGE, Kind.CAMPAIGN),
    *(Kind.APPOINTMENT_OFFERED, Kind.APPOINTMENT_WITHDRAWN),
}


@dataclass(frozen=True)
class Topic:
    """What it is about: the deal, the contact, the company. Empty where there is none."""

    deal: str = ""
    stage: str = ""
    contact: str = ""
    account: str = ""


@dataclass(frozen=True)
class MovedOccurrence:
    """An occurrence of a recurring appointment at another time or place; `id` is when its rule says it begins."""

    id: datetime
    starts_at: datetime
    ends_at: datetime
    place: str = ""


@dataclass(frozen=True)
class Appointment:
    """When and where; the people invited, for calendars; whether the reader is one of them, and is to answer (`asks`).

    `recurrence` is an RRULE of RFC 5545, empty where it comes once; `excluded` are the occurrences that were cancelled.
    """

    starts_at: datetime
    ends_at: datetime
    time_zone: str
    place: str = ""
    invited: tuple[Person, ...] = ()
    asks: bool = False
    link: str = ""
    recurrence: str = ""
    excluded: tuple[datetime, ...] = ()
    moved: tuple[MovedOccurrence, ...] = ()


@dataclass(frozen=True)
class Instruction:
    """The task that follows from an instruction."""

    assignee: str
    due_at: datetime | None = None


@dataclass(frozen=True)
class Alarm:
    """The rule that raised an alert, the figures of its reason, and what to say of it in each language.

    A message written before words were told has none: the figures are shown then.
    """

    rule: str
    figures: dict[str, str] = field(default_factory=dict)
    words: dict[str, "AlarmWords"] = field(default_factory=dict)


@dataclass(frozen=True)
class AlarmWords:
    """An alert's headline, its reason in one sentence, and the labels of what can be done."""

    headline: str
    reason: str
    remedies: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Stopped:
    """An endpoint that messages go to no more: its address, what it answered last, whether it said that it is gone."""

    url: str
    answer: str
    gone: bool
    failing_since: datetime


@dataclass(frozen=True)
class Post:
    """What a publication says: its Markdown as safe HTML and as text, its first words, and what it asks if anything."""

    html: str
    text: str
    summary: str
    question: str = ""
    is_test: bool = False


class Part(StrEnum):
    """What can change on an event, in the order in which a mail says it."""

    WHEN = "when"
    REPEATS = "repeats"
    WHERE = "where"
    JOINED_AT = "joined_at"
    ASSIGNEE = "assignee"
    DUE = "due"
    TITLE = "title"
    DESCRIPTION = "description"
    PEOPLE = "people"


@dataclass(frozen=True)
class Line:
    """One thing that a digest tells: what it is, and what it is about."""

    text: str = ""
    about: str = ""
    alarm: "Alarm | None" = None
    reply: "Reply | None" = None


@dataclass(frozen=True)
class Section:
    """Things of one kind in a digest; `total` is how many there are, `lines` the newest of them."""

    category: str
    total: int
    lines: tuple[Line, ...]
    alarm: "Alarm | None" = None


@dataclass(frozen=True)
class Bundle:
    """A digest's sections. `total` is how many things it tells."""

    total: int
    sections: tuple[Section, ...]
    cadence: str = "BURST"


class Answer(StrEnum):
    """What became of a quote."""

    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    COMPENSATED = "COMPENSATED"


@dataclass(frozen=True)
class Offer:
    """A quote, or a request for one: its number, what it comes to, until when; who answered what."""

    number: str = ""
    gross: Decimal | None = None
    currency: str = ""
    until: date | None = None
    answer: Answer | None = None
    name: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Attachment:
    """Something kept elsewhere."""

    title: str
    url: str


@dataclass(frozen=True)
class Message:
    """What a collaborator writes to a deal's people: text or Markdown; everybody sees to whom it goes."""

    body: str
    markdown: bool = False
    attachments: tuple[Attachment, ...] = ()
    to: tuple[Person, ...] = ()
    copies: tuple[Person, ...] = ()


@dataclass(frozen=True)
class Links:
    """Absolute addresses: the page of this mail, and the one-click unsubscribe, where it can be unsubscribed from."""

    page: str
    unsubscribe: str


@dataclass(frozen=True)
class Letter:
    """One mail to one collaborator. `revision` is 0 for the first mail about a cause, and grows with each change.

    `author` wrote the event, `writer` this revision of it. `cut` says that the description is only the beginning.
    `untold`: its reader was not told of earlier revisions; else `parts` is what changed since.
    """

    id: UUID
    kind: Kind
    cause: str
    thread: str
    revision: int
    organization: str
    recipient: Recipient
    reasons: tuple[Reason, ...]
    links: Links
    topic: Topic
    written_at: datetime
    title: str = ""
    description: str = ""
    author: Person | None = None
    writer: Person | None = None
    appointment: Appointment | None = None
    instruction: Instruction | None = None
    reply: Reply | None = None
    alarm: Alarm | None = None
    expires_at: datetime | None = None
    offer: Offer | None = None
    bundle: Bundle | None = None
    untold: bool = False
    parts: tuple[Part, ...] = ()
    message: Message | None = None
    stopped: Stopped | None = None
    post: Post | None = None
    cut: bool = False

    @property
    def changed(self) -> bool:
        """Whether the reader was told before, and this replaces it."""
        anew = any((self.offer, self.reply, self.message, Reason.INVITED in self.reasons))
        return self.revision > 0 and not anew and not self.untold

    @property
    def about(self) -> str:
        """The shortest name of what it is about."""
        return self.topic.deal or self.topic.contact or self.topic.account
