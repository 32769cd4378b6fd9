"""Expected errors as members of a mutation's result union; unexpected ones masked and logged."""

import functools
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from typing import Any, ParamSpec, Self, TypeVar
from uuid import uuid4

import strawberry
import structlog
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension

from chassis import errors, metrics, plans

P = ParamSpec("P")
R = TypeVar("R")

INTERNAL_CODE = "INTERNAL_SERVER_ERROR"
_log = structlog.get_logger(__name__)


@strawberry.interface(description="An expected refusal. Nothing was written.")
class Error:
    """What every expected error tells."""

    code: str = strawberry.field(description="Fixed, for programs.")
    message: str = strawberry.field(description="For people: what is wrong, and what to do.")
    path: list[str] = strawberry.field(description="The input field at fault; empty where there is none.")

    @classmethod
    def of(cls, error: errors.DomainError) -> Self:
        """The value of a domain error; a type that tells more than these fields overrides it."""
        return cls(code=error.code, message=error.message, path=[*error.path])


@strawberry.federation.type(shareable=True, description="Not an id of the kind asked for.")
class InvalidId(Error):
    """See chassis.errors.InvalidId."""


@strawberry.federation.type(shareable=True, description="A value that its field refuses.")
class InvalidInput(Error):
    """See chassis.errors.InvalidInput."""


@strawberry.federation.type(shareable=True, description="No such thing in your organization.")
class NotFound(Error):
    """See chassis.errors.NotFound."""


@strawberry.federation.type(shareable=True, description="Your role does not allow it.")
class Forbidden(Error):
    """See chassis.errors.Forbidden."""


@strawberry.federation.type(shareable=True, description="It changed since the version you saw.")
class VersionConflict(Error):
    """See chassis.errors.VersionConflict."""


@strawberry.federation.type(shareable=True, description="Its state does not allow this.")
class WrongState(Error):
    """See chassis.errors.WrongState."""


@strawberry.federation.type(shareable=True, description="Another one has the same unique value.")
class AlreadyExists(Error):
    """See chassis.errors.AlreadyExists."""


@strawberry.federation.type(shareable=True, description="The key was used with another content.")
class IdempotencyConflict(Error):
    """See chassis.errors.IdempotencyConflict."""


@strawberry.federation.type(
    shareable=True, description="The trial is over: everything can be read, nothing written before somebody subscribes."
)
class PlanReadOnly(Error):
    """See chassis.plans.PlanReadOnly."""

    trial_ended_at: datetime | None = strawberry.field(description="When the trial ended.")

    @classmethod
    def of(cls, error: errors.DomainError) -> Self:
        """With the moment."""
        ended_at = error.ended_at if isinstance(error, plans.PlanReadOnly) else None
        return cls(code=error.code, message=error.message, path=[*error.path], trial_ended_at=ended_at)


@strawberry.federation.type(shareable=True, description="Your organization's plan does not include this.")
class NotInPlan(Error):
    """See chassis.plans.NotInPlan."""

    feature: str = strawberry.field(description="What the write needs: ACCOUNTS, IMPORT, TEAM, DEALS, ALERTS…")
    plan: str = strawberry.field(description="Your organization's plan: PRO or CRM.")
    available_in: list[str] = strawberry.field(description="The plans that include it.")

    @classmethod
    def of(cls, error: errors.DomainError) -> Self:
        """With the plans."""
        if not isinstance(error, plans.NotInPlan):
            raise error
        told = {"feature": error.feature.value, "plan": error.plan.value}
        available = [plan.value for plan in error.available_in]
        return cls(code=error.code, message=error.message, path=[*error.path], **told, available_in=available)


CommonErrors = (
    InvalidId
    | InvalidInput
    | NotFound
    | Forbidden
    | VersionConflict
    | WrongState
    | AlreadyExists
    | IdempotencyConflict
    | PlanReadOnly
    | NotInPlan
)

_TYPES: dict[str, type[Error]] = {
    kind.__name__: kind
    for kind in (
        InvalidId,
        InvalidInput,
        NotFound,
        Forbidden,
        VersionConflict,
        WrongState,
        AlreadyExists,
        IdempotencyConflict,
        PlanReadOnly,
        NotInPlan,
    )
}


def register(kind: type[Error]) -> type[Error]:
    """Add a service's own error type; its name is the domain error's."""
    _TYPES[kind.__name__] = kind
    return kind


def to_graphql(error: errors.DomainError) -> Error:
    """The GraphQL value of a domain error: the type of its class's name, or of the nearest base that has one."""
    for base in type(error).__mro__:
        if kind := _TYPES.get(base.__name__):
            return kind.of(error)
    raise error


def expected_errors(resolver: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """Answer a mutation's domain errors as values of its result union."""

    @functools.wraps(resolver)
    async def answer(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await resolver(*args, **kwargs)
        except errors.DomainError as error:
            return to_graphql(error)  # type: ignore[return-value]  # every result union has the common errors

    return answer


class MaskErrors(SchemaExtension):
    """Domain errors keep message and code; a fault of ours is logged under a reference, and only that is told."""

    def on_operation(self) -> Iterator[None]:
        """Replace what must not leave, after execution."""
        yield
        result: Any = self.execution_context.result
        if result is not None and getattr(result, "errors", None):
            result.errors = [_masked(error) for error in result.errors]


def _masked(error: GraphQLError) -> GraphQLError:
    original = error.original_error
    if original is None or isinstance(original, GraphQLError):
        return error
    if isinstance(original, errors.DomainError):
        return _told(error, original.message, {"code": original.code, "path": original.path})
    reference = uuid4().hex[:12]
    metrics.GRAPHQL_FAULTS.inc()
    _log.error("unexpected error", reference=reference, path=error.path, exc_info=original)
    return _told(error, "Internal error.", {"code": INTERNAL_CODE, "reference": reference})


def _told(error: GraphQLError, message: str, extensions: dict[str, Any]) -> GraphQLError:
    return GraphQLError(message, nodes=error.nodes, path=error.path, extensions=extensions)
