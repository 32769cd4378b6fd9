"""Exporting all that is kept of a person: the mutations, and how far each service is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row, select

from chassis.database import ReadSession, UnitOfWork
from chassis.graphql.context import Info
from chassis.graphql.enums import described
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import format_id, parse_id
from services.contacts import model
from services.contacts.model import PersonExportState, TransferPurpose
from services.contacts.permissions import Rule
from services.contacts.privacy.disclosing import check_ready, export_person
from services.contacts.schema.import_mutations import Download, DownloadResult, address
from services.contacts.schema.organizations import Collaborator
from services.contacts.schema.rules import reading, writing
from services.contacts.schema.unit import Write, once

described(
    PersonExportState,
    "How far an export of a person's data is.",
    PENDING="Some service has still to answer; one that is down does when it is back.",
    READY="It can be fetched, until it expires.",
    REFUSED="Some service keeps too much of the person to tell it; see `refusal`.",
)
PersonExportId = Annotated[strawberry.ID, strawberry.argument(description="Its TypeID.")]


@strawberry.type(description="What every service keeps of a person, and when each had told it.")
class PersonExport:
    """See model.PersonExport."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `person_export_…`.")
    contact_id: strawberry.ID = strawberry.field(description="The contact.")
    state: PersonExportState = strawberry.field(description="How far it is.")
    at: datetime = strawberry.field(description="When it was asked for.")
    contacts_at: datetime | None = strawberry.field(description="When contacts had told its part.")
    deals_at: datetime | None = strawberry.field(description="When deals had told its part; null until then.")
    notifier_at: datetime | None = strawberry.field(description="When the notifier had told its part; null until then.")
    refusal: str | None = strawberry.field(description="TOO_LARGE where a service keeps too much to tell.")
    expires_at: datetime = strawberry.field(description="When it is dropped.")

    @strawberry.field(description="Who asked for it.")
    async def by(self, info: Info) -> Collaborator | None:
        """One statement for all."""
        return await Collaborator.load(info, self.row.created_by_id)

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self | None:
        """One."""
        row = await info.context.load(_exports, id)
        if row is None:
            return None
        return cls(
            row=row,
            id=strawberry.ID(format_id("person_export", row.id)),
            contact_id=strawberry.ID(format_id("contact", row.contact_id)),
            state=row.state,
            at=row.created_at,
            contacts_at=row.contacts_at,
            deals_at=row.deals_at,
            notifier_at=row.notifier_at,
            refusal=row.refusal,
            expires_at=row.expires_at,
        )


PersonExportResult = Annotated[
    PersonExport | CommonErrors,
    strawberry.union("PersonExportResult", description="The export, or why nothing was done."),
]


@strawberry.input(description="Whose data to export.")
class ExportPersonInput(Write):
    """See privacy.disclosing."""

    id: strawberry.ID = strawberry.field(description="The contact.")


@strawberry.input(description="Which export to fetch.")
class DownloadPersonExportInput(Write):
    """See privacy.disclosing."""

    id: strawberry.ID = strawberry.field(description="The export; it must be READY.")


@strawberry.type
class PersonExportQueries:
    """Fields of Query."""

    @strawberry.field(
        description="One export of a person's data, with its progress; null if there is none, or no more.",
        extensions=reading(Rule.EXPORT_PERSONS),
    )
    async def person_export(self, info: Info, id: PersonExportId) -> PersonExport | None:
        """By id."""
        return await PersonExport.load(info, parse_id("person_export", id))


@strawberry.type
class PersonExportMutations:
    """Fields of Mutation."""

    @strawberry.mutation(
        description="Put together what every service keeps of a person (GDPR, article 15); follow `personExport`.",
        extensions=writing(Rule.EXPORT_PERSONS),
    )
    async def export_person(
        self, info: Info, input: Annotated[ExportPersonInput, strawberry.argument(description="Whose.")]
    ) -> PersonExportResult:
        """See privacy.disclosing."""
        contact, kept_days = parse_id("contact", input.id), info.context.tools.person_export_days

        async def act(work: UnitOfWork) -> UUID:
            return await export_person(work, contact, kept_days)

        made = await PersonExport.load(info, await once(info, input, act))
        if made is None:
            raise RuntimeError("an export that is not there")
        return made

    @strawberry.mutation(
        description="Where to fetch an export of a person's data that is READY: one JSON document.",
        extensions=writing(Rule.EXPORT_PERSONS),
    )
    async def download_person_export(
        self, info: Info, input: Annotated[DownloadPersonExportInput, strawberry.argument(description="Which one.")]
    ) -> DownloadResult:
        """See transfers.issue."""
        id = parse_id("person_export", input.id)
        async with info.context.unit_of_work() as work:
            await check_ready(work, id)
        return Download(url=await address(info, TransferPurpose.PERSON, {"export": str(id)}))


async def _exports(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    columns = model.PersonExport.__table__.c
    return await read.by_key(select(*columns), columns.id, ids)
