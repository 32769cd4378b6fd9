"""TypeIDs outside, native UUIDs (version 7) inside."""

from uuid import UUID

from typeid import TypeID
from uuid_utils.compat import uuid7

from chassis.errors import InvalidId


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): sorts by the time of its making."""
    return uuid7()


def format_id(kind: str, value: UUID) -> str:
    """`contact_01h455vb4pex5vsknk084sn02q` for a kind and a UUID."""
    return str(TypeID.from_uuid(value, kind))  # type: ignore[arg-type]  # uuid_utils.UUID and uuid.UUID share bytes


def parse_id(kind: str, text: str, field: str = "id") -> UUID:
    """The UUID within a TypeID of this kind. Raises InvalidId naming the field."""
    try:
        parsed = TypeID.from_string(text)
    except Exception as error:
        raise InvalidId(field, text, kind) from error
    if parsed.prefix != kind:
        raise InvalidId(field, text, kind)
    return UUID(bytes=parsed.uuid_bytes)


def kind_of(text: str) -> str:
    """The kind that a TypeID says it is, without checking the rest; "" where there is none."""
    return text.rpartition("_")[0]
