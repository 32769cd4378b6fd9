"""Duplicates, as they are read: warned of at entry, found over the whole base."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis.graphql.context import Info
from chassis.graphql.enums import described
from chassis.identifiers import format_id
from services.contacts.duplicates import queries
from services.contacts.duplicates.looking import Likely
from services.contacts.duplicates.score import PROBABLE, Code, Reason
from services.contacts.duplicates.wording import explanation
from services.contacts.model import DuplicateKind, DuplicateSearchState, DuplicateState
from services.contacts.schema.organizations import Collaborator

if TYPE_CHECKING:
    from services.contacts.schema.accounts import Account
    from services.contacts.schema.contacts import Contact

ContactType = Annotated["Contact", strawberry.lazy("services.contacts.schema.contacts")]
AccountType = Annotated["Account", strawberry.lazy("services.contacts.schema.accounts")]
Party = Annotated[ContactType | AccountType, strawberry.union("DuplicateParty", description="What may be there twice.")]
described(DuplicateKind, "What can be there twice.", CONTACT="Natural persons.", ACCOUNT="Companies.")
described(
    DuplicateState,
    "What became of a pair.",
    OPEN="It awaits a decision.",
    DISMISSED="Somebody said that the two are not the same; this holds until it is reopened.",
    MERGED="The two were merged.",
    GONE="The two are not alike any more, or one of them is deleted.",
)
described(
    DuplicateSearchState,
    "How far a search over the whole base is.",
    RUNNING="It is under way.",
    DONE="Every contact and account was looked at.",
    CANCELLED="Somebody stopped it; what it had found stays.",
    FAILED="It cannot go on.",
)
described(
    Code,
    "What speaks for or against two records being the same.",
    name="DuplicateReasonCode",
    NAME="The same name; accents and case do not matter.",
    NAME_SWAPPED="The same names, first and last swapped.",
    NICKNAME="A nickname of the same name.",
    NAME_TYPO="The same name but for a mistake.",
    NAME_PART="One has a part of the other's name.",
    INITIAL="One has the initial of the other's name.",
    FAMILY_NAME="The same name, of which one has a half.",
    EMAIL="The same e-mail address.",
    SHARED_MAILBOX="The same address of a mailbox that several people read, as contact@.",
    MOBILE="The same mobile number.",
    PHONE="The same telephone number, which may be a household's or a company's.",
    ACCOUNT="Interlocutors of the same company.",
    DOMAIN="The same company's domain in their e-mail addresses.",
    SIRET="The same SIRET.",
    SIREN="The same SIREN.",
    VAT_NUMBER="The same VAT number.",
    ADDRESS="The same postal address.",
    OTHER_NAME="Against: quite another name.",
    OTHER_SIREN="Against: another SIREN.",
    OTHER_SIRET="Against: another establishment of the same company.",
)


@strawberry.type(description="What speaks for or against two records being the same.")
class DuplicateReason:
    """See duplicates.score.Reason."""

    code: Code = strawberry.field(description="Fixed, for programs.")
    points: float = strawberry.field(description="The score that it alone would give; 0 where it speaks against.")
    ours: str = strawberry.field(description="What the first of the two says.")
    theirs: str = strawberry.field(description="What the other one says.")

    @strawberry.field(description="For people, in your language.")
    async def explanation(self, info: Info) -> str:
        """A few words."""
        from services.contacts.schema.imports import caller_locale

        return explanation(self.code, await caller_locale(info))

    @classmethod
    def of(cls, reason: Reason) -> Self:
        """The pure form's."""
        return cls(code=reason.code, points=reason.points, ours=reason.ours, theirs=reason.theirs)


