"""The tiny service, composed."""

import asyncio
from pathlib import Path
from typing import Annotated, Any, ClassVar

import strawberry
from sqlalchemy.dialects.postgresql import insert

from chassis.config import ServiceSettings
from chassis.database import UnitOfWork
from chassis.errors import Forbidden
from chassis.graphql.app import subgraph_schema
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors, expected_errors
from chassis.identifiers import format_id, new_id
from chassis.inbox import TryLater
from chassis.messages import Received
from chassis.service import Service
from proto.contacts.v1 import messages_pb2 as contracts
from tests.chassis.tiny.model import Base, Name, Note, Seen


class TinySettings(ServiceSettings):
    """`LIANT_TINY_<NAME>`."""

    part: ClassVar[str] = "tiny"


@strawberry.type(description="A note.")
class NoteType:
    """See Note."""

    id: strawberry.ID = strawberry.field(description="Its id.")


NoteResult = Annotated[NoteType | CommonErrors, strawberry.union("NoteResult", description="The note, or a refusal.")]


@strawberry.type(description="Reading.")
class Query:
    """Fields for tests."""

    @strawberry.field(description="Who asks.")
    def organization(self, info: Info) -> str:
        """From the token."""
        return format_id("organization", info.context.actor.organization)

    @strawberry.field(description="A fault of ours.")
    def fault(self) -> str | None:
        """Raises."""
        raise RuntimeError("the password is hunter2")

    @strawberry.field(description="A refusal.")
    def refusal(self) -> str | None:
        """Raises a domain error."""
        raise Forbidden("look")

    @strawberry.field(description="Takes its time.")
    async def slow(self, seconds: float) -> str:
        """Answers late."""
        await asyncio.sleep(seconds)
        return "done"


@strawberry.type(description="Writing.")
class Mutation:
    """Fields for tests."""

    @strawberry.mutation(description="Add a note.")
    @expected_errors
    async def add_note(self, info: Info, text: str) -> NoteResult:
        """Writes one row."""
        if text == "refuse":
            raise Forbidden("write that")
        async with info.context.unit_of_work() as work:
            note = Note(id=new_id(), organization_id=work.organization, text=text)
            work.session.add(note)
        return NoteType(id=strawberry.ID(format_id("note", note.id)))


class Faults:
    """What handlers do to a contact's message, by its given name; tests change it."""

    later: ClassVar[set[str]] = set()
    poison: ClassVar[set[str]] = set()


async def remember(work: UnitOfWork, message: Received[Any]) -> None:
    """A reaction: once a message."""
    contact = message.body.contact
    if contact.given_name in Faults.later:
        raise TryLater("not yet", 0.2)
    if contact.given_name in Faults.poison:
        raise ValueError("poison")
    work.session.add(
        Seen(id=message.id, organization_id=work.organization, contact=contact.id, version=message.version)
    )


async def copy(work: UnitOfWork, message: Received[Any]) -> None:
    """A copy: an upsert guarded by the version."""
    contact = message.body.contact
    row = {"contact": contact.id, "organization_id": work.organization, "name": contact.given_name}
    statement = insert(Name).values(**row, version=message.version)
    newer = statement.excluded.version > Name.version
    changes = {"name": statement.excluded.name, "version": statement.excluded.version}
    await work.session.execute(statement.on_conflict_do_update(index_elements=["contact"], set_=changes, where=newer))


SERVICE = Service(
    settings=TinySettings,
    base=Base,
    migrations=Path(__file__).parent / "migrations",
    schema=lambda: subgraph_schema(Query, Mutation),
    copies={contracts.ContactChanged: copy},
    reactions={contracts.ContactCreated: remember},
)
