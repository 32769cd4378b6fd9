"""What is told of custom fields."""

from chassis.identifiers import format_id
from chassis.messages import Outgoing
from proto.contacts.v1 import messages_pb2 as messages
from services.contacts import model


def custom_field_changed(row: model.CustomField) -> Outgoing:
    """A custom field was defined, changed or archived."""
    return _custom_field(row, deleted=False)


def custom_field_deleted(row: model.CustomField) -> Outgoing:
    """A custom field that had no values is gone."""
    return _custom_field(row, deleted=True)


def _custom_field(row: model.CustomField, *, deleted: bool) -> Outgoing:
    told = messages.CustomField(
        id=format_id("custom_field", row.id),
        subject=messages.CustomField.Subject.Value(row.subject.value),
        key=row.key,
        label_fr=row.label_fr,
        label_en=row.label_en,
        type=messages.CustomField.Type.Value(row.type.value),
        required=row.required,
        position=row.position,
        options=[messages.CustomField.Option(**option) for option in row.options],
        archived=row.archived_at is not None,
        deleted=deleted,
    )
    return Outgoing("custom_field", row.id, row.version, messages.CustomFieldChanged(custom_field=told))
