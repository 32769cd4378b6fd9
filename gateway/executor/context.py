"""What a request brings with it."""

from typing import Protocol


class Context(Protocol):
    """The seam to the subgraphs; one per request."""

    expose_subgraph_errors: bool
    """Whether clients see the messages of subgraphs' errors."""

    async def fetch(self, subgraph: str, body: bytes, mutation: bool, /) -> bytes:
        """JSON request in, JSON answer out. Raises FetchFailed."""
