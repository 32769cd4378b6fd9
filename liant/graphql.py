"""A client of the gateway: what the command line asks, it asks as any front-end does."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from liant.http import post_json


class GraphQLFailed(Exception):
    """The gateway gave errors, or a mutation was refused; the message says which."""


@dataclass(frozen=True)
class Client:
    """One collaborator's view of the gateway."""

    url: str
    token: str

    async def answer(self, document: str, variables: Mapping[str, object] | None = None) -> dict[str, Any]:
        """The whole response, errors included. Raises GraphQLFailed where there is none."""
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            answer = await post_json(self.url, {"query": document, "variables": dict(variables or {})}, headers)
            body: dict[str, Any] = answer.json()
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise GraphQLFailed(f"{self.url} gave no GraphQL answer: {error}") from error
        return body

    async def query(self, document: str, variables: Mapping[str, object] | None = None) -> dict[str, Any]:
        """The data. Raises GraphQLFailed where there is any error."""
        body = await self.answer(document, variables)
        if body.get("errors") or body.get("data") is None:
            raise GraphQLFailed("; ".join(_told(error) for error in body.get("errors", [])) or "no data")
        data: dict[str, Any] = body["data"]
        return data

    async def mutate(self, document: str, variables: Mapping[str, object]) -> dict[str, Any]:
        """The one mutation's result. Raises GraphQLFailed where it is an `Error` (it must be asked for `message`)."""
        [(name, result)] = (await self.query(document, variables)).items()
        if "message" in result:
            raise GraphQLFailed(f"{name}: {result['message']} ({'.'.join(map(str, result.get('path') or []))})")
        return dict(result)


def _told(error: Mapping[str, Any]) -> str:
    path = ".".join(map(str, error.get("path") or []))
    return f"{error.get('message')}{f' (at {path})' if path else ''}"
