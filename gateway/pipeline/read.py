"""From a body or a query string to the parameters of a GraphQL request (GraphQL over HTTP, 5)."""

from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson

from gateway.pipeline.refused import Refused


class Parameters(NamedTuple):
    """What the client sent; `document_id` names a persisted document."""

    query: str | None
    operation_name: str | None
    variables: dict[str, Any]
    extensions: dict[str, Any]
    document_id: str | None


class MalformedRequest(Refused):
    """Not a GraphQL request."""

    code = "BAD_REQUEST"


_NOTHING: dict[str, Any] = {}


def from_body(body: bytes, *, batching: bool) -> Parameters | list[Parameters]:
    """Read a POST's body; a list only where batching is on. Raises `MalformedRequest`."""
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise MalformedRequest("The body must be JSON.") from None
    if isinstance(data, list) and batching:
        return [_parameters(item) for item in data]
    return _parameters(data)


def from_query_string(query_string: bytes) -> Parameters:
    """Read a GET's parameters. Raises `MalformedRequest`."""
    try:
        fields: dict[str, Any] = dict(parse_qsl(query_string.decode("ascii"), errors="strict", max_num_fields=20))
        for name in ("variables", "extensions"):
            if name in fields:
                fields[name] = orjson.loads(fields[name])
    except ValueError:
        raise MalformedRequest("The query string must hold a GraphQL request, its variables as JSON.") from None
    return _parameters(fields)


def from_message(payload: object) -> Parameters:
    """Read what a WebSocket client subscribes to. Raises `MalformedRequest`."""
    return _parameters(payload)


def _parameters(data: object) -> Parameters:
    if not isinstance(data, dict):
        raise MalformedRequest("A GraphQL request must be a JSON object.")
    query, name, document_id = data.get("query"), data.get("operationName"), data.get("documentId")
    variables, extensions = data.get("variables"), data.get("extensions")
    if query is not None and not isinstance(query, str):
        raise MalformedRequest("`query` must be a string.")
    if name is not None and not isinstance(name, str):
        raise MalformedRequest("`operationName` must be a string.")
    if document_id is not None and not isinstance(document_id, str):
        raise MalformedRequest("`documentId` must be a string.")
    if variables is not None and not isinstance(variables, dict):
        raise MalformedRequest("`variables` must be an object.")
    if extensions is not None and not isinstance(extensions, dict):
        raise MalformedRequest("`extensions` must be an object.")
    return Parameters(query, name or None, variables or _NOTHING, extensions or _NOTHING, document_id)
