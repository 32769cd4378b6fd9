"""Recording field work: one suspect in one mutation, or a telephone's whole queue with a result for each item."""

import math
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

import strawberry

from chassis import text
from chassis.database import UnitOfWork
from chassis.errors import DomainError, InvalidInput
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors, to_graphql
from services.contacts import values
from services.contacts.commands import fieldwork as commands
from services.contacts.commands.fieldwork_subjects import dated
from services.contacts.commands.loading import country_of
from services.contacts.commands.pictures import frozen_picture
from services.contacts.model import FieldWorkKind
from services.contacts.permissions import Rule
from services.contacts.schema.fieldwork import FieldWork
from services.contacts.schema.photos import inline_content
from services.contacts.schema.rules import writing
from services.contacts.schema.unit import Write, once, parsed_moment

MAX_ITEMS = 100
MAX_CLOCK_AHEAD = timedelta(days=1)
MAX_ACCURACY_METERS = 100_000.0
_WHO = ("given_name", "family_name", "company", "phone", "email")
_ENOUGH = {
    FieldWorkKind.SUSPECT: {*_WHO},
    FieldWorkKind.UPDATE: {*_WHO, "job_title", "language", "notes", "photo"},
    FieldWorkKind.NOTE: {"notes"},
}


@strawberry.input(description="Where a telephone was (WGS 84).")
class PositionInput:
    """See commands.fieldwork.Position."""

    latitude: float = strawberry.field(description="Degrees, -90 to 90.")
    longitude: float = strawberry.field(description="Degrees, -180 to 180.")
    accuracy_meters: float | None = strawberry.field(default=None, description="How far off it may be: 0 to 100,000.")
    taken_at: datetime | None = strawberry.field(default=None, description="When the telephone found out.")


@strawberry.input(description="What every record from the field has.")
class FieldRecordInput:
    """Made by the device, offline if need be."""

    client_id: strawberry.ID = strawberry.field(
        description="A UUID that the telephone makes, once for this record: however often and late it is sent, "
        "it is taken once."
    )
    captured_at: datetime = strawberry.field(description="When it was recorded, by the telephone's clock.")


@strawberry.input(description="Whatever is known of somebody who was met.")
class SuspectInput(FieldRecordInput):
    """See commands.fieldwork_subjects.Subject."""

    given_name: str | None = strawberry.field(default=None, description="First name.")
    family_name: str | None = strawberry.field(default=None, description="Last name.")
    company: str | None = strawberry.field(default=None, description="The company: found by its name, or added.")
    job_title: str | None = strawberry.field(default=None, description="Their job there.")
    phone: str | None = strawberry.field(default=None, description="A telephone number.")
    email: str | None = strawberry.field(default=None, description="An e-mail address.")
    language: str | None = strawberry.field(default=None, description="The language to write in: fr or en.")
    notes: str | None = strawberry.field(default=None, description="What is good to know.")
    position: PositionInput | None = strawberry.field(default=None, description="Where.")
    photo: str | None = strawberry.field(
        default=None, description="A JPEG, PNG or WebP of at most 600 KB, as base64: the person, or the shop."
    )


@strawberry.input(description="Somebody who was met: a name, a company, a telephone number or an address is enough.")
class CreateSuspectInput(SuspectInput, Write):
    """A suspect by itself."""


@strawberry.input(description="More about a suspect, who need not have come yet.")
class SuspectUpdateInput(SuspectInput):
    """What is given is added or corrected; the record captured last wins."""

    suspect_id: strawberry.ID = strawberry.field(description="The clientId of the suspect.")


@strawberry.input(description="Something to remember about a suspect, who need not have come yet.")
class SuspectNoteInput(FieldRecordInput):
    """Added to the notes, with its day."""

    suspect_id: strawberry.ID = strawberry.field(description="The clientId of the suspect.")
    text: str = strawberry.field(description="The note.")


@strawberry.input(description="One record of a telephone's queue: exactly one of these.")
class FieldWorkItem:
    """See MAX_ITEMS."""

    suspect: SuspectInput | None = strawberry.field(default=None, description="Somebody was met.")
    update: SuspectUpdateInput | None = strawberry.field(default=None, description="More about a suspect.")
    note: SuspectNoteInput | None = strawberry.field(default=None, description="A note on a suspect.")


@strawberry.input(description="A telephone's queue.")
class SyncFieldWorkInput:
    """Each item is done by itself: one that is refused stops no other."""

    items: list[FieldWorkItem] = strawberry.field(description="At most 100, in any order.")


FieldWorkResult = Annotated[
    FieldWork | CommonErrors, strawberry.union("FieldWorkResult", description="The record, or why it was not taken.")
]


@strawberry.type(description="What became of each item of a queue.")
class FieldWorkSync:
    """In the order of the items."""

    results: list[FieldWorkResult] = strawberry.field(description="One for each item, in their order.")


FieldWorkSyncResult = Annotated[
    FieldWorkSync | CommonErrors,
    strawberry.union("FieldWorkSyncResult", description="The results, or why the queue was not taken."),
]


