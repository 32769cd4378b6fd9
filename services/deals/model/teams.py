"""Teams, as contacts tells of them, and the deals that they follow."""

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.deals.model.base import Base, Id, Moment, Ref, String


class Team(Base):
    """Copy: a set of collaborators."""

    __tablename__ = "team"

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    version: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[String]
    lead_id: Mapped[Ref | None]
    deleted: Mapped[bool]


class TeamMember(Base):
    """Copy: who is in a team."""

    __tablename__ = "team_member"
    __table_args__ = (Index("team_member_collaborator", "organization_id", "collaborator_id"),)

    team_id: Mapped[Ref] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), primary_key=True)
    collaborator_id: Mapped[Ref] = mapped_column(primary_key=True)
    organization_id: Mapped[Ref]


class FollowerTeam(Base):
    """A team whose members, whoever they are at the time, are told of what happens on a deal."""

    __tablename__ = "follower_team"
    __table_args__ = (Index("follower_team_team", "team_id"),)

    deal_id: Mapped[Ref] = mapped_column(ForeignKey("deal.id"), primary_key=True)
    team_id: Mapped[Ref] = mapped_column(primary_key=True)
    organization_id: Mapped[Ref]
    since: Mapped[Moment]
