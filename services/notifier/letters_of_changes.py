"""What changed on an event since its reader was told of it last. Pure."""

from proto.deals.v1.messages_pb2 import Event
from services.notifier.mail.letter import Part

_FIELDS: dict[Part, tuple[str, ...]] = {
    Part.WHEN: ("starts_at", "ends_at", "time_zone", "moved", "excluded"),
    Part.REPEATS: ("recurrence",),
    Part.WHERE: ("place",),
    Part.JOINED_AT: ("link",),
    Part.ASSIGNEE: ("assignee_id",),
    Part.DUE: ("due_at",),
    Part.TITLE: ("title",),
    Part.DESCRIPTION: ("description",),
    Part.PEOPLE: ("concerned_ids",),
}


def changed_parts(before: bytes | None, now: Event) -> tuple[Part, ...]:
    """Parts that are not what they were; none where nothing was told before."""
    if before is None:
        return ()
    then = Event.FromString(before)
    return tuple(
        part for part, names in _FIELDS.items() if any(_value(then, each) != _value(now, each) for each in names)
    )


def _value(event: Event, name: str) -> object:
    value = getattr(event, name)
    return sorted(value) if name == "concerned_ids" else value
