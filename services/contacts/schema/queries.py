"""The root of reading. Every field names its rule."""

from typing import Annotated

import strawberry

from chassis.graphql.context import Info
from chassis.graphql.listing import Listing, list_field
from chassis.identifiers import parse_id
from services.contacts import model
from services.contacts import queries as rows
from services.contacts.schema import lists
from services.contacts.schema.accounts import ACCOUNT_NEEDS, Account
from services.contacts.schema.contacts import CONTACT_NEEDS, Contact
from services.contacts.schema.custom_orders import custom_fields_known
from services.contacts.schema.interlocutors import INTERLOCUTORS, InterlocutorType
from services.contacts.schema.orders import (
    ACCOUNT_COLUMNS,
    COLLABORATOR_COLUMNS,
    CONTACT_COLUMNS,
    AccountOrder,
    CollaboratorOrder,
    ContactOrder,
    InterlocutorOrder,
)
from services.contacts.schema.organizations import COLLABORATOR_NEEDS, Collaborator, Organization
from services.contacts.schema.rules import reading

Id = Annotated[strawberry.ID, strawberry.argument(description="Its TypeID.")]
CONTACTS = Listing(
    rows.CONTACT,
    model.Contact.id,
    Contact.of,
    lists.on_contacts,
    CONTACT_COLUMNS,
    needs=CONTACT_NEEDS,
    check=custom_fields_known(model.CustomFieldSubject.CONTACT),
)
ACCOUNTS = Listing(
    rows.ACCOUNT,
    model.Account.id,
    Account.of,
    lists.on_accounts,
    ACCOUNT_COLUMNS,
    needs=ACCOUNT_NEEDS,
    check=custom_fields_known(model.CustomFieldSubject.ACCOUNT),
)
COLLABORATORS = Listing(
    rows.COLLABORATOR,
    model.Collaborator.id,
    Collaborator.of,
    lists.on_collaborators,
    COLLABORATOR_COLUMNS,
    needs=COLLABORATOR_NEEDS,
)


@strawberry.type(description="Everything that can be read.")
class Query:
    """Fields of the contacts subgraph."""

    @strawberry.field(description="Who you are here; null where your access is gone.", extensions=reading())
    async def me(self, info: Info) -> Collaborator | None:
        """The caller."""
        return await Collaborator.load(info, info.context.actor.collaborator)

    @strawberry.field(description="Your organization; null before it is set up.", extensions=reading())
    async def organization(self, info: Info) -> Organization | None:
        """The caller's tenant."""
        return await Organization.load(info, info.context.actor.organization)

    @strawberry.field(description="One contact, deleted or not; null if there is none.", extensions=reading())
    async def contact(self, info: Info, id: Id) -> Contact | None:
        """By id."""
        return await Contact.load(info, parse_id("contact", id))

    @strawberry.field(description="One account, deleted or not; null if there is none.", extensions=reading())
    async def account(self, info: Info, id: Id) -> Account | None:
        """By id."""
        return await Account.load(info, parse_id("account", id))

    @strawberry.field(description="One interlocutor; null if there is none.", extensions=reading())
    async def interlocutor(self, info: Info, id: Id) -> InterlocutorType | None:
        """By id."""
        return await InterlocutorType.load(info, parse_id("interlocutor", id))

    @strawberry.field(description="One collaborator; null if there is none.", extensions=reading())
    async def collaborator(self, info: Info, id: Id) -> Collaborator | None:
        """By id."""
        return await Collaborator.load(info, parse_id("collaborator", id))

    contacts = list_field(
        lambda: CONTACTS,
        Contact,
        filter=lists.ContactFilter,
        order=ContactOrder,
        description="Contacts, a page at a time.",
        extensions=reading(),
    )
    accounts = list_field(
        lambda: ACCOUNTS,
        Account,
        filter=lists.AccountFilter,
        order=AccountOrder,
        description="Accounts, a page at a time.",
        extensions=reading(),
    )
    interlocutors = list_field(
        lambda: INTERLOCUTORS,
        InterlocutorType,
        filter=lists.InterlocutorFilter,
        order=InterlocutorOrder,
        description="Interlocutors, a page at a time.",
        extensions=reading(),
    )
    collaborators = list_field(
        lambda: COLLABORATORS,
        Collaborator,
        filter=lists.CollaboratorFilter,
        order=CollaboratorOrder,
        description="Collaborators, a page at a time.",
        extensions=reading(),
    )
