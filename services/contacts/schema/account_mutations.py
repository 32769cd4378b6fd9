"""Writing accounts: input types, their parsing, the mutations."""

from typing import Annotated, cast
from uuid import UUID

import strawberry

from chassis import text
from chassis.database import UnitOfWork
from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import parse_id
from services.contacts import model, queries, values
from services.contacts.commands import accounts as commands
from services.contacts.commands.banking import BankDetails, set_bank_accounts
from services.contacts.commands.statuses import Step
from services.contacts.commands.tags import change_tags
from services.contacts.links import parse_website
from services.contacts.permissions import Rule
from services.contacts.schema.accounts import Account
from services.contacts.schema.banking import BankAccountInput, bank_details
from services.contacts.schema.enums import AccountStatus
from services.contacts.schema.part_inputs import PartsInput, ids, parts, relation_kinds, social_links
from services.contacts.schema.rules import writing
from services.contacts.schema.statuses import StatusInput, step
from services.contacts.schema.unit import Update, Write, field, given, once, parsed, parsed_id, required

AccountResult = Annotated[
    Account | CommonErrors, strawberry.union("AccountResult", description="The account, or why nothing was written.")
]


@strawberry.input(description="What an account has.")
class AccountInput(PartsInput):
    """What creating and updating share."""

    siren: str | None = field("SIREN, nine digits.")
    siret: str | None = field("SIRET of the establishment, fourteen digits; it must begin with the SIREN.")
    vat_number: str | None = field("VAT number of the European Union.")
    parent_id: strawberry.ID | None = field("The company it belongs to: not itself, nor one that belongs to it.")
    website: str | None = field("Its web site.")
    bank_accounts: list[BankAccountInput] | None = field(
        "Bank details, kept encrypted; they replace those there were. Administrators only."
    )
    notes: str | None = field("What is good to know.")
    relationship_manager_id: strawberry.ID | None = field("The collaborator in charge.")


@strawberry.input(description="A new account.")
class CreateAccountInput(AccountInput, Write):
    """See commands.create_account."""

    name: str = strawberry.field(description="What the company is called.")
    status: AccountStatus = strawberry.field(
        default=AccountStatus.SUSPECT, description="Where your firm stands with it."
    )


@strawberry.input(description="What to change of an account; what is absent stays, null takes away.")
class UpdateAccountInput(AccountInput, StatusInput, Update):
    """See commands.update_account."""

    name: str | None = field("What the company is called.")


@strawberry.input(description="Which account to delete.")
class DeleteAccountInput(Update):
    """See commands.delete_account."""


@strawberry.input(description="Which account to restore.")
class RestoreAccountInput(Update):
    """See commands.restore_account."""


@strawberry.input(description="Tags to put on, and to take off.")
class ChangeAccountTagsInput(Update):
    """See commands.tags.change_tags."""

    add_ids: list[strawberry.ID] = strawberry.field(default_factory=list, description="Tags to put on.")
    remove_ids: list[strawberry.ID] = strawberry.field(default_factory=list, description="Tags to take off.")


def _values(input: CreateAccountInput | UpdateAccountInput) -> commands.AccountValues:
    told = given(
        name=required(input.name, text.line, "name"),
        siren=parsed(input.siren, values.parse_siren, "siren"),
        siret=parsed(input.siret, values.parse_siret, "siret"),
        vat_number=parsed(input.vat_number, values.parse_vat, "vatNumber"),
        parent_id=parsed_id(input.parent_id, "account", "parentId"),
        website=parsed(input.website, parse_website, "website"),
        relation_kinds=relation_kinds(input),
        social_links=social_links(input),
        notes=parsed(input.notes, text.optional_note, "notes"),
        relationship_manager_id=parsed_id(input.relationship_manager_id, "collaborator", "relationshipManagerId"),
    )
    return cast("commands.AccountValues", told)


async def _set_bank_accounts(info: Info, work: UnitOfWork, id: UUID, told: list[BankDetails] | None) -> None:
    if told is not None:
        await set_bank_accounts(work, id, told, info.context.tools.cipher)


@strawberry.type
class AccountMutations:
    """Fields of Mutation."""

    @strawberry.mutation(description="Open the file of a company.", extensions=writing(Rule.WRITE_ACCOUNTS))
    async def create_account(
        self, info: Info, input: Annotated[CreateAccountInput, strawberry.argument(description="The account.")]
    ) -> AccountResult:
        """See commands.create_account."""

        async def act(work: UnitOfWork) -> UUID:
            details, told = bank_details(info, input.bank_accounts), await parts(work, input, new=True)
            id = await commands.create_account(work, _values(input), Step(input.status), told)
            await _set_bank_accounts(info, work, id, details)
            return id

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(description="Change a company's file.", extensions=writing(Rule.WRITE_ACCOUNTS))
    async def update_account(
        self, info: Info, input: Annotated[UpdateAccountInput, strawberry.argument(description="What to change.")]
    ) -> AccountResult:
        """See commands.update_account."""

        async def act(work: UnitOfWork) -> UUID:
            id = parse_id("account", input.id)
            details, told = bank_details(info, input.bank_accounts), await parts(work, input)
            await commands.update_account(work, id, _values(input), step(input), told, input.expected_version)
            await _set_bank_accounts(info, work, id, details)
            return id

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(description="Delete an account; it can be restored.", extensions=writing(Rule.WRITE_ACCOUNTS))
    async def delete_account(
        self, info: Info, input: Annotated[DeleteAccountInput, strawberry.argument(description="Which one.")]
    ) -> AccountResult:
        """See commands.delete_account."""

        async def act(work: UnitOfWork) -> UUID:
            return await commands.delete_account(work, parse_id("account", input.id), input.expected_version)

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(description="Take a deleted account back.", extensions=writing(Rule.WRITE_ACCOUNTS))
    async def restore_account(
        self, info: Info, input: Annotated[RestoreAccountInput, strawberry.argument(description="Which one.")]
    ) -> AccountResult:
        """See commands.restore_account."""

        async def act(work: UnitOfWork) -> UUID:
            return await commands.restore_account(work, parse_id("account", input.id), input.expected_version)

        return await _shown(info, await once(info, input, act))

    create_accounts = batch_of(create_account, "create_accounts", "Open the files of companies.")
    update_accounts = batch_of(update_account, "update_accounts", "Change companies' files.")
    delete_accounts = batch_of(delete_account, "delete_accounts", "Delete accounts; they can be restored.")
    restore_accounts = batch_of(restore_account, "restore_accounts", "Take deleted accounts back.")

    @strawberry.mutation(
        description="Put tags on an account, and take others off.", extensions=writing(Rule.WRITE_ACCOUNTS)
    )
    async def change_account_tags(
        self, info: Info, input: Annotated[ChangeAccountTagsInput, strawberry.argument(description="Which tags.")]
    ) -> AccountResult:
        """See commands.tags.change_tags."""

        async def act(work: UnitOfWork) -> UUID:
            id = parse_id("account", input.id)
            add, remove = ids(input.add_ids, "tag", "addIds"), ids(input.remove_ids, "tag", "removeIds")
            return await change_tags(work, model.Account, id, add or (), remove or (), input.expected_version)

        return await _shown(info, await once(info, input, act))


async def _shown(info: Info, id: UUID) -> Account:
    return Account.of(await info.context.load(queries.accounts, id))
