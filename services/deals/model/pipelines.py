"""Pipelines and their stages; SPANCO is what an organization begins with."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.deals.model.base import Base, Id, Moment, Ref, String

IN_USE = "archived_at IS NULL"
COLOR = "#6b7280"


class Pipeline(Base):
    """An ordered set of stages; each organization has one default."""

    __tablename__ = "pipeline"
    __table_args__ = (
        CheckConstraint("NOT is_default OR archived_at IS NULL", name="pipeline_default_in_use"),
        Index("pipeline_default", "organization_id", unique=True, postgresql_where=text("is_default")),
        Index("pipeline_key", "organization_id", "id", unique=True),
        Index("pipeline_name", "organization_id", "name", unique=True, postgresql_where=text(IN_USE)),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    version: Mapped[int] = mapped_column(server_default="1")
    name: Mapped[String]
    is_default: Mapped[bool]
    created_at: Mapped[Moment]
    archived_at: Mapped[Moment | None]


class Stage(Base):
    """A step of a pipeline; `probability` in percent, `expected_days` a deal should stay at most.

    `criteria` is what a deal needs before it goes on: `[{"field": "AMOUNT", "severity": "BLOCK"}]`. An archived stage
    keeps its place, for the history of the deals that were there.
    """

    __tablename__ = "stage"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "pipeline_id"], ["pipeline.organization_id", "pipeline.id"]),
        Index("stage_key", "organization_id", "id", unique=True),
        Index("stage_position", "pipeline_id", "position", unique=True, postgresql_where=text(IN_USE)),
        CheckConstraint("probability BETWEEN 0 AND 100", name="stage_probability"),
        CheckConstraint("expected_days > 0", name="stage_expected_days"),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    pipeline_id: Mapped[Ref]
    name: Mapped[String]
    position: Mapped[int] = mapped_column(SmallInteger)
    probability: Mapped[int] = mapped_column(SmallInteger)
    expected_days: Mapped[int] = mapped_column(SmallInteger)
    color: Mapped[String] = mapped_column(server_default=COLOR)
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    archived_at: Mapped[Moment | None]


class StageVisit(Base):
    """A deal's stay in a stage: from when to when, and who moved it there. One is open while the deal is there."""

    __tablename__ = "stage_visit"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "deal_id"], ["deal.organization_id", "deal.id"]),
        ForeignKeyConstraint(["organization_id", "stage_id"], ["stage.organization_id", "stage.id"]),
        Index("stage_visit_open", "deal_id", unique=True, postgresql_where=text("left_at IS NULL")),
        Index("stage_visit_deal", "deal_id", "entered_at"),
        Index("stage_visit_stage", "stage_id", "entered_at"),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    deal_id: Mapped[Ref]
    stage_id: Mapped[Ref]
    entered_at: Mapped[Moment]
    left_at: Mapped[Moment | None]
    moved_by_id: Mapped[Ref | None]


@dataclass(frozen=True, slots=True)
class StageTemplate:
    """A stage of a pipeline that an organization is given."""

    name: str
    probability: int
    expected_days: int
    color: str = COLOR


SPANCO_NAME = "SPANCO"
SPANCO = (
    StageTemplate("Suspect", 5, 30, "#94a3b8"),
    StageTemplate("Prospect", 15, 21, "#38bdf8"),
    StageTemplate("Analyse", 35, 14, "#818cf8"),
    StageTemplate("Négociation", 60, 7, "#f59e0b"),
    StageTemplate("Conclusion", 85, 5, "#f97316"),
    StageTemplate("Ordre", 100, 30, "#22c55e"),
)
