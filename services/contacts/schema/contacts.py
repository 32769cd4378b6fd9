"""Contact, with its addresses and numbers."""

from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis.graphql.context import Info
from chassis.graphql.entities import Entities
from chassis.graphql.listing import Within, list_field
from chassis.graphql.selecting import Needs
from chassis.identifiers import format_id, parse_id
from services.contacts import model, queries
from services.contacts.cards.queries import exchanges_of_contacts
from services.contacts.duplicates.queries import like_contacts
from services.contacts.model import DuplicateKind
from services.contacts.schema.custom_fields import CustomValue
from services.contacts.schema.duplicates import PossibleDuplicate
from services.contacts.schema.enums import AccountStatus, ContactOrigin, RelationKind
from services.contacts.schema.fieldwork import FieldWork
from services.contacts.schema.history import history_field
from services.contacts.schema.lists import InterlocutorFilter
from services.contacts.schema.orders import InterlocutorOrder
from services.contacts.schema.organizations import Collaborator
from services.contacts.schema.parts import EmailAddress, PhoneNumber, PostalAddress, SocialLink
from services.contacts.schema.photos import Photo
from services.contacts.schema.statuses import StatusChange
from services.contacts.schema.tags import TagType

if TYPE_CHECKING:
    from services.contacts.schema.cards import CardExchange
    from services.contacts.schema.groups import GroupType
    from services.contacts.schema.interlocutors import InterlocutorType

Group = Annotated["GroupType", strawberry.lazy("services.contacts.schema.groups")]
_CardExchange = Annotated["CardExchange", strawberry.lazy("services.contacts.schema.cards")]
Interlocutor = Annotated["InterlocutorType", strawberry.lazy("services.contacts.schema.interlocutors")]


