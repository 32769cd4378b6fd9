"""What is told of a person's export and erasure."""

from collections.abc import Sequence
from uuid import UUID

from chassis.disclosure import Piece
from chassis.identifiers import format_id
from chassis.messages import Outgoing
from proto.deals.v1 import messages_pb2 as pb


def erasure_done(id: UUID) -> Outgoing:
    """A person is forgotten here."""
    return Outgoing("erasure", id, 1, pb.ErasureDone(erasure_id=format_id("erasure", id)))


def person_export_told(id: UUID, contacts: Sequence[UUID], piece: Piece) -> Outgoing:
    """A piece of what is kept here of a person."""
    told = pb.PersonExportTold(
        person_export_id=format_id("person_export", id),
        contact_ids=[format_id("contact", each) for each in contacts],
        answer_id=str(piece.answer),
        position=piece.position,
        count=piece.count,
        piece=piece.text,
        refusal=piece.refusal,
    )
    return Outgoing("person_export", id, piece.position + 1, told)