@strawberry.type
class FieldWorkMutations:
    """Fields of Mutation."""

    @strawberry.mutation(
        description="Record somebody who was met outside: a contact (a suspect in your care), with a company where one "
        "is named. Sent again with the same clientId, at any time, it changes nothing. The contact's `duplicates` tell "
        "whom it may be.",
        extensions=writing(Rule.WRITE_CONTACTS),
    )
    async def create_suspect(
        self, info: Info, input: Annotated[CreateSuspectInput, strawberry.argument(description="Whatever is known.")]
    ) -> FieldWorkResult:
        """See commands.fieldwork.take_record."""
        return await _taken(info, FieldWorkItem(suspect=input))

    @strawberry.mutation(
        description="Send what a telephone recorded while it was offline: suspects, updates and notes, in any order, "
        "as often as need be. What comes before its suspect is kept until that comes.",
        extensions=writing(Rule.WRITE_CONTACTS),
    )
    async def sync_field_work(
        self, info: Info, input: Annotated[SyncFieldWorkInput, strawberry.argument(description="The queue.")]
    ) -> FieldWorkSyncResult:
        """See commands.fieldwork.take_record; a unit of work an item."""
        if not 0 < len(input.items) <= MAX_ITEMS:
            raise InvalidInput("items", f"A queue is sent in portions of 1 to {MAX_ITEMS} items.")
        return FieldWorkSync(results=[await _result(info, item) for item in input.items])


async def _result(info: Info, item: FieldWorkItem) -> Any:
    try:
        return await _taken(info, item)
    except DomainError as error:
        return to_graphql(error)


async def _taken(info: Info, item: FieldWorkItem) -> FieldWork:
    given = [each for each in (item.suspect, item.update, item.note) if each is not None]
    if len(given) != 1:
        raise InvalidInput("items", "An item is exactly one of suspect, update and note.")
    record = given[0]
    photo = await _photo(info, record.photo) if isinstance(record, SuspectInput) else {}
    use = record if isinstance(record, Write) else Write()
    id = await once(info, use, lambda work: _take(work, record, photo))
    return await FieldWork.load(info, id)


async def _take(work: UnitOfWork, record: SuspectInput | SuspectNoteInput, photo: dict[str, Any]) -> UUID:
    captured_at = _past(record.captured_at, "capturedAt", work.now)
    position = _position(record.position, work.now) if isinstance(record, SuspectInput) else None
    told = commands.Told(
        kind=_kind(record),
        client_id=_uuid(record.client_id, "clientId"),
        subject=_uuid(getattr(record, "suspect_id", record.client_id), "suspectId"),
        captured_at=captured_at,
        content={**await _content(work, record, captured_at), **photo},
        position=position,
    )
    if not told.content.keys() & _ENOUGH[told.kind]:
        raise InvalidInput("givenName", "Give a name, a company, a telephone number or an e-mail address.")
    return await commands.take_record(work, told)


def _kind(record: SuspectInput | SuspectNoteInput) -> FieldWorkKind:
    if isinstance(record, SuspectNoteInput):
        return FieldWorkKind.NOTE
    return FieldWorkKind.UPDATE if isinstance(record, SuspectUpdateInput) else FieldWorkKind.SUSPECT


async def _content(work: UnitOfWork, record: SuspectInput | SuspectNoteInput, captured_at: datetime) -> dict[str, Any]:
    if isinstance(record, SuspectNoteInput):
        return {"notes": dated(_note(record.text), captured_at)}
    told = {
        "given_name": text.optional_line(record.given_name, "givenName"),
        "family_name": text.optional_line(record.family_name, "familyName"),
        "company": text.optional_line(record.company, "company"),
        "job_title": text.optional_line(record.job_title, "jobTitle"),
        "phone": values.parse_phone(record.phone, "phone", await country_of(work)) if record.phone else None,
        "email": values.parse_email(record.email, "email") if record.email else None,
        "language": values.parse_locale(record.language, "language") if record.language else None,
        "notes": text.optional_note(record.notes, "notes"),
    }
    return {name: value for name, value in told.items() if value is not None}


def _note(told: str) -> str:
    note = text.optional_note(told, "text")
    if note is None:
        raise InvalidInput("text", "It must not be empty.")
    return note


async def _photo(info: Info, content: str | None) -> dict[str, Any]:
    if not content:
        return {}
    original = inline_content(content, "photo")
    prepared = await info.context.tools.pictures.one(original, "photo")
    return {"photo": frozen_picture(prepared.renditions), "photo_digest": sha256(original).hexdigest()}


def _position(told: PositionInput | None, now: datetime) -> commands.Position | None:
    if told is None:
        return None
    accuracy = told.accuracy_meters
    for field, value, most in (
        ("latitude", told.latitude, 90.0),
        ("longitude", told.longitude, 180.0),
        ("accuracyMeters", accuracy or 0.0, MAX_ACCURACY_METERS),
    ):
        if not math.isfinite(value) or abs(value) > most:
            raise InvalidInput(f"position.{field}", f"It goes from {-most:g} to {most:g}.")
    if accuracy is not None and accuracy < 0:
        raise InvalidInput("position.accuracyMeters", "It is a distance: 0 or more.")
    taken_at = told.taken_at and _past(told.taken_at, "position.takenAt", now)
    return commands.Position(told.latitude, told.longitude, accuracy, taken_at)


def _past(moment: datetime, field: str, now: datetime) -> datetime:
    """A telephone's clock may be wrong, but not by more than MAX_CLOCK_AHEAD."""
    told: datetime = parsed_moment(moment, field)
    if told > now + MAX_CLOCK_AHEAD:
        raise InvalidInput(field, "It is in the future: set the telephone's clock.")
    return told.astimezone(UTC)


def _uuid(told: str, field: str) -> UUID:
    try:
        return UUID(told)
    except ValueError as error:
        raise InvalidInput(field, "It is a UUID that the telephone makes.") from error
