"""A document is validated once, however often it is sent."""

from collections import OrderedDict
from collections.abc import Iterator

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension

CACHED_DOCUMENTS = 1000
LONGEST_CACHED = 20_000
Known = OrderedDict[str, list[GraphQLError]]


class ValidatedOnce(SchemaExtension):
    """Remembers what validation said of a query's text.

    Strawberry's own ValidationCache hashes the document's tree each time, and takes the depth limiter's rule, made anew
    for each request, for another rule: it never hits.
    """

    def __init__(self, known: Known) -> None:
        super().__init__()
        self._known = known

    def on_validate(self) -> Iterator[None]:
        """Skip validation where the answer is known; an empty list stands for a valid document."""
        text = self.execution_context.query or ""
        if text in self._known:
            self._known.move_to_end(text)
            self.execution_context.pre_execution_errors = self._known[text]
        yield
        if len(text) <= LONGEST_CACHED:
            self._known[text] = self.execution_context.pre_execution_errors or []
        if len(self._known) > CACHED_DOCUMENTS:
            self._known.popitem(last=False)
