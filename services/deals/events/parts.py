"""What every message tells: its subject, ids and moments."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp

from chassis.identifiers import format_id
from proto.deals.v1 import messages_pb2 as pb
from services.deals.values.subject import Subject


def subject_of(subject: Subject) -> pb.Subject:
    """What a message concerns, with all who have to do with it."""
    return pb.Subject(
        deal_id=id_of("deal", subject.deal_id),
        deal_title=subject.deal_title,
        stage_name=subject.stage_name,
        owner_id=id_of("collaborator", subject.owner_id),
        follower_ids=ids_of("collaborator", subject.follower_ids),
        contact_id=id_of("contact", subject.contact_id),
        contact_name=subject.contact_name,
        account_id=id_of("account", subject.account_id),
        account_name=subject.account_name,
        relationship_manager_ids=ids_of("collaborator", subject.relationship_manager_ids),
        participant_ids=ids_of("contact", subject.participant_ids),
    )


def id_of(kind: str, value: UUID | None) -> str:
    """A TypeID; empty for nothing."""
    return "" if value is None else format_id(kind, value)


def ids_of(kind: str, values: Iterable[UUID]) -> list[str]:
    """TypeIDs."""
    return [format_id(kind, value) for value in values]


def moment_of(value: datetime | None) -> Timestamp | None:
    """A moment with its zone as protobuf tells it."""
    if value is None:
        return None
    made = Timestamp()
    made.FromDatetime(value)
    return made
