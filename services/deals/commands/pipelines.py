"""The pipeline that every organization begins with."""

from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql

from chassis.database import UnitOfWork
from chassis.identifiers import new_id
from services.deals.model import SPANCO, SPANCO_NAME, Pipeline, Stage


async def ensure_default_pipeline(work: UnitOfWork) -> UUID:
    """The organization's default pipeline; SPANCO is made where there is none, once however many ask at a time."""
    statement = (
        postgresql.insert(Pipeline)
        .values(
            id=new_id(),
            organization_id=work.organization,
            name=SPANCO_NAME,
            is_default=True,
            created_at=work.now,
        )
        .on_conflict_do_nothing()
        .returning(Pipeline.id)
    )
    made = await work.session.scalar(statement)
    if made is None:
        return (await work.session.execute(select(Pipeline.id).where(Pipeline.is_default))).scalar_one()
    await work.session.execute(insert(Stage), _stages(work.organization, made))
    return made


def _stages(organization: UUID, pipeline: UUID) -> list[dict[str, object]]:
    return [
        {
            "id": new_id(),
            "organization_id": organization,
            "pipeline_id": pipeline,
            "name": stage.name,
            "position": position,
            "probability": stage.probability,
            "expected_days": stage.expected_days,
            "color": stage.color,
        }
        for position, stage in enumerate(SPANCO, start=1)
    ]
