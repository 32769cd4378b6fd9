"""Letters that tell many things at once: the newest of each kind, and how many there are."""

from collections.abc import Callable
from itertools import groupby

from proto.deals.v1.messages_pb2 import Alert, Comment, Event, Subject
from proto.notifier.v1.messages_pb2 import Publication, WebhookDisabled
from services.notifier import queries
from services.notifier.letters_base import letter_for
from services.notifier.letters_of_attendance import line_of_attendance
from services.notifier.letters_of_quotes import answered_message
from services.notifier.mail.letter import (
    Alarm,
    AlarmWords,
    Bundle,
    Kind,
    Letter,
    Line,
    Links,
    Section,
)
from services.notifier.model import CauseKind
from services.notifier.queries import Found, Reader

MOST_LINES = 5
"""Lines of one section."""
MOST_SECTIONS = 15


async def letter_of_digest(reader: Reader, due: Found, links: Links) -> Letter:
    """The letter of a delivery that is due."""
    told = await queries.digest(reader, due.organization_id, due.cause_id)
    rows = await queries.digest_lines(reader, due.cause_id, MOST_LINES, MOST_SECTIONS * MOST_LINES)
    sections = tuple(_section(list(group)) for _, group in groupby(rows, lambda row: (row.category, row.topic)))
    bundle = Bundle(told.total, sections, told.kind)
    return letter_for(due, links, Kind.DIGEST, Subject(), bundle=bundle)


def _section(rows: list[Found]) -> Section:
    first = rows[0]
    lines = tuple(line_of(row.cause_kind, row.content) for row in rows)
    return Section(first.category, first.total, lines, lines[0].alarm)


def line_of(kind: str, content: bytes) -> Line:
    """What one cause says in a line."""
    of = _LINES.get(CauseKind(kind))
    return of(content) if of else Line()


def alarm_of(alert: Alert) -> Alarm:
    """What an alert says, in each language."""
    words = {each.language: AlarmWords(each.headline, each.reason, [*each.remedies]) for each in alert.words}
    return Alarm(alert.rule, dict(alert.figures), words)


def _about(subject: Subject) -> str:
    return subject.deal_title or subject.contact_name or subject.account_name


def _of_event(content: bytes) -> Line:
    event = Event.FromString(content)
    return Line(event.title, _about(event.subject))


def _of_alert(content: bytes) -> Line:
    alert = Alert.FromString(content)
    return Line("", _about(alert.subject), alarm_of(alert))


def _of_comment(content: bytes) -> Line:
    comment = Comment.FromString(content)
    return Line(comment.body, comment.event_title or _about(comment.subject))


def _of_quote(content: bytes) -> Line:
    quote = answered_message(content).quote
    return Line(quote.title, _about(quote.subject))


def _of_publication(content: bytes) -> Line:
    told = Publication.FromString(content)
    return Line(told.title, told.publisher)


def _of_webhook(content: bytes) -> Line:
    return Line(WebhookDisabled.FromString(content).url)


_LINES: dict[CauseKind, Callable[[bytes], Line]] = {
    CauseKind.EVENT: _of_event,
    CauseKind.ALERT: _of_alert,
    CauseKind.COMMENT: _of_comment,
    CauseKind.QUOTE_ANSWERED: _of_quote,
    CauseKind.INVITATION_ANSWERED: line_of_attendance,
    CauseKind.PUBLICATION: _of_publication,
    CauseKind.WEBHOOK_DISABLED: _of_webhook,
}
