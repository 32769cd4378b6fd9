"""Every expected failure of the gateway's engine, each with a fixed code."""

from collections.abc import Sequence

from graphql import GraphQLError


class GatewayError(Exception):
    """Base of the engine's own errors; `code` is what a client sees in `extensions.code`."""

    code = "INTERNAL_SERVER_ERROR"


class SupergraphInvalid(GatewayError):
    """The supergraph cannot be served; the message says what to mend."""

    code = "SUPERGRAPH_INVALID"


class OperationNotFound(GatewayError):
    """The document holds no operation of that name, or several and no name was given."""

    code = "OPERATION_RESOLUTION_FAILURE"

    def __init__(self, name: str | None) -> None:
        wanted = f"named {name!r}" if name else "without a name (several are defined, give operationName)"
        super().__init__(f"No operation {wanted} in this document.")
        self.name = name


class FieldUnreachable(GatewayError):
    """No subgraph can be reached that resolves this field: the supergraph is not satisfiable there."""

    code = "QUERY_PLANNING_FAILED"

    def __init__(self, path: Sequence[str]) -> None:
        super().__init__(f"No way to resolve {'.'.join(path)!r} over the subgraphs; recompose the supergraph.")
        self.path = tuple(path)


class VariablesInvalid(GatewayError):
    """The variables do not coerce to their types: a request error, nothing was fetched."""

    code = "BAD_USER_INPUT"

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = tuple(errors)


class FetchFailed(GatewayError):
    """A subgraph gave no usable answer; raised by `context.fetch`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
