"""Merging: the preview, the mutations, the merges that there were."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import strawberry

from chassis.errors import InvalidId, InvalidInput
from chassis.graphql.connections import Order
from chassis.graphql.context import Info
from chassis.graphql.enums import described
from chassis.graphql.errors import CommonErrors
from chassis.graphql.filters import (
    BooleanFilter,
    ChoiceFilter,
    Clauses,
    Conditions,
    DateTimeFilter,
    by,
    condition,
    where,
)
from chassis.graphql.listing import Listing, list_field
from chassis.graphql.ordering import Ordering
from chassis.identifiers import kind_of, parse_id
from services.contacts import queries as rows
from services.contacts.merging import banking, commands, queries
from services.contacts.merging.commands import Merging
from services.contacts.merging.plan import MergeField
from services.contacts.merging.preview import preview
from services.contacts.model import DuplicateKind
from services.contacts.model import Merge as Row
from services.contacts.permissions import Rule
from services.contacts.schema.account_mutations import AccountResult
from services.contacts.schema.accounts import Account
from services.contacts.schema.contact_mutations import ContactResult
from services.contacts.schema.contacts import Contact
from services.contacts.schema.merges import Merge, MergePreview
from services.contacts.schema.rules import reading, writing
from services.contacts.schema.unit import Update, Write, once

Id = Annotated[strawberry.ID, strawberry.argument(description="Its TypeID.")]
MergeResult = Annotated[
    Merge | CommonErrors, strawberry.union("MergeResult", description="The merge, or why nothing was written.")
]


@strawberry.input(description="Whose value of a field is kept.")
class MergeChoiceInput:
    """See plan.outcomes."""

    field: MergeField = strawberry.field(description="The field.")
    from_id: strawberry.ID = strawberry.field(description="Whose value: the winner's or a loser's id.")


@strawberry.input(description="One that becomes part of the winner.")
class MergeLoserInput:
    """See commands.Merging."""

    id: strawberry.ID = strawberry.field(description="Which one.")
    expected_version: int | None = strawberry.field(
        default=None, description="The version you saw: the merge is refused if there is a newer one."
    )


@strawberry.input(description="Who is merged, and what is chosen where they differ.")
class Merged:
    """What both mutations and the preview take."""

    winner_id: strawberry.ID = strawberry.field(description="Who wins: its id stays.")
    losers: list[MergeLoserInput] = strawberry.field(description="1 to 10 that become part of the winner.")
    choices: list[MergeChoiceInput] = strawberry.field(
        default_factory=list, description="Whose value is kept where the preview's is not wanted."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="The winner's version you saw: the merge is refused if there is a newer one."
    )


@strawberry.input(description="What a merge would be: of contacts, or of accounts.")
class MergePreviewInput(Merged):
    """See preview."""


@strawberry.input(description="Contacts that are the same person.")
class MergeContactsInput(Merged, Write):
    """See commands.merge."""


@strawberry.input(description="Accounts that are the same company.")
class MergeAccountsInput(Merged, Write):
    """See commands.merge."""


@strawberry.input(description="Which merge to undo.")
class UnmergeInput(Update):
    """See commands.unmerge."""


@strawberry.input(description="Which merges. All the conditions given must hold.")
class MergeFilter:
    """See MERGES."""

    kind: ChoiceFilter[DuplicateKind] | None = condition("What was merged.")
    subject_id: strawberry.ID | None = condition("Merges of which this contact or account was winner or loser.")
    undone: BooleanFilter | None = condition("Whether it was undone.")
    created_at: DateTimeFilter | None = condition("When.")


class MergeOrderField(StrEnum):
    """See MERGES."""

    CREATED_AT = "created_at"


described(MergeOrderField, "What merges can be ordered by.", CREATED_AT="When.")


@strawberry.input(description="One term of an order of merges.")
class MergeOrder(Ordering):
    """See chassis.graphql.ordering.Term."""

    field: MergeOrderField = strawberry.field(description="By what.")


@strawberry.type
class MergeQueries:
    """Fields of Query."""

    @strawberry.field(
        description="What a merge would give, field by field, and what would follow.", extensions=reading()
    )
    async def merge_preview(
        self, info: Info, input: Annotated[MergePreviewInput, strawberry.argument(description="Who is merged.")]
    ) -> MergePreview:
        """Nothing is written."""
        order = _order(info, _kind(input.winner_id, "winnerId"), input)
        await info.context.read.release()
        async with info.context.unit_of_work() as work:
            return MergePreview.of(await preview(work, order))

    @strawberry.field(description="One merge; null if there is none.", extensions=reading())
    async def merge(self, info: Info, id: Id) -> Merge | None:
        """By id."""
        return await Merge.load(info, parse_id("merge", id))

    merges = list_field(
        lambda: MERGES,
        Merge,
        filter=MergeFilter,
        order=MergeOrder,
        description="Merges that there were.",
        extensions=reading(),
        newest_first=True,
    )


@strawberry.type
class MergeMutations:
    """Fields of Mutation."""

    @strawberry.mutation(
        description="Make contacts one; everything of theirs follows to the winner, in every service.",
        extensions=writing(Rule.MERGE_CONTACTS),
    )
    async def merge_contacts(
        self, info: Info, input: Annotated[MergeContactsInput, strawberry.argument(description="Who is merged.")]
    ) -> ContactResult:
        """See commands.merge."""
        order = _order(info, DuplicateKind.CONTACT, input)
        winner = await once(info, input, lambda work: commands.merge(work, order))
        return Contact.of(await info.context.load(rows.contacts, winner))

    @strawberry.mutation(
        description="Make accounts one; everything of theirs follows to the winner, in every service.",
        extensions=writing(Rule.MERGE_ACCOUNTS),
    )
    async def merge_accounts(
        self, info: Info, input: Annotated[MergeAccountsInput, strawberry.argument(description="Who is merged.")]
    ) -> AccountResult:
        """See commands.merge."""
        order = _order(info, DuplicateKind.ACCOUNT, input)
        winner = await once(info, input, lambda work: commands.merge(work, order))
        return Account.of(await info.context.load(rows.accounts, winner))

    @strawberry.mutation(
        description="Undo a merge: both are as before, what followed goes back, what came after stays with the winner.",
        extensions=writing(Rule.MERGE_CONTACTS),
    )
    async def unmerge(
        self, info: Info, input: Annotated[UnmergeInput, strawberry.argument(description="Which merge.")]
    ) -> MergeResult:
        """See commands.unmerge."""
        id = parse_id("merge", input.id)
        done = await once(info, input, lambda work: commands.unmerge(work, id, input.expected_version))
        return Merge.of(await info.context.load(queries.merges, done))


def _order(info: Info, kind: DuplicateKind, input: Merged) -> Merging:
    prefix = kind.value.lower()
    losers = [parse_id(prefix, each.id, f"losers.{n}.id") for n, each in enumerate(input.losers)]
    return Merging(
        kind=kind,
        winner=parse_id(prefix, input.winner_id, "winnerId"),
        losers=losers,
        choices=_choices(prefix, input.choices),
        expected=input.expected_version,
        expected_of_losers={
            id: each.expected_version
            for id, each in zip(losers, input.losers, strict=True)
            if each.expected_version is not None
        },
        reseal=_reseal(info),
    )


def _choices(prefix: str, told: Sequence[MergeChoiceInput]) -> dict[MergeField, UUID]:
    found = {each.field: parse_id(prefix, each.from_id, f"choices.{n}.fromId") for n, each in enumerate(told)}
    if len(found) < len(told):
        raise InvalidInput("choices", "Choose once for each field.")
    return found


def _reseal(info: Info) -> banking.Reseal | None:
    """Bank details follow sealed: nobody sees them."""
    cipher = info.context.tools.cipher
    if cipher is None:
        return None
    return lambda sealed, loser, winner: cipher.encrypt(cipher.decrypt(sealed, loser), winner)


def _kind(id: str, field: str) -> DuplicateKind:
    try:
        return DuplicateKind(kind_of(id).upper())
    except ValueError as error:
        raise InvalidId(field, id, "contact") from error


def _of_subject(id: str) -> Clauses:
    return [queries.concerns(parse_id(_kind(id, "filter").value.lower(), id, "filter"))]


_MERGE: Conditions = {
    "kind": by(Row.kind),
    "subject_id": _of_subject,
    "undone": by(Row.undone_at.is_not(None)),
    "created_at": by(Row.created_at),
}
MERGES: Listing[Merge] = Listing(
    queries.MERGE,
    Row.id,
    Merge.of,
    lambda filter: where(filter, _MERGE),
    {MergeOrderField.CREATED_AT: (Row.created_at, False)},
    [Order(Row.id, descending=True)],
)
