"""What upkeep is judged by: addresses that bounce, and the health of deals day by day."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Date, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from services.deals.model.base import Base, Id, Moment, Ref, String


class AddressBounce(Base):
    """How often mail to a contact came back since it last went through; its id is the contact's.

    It `bounces` since `since`, the first of them. The address itself is not kept.
    """

    __tablename__ = "address_bounce"
    __table_args__ = (Index("address_bounce_now", "since", postgresql_where=text("bounces")),)

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    version: Mapped[int] = mapped_column(BigInteger)
    hard: Mapped[int]
    soft: Mapped[int]
    bounces: Mapped[bool]
    since: Mapped[Moment]


class HealthDay(Base):
    """How well the deals of an organization, team or collaborator were kept up on a day; written once."""

    __tablename__ = "health_day"
    __table_args__ = (CheckConstraint("kind IN ('ORGANIZATION', 'TEAM', 'COLLABORATOR')", name="health_day_kind"),)

    organization_id: Mapped[Ref] = mapped_column(primary_key=True)
    kind: Mapped[String] = mapped_column(primary_key=True)
    subject_id: Mapped[Ref] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    score: Mapped[int] = mapped_column(SmallInteger)
    deals: Mapped[int]
    alerts: Mapped[int]