@strawberry.federation.type(keys=["id"], description="A natural person whom your firm knows.")
class Contact:
    """See model.Contact."""

    key: strawberry.Private[UUID]
    manager_id: strawberry.Private[UUID | None]
    id: strawberry.ID = strawberry.field(description="TypeID, `contact_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    given_name: str | None = strawberry.field(description="First name.")
    family_name: str | None = strawberry.field(description="Last name.")
    language: str | None = strawberry.field(description="The language to write in: fr or en; unknown if null.")
    status: AccountStatus = strawberry.field(
        description="Where your firm stands with this person; for whoever speaks for a company, see its account too."
    )
    origin: ContactOrigin = strawberry.field(description="How it came into the address book.")
    languages: list[str] = strawberry.field(description="Languages this person speaks (BCP 47): fr, en-GB.")
    relation_kinds: list[RelationKind] = strawberry.field(
        description="What this person is beside their status; several at once."
    )
    social_links: list[SocialLink] = strawberry.field(description="Where this person is on social networks.")
    created_at: datetime = strawberry.field(description="When it was added.")
    updated_at: datetime = strawberry.field(description="When it last changed.")
    deleted_at: datetime | None = strawberry.field(description="When it was deleted, if it was; it can be restored.")

    @strawberry.field(description="Given and family name, as they are said.")
    def name(self) -> str:
        """Never empty: a contact has at least one of the two."""
        return " ".join(filter(None, (self.given_name, self.family_name)))

    @strawberry.field(description="The primary e-mail address, if there is any.")
    async def email(self, info: Info) -> str | None:
        """The first of `emails`."""
        rows = await info.context.load(queries.contact_emails, self.key)
        return rows[0].address if rows else None

    @strawberry.field(description="The primary telephone number in E.164, if there is any.")
    async def phone(self, info: Info) -> str | None:
        """The first of `phones`."""
        rows = await info.context.load(queries.contact_phones, self.key)
        return rows[0].number if rows else None

    @strawberry.field(description="Every e-mail address, the primary one first.")
    async def emails(self, info: Info) -> list[EmailAddress]:
        """One statement for all the contacts of an answer."""
        return [EmailAddress.of(row) for row in await info.context.load(queries.contact_emails, self.key)]

    @strawberry.field(description="Every telephone number, the primary one first.")
    async def phones(self, info: Info) -> list[PhoneNumber]:
        """One statement for all the contacts of an answer."""
        return [PhoneNumber.of(row) for row in await info.context.load(queries.contact_phones, self.key)]

    @strawberry.field(description="Every place, the main one first.")
    async def addresses(self, info: Info) -> list[PostalAddress]:
        """One statement for all the contacts of an answer."""
        return [PostalAddress.of(row) for row in await info.context.load(queries.contact_addresses, self.key)]

    @strawberry.field(description="The tags, by name.")
    async def tags(self, info: Info) -> list[TagType]:
        """One statement for all the contacts of an answer."""
        return [TagType.of(row) for row in await info.context.load(queries.contact_tags, self.key)]

    @strawberry.field(description="Every commercial status this person had, oldest first.")
    async def status_history(self, info: Info) -> list[StatusChange]:
        """One statement for all."""
        return [StatusChange.of(row) for row in await info.context.load(queries.contact_status_history, self.key)]

    @strawberry.field(description="The values of your organization's own fields, in the fields' order.")
    async def custom_values(self, info: Info) -> list[CustomValue]:
        """One statement for all."""
        return CustomValue.all_of(await info.context.load(queries.contact_custom_values, self.key))

    history = history_field(
        model.HistoryEntry.contact_id, "Every change of this contact and of their links to companies, newest first."
    )

    @strawberry.field(description="What is good to know about this person.")
    async def notes(self, info: Info) -> str | None:
        """Read only where it is asked for: it may be long."""
        row = await info.context.load(queries.contact_notes, self.key)
        return row.notes if row else None

    @strawberry.field(description="The collaborator in charge of the relation.")
    async def relationship_manager(self, info: Info) -> Collaborator | None:
        """One statement for all."""
        return await Collaborator.load(info, self.manager_id)

    interlocutors = list_field(
        lambda: import_module("services.contacts.schema.interlocutors").INTERLOCUTORS,
        Interlocutor,
        filter=InterlocutorFilter,
        order=InterlocutorOrder,
        within=Within(model.Interlocutor.contact_id),
        description="The companies this person speaks for, or spoke for.",
    )

    @strawberry.field(description="How this person was met, if they were recorded outside.")
    async def meeting(self, info: Info) -> FieldWork | None:
        """One statement for all."""
        return await FieldWork.first_of(info, self.key)

    @strawberry.field(description="The exchanges of business cards that this person is known by, oldest first.")
    async def card_exchanges(self, info: Info) -> list[_CardExchange]:
        """One statement for all; seldom more than one."""
        from services.contacts.schema.cards import CardExchange  # the two types show each other

        return [CardExchange.of(row) for row in await info.context.load(exchanges_of_contacts, self.key)]

    @strawberry.field(description="How this person looks, if somebody gave a photo.")
    async def photo(self, info: Info) -> Photo | None:
        """One statement for all."""
        return await Photo.load(info, "contact", self.key)

    @strawberry.field(
        description="What may be the same person, surest first: a warning after a write, and at any time after."
    )
    async def duplicates(self, info: Info) -> list[PossibleDuplicate]:
        """Looked up as it is now, for all of an answer at once."""
        found = await info.context.load(like_contacts, self.key)
        return [PossibleDuplicate.of(DuplicateKind.CONTACT, each) for each in found]

    @strawberry.field(description="The groups this person is in, by name; dynamic ones as of a few seconds ago.")
    async def groups(self, info: Info) -> list[Group]:
        """One statement for all."""
        from services.contacts.schema.groups import GroupType  # the two types show each other

        return [GroupType.of(row) for row in await info.context.load(queries.groups_of_contacts, self.key)]

    @strawberry.field(description="The collaborator that they have become, disabled or not, if they have.")
    async def collaborator(self, info: Info) -> Collaborator | None:
        """One statement for all."""
        row = await info.context.load(queries.collaborators_of_contacts, self.key)
        return Collaborator.of(row) if row else None

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.CONTACT."""
        return cls(
            key=row.id,
            id=strawberry.ID(format_id("contact", row.id)),
            version=row.version,
            given_name=row.given_name,
            family_name=row.family_name,
            language=row.language,
            origin=row.origin,
            status=row.status,
            languages=row.languages,
            relation_kinds=row.relation_kinds,
            social_links=[SocialLink.of(each) for each in row.social_links or ()],
            manager_id=row.relationship_manager_id,
            created_at=row.created_at,
            updated_at=row.updated_at,
            deleted_at=row.deleted_at,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """For the gateway's entity calls."""
        row = await _ENTITIES.row(info, parse_id("contact", id))
        return cls.of(row) if row else None

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self | None:
        """One, gathered with the others that are asked for at the same time."""
        row = await info.context.load(queries.contacts, id)
        return cls.of(row) if row else None


CONTACT_NEEDS: Needs = {
    "name": ("given_name", "family_name"),
    "relationshipManager": ("relationship_manager_id",),
    **dict.fromkeys(("email", "phone", "emails", "phones", "notes", "interlocutors"), ()),
}
_ENTITIES = Entities(
    "Contact", queries.CONTACT, model.Contact.id, CONTACT_NEEDS, ("id", "merged_into_id"), queries.contacts_of
)
