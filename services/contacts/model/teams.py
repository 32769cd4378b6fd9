"""Sets of collaborators."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from services.contacts.model.base import Base, Deletable, Named, within


class Team(Deletable, Named, Base):
    """Collaborators who belong together: by region, product, goal. Who leads it is one of them."""

    __tablename__ = "team"
    description: Mapped[str | None]
    lead_id: Mapped[UUID | None]

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        within("lead_id", "collaborator"),
        UniqueConstraint("organization_id", "id"),
        Index(
            "team_name",
            "organization_id",
            func.lower(text("name")),
            unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index("team_name_sort", "organization_id", "name_sort", "id"),
        Index("team_created_at", "organization_id", "created_at", "id"),
    )


class TeamMember(Base):
    """A collaborator of a team; one may be in several."""

    __tablename__ = "team_member"
    organization_id: Mapped[UUID]
    team_id: Mapped[UUID] = mapped_column(primary_key=True)
    collaborator_id: Mapped[UUID] = mapped_column(primary_key=True)
    since: Mapped[datetime]

    __table_args__ = (
        within("team_id", "team", cascade=True),
        within("collaborator_id", "collaborator"),
        Index("team_member_collaborator", "organization_id", "collaborator_id"),
    )
