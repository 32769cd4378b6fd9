"""Carries an operation out: what one request brings to each of its subgraphs."""

from collections.abc import Coroutine, Mapping
from typing import Any

from graphql import GraphQLError

from gateway.client.subgraph import Subgraph
from gateway.engine import Operation
from gateway.errors import VariablesInvalid
from gateway.pipeline.authenticate import Caller
from gateway.pipeline.badge import Badges
from gateway.pipeline.refused import Refused


class VariablesRefused(Refused):
    """The variables do not fit the operation."""

    code = "BAD_USER_INPUT"
    of_document = True

    def __init__(self, errors: tuple[GraphQLError, ...]) -> None:
        super().__init__(errors[0].message)
        self._errors = errors

    def as_errors(self) -> list[dict[str, Any]]:
        return [{**error.formatted, "extensions": {"code": self.code}} for error in self._errors]


class Context:
    """Reaches the subgraphs on behalf of one caller until the deadline (loop time), which bounds the whole request."""

    __slots__ = ("_badges", "_forwarded", "_subgraphs", "caller", "deadline", "expose_subgraph_errors")

    def __init__(
        self,
        subgraphs: Mapping[str, Subgraph],
        badges: Badges,
        caller: Caller,
        deadline: float,
        forwarded: bytes = b"",
        *,
        expose_subgraph_errors: bool = True,
    ) -> None:
        self._subgraphs = subgraphs
        self._badges = badges
        self._forwarded = forwarded
        self.caller = caller
        self.deadline = deadline
        self.expose_subgraph_errors = expose_subgraph_errors

    def until(self, deadline: float) -> "Context":
        """The same caller with another deadline: each event of a subscription has its own."""
        return type(self)(
            self._subgraphs,
            self._badges,
            self.caller,
            deadline,
            self._forwarded,
            expose_subgraph_errors=self.expose_subgraph_errors,
        )

    def fetch(self, subgraph: str, body: bytes, mutation: bool) -> Coroutine[Any, Any, bytes]:
        """To await: the JSON answer of a subgraph. Raises `FetchFailed`."""
        headers = self.headers(subgraph)
        return self._subgraphs[subgraph].ask(body, headers, mutation=mutation, deadline=self.deadline)

    def headers(self, subgraph: str) -> bytes:
        """Header lines: what is forwarded as it came, and who is asking."""
        return self._forwarded + self._badges.lines(self.caller, subgraph)


async def execute(operation: Operation, variables: Mapping[str, Any], context: Context) -> bytes:
    """The encoded response. Raises `VariablesRefused`."""
    try:
        return await operation.execute(variables, context)
    except VariablesInvalid as invalid:
        raise VariablesRefused(invalid.errors) from None