@strawberry.type(description="A contact or account that may be the same as the one asked about.")
class PossibleDuplicate:
    """See duplicates.looking.Likely."""

    key: strawberry.Private[UUID]
    kind: DuplicateKind = strawberry.field(description="What it is.")
    score: float = strawberry.field(description="How sure it is: 0 to 1; pairs under 0.5 are not told.")
    probable: bool = strawberry.field(description="Whether the score is 0.85 or more.")
    reasons: list[DuplicateReason] = strawberry.field(description="Why.")

    @strawberry.field(description="The contact or account.")
    async def node(self, info: Info) -> Party:
        """One statement for all."""
        found: Party = await _party(info, self.kind, self.key)
        return found

    @classmethod
    def of(cls, kind: DuplicateKind, likely: Likely) -> Self:
        """The pure form's."""
        return cls(
            key=likely.id,
            kind=kind,
            score=likely.score,
            probable=likely.score >= PROBABLE,
            reasons=[DuplicateReason.of(reason) for reason in likely.reasons],
        )


@strawberry.type(description="Two contacts, or two accounts, that may be the same.")
class DuplicatePair:
    """See model.DuplicatePair."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `duplicate_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    kind: DuplicateKind = strawberry.field(description="What the two are.")
    state: DuplicateState = strawberry.field(description="What became of it.")
    score: float = strawberry.field(description="How sure it is: 0 to 1.")
    probable: bool = strawberry.field(description="Whether the score is 0.85 or more.")
    reasons: list[DuplicateReason] = strawberry.field(description="Why; `ours` is what the first says.")
    created_at: datetime = strawberry.field(description="When it was found first.")
    updated_at: datetime = strawberry.field(description="When it last changed.")
    settled_at: datetime | None = strawberry.field(description="When it was settled; null while it is open.")

    @strawberry.field(description="The older one.")
    async def first(self, info: Info) -> Party:
        """One statement for all."""
        found: Party = await _party(info, self.kind, self.row.first_id)
        return found

    @strawberry.field(description="The younger one.")
    async def second(self, info: Info) -> Party:
        """One statement for all."""
        found: Party = await _party(info, self.kind, self.row.second_id)
        return found

    @strawberry.field(description="Who settled it; null where it is open, or was the system.")
    async def settled_by(self, info: Info) -> Collaborator | None:
        """One statement for all."""
        return await Collaborator.load(info, self.row.settled_by_id)

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.PAIR."""
        return cls(
            row=row,
            id=strawberry.ID(format_id("duplicate", row.id)),
            version=row.version,
            kind=row.kind,
            state=row.state,
            score=row.score,
            probable=row.score >= PROBABLE,
            reasons=[DuplicateReason.of(Reason.of_json(told)) for told in row.reasons],
            created_at=row.created_at,
            updated_at=row.updated_at,
            settled_at=row.settled_at,
        )

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self | None:
        """One, gathered with the others that are asked for at the same time."""
        row = await info.context.load(queries.pairs, id)
        return cls.of(row) if row else None


@strawberry.type(description="A search for duplicates over the whole base.")
class DuplicateSearch:
    """See model.DuplicateSearch."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `duplicate_search_…`.")
    version: int = strawberry.field(description="Grows with every step; give it as `expectedVersion`.")
    state: DuplicateSearchState = strawberry.field(description="How far it is.")
    total: int = strawberry.field(description="How many contacts and accounts there were when it began.")
    position: int = strawberry.field(description="How many were looked at.")
    found: int = strawberry.field(description="How many pairs it found that were not known.")
    created_at: datetime = strawberry.field(description="When it was started.")
    updated_at: datetime = strawberry.field(description="When it last moved.")

    @strawberry.field(description="Who started it.")
    async def created_by(self, info: Info) -> Collaborator | None:
        """One statement for all."""
        return await Collaborator.load(info, self.row.created_by_id)

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.SEARCH."""
        return cls(
            row=row,
            id=strawberry.ID(format_id("duplicate_search", row.id)),
            version=row.version,
            state=row.state,
            total=row.total,
            position=row.position,
            found=row.found_count,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self | None:
        """One."""
        row = await info.context.load(queries.searches, id)
        return cls.of(row) if row else None


async def _party(info: Info, kind: DuplicateKind, id: UUID) -> Any:
    from services.contacts.schema.accounts import Account
    from services.contacts.schema.contacts import Contact

    return await (Contact if kind is DuplicateKind.CONTACT else Account).load(info, id)
