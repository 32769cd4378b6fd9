"""One fetch, compiled: body from precomputed bytes, answer merged where it belongs."""

from typing import Any

import orjson

from gateway.errors import FetchFailed
from gateway.executor.entities import Asked, compile_representations
from gateway.executor.failure import Failures
from gateway.executor.merge import merge_deep, rename
from gateway.executor.nulls import Fits
from gateway.executor.paths import objects_at
from gateway.executor.sources import Sources
from gateway.executor.state import State
from gateway.executor.targets import Targets
from gateway.planner.fetch_graph import Fetch

Object = dict[str, Any]

Answer = tuple[bytes | None, Asked | None]
"""What came, and what was asked about; no bytes if nothing did."""

MALFORMED = "SUBGRAPH_RESPONSE_MALFORMED"


class CompiledFetch:
    """A fetch of a plan, ready to run any number of times."""

    def __init__(
        self,
        fetch: Fetch,
        subgraph: str,
        kind: str,
        definitions: dict[str, str],
        sources: Sources,
        fills: list[str],
        fits: Fits | None,
    ) -> None:
        self.fetch = fetch
        self.subgraph = subgraph
        self.is_mutation = kind == "mutation"
        self.overlaps = sources.overlaps(fetch)
        """Whether another fetch may have given parts of the same objects."""
        self._fits = fits
        self.failures = Failures(fetch, subgraph, fills)
        used = {name for step in fetch.selections.steps() for name in step.variables}
        used |= {condition.variable for step in fetch.selections.steps() for condition in step.conditions}
        self._variables = [name for name in definitions if name in used]
        self._entities = f"_{'_' * max((len(name) for name in definitions), default=0)}entities"
        self._prefix = self._encode_prefix(fetch, kind, definitions)
        self._constant = self._prefix[: -len(b',"variables":{')] + b"}"
        self._ask = compile_representations(fetch.representations)
        self._paths = fetch.paths
        self._targets = Targets(fetch, sources)
        self.asked_with: int | None = None
        """Shared by fetches that run at once and ask alike: whom they ask about is found once."""

    @property
    def text(self) -> str:
        """The operation sent to the subgraph."""
        return str(orjson.loads(self._constant)["query"])

    def _encode_prefix(self, fetch: Fetch, kind: str, definitions: dict[str, str]) -> bytes:
        declared = [definitions[name] for name in self._variables]
        selections = fetch.selections.text()
        if fetch.is_entity_fetch:
            declared.insert(0, f"${self._entities}:[_Any!]!")
            selections = f"{{_entities(representations:${self._entities}){selections}}}"
        operation = f"{kind}({','.join(declared)})" if declared else ("" if kind == "query" else kind)
        return b'{"query":' + orjson.dumps(operation + selections) + b',"variables":{'

    def body(self, variables: Object, representations: bytes | None = None) -> bytes:
        """The JSON request."""
        given = {name: variables[name] for name in self._variables if name in variables}
        encoded = orjson.dumps(given)[1:-1] if given else b""
        if representations is None:
            return self._prefix + encoded + b"}}" if encoded else self._constant
        head = b'%b"%b":%b' % (self._prefix, self._entities.encode(), representations)
        return head + b"," + encoded + b"}}" if encoded else head + b"}}"

    async def run(self, state: State) -> None:
        """Fetches and merges; what fails becomes errors of the state."""
        self.merge(state, await self.answer(state))

    async def answer(self, state: State) -> Answer:
        """Asks the subgraph; nothing is merged yet."""
        if not self.fetch.is_entity_fetch:
            return await self.fetch_raw(state, self.body(state.variables)), None
        asked = self._whom(state)
        if asked is None:
            return None, None
        return await self.fetch_raw(state, self.body(state.variables, asked.encoded), asked), asked

    def merge(self, state: State, answer: Answer) -> None:
        """Merges an answer; what is wrong with it becomes errors of the state."""
        raw, asked = answer
        data = None if raw is None else self.read(state, raw, asked)
        if data is None:
            return
        if asked is None:
            self.merge_root(state, data)
            return
        try:
            self._merge_entities(asked, data["_entities"])
        except (KeyError, TypeError, ValueError):
            state.has_nulls = True
            if not state.errors:
                message = f"The answer of {self.subgraph!r} does not hold an entity for each representation."
                self.failures.all(state, asked, MALFORMED, message)

    def asks_like(self, other: "CompiledFetch") -> bool:
        """Whether both ask about the same objects in the same words."""
        mine, theirs = self.fetch, other.fetch
        return mine.paths == theirs.paths and [r.identity for r in mine.representations] == [
            r.identity for r in theirs.representations
        ]

    def _whom(self, state: State) -> Asked | None:
        if self.asked_with is None:
            return self._find_whom(state)
        if self.asked_with not in state.asked:
            state.asked[self.asked_with] = self._find_whom(state)
        return state.asked[self.asked_with]

    def _find_whom(self, state: State) -> Asked | None:
        objects = self._targets.find(state)
        asked = self._ask(objects)
        if objects and (asked is None or len(asked.targets) != len(objects)):
            state.has_nulls = True
        return asked

    def merge_root(self, state: State, answer: Object) -> None:
        """Merges the data of a root fetch."""
        for path in self._paths:
            for target in objects_at(state.data, path):
                merge_deep(target, answer) if target else target.update(answer)

    def _merge_entities(self, asked: Asked, entities: list[Object | None]) -> None:
        if len(entities) != asked.count:
            raise ValueError(entities)
        found = entities if asked.slots is None else [entities[slot] for slot in asked.slots]
        if self.overlaps:
            for target, entity in zip(asked.targets, found, strict=False):
                if entity:
                    merge_deep(target, entity)
        else:
            for target, entity in zip(asked.targets, found, strict=False):
                if entity:
                    target.update(entity)

    async def fetch_raw(self, state: State, body: bytes, asked: Asked | None = None) -> bytes | None:
        """The answer as it came; None when there is none, which is noted."""
        try:
            return await state.context.fetch(self.subgraph, body, self.is_mutation)
        except FetchFailed as failed:
            self.failures.all(state, asked, failed.code, failed.message)
            return None

    def read(self, state: State, raw: bytes, asked: Asked | None = None) -> Object | None:
        """The answer's data, its errors noted."""
        try:
            answer = orjson.loads(raw)
            data, errors = answer.get("data"), answer.get("errors")
        except (orjson.JSONDecodeError, AttributeError):
            self.failures.all(state, asked, MALFORMED, f"The answer of {self.subgraph!r} is not a GraphQL response.")
            return None
        if errors:
            self.failures.told(state, asked, errors)
        elif not isinstance(data, dict):
            self.failures.all(state, asked, MALFORMED, f"The answer of {self.subgraph!r} has no data.")
        if not isinstance(data, dict):
            return None
        found = data if asked is None else data.get("_entities")
        self.rename(found)
        if not state.has_nulls:
            state.has_nulls = not self._is_complete(raw, found, asked)
        return data

    def _is_complete(self, raw: bytes, found: Any, asked: Asked | None) -> bool:
        if asked is None:
            found = [found]
        elif not isinstance(found, list) or len(found) != asked.count:
            return False
        return self._fits(found) if self._fits else b"null" not in raw

    def rename(self, data: Any) -> None:
        """Gives fields back the client's response keys."""
        for renaming in self.fetch.renamings:
            rename(data, renaming)
