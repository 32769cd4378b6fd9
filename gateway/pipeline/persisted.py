"""From what the client sent to the text of a document: as is, from the trusted manifest, or registered before."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from gateway.pipeline.lru import LRU
from gateway.pipeline.read import MalformedRequest, Parameters
from gateway.pipeline.refused import Refused


class Document(NamedTuple):
    """A document's text, and whether it comes from the manifest."""

    text: str
    trusted: bool


class DocumentNotFound(Refused):
    """Nothing is kept under this hash; the client may send the document together with it."""

    code = "PERSISTED_QUERY_NOT_FOUND"
    of_document = True

    def __init__(self) -> None:
        super().__init__("PersistedQueryNotFound")  # the wording that clients of automatic persisted queries match


class DocumentNotTrusted(Refused):
    """Only documents of the manifest are carried out here."""

    code = "PERSISTED_QUERY_ONLY"
    status = 403

    def __init__(self) -> None:
        super().__init__("Only persisted documents are carried out here: send the id of one as `documentId`.")


class DocumentTooLarge(Refused):
    """The document is longer than the limit."""

    code = "DOCUMENT_TOO_LARGE"
    of_document = True

    def __init__(self, limit: int) -> None:
        super().__init__(f"The document is larger than {limit} bytes.")


class Persisted:
    """Finds documents; automatic ones are bounded in number and by the document limit."""

    def __init__(self, manifest: Mapping[str, str], *, only: bool, automatic: int, max_bytes: int) -> None:
        self._trusted = {key.removeprefix("sha256:"): Document(text, True) for key, text in manifest.items()}
        self._trusted_texts = {document.text: document for document in self._trusted.values()}
        self._only = only
        self._registered: LRU[str, str] | None = LRU(automatic) if automatic and not only else None
        self._max_bytes = max_bytes

    def document(self, parameters: Parameters) -> Document:
        """The document to carry out. Raises a `Refused`."""
        key = _hash_named(parameters)
        if key is None:
            return self._written_out(parameters.query)
        if (trusted := self._trusted.get(key)) is not None:
            return trusted
        if parameters.query is not None:
            return self._register(key, parameters.query)
        text = self._registered.get(key) if self._registered is not None else None
        if text is None:
            raise DocumentNotFound
        return Document(text, False)

    def _written_out(self, text: str | None) -> Document:
        if text is None:
            raise MalformedRequest("`query` is missing.")
        if self._trusted_texts and (trusted := self._trusted_texts.get(text)) is not None:
            return trusted
        if self._only:
            raise DocumentNotTrusted
        if self._max_bytes and len(text) > self._max_bytes:
            raise DocumentTooLarge(self._max_bytes)
        return Document(text, False)

    def _register(self, key: str, text: str) -> Document:
        document = self._written_out(text)
        if self._registered is not None and self._registered.get(key) != text:
            if sha256(text.encode()).hexdigest() != key:
                raise MalformedRequest("The hash is not that of the document sent with it.")
            self._registered.put(key, text)
        return document


def _hash_named(parameters: Parameters) -> str | None:
    if parameters.document_id is not None:
        return parameters.document_id.removeprefix("sha256:")
    if not parameters.extensions:
        return None
    persisted = parameters.extensions.get("persistedQuery")
    if persisted is None:
        return None
    key = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
    if not isinstance(key, str):
        raise MalformedRequest("`extensions.persistedQuery` must hold a `sha256Hash`.")
    return key


def read_manifest(path: Path) -> dict[str, str]:
    """Read {hash: document} as GraphQL code generator and Relay write it, or Apollo's manifest. ValueError if neither.

    The hashes are trusted, not recomputed: generators hash their own printing of a document.
    """
    data: Any = orjson.loads(path.read_bytes())
    if isinstance(data, dict) and data.get("format") == "apollo-persisted-query-manifest":
        data = {operation["id"]: operation["body"] for operation in data["operations"]}
    if not isinstance(data, dict) or not all(isinstance(text, str) for text in data.values()):
        raise ValueError(f"{path} is not a manifest of persisted documents: {{hash: document}} expected")
    return data
