"""The root of reading. Every field names its rule."""

from typing import Annotated, TypeVar

import strawberry

from chassis.graphql.connections import After, Before, Connection, First, Last, Paging, page
from chassis.graphql.context import Info
from chassis.graphql.ordering import orders
from chassis.identifiers import parse_id
from services.contacts import model
from services.contacts import queries as rows
from services.contacts.schema import lists
from services.contacts.schema.accounts import Account
from services.contacts.schema.contacts import Contact
from services.contacts.schema.interlocutors import InterlocutorType
from services.contacts.schema.orders import (
    ACCOUNT_COLUMNS,
    COLLABORATOR_COLUMNS,
    CONTACT_COLUMNS,
    INTERLOCUTOR_COLUMNS,
    AccountOrder,
    CollaboratorOrder,
    ContactOrder,
    InterlocutorOrder,
)
from services.contacts.schema.organizations import Collaborator, Organization
from services.contacts.schema.rules import reading

T = TypeVar("T")
Id = Annotated[strawberry.ID, strawberry.argument(description="Its TypeID.")]
_FILTER = strawberry.argument(name="filter", description="Which ones; all without it.")
_ORDER = strawberry.argument(description="In which order; oldest first without it.")


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

    @strawberry.field(description="Contacts, a page at a time.", extensions=reading())
    async def contacts(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter_: Annotated[lists.ContactFilter | None, _FILTER] = None,
        order_by: Annotated[list[ContactOrder] | None, _ORDER] = None,
    ) -> Connection[Contact]:
        """By keyset."""
        order = orders(order_by, CONTACT_COLUMNS, model.Contact.id)
        paging = Paging.parse(first, after, last, before)
        return await page(info.context.read, rows.CONTACT.where(*lists.on_contacts(filter_)), order, paging, Contact.of)

    @strawberry.field(description="Accounts, a page at a time.", extensions=reading())
    async def accounts(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter_: Annotated[lists.AccountFilter | None, _FILTER] = None,
        order_by: Annotated[list[AccountOrder] | None, _ORDER] = None,
    ) -> Connection[Account]:
        """By keyset."""
        order = orders(order_by, ACCOUNT_COLUMNS, model.Account.id)
        paging = Paging.parse(first, after, last, before)
        return await page(info.context.read, rows.ACCOUNT.where(*lists.on_accounts(filter_)), order, paging, Account.of)

    @strawberry.field(description="Interlocutors, a page at a time.", extensions=reading())
    async def interlocutors(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter_: Annotated[lists.InterlocutorFilter | None, _FILTER] = None,
        order_by: Annotated[list[InterlocutorOrder] | None, _ORDER] = None,
    ) -> Connection[InterlocutorType]:
        """By keyset."""
        order = orders(order_by, INTERLOCUTOR_COLUMNS, model.Interlocutor.id)
        paging = Paging.parse(first, after, last, before)
        statement = rows.INTERLOCUTOR.where(*lists.on_interlocutors(filter_))
        return await page(info.context.read, statement, order, paging, InterlocutorType.of)

    @strawberry.field(description="Collaborators, a page at a time.", extensions=reading())
    async def collaborators(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter_: Annotated[lists.CollaboratorFilter | None, _FILTER] = None,
        order_by: Annotated[list[CollaboratorOrder] | None, _ORDER] = None,
    ) -> Connection[Collaborator]:
        """By keyset."""
        order = orders(order_by, COLLABORATOR_COLUMNS, model.Collaborator.id)
        paging = Paging.parse(first, after, last, before)
        statement = rows.COLLABORATOR.where(*lists.on_collaborators(filter_))
        return await page(info.context.read, statement, order, paging, Collaborator.of)
