"""Organization and Collaborator."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis.graphql.context import Info
from chassis.graphql.entities import Entities
from chassis.graphql.errors import CommonErrors
from chassis.graphql.selecting import Needs
from chassis.identifiers import format_id, parse_id
from chassis.plans import Feature, Plan, PlanState, Standing
from services.contacts import model, queries
from services.contacts.schema.enums import Role, Sharing
from services.contacts.schema.photos import Photo

if TYPE_CHECKING:
    from services.contacts.schema.contacts import Contact
    from services.contacts.schema.plans import PlanChange
    from services.contacts.schema.teams import TeamType

Team = Annotated["TeamType", strawberry.lazy("services.contacts.schema.teams")]


@strawberry.federation.type(keys=["id"], description="A firm: the tenant that everything belongs to.")
class Organization:
    """See model.Organization."""

    id: strawberry.ID = strawberry.field(description="TypeID, `organization_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    name: str = strawberry.field(description="What it is called.")
    locale: str = strawberry.field(description="Its language: fr or en.")
    time_zone: str = strawberry.field(description="Its time zone, an IANA name.")
    country: str = strawberry.field(description="Its country (ISO 3166-1): telephone numbers are read as of there.")
    sharing: Sharing = strawberry.field(description="What its collaborators and readers see.")
    plan: Plan = strawberry.field(description="What it has chosen.")
    trial_ends_at: datetime | None = strawberry.field(
        description="When the trial of PRO ends or ended: a midnight in its time zone; null if it never began."
    )
    subscribed_at: datetime | None = strawberry.field(description="When it subscribed to PRO, if it did.")
    created_at: datetime = strawberry.field(description="When it was set up.")
    updated_at: datetime = strawberry.field(description="When it last changed.")

    @strawberry.field(description="What the plan gives now.")
    def plan_state(self, info: Info) -> PlanState:
        """By the clock."""
        return self._standing().state(info.context.database.clock())

    @strawberry.field(description="What can be written now; reading needs no feature.")
    def plan_features(self, info: Info) -> list[Feature]:
        """By the clock."""
        now, standing = info.context.database.clock(), self._standing()
        return [feature for feature in Feature if standing.allows(feature, now)]

    @strawberry.field(description="What became of its plan, oldest first.")
    async def plan_history(
        self, info: Info
    ) -> list[Annotated["PlanChange", strawberry.lazy("services.contacts.schema.plans")]]:
        """Gathered."""
        from services.contacts.schema.plans import PlanChange  # it writes organizations, so it knows this module

        rows = await info.context.load(queries.plan_history, parse_id("organization", self.id))
        return [PlanChange.of(row) for row in rows]

    def _standing(self) -> Standing:
        return Standing(self.plan, self.trial_ends_at, self.subscribed_at is not None)

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.ORGANIZATION."""
        return cls(**{**row._mapping, "id": strawberry.ID(format_id("organization", row.id))})

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """For the gateway's entity calls."""
        return await cls.load(info, parse_id("organization", id))

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self | None:
        """One, gathered with the others that are asked for at the same time."""
        row = await info.context.load(queries.organizations, id)
        return cls.of(row) if row else None


@strawberry.federation.type(keys=["id"], description="Somebody with access to the back office.")
class Collaborator:
    """See model.Collaborator."""

    id: strawberry.ID = strawberry.field(description="TypeID, `collaborator_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    name: str = strawberry.field(description="Full name.")
    email: str = strawberry.field(description="The address to sign in with, and to write to.")
    role: Role = strawberry.field(description="What they may do.")
    department: str | None = strawberry.field(description="Accounting, legal, payroll, sales…")
    locale: str = strawberry.field(description="Their language: fr or en.")
    time_zone: str = strawberry.field(description="Their time zone, an IANA name.")
    disabled_at: datetime | None = strawberry.field(description="When their access was withdrawn, if it was.")
    contact_id: strawberry.Private[UUID | None]
    created_at: datetime = strawberry.field(description="When they were invited.")
    updated_at: datetime = strawberry.field(description="When this last changed.")

    @strawberry.field(description="How they look, if they gave a photo.")
    async def photo(self, info: Info) -> Photo | None:
        """One statement for all."""
        return await Photo.load(info, "collaborator", parse_id("collaborator", self.id))

    @strawberry.field(description="The contact that they were before, or are beside it; kept when they are disabled.")
    async def contact(
        self, info: Info
    ) -> Annotated["Contact", strawberry.lazy("services.contacts.schema.contacts")] | None:
        """One statement for all."""
        from services.contacts.schema.contacts import Contact  # it knows this module

        return None if self.contact_id is None else await Contact.load(info, self.contact_id)

    @strawberry.field(description="Whether their access was withdrawn.")
    def disabled(self) -> bool:
        """Shorthand for disabledAt."""
        return self.disabled_at is not None

    @strawberry.field(description="The teams they are in, by name.")
    async def teams(self, info: Info) -> list[Team]:
        """One statement for all."""
        from services.contacts.schema.teams import TeamType  # the two types show each other

        key = parse_id("collaborator", self.id)
        return [TeamType.of(row) for row in await info.context.load(queries.teams_of_collaborators, key)]

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.COLLABORATOR."""
        return cls(
            id=strawberry.ID(format_id("collaborator", row.id)),
            version=row.version,
            name=row.name,
            email=row.email,
            role=row.role,
            department=row.department,
            locale=row.locale,
            time_zone=row.time_zone,
            disabled_at=row.disabled_at,
            contact_id=row.contact_id,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """For the gateway's entity calls."""
        row = await _ENTITIES.row(info, parse_id("collaborator", id))
        return cls.of(row) if row else None

    @classmethod
    async def load(cls, info: Info, id: UUID | None) -> Self | None:
        """One, gathered with the others that are asked for at the same time."""
        row = await info.context.load(queries.collaborators, id)
        return cls.of(row) if row else None


COLLABORATOR_NEEDS: Needs = {
    "contact": ("contact_id",),
    "disabled": ("disabled_at",),
    **dict.fromkeys(("photo", "teams"), ()),
}
_ENTITIES = Entities("Collaborator", queries.COLLABORATOR, model.Collaborator.id, COLLABORATOR_NEEDS)
CollaboratorResult = Annotated[
    Collaborator | CommonErrors,
    strawberry.union("CollaboratorResult", description="The collaborator, or why nothing was written."),
]
OrganizationResult = Annotated[
    Organization | CommonErrors,
    strawberry.union("OrganizationResult", description="The organization, or why nothing was written."),
]
