"""Records from the field, as they are read."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis.graphql.context import Info
from services.contacts import queries
from services.contacts.schema.enums import FieldWorkKind
from services.contacts.schema.organizations import Collaborator

if TYPE_CHECKING:
    from services.contacts.schema.accounts import Account
    from services.contacts.schema.contacts import Contact

_Contact = Annotated["Contact", strawberry.lazy("services.contacts.schema.contacts")]
_Account = Annotated["Account", strawberry.lazy("services.contacts.schema.accounts")]


@strawberry.type(description="Where a telephone was (WGS 84).")
class Position:
    """See commands.fieldwork.Position."""

    latitude: float = strawberry.field(description="Degrees, north positive.")
    longitude: float = strawberry.field(description="Degrees, east positive.")
    accuracy_meters: float | None = strawberry.field(description="How far off it may be, in metres.")
    taken_at: datetime | None = strawberry.field(description="When the telephone found out.")


@strawberry.type(description="A record from the field, taken once.")
class FieldWork:
    """See model.FieldRecord."""

    row: strawberry.Private[Row[Any]]
    client_id: strawberry.ID = strawberry.field(description="Your own id of it.")
    suspect_id: strawberry.ID = strawberry.field(description="Your own id of the suspect it is about.")
    kind: FieldWorkKind = strawberry.field(description="What it says.")
    captured_at: datetime = strawberry.field(description="When it was recorded, by the telephone's clock.")
    received_at: datetime = strawberry.field(description="When it came here.")
    waiting: bool = strawberry.field(
        description="Whether its suspect has not come yet: it is kept, and done then; it need not be sent again."
    )
    account_created: bool = strawberry.field(description="Whether the company was not known before.")
    kept_fields: list[str] = strawberry.field(
        description="Fields that it did not change, since somebody in the office changed them."
    )

    @strawberry.field(description="Where it was recorded, if the telephone knew.")
    def position(self) -> Position | None:
        """Latitude and longitude come together."""
        row = self.row
        if row.latitude is None:
            return None
        return Position(
            latitude=row.latitude,
            longitude=row.longitude,
            accuracy_meters=row.accuracy_meters,
            taken_at=row.positioned_at,
        )

    @strawberry.field(description="Who recorded it.")
    async def by(self, info: Info) -> Collaborator | None:
        """One statement for all."""
        return await Collaborator.load(info, self.row.collaborator_id)

    @strawberry.field(description="The contact; null while it waits, and for a company without a person.")
    async def contact(self, info: Info) -> _Contact | None:
        """One statement for all."""
        from services.contacts.schema.contacts import Contact  # the two types show each other

        return await Contact.load(info, self.row.contact_id) if self.row.contact_id else None

    @strawberry.field(description="The company, if one was named.")
    async def account(self, info: Info) -> _Account | None:
        """One statement for all."""
        from services.contacts.schema.accounts import Account  # as above

        return await Account.load(info, self.row.account_id) if self.row.account_id else None

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.FIELD_RECORD."""
        return cls(
            row=row,
            client_id=strawberry.ID(str(row.client_id)),
            suspect_id=strawberry.ID(str(row.subject)),
            kind=row.kind,
            captured_at=row.captured_at,
            received_at=row.received_at,
            waiting=row.applied_at is None,
            account_created=row.account_created,
            kept_fields=[_in_graph(name) for name in row.kept],
        )

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self:
        """One that was just taken."""
        return cls.of(await info.context.load(queries.field_records, id))

    @classmethod
    async def first_of(cls, info: Info, contact: UUID) -> Self | None:
        """How a contact was first met outside."""
        rows = await info.context.load(queries.meetings, contact)
        return cls.of(rows[0]) if rows else None


def _in_graph(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(each.title() for each in rest)
