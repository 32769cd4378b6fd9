"""How any stage says no."""

from typing import Any


class Refused(Exception):
    """The request is not carried out; code, message and errors are shown to the caller.

    `of_document` marks what is wrong with the GraphQL request itself: told with status 200 to clients that
    accept only `application/json` (GraphQL over HTTP, 6.4.1), with the true status to all others.
    """

    code = "BAD_REQUEST"
    status = 400
    of_document = False
    headers: tuple[tuple[bytes, bytes], ...] = ()

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def as_errors(self) -> list[dict[str, Any]]:
        """The `errors` of the response (GraphQL specification, 7.1.2)."""
        return [{"message": self.message, "extensions": {"code": self.code}}]
