"""What is told of deals and of the facts on their timelines."""

from collections.abc import Mapping
from uuid import UUID

from chassis.identifiers import format_id
from chassis.messages import Outgoing
from proto.deals.v1 import messages_pb2 as pb
from services.deals.events.parts import id_of, moment_of, subject_of
from services.deals.model import Deal, Notification
from services.deals.values.subject import Subject


def deal_created(deal: Deal, subject: Subject) -> Outgoing:
    """A deal as it begins."""
    return Outgoing("deal", deal.id, deal.version, pb.DealCreated(deal=_deal(deal, subject)))


def deal_changed(deal: Deal, subject: Subject, left: UUID | None = None) -> Outgoing:
    """A deal as it is after a change; `left` is the pipeline that it was taken out of."""
    told = _deal(deal, subject)
    told.left_pipeline_id = id_of("pipeline", left)
    return Outgoing("deal", deal.id, deal.version, pb.DealChanged(deal=told))


def fact_recorded(fact: Notification, subject: Subject, details: Mapping[str, str]) -> Outgoing:
    """A fact; it has one version for ever."""
    body = pb.FactRecorded(
        id=format_id("notification", fact.id),
        kind=fact.kind,
        actor_id=id_of("collaborator", fact.actor_id),
        subject=subject_of(subject),
        details=details,
        at=moment_of(fact.at),
    )
    return Outgoing("notification", fact.id, 1, body)


def _deal(deal: Deal, subject: Subject) -> pb.Deal:
    return pb.Deal(
        id=format_id("deal", deal.id),
        title=deal.title,
        phase=deal.phase,
        stage_name=subject.stage_name,
        subject=subject_of(subject),
        pipeline_id=format_id("pipeline", deal.pipeline_id),
        stage_id=format_id("stage", deal.stage_id),
    )
