"""Writing contacts: input types, their parsing, the mutations."""

from collections.abc import Sequence
from typing import Annotated, cast
from uuid import UUID

import strawberry
from strawberry import UNSET

from chassis import text
from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import parse_id
from services.contacts import queries, values
from services.contacts.commands import contacts as commands
from services.contacts.commands.contacts import MAX_OF_A_KIND
from services.contacts.commands.loading import country_of
from services.contacts.commands.statuses import Step
from services.contacts.permissions import Rule
from services.contacts.schema.contacts import Contact
from services.contacts.schema.enums import AccountStatus, Kind
from services.contacts.schema.rules import writing
from services.contacts.schema.statuses import StatusInput, step
from services.contacts.schema.unit import Update, Write, field, given, once, parsed, parsed_id

ContactResult = Annotated[
    Contact | CommonErrors, strawberry.union("ContactResult", description="The contact, or why nothing was written.")
]


@strawberry.input(description="An e-mail address of a contact.")
class EmailInput:
    """See values.parse_email."""

    address: str = strawberry.field(description="The address.")
    kind: Kind = strawberry.field(default=Kind.WORK, description="What it is used for.")


@strawberry.input(description="A telephone number of a contact.")
class PhoneInput:
    """See values.parse_phone."""

    number: str = strawberry.field(description="The number; without a country code, of your organization's country.")
    kind: Kind = strawberry.field(default=Kind.WORK, description="What it is used for.")


@strawberry.input(description="What a contact has.")
class ContactInput:
    """What creating and updating share."""

    given_name: str | None = field("First name.")
    family_name: str | None = field("Last name.")
    emails: list[EmailInput] | None = field("Addresses, the primary one first; they replace those there were.")
    phones: list[PhoneInput] | None = field("Numbers, the primary one first; they replace those there were.")
    language: str | None = field("The language to write in: fr or en.")
    notes: str | None = field("What is good to know.")
    relationship_manager_id: strawberry.ID | None = field("The collaborator in charge.")


@strawberry.input(description="A new contact: a given name, a family name, or both.")
class CreateContactInput(ContactInput, Write):
    """See commands.create_contact."""

    status: AccountStatus = strawberry.field(
        default=AccountStatus.SUSPECT, description="Where your firm stands with this person."
    )


@strawberry.input(description="What to change of a contact; what is absent stays, null takes away.")
class UpdateContactInput(ContactInput, StatusInput, Update):
    """See commands.update_contact."""


@strawberry.input(description="Which contact to delete.")
class DeleteContactInput(Update):
    """See commands.delete_contact."""


@strawberry.input(description="Which contact to restore.")
class RestoreContactInput(Update):
    """See commands.restore_contact."""


def _values(input: ContactInput) -> commands.ContactValues:
    told = given(
        given_name=parsed(input.given_name, text.optional_line, "givenName"),
        family_name=parsed(input.family_name, text.optional_line, "familyName"),
        language=parsed(input.language, values.parse_locale, "language"),
        notes=parsed(input.notes, text.optional_note, "notes"),
        relationship_manager_id=parsed_id(input.relationship_manager_id, "collaborator", "relationshipManagerId"),
    )
    return cast("commands.ContactValues", told)


def _emails(inputs: Sequence[EmailInput] | None) -> list[commands.Email] | None:
    if inputs is UNSET:
        return None
    told = list(inputs or [])
    _bound(told, "emails")
    return [
        commands.Email(values.parse_email(item.address, f"emails.{place}.address"), item.kind)
        for place, item in enumerate(told)
    ]


async def _phones(work: UnitOfWork, inputs: Sequence[PhoneInput] | None) -> list[commands.Phone] | None:
    if inputs is UNSET:
        return None
    told = list(inputs or [])
    _bound(told, "phones")
    country = await country_of(work) if told else values.DEFAULT_COUNTRY
    return [
        commands.Phone(values.parse_phone(item.number, f"phones.{place}.number", country), item.kind)
        for place, item in enumerate(told)
    ]


def _bound(items: Sequence[object], field: str) -> None:
    if len(items) > MAX_OF_A_KIND:
        raise InvalidInput(field, f"At most {MAX_OF_A_KIND} are kept.")


@strawberry.type
class ContactMutations:
    """Fields of Mutation."""

    @strawberry.mutation(description="Add a contact.", extensions=writing(Rule.WRITE_CONTACTS))
    async def create_contact(
        self, info: Info, input: Annotated[CreateContactInput, strawberry.argument(description="The contact.")]
    ) -> ContactResult:
        """See commands.create_contact."""

        async def act(work: UnitOfWork) -> UUID:
            phones = await _phones(work, input.phones)
            emails, begun = _emails(input.emails) or (), Step(input.status)
            return await commands.create_contact(work, _values(input), emails, phones or (), step=begun)

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(description="Change a contact.", extensions=writing(Rule.WRITE_CONTACTS))
    async def update_contact(
        self, info: Info, input: Annotated[UpdateContactInput, strawberry.argument(description="What to change.")]
    ) -> ContactResult:
        """See commands.update_contact."""

        async def act(work: UnitOfWork) -> UUID:
            id, phones = parse_id("contact", input.id), await _phones(work, input.phones)
            return await commands.update_contact(
                work, id, _values(input), _emails(input.emails), phones, input.expected_version, step=step(input)
            )

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(description="Delete a contact; it can be restored.", extensions=writing(Rule.WRITE_CONTACTS))
    async def delete_contact(
        self, info: Info, input: Annotated[DeleteContactInput, strawberry.argument(description="Which one.")]
    ) -> ContactResult:
        """See commands.delete_contact."""

        async def act(work: UnitOfWork) -> UUID:
            return await commands.delete_contact(work, parse_id("contact", input.id), input.expected_version)

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(description="Take a deleted contact back.", extensions=writing(Rule.WRITE_CONTACTS))
    async def restore_contact(
        self, info: Info, input: Annotated[RestoreContactInput, strawberry.argument(description="Which one.")]
    ) -> ContactResult:
        """See commands.restore_contact."""

        async def act(work: UnitOfWork) -> UUID:
            return await commands.restore_contact(work, parse_id("contact", input.id), input.expected_version)

        return await _shown(info, await once(info, input, act))

    create_contacts = batch_of(create_contact, "create_contacts", "Add contacts.")
    update_contacts = batch_of(update_contact, "update_contacts", "Change contacts.")
    delete_contacts = batch_of(delete_contact, "delete_contacts", "Delete contacts; they can be restored.")
    restore_contacts = batch_of(restore_contact, "restore_contacts", "Take deleted contacts back.")


async def _shown(info: Info, id: UUID) -> Contact:
    return Contact.of(await info.context.load(queries.contacts, id))
