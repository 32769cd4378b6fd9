"""Writing accounts: input types, their parsing, the mutations."""

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
from services.contacts.commands import accounts as commands
from services.contacts.commands.statuses import Step
from services.contacts.permissions import Rule, check
from services.contacts.schema.accounts import Account
from services.contacts.schema.enums import AccountStatus, Kind
from services.contacts.schema.rules import writing
from services.contacts.schema.statuses import StatusInput, step
from services.contacts.schema.unit import Update, Write, field, given, once, parsed, parsed_id, required

MAX_ADDRESSES = 20
MAX_POSTAL_CODE = 12
MAX_LINES = 500
AccountResult = Annotated[
    Account | CommonErrors, strawberry.union("AccountResult", description="The account, or why nothing was written.")
]


@strawberry.input(description="A place of a company.")
class AddressInput:
    """See commands.Address."""

    kind: Kind = strawberry.field(default=Kind.WORK, description="What it is used for.")
    lines: str = strawberry.field(description="Street and number, building…; several lines.")
    postal_code: str | None = strawberry.field(default=None, description="Postal code.")
    city: str | None = strawberry.field(default=None, description="City.")
    country: str = strawberry.field(default=values.DEFAULT_COUNTRY, description="Country (ISO 3166-1): FR.")


@strawberry.input(description="What an account has.")
class AccountInput:
    """What creating and updating share."""

    siren: str | None = field("SIREN, nine digits.")
    siret: str | None = field("SIRET of the establishment, fourteen digits; it must begin with the SIREN.")
    vat_number: str | None = field("VAT number of the European Union.")
    iban: str | None = field("Bank details, kept encrypted. Administrators only.")
    addresses: list[AddressInput] | None = field("Places, the main one first; they replace those there were.")
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


def _values(input: CreateAccountInput | UpdateAccountInput) -> commands.AccountValues:
    told = given(
        name=required(input.name, text.line, "name"),
        siren=parsed(input.siren, values.parse_siren, "siren"),
        siret=parsed(input.siret, values.parse_siret, "siret"),
        vat_number=parsed(input.vat_number, values.parse_vat, "vatNumber"),
        notes=parsed(input.notes, text.optional_note, "notes"),
        relationship_manager_id=parsed_id(input.relationship_manager_id, "collaborator", "relationshipManagerId"),
    )
    return cast("commands.AccountValues", told)


def _addresses(inputs: Sequence[AddressInput] | None) -> list[commands.Address] | None:
    if inputs is UNSET:
        return None
    told = list(inputs or [])
    if len(told) > MAX_ADDRESSES:
        raise InvalidInput("addresses", f"At most {MAX_ADDRESSES} are kept.")
    return [_address(item, f"addresses.{place}") for place, item in enumerate(told)]


def _address(item: AddressInput, path: str) -> commands.Address:
    lines = text.optional_note(item.lines, f"{path}.lines", most=MAX_LINES)
    if lines is None:
        raise InvalidInput(f"{path}.lines", "It must not be empty.")
    return commands.Address(
        item.kind,
        lines,
        text.optional_line(item.postal_code, f"{path}.postalCode", most=MAX_POSTAL_CODE),
        text.optional_line(item.city, f"{path}.city"),
        values.parse_country(item.country, f"{path}.country"),
    )


async def _set_iban(info: Info, work: UnitOfWork, id: UUID, text: str | None) -> None:
    if text is UNSET:
        return
    check(info.context.actor, Rule.WRITE_BANK_DETAILS)
    await commands.set_iban(work, id, parsed(text, values.parse_iban, "iban"), info.context.tools.cipher)


@strawberry.type
class AccountMutations:
    """Fields of Mutation."""

    @strawberry.mutation(description="Open the file of a company.", extensions=writing(Rule.WRITE_ACCOUNTS))
    async def create_account(
        self, info: Info, input: Annotated[CreateAccountInput, strawberry.argument(description="The account.")]
    ) -> AccountResult:
        """See commands.create_account."""

        async def act(work: UnitOfWork) -> UUID:
            addresses = _addresses(input.addresses) or ()
            id = await commands.create_account(work, _values(input), Step(input.status), addresses)
            await _set_iban(info, work, id, input.iban)
            return id

        return await _shown(info, await once(info, input, act))

    @strawberry.mutation(description="Change a company's file.", extensions=writing(Rule.WRITE_ACCOUNTS))
    async def update_account(
        self, info: Info, input: Annotated[UpdateAccountInput, strawberry.argument(description="What to change.")]
    ) -> AccountResult:
        """See commands.update_account."""

        async def act(work: UnitOfWork) -> UUID:
            id = parse_id("account", input.id)
            addresses = _addresses(input.addresses)
            await commands.update_account(work, id, _values(input), step(input), addresses, input.expected_version)
            await _set_iban(info, work, id, input.iban)
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


async def _shown(info: Info, id: UUID) -> Account:
    return Account.of(await info.context.load(queries.accounts, id))
