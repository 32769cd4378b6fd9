"""Writing contacts: input types, their parsing, the mutations."""

from typing import Annotated, Any, cast
from uuid import UUID

import strawberry
from strawberry import UNSET

from chassis import text
from chassis.database import UnitOfWork
from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import parse_id
from services.contacts import model, queries, values
from services.contacts.commands import contacts as commands
from services.contacts.commands.statuses import Step
from services.contacts.commands.tags import change_tags
from services.contacts.links import parse_language
from services.contacts.permissions import Rule
from services.contacts.schema.contacts import Contact
from services.contacts.schema.enums import AccountStatus
from services.contacts.schema.part_inputs import PartsInput, ids, parts, relation_kinds, several, social_links
from services.contacts.schema.rules import writing
from services.contacts.schema.statuses import StatusInput, step
from services.contacts.schema.unit import Update, Write, field, given, once, parsed, parsed_id

ContactResult = Annotated[
    Contact | CommonErrors, strawberry.union("ContactResult", description="The contact, or why nothing was written.")
]


@strawberry.input(description="What a contact has.")
class ContactInput(PartsInput):
    """What creating and updating share."""

    given_name: str | None = field("First name.")
    family_name: str | None = field("Last name.")
    language: str | None = field("The language to write in: fr or en.")
    languages: list[str] | None = field("Languages they speak (BCP 47): fr, en-GB; they replace those there were.")
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


@strawberry.input(description="Tags to put on, and to take off.")
class ChangeContactTagsInput(Update):
    """See commands.tags.change_tags."""

    add_ids: list[strawberry.ID] = strawberry.field(default_factory=list, description="Tags to put on.")
    remove_ids: list[strawberry.ID] = strawberry.field(default_factory=list, description="Tags to take off.")


def _values(input: ContactInput) -> commands.ContactValues:
    told = given(
        given_name=parsed(input.given_name, text.optional_line, "givenName"),
        family_name=parsed(input.family_name, text.optional_line, "familyName"),
        language=parsed(input.language, values.parse_locale, "language"),
        languages=_languages(input),
        relation_kinds=relation_kinds(input),
        social_links=social_links(input),
        notes=parsed(input.notes, text.optional_note, "notes"),
        relationship_manager_id=parsed_id(input.relationship_manager_id, "collaborator", "relationshipManagerId"),
    )
    return cast("commands.ContactValues", told)


def _languages(input: ContactInput) -> Any:
    told = several(input.languages, "languages", parse_language)
    return UNSET if told is None else list(dict.fromkeys(told))


@strawberry.type
class ContactMutations:
    """Fields of Mutation."""

    @strawberry.mutation(description="Add a contact.", extensions=writing(Rule.WRITE_CONTACTS))
    async def create_contact(
        self, info: Info, input: Annotated[CreateContactInput, strawberry.argument(description="The contact.")]
    ) -> ContactResult:
        """See commands.create_contact."""

        async def act(work: UnitOfWork) -> UUID:
            told, begun = await parts(work, input, new=True), Step(input.status)
            return await commands.create_contact(
                work, _values(input), told.emails or (), told.phones or (), step=begun, parts=told
            )

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(description="Change a contact.", extensions=writing(Rule.WRITE_CONTACTS))
    async def update_contact(
        self, info: Info, input: Annotated[UpdateContactInput, strawberry.argument(description="What to change.")]
    ) -> ContactResult:
        """See commands.update_contact."""

        async def act(work: UnitOfWork) -> UUID:
            id, told = parse_id("contact", input.id), await parts(work, input)
            return await commands.update_contact(
                work,
                id,
                _values(input),
                told.emails,
                told.phones,
                input.expected_version,
                step=step(input),
                parts=told,
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

    @strawberry.mutation(
        description="Put tags on a contact, and take others off.", extensions=writing(Rule.WRITE_CONTACTS)
    )
    async def change_contact_tags(
        self, info: Info, input: Annotated[ChangeContactTagsInput, strawberry.argument(description="Which tags.")]
    ) -> ContactResult:
        """See commands.tags.change_tags."""

        async def act(work: UnitOfWork) -> UUID:
            id = parse_id("contact", input.id)
            add, remove = ids(input.add_ids, "tag", "addIds"), ids(input.remove_ids, "tag", "removeIds")
            return await change_tags(work, model.Contact, id, add or (), remove or (), input.expected_version)

        return await _shown(info, await once(info, input, act))


async def _shown(info: Info, id: UUID) -> Contact:
    return Contact.of(await info.context.load(queries.contacts, id))
