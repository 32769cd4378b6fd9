"""Domain errors that any service may raise. Each carries its data and builds its own message."""

from uuid import UUID


class DomainError(Exception):
    """An expected refusal: shown to the caller, never logged as a fault. `path` names the input field at fault."""

    code = "REFUSED"

    def __init__(self, message: str, *path: str) -> None:
        super().__init__(message)
        self.message = message
        self.path = list(path)


class InvalidId(DomainError):
    """Not a TypeID of the kind that was asked for."""

    code = "INVALID_ID"

    def __init__(self, field: str, text: str, kind: str) -> None:
        super().__init__(f"{field} must be an id that begins with '{kind}_'.", field)
        self.text = text[:80]


class InvalidInput(DomainError):
    """A value that its field refuses; the message says what to give instead."""

    code = "INVALID_INPUT"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, *field.split("."))


class NotFound(DomainError):
    """No such thing for this caller: it does not exist, or belongs to another organization."""

    code = "NOT_FOUND"

    def __init__(self, kind: str, value: UUID | str, field: str = "id") -> None:
        from chassis.identifiers import format_id  # identifiers raises errors of this module

        text = format_id(kind, value) if isinstance(value, UUID) else value[:80]
        super().__init__(f"No {kind} {text} in your organization.", *field.split("."))
        self.kind, self.value = kind, value


class Forbidden(DomainError):
    """The caller's role does not allow it."""

    code = "FORBIDDEN"

    def __init__(self, what: str) -> None:
        super().__init__(f"Your role does not allow you to {what}; ask an administrator of your organization.")


class VersionConflict(DomainError):
    """The thing changed since the version that the caller saw."""

    code = "VERSION_CONFLICT"

    def __init__(self, expected: int, actual: int) -> None:
        super().__init__(
            f"It changed since version {expected}: read version {actual} again, then retry.", "expectedVersion"
        )
        self.expected, self.actual = expected, actual


class WrongState(DomainError):
    """The thing's state does not allow this transition."""

    code = "WRONG_STATE"


class BatchAborted(WrongState):
    """An item of a batch that could have been written, but another could not, and `allOrNone` was asked."""

    code = "BATCH_ABORTED"

    def __init__(self, place: int) -> None:
        super().__init__(f"Not written: item {place} was refused, and all or none were to be written.", "allOrNone")
        self.place = place


class AlreadyExists(DomainError):
    """Another one has the same unique value."""

    code = "ALREADY_EXISTS"


class IdempotencyConflict(DomainError):
    """The same idempotency key came with another content."""

    code = "IDEMPOTENCY_CONFLICT"

    def __init__(self) -> None:
        super().__init__("This idempotency key was used with another content: choose a new key.", "idempotencyKey")
