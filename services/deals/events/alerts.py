"""What is told of alerts."""

from collections.abc import Iterable, Sequence

from chassis.identifiers import format_id
from chassis.messages import Outgoing
from proto.deals.v1 import messages_pb2 as pb
from services.deals.events.parts import id_of, ids_of, moment_of, subject_of
from services.deals.model import Alert
from services.deals.values.subject import Subject


def alert_raised(alert: Alert, subject: Subject, words: Sequence[pb.Alert.Words]) -> Outgoing:
    """An alert as it begins."""
    return Outgoing("alert", alert.id, alert.version, pb.AlertRaised(alert=_alert(alert, subject, words)))


def alert_changed(
    alert: Alert, subject: Subject, words: Sequence[pb.Alert.Words] = (), *, woken: bool = False
) -> Outgoing:
    """An alert taken in charge, snoozed, `woken` from it, or ended."""
    body = _alert(alert, subject, words)
    body.woken = woken
    return Outgoing("alert", alert.id, alert.version, pb.AlertChanged(alert=body))


def words_of(language: str, headline: str, reason: str, remedies: Iterable[str]) -> pb.Alert.Words:
    """What a mail says of an alert in a language."""
    return pb.Alert.Words(language=language, headline=headline, reason=reason, remedies=remedies)


def _alert(alert: Alert, subject: Subject, words: Sequence[pb.Alert.Words]) -> pb.Alert:
    return pb.Alert(
        id=format_id("alert", alert.id),
        rule=alert.rule,
        status=pb.Alert.Status.Value(alert.status),
        subject=subject_of(subject),
        figures={name: str(value) for name, value in alert.figures.items()},
        addressee_ids=ids_of("collaborator", alert.addressee_ids),
        taken_in_charge_by_id=id_of("collaborator", alert.taken_in_charge_by_id),
        raised_at=moment_of(alert.raised_at),
        words=words,
        escalation=alert.escalation,
    )
