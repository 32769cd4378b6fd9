"""Letters to a deal's people: what a collaborator wrote to them."""

from collections.abc import Iterable
from uuid import UUID

from chassis.identifiers import format_id, parse_id
from proto.deals.v1 import messages_pb2 as pb
from services.notifier import queries
from services.notifier.mail.letter import Attachment, Kind, Letter, Links, Message, Topic
from services.notifier.mail.people import Person, Recipient
from services.notifier.model import CauseKind
from services.notifier.queries import Found, Reader
from services.notifier.sources import Sources


async def letter_of_message(sources: Sources, due: Found, links: Links) -> Letter:
    """The letter of a message's delivery that is due."""
    told = pb.DealMessage.FromString(due.content)
    writer = await _writer(sources, told.author_id)
    cause = format_id(CauseKind.MESSAGE.thing, due.cause_id)
    return Letter(
        id=due.id,
        kind=Kind.MESSAGE,
        cause=cause,
        thread=cause,
        revision=due.revision,
        organization=due.organization_name,
        recipient=Recipient(due.reader_name, due.reader_email, due.organization_locale, due.organization_time_zone),
        reasons=(),
        links=links,
        topic=Topic(),
        written_at=due.written_at,
        title=told.title,
        author=writer,
        writer=writer,
        message=await _message(sources.reader, due, told),
    )


async def _message(reader: Reader, due: Found, told: pb.DealMessage) -> Message:
    ids = [parse_id("contact", one.contact_id) for one in told.recipients]
    people = await queries.contacts(reader, due.organization_id, ids)
    to = [one.contact_id for one in told.recipients if not one.copy]
    copies = [one.contact_id for one in told.recipients if one.copy]
    return Message(
        body=told.body,
        markdown=told.format == pb.DealMessage.Format.MARKDOWN,
        attachments=tuple(Attachment(one.title, one.url) for one in told.attachments),
        to=_persons(people, to),
        copies=_persons(people, copies),
    )


def _persons(people: dict[UUID, Found], ids: Iterable[str]) -> tuple[Person, ...]:
    """Those who can be written to: nobody sees the address of who was deleted meanwhile."""
    rows = [people.get(parse_id("contact", id)) for id in ids]
    return tuple(Person(row.name, row.email) for row in rows if row is not None and row.email and not row.deleted)


async def _writer(sources: Sources, id: str) -> Person | None:
    if not id:
        return None
    who = parse_id("collaborator", id)
    row = (await sources.collaborators([who])).get(who)
    return Person(row.name, row.email) if row else None
