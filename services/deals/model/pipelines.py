"""Pipelines and their stages; SPANCO is what an organization begins with."""

from dataclasses import dataclass

from sqlalchemy import ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.deals.model.base import Base, Id, Moment, Ref, String


class Pipeline(Base):
    """An ordered set of stages; each organization has one default."""

    __tablename__ = "pipeline"
    __table_args__ = (
        Index("pipeline_default", "organization_id", unique=True, postgresql_where=text("is_default")),
        Index("pipeline_organization", "organization_id"),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    name: Mapped[String]
    is_default: Mapped[bool]
    created_at: Mapped[Moment]


class Stage(Base):
    """A step of a pipeline; `probability` in percent, `expected_days` a deal should stay at most."""

    __tablename__ = "stage"
    __table_args__ = (UniqueConstraint("pipeline_id", "position", name="stage_position"),)

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    pipeline_id: Mapped[Ref] = mapped_column(ForeignKey("pipeline.id"))
    name: Mapped[String]
    position: Mapped[int] = mapped_column(SmallInteger)
    probability: Mapped[int] = mapped_column(SmallInteger)
    expected_days: Mapped[int] = mapped_column(SmallInteger)


@dataclass(frozen=True, slots=True)
class StageTemplate:
    """A stage of a pipeline that an organization is given."""

    name: str
    probability: int
    expected_days: int


SPANCO_NAME = "SPANCO"
SPANCO = (
    StageTemplate("Suspect", 5, 30),
    StageTemplate("Prospect", 15, 21),
    StageTemplate("Analyse", 35, 14),
    StageTemplate("Négociation", 60, 7),
    StageTemplate("Conclusion", 85, 5),
    StageTemplate("Ordre", 100, 30),
)
