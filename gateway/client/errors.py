"""What can go wrong on the way to a subgraph, each with the code that the client of the gateway sees."""

from typing import ClassVar

from gateway.errors import FetchFailed


class ExchangeFailed(FetchFailed):
    """A subgraph did not give a usable answer; `code` and `message` may be shown to anybody."""

    code = "SUBGRAPH_FAILED"
    transient: ClassVar[bool] = False

    def __init__(self, message: str) -> None:
        super().__init__(self.code, message)


class Unreachable(ExchangeFailed):
    """No connection could be opened."""

    code = "SUBGRAPH_UNREACHABLE"
    transient = True

    def __init__(self) -> None:
        super().__init__("The subgraph cannot be reached.")


class ConnectionLost(ExchangeFailed):
    """The connection ended before the answer did; `untouched` if not one byte of the answer had come."""

    code = "SUBGRAPH_CONNECTION_LOST"
    transient = True

    def __init__(self, *, untouched: bool) -> None:
        super().__init__("The subgraph closed the connection before its answer was complete.")
        self.untouched = untouched


class TimedOut(ExchangeFailed):
    """The answer was not complete in time."""

    code = "SUBGRAPH_TIMEOUT"

    def __init__(self) -> None:
        super().__init__("The subgraph did not answer in time.")


class TooLarge(ExchangeFailed):
    """The answer passed the size limit."""

    code = "SUBGRAPH_RESPONSE_TOO_LARGE"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The subgraph's answer is larger than {limit} bytes.")


class BadFraming(ExchangeFailed):
    """The bytes received are not an HTTP/1.1 response to our request."""

    code = "SUBGRAPH_MALFORMED_RESPONSE"

    def __init__(self) -> None:
        super().__init__("The subgraph's answer is not valid HTTP.")


class BadStatus(ExchangeFailed):
    """A status that carries no GraphQL response."""

    code = "SUBGRAPH_HTTP_ERROR"

    def __init__(self, status: int) -> None:
        super().__init__(f"The subgraph answered with HTTP status {status}.")
        self.status = status

    @property
    def is_overload(self) -> bool:
        """Whether the same request may succeed a moment later (RFC 9110, 15.6)."""
        return self.status in (502, 503, 504)


class BadContentType(ExchangeFailed):
    """A successful status whose body is not JSON."""

    code = "SUBGRAPH_MALFORMED_RESPONSE"

    def __init__(self) -> None:
        super().__init__("The subgraph's answer is not JSON.")


class Open(ExchangeFailed):
    """The breaker is open: the subgraph failed too often, and is left alone for a moment."""

    code = "SUBGRAPH_CIRCUIT_OPEN"

    def __init__(self) -> None:
        super().__init__("The subgraph failed too often and is not asked for a moment.")
