"""Letters that carry a publication, to colleagues, followers and contacts."""

from datetime import UTC, datetime
from uuid import UUID

from chassis.identifiers import format_id, parse_id
from chassis.markdown import to_mail_html, to_words
from proto.notifier.v1.messages_pb2 import Publication as Told
from services.notifier.audience import Reason
from services.notifier.doors import DoorShut
from services.notifier.mail.letter import Kind, Letter, Links, Post, Topic
from services.notifier.mail.people import Person, Recipient
from services.notifier.mail.plain import Prepared
from services.notifier.mail.rendering import Rendered, render
from services.notifier.model import CauseKind
from services.notifier.publications.model import PublicationKind, PublicationStatus
from services.notifier.queries import Found
from services.notifier.sources import Sources

PUBLISHED = (CauseKind.PUBLICATION.value, CauseKind.PUBLICATION_TEST.value)
_SUMMARY = 120


def links_to_publication(due: Found, token: str, public_url: str) -> Links:
    """The page of whoever holds the token; a trial unsubscribes nobody."""
    base = public_url.rstrip("/")
    test = due.cause_kind == CauseKind.PUBLICATION_TEST.value
    return Links(page=f"{base}/p/{token}", unsubscribe="" if test else f"{base}/u/{token}")


async def letter_about_publication(sources: Sources, due: Found, links: Links) -> Letter:
    """The letter of a delivery that is due. Raises DoorShut where the publication was withdrawn."""
    told = Told.FromString(due.content)
    if not told.test and await sources.publication_status(due.cause_id) != PublicationStatus.PUBLISHED.value:
        raise DoorShut("PUBLICATION_WITHDRAWN")
    author = await _author(sources, told)
    return Letter(
        id=due.id,
        kind=_kind(told),
        cause=format_id(due.cause_kind, due.cause_id),
        thread=told.id,
        revision=due.revision,
        organization=told.publisher,
        recipient=Recipient(due.reader_name or "", due.reader_email, told.locale, due.organization_time_zone),
        reasons=tuple(Reason(reason) for reason in due.reasons),
        links=links,
        topic=Topic(),
        written_at=due.written_at,
        title=told.title,
        author=author,
        writer=author,
        post=post_of(told),
    )


def post_of(told: Told) -> Post:
    """What a mail says of it."""
    return Post(
        html=Prepared(to_mail_html(told.body)),
        text=Prepared(told.body),
        summary=to_words(told.body)[:_SUMMARY],
        question=told.question,
        is_test=told.test,
    )


def preview(told: Told) -> Rendered:
    """The mail that it makes, for whoever writes it."""
    letter = Letter(
        id=UUID(int=0),
        kind=_kind(told),
        cause=told.id,
        thread=told.id,
        revision=0,
        organization=told.publisher,
        recipient=Recipient("", "", told.locale, "UTC"),
        reasons=(Reason.READER,),
        links=Links("#", "#"),
        topic=Topic(),
        written_at=datetime.fromtimestamp(0, UTC),
        title=told.title,
        post=post_of(told),
    )
    return render(letter)


def _kind(told: Told) -> Kind:
    return Kind.CAMPAIGN if told.kind == PublicationKind.CAMPAIGN.value else Kind.PUBLICATION


async def _author(sources: Sources, told: Told) -> Person | None:
    """Somebody of the scope's organization; followers do not know who it was."""
    if not told.author_id:
        return None
    id = parse_id("collaborator", told.author_id)
    row = (await sources.collaborators([id])).get(id)
    return Person(row.name, row.email) if row else None
