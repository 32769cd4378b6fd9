"""What every letter about a deal's matters has in common."""

from typing import Any

from chassis.identifiers import format_id
from proto.deals.v1.messages_pb2 import Subject
from services.notifier.audience import Reason
from services.notifier.mail.letter import Kind, Letter, Links, Topic
from services.notifier.mail.people import Recipient
from services.notifier.model import CauseKind
from services.notifier.queries import Found
from services.notifier.zones import zone_name


def letter_for(due: Found, links: Links, kind: Kind, subject: Subject, **particulars: Any) -> Letter:
    """The letter of a delivery that is due; mails about one deal are one thread."""
    cause = format_id(CauseKind(due.cause_kind).thing, due.cause_id)
    return Letter(
        id=due.id,
        kind=kind,
        cause=cause,
        thread=subject.deal_id or subject.contact_id or cause,
        revision=due.revision,
        organization=due.organization_name,
        recipient=Recipient(
            due.reader_name or "",
            due.reader_email,
            due.reader_locale or due.organization_locale,
            zone_name(due.reader_time_zone or "", due.organization_time_zone),
        ),
        reasons=tuple(Reason(reason) for reason in due.reasons),
        links=links,
        topic=Topic(subject.deal_title, subject.stage_name, subject.contact_name, subject.account_name),
        written_at=due.written_at,
        **particulars,
    )
