"""How a NATS message becomes an event of a subscription field: a JSON file, read once and checked.

    {"eventCreated": {
        "stream": "LIANT_DEALS",
        "subjects": ["liant.deals.v1.event.created"],
        "payload": "protobuf",
        "modules": ["proto.deals.v1.messages_pb2"],
        "where": [{"header:liant-organization": "{claim:org}"}],
        "entity": [{"__typename": "Event", "id": "{payload:event.id}"}]}}

Names in braces are `header:…`, `payload:…` (a dotted path), `argument:…` and `claim:…`. `where` lists conditions, each
a set of names with what they must equal; a message concerns the caller if one of them holds in full. A condition that
names an argument which was not given does not hold. `entity` lists representations: the first that can be filled in.
"""

import importlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import orjson
from google.protobuf import symbol_database
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import DecodeError
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

_NAME = re.compile(r"\{(\w+):([^{}]+)\}")
_SUBJECT_TOKEN = re.compile(r"[^\s.*>]+")


class Names:
    """What the names in braces stand for."""

    def __init__(self, **scopes: Mapping[str, Any]) -> None:
        self._scopes = scopes

    def with_message(self, headers: Mapping[str, str], payload: Mapping[str, Any]) -> "Names":
        """The same, and what a message says."""
        return Names(**self._scopes, headers={k.lower(): v for k, v in headers.items()}, payload=payload)

    def value(self, scope: str, path: str) -> str | None:
        """The value of a name as text; None where there is none."""
        found = self._found(scope, path)
        return None if found is None or found == "" or isinstance(found, Mapping | list) else str(found)

    def values(self, scope: str, path: str) -> list[str]:
        """The value of a name as text, or each of a list of them; empty where there is none."""
        found = self._found(scope, path)
        if isinstance(found, list):
            return [str(one) for one in found if not isinstance(one, Mapping | list)]
        return [] if found is None or found == "" or isinstance(found, Mapping) else [str(found)]

    def _found(self, scope: str, path: str) -> Any:
        found: Any = self._scopes.get(f"{scope}s", self._scopes.get(scope, {}))
        for part in [path.lower()] if scope == "header" else path.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        return found

    def fill(self, template: str) -> str | None:
        """The template with its names filled in; None where one has no value."""
        values = [self.value(*match.groups()) for match in _NAME.finditer(template)]
        if any(value is None for value in values):
            return None
        return _NAME.sub(lambda match: str(self.value(*match.groups())), template)


class FeedMapping(BaseModel):
    """What feeds one subscription field."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stream: str
    subjects: list[str] = Field(min_length=1)
    payload: Literal["json", "protobuf", "none"] = "json"
    modules: list[str] = Field(default_factory=list, description="Python modules that hold the protobuf classes")
    where: list[dict[str, str]] = Field(default=[{}], min_length=1)
    entity: list[dict[str, str]] = Field(min_length=1, description="the first whose names all have a value")

    def model_post_init(self, _: object) -> None:
        """Load the protobuf classes, so that a wrong name shows at the start."""
        for module in self.modules:
            importlib.import_module(module)

    def subjects_for(self, names: Names) -> list[str]:
        """The subjects, their names filled in; one that has a name without a value is left open."""
        return [_NAME.sub(lambda match: _token(names.value(*match.groups())), subject) for subject in self.subjects]

    def decode(self, headers: Mapping[str, str], payload: bytes) -> dict[str, Any]:
        """The payload as a dictionary; one that cannot be read says nothing."""
        if self.payload == "protobuf":
            return _from_protobuf(headers.get("ce-type", ""), payload)
        if self.payload == "none":
            return {}
        try:
            told = orjson.loads(payload)
        except orjson.JSONDecodeError:
            return {}
        return told if isinstance(told, dict) else {}

    def concerns(self, names: Names) -> bool:
        """Whether the message is for this caller and these arguments."""
        return any(all(_equal(names, name, wanted) for name, wanted in condition.items()) for condition in self.where)

    def representation(self, names: Names) -> dict[str, Any] | None:
        """The entity that the message is about; None where it tells of none."""
        for templates in self.entity:
            filled = {field: names.fill(template) for field, template in templates.items()}
            if None not in filled.values():
                return filled
        return None


def _equal(names: Names, name: str, wanted: str) -> bool:
    """Whether a value is what it must be; a list, whether it holds that."""
    scope, _, path = name.partition(":")
    expected = names.fill(wanted)
    return expected is not None and expected in names.values(scope, path)


def _token(value: str | None) -> str:
    """A token of a subject (NATS subjects): what could be read as a wildcard or a border is not let in."""
    return value if value is not None and _SUBJECT_TOKEN.fullmatch(value) else "*"


def _from_protobuf(type_name: str, payload: bytes) -> dict[str, Any]:
    try:
        message = symbol_database.Default().GetSymbol(type_name)()
        message.ParseFromString(payload)
    except (KeyError, DecodeError):
        return {}
    return MessageToDict(message, preserving_proto_field_name=True)


_FILE = TypeAdapter(dict[str, FeedMapping])


def read_mappings(path: Path) -> dict[str, FeedMapping]:
    """Read the file: subscription field → mapping. Raises OSError, or ValueError naming what is wrong."""
    return _FILE.validate_json(path.read_bytes())
