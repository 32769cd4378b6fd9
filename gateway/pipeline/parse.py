"""From text to a syntax tree."""

from graphql import DocumentNode, GraphQLSyntaxError, parse
from graphql.language import OperationDefinitionNode

from gateway.pipeline.refused import Refused


class SyntaxInvalid(Refused):
    """Not a GraphQL document."""

    code = "GRAPHQL_PARSE_FAILED"
    of_document = True

    def __init__(self, error: GraphQLSyntaxError) -> None:
        super().__init__(error.message)
        self.error = error

    def as_errors(self) -> list[dict[str, object]]:
        return [{**self.error.formatted, "extensions": {"code": self.code}}]


class TooManyTokens(Refused):
    """More tokens than the limit, or nested deeper than can be read."""

    code = "DOCUMENT_TOO_COMPLEX"
    of_document = True

    def __init__(self, what: str) -> None:
        super().__init__(f"The document has {what}.")


class OperationNotFound(Refused):
    """The document has no operation of the name asked for, or several and none was named."""

    code = "OPERATION_RESOLUTION_FAILURE"
    of_document = True


def parse_document(text: str, max_tokens: int) -> DocumentNode:
    """Parse a document. Raises `SyntaxInvalid` or `TooManyTokens`."""
    try:
        return parse(text, max_tokens=max_tokens or None, allow_empty_selection_sets=False)
    except GraphQLSyntaxError as error:
        if max_tokens and f"more than {max_tokens} tokens" in error.message:
            raise TooManyTokens(f"more than {max_tokens} tokens") from None
        raise SyntaxInvalid(error) from None
    except RecursionError:
        raise TooManyTokens("nested too deeply") from None


def find_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The operation to carry out (GraphQL specification, 6.1). Raises `OperationNotFound`."""
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if name is not None:
        operations = [node for node in operations if node.name is not None and node.name.value == name]
    if not operations:
        raise OperationNotFound(f"There is no operation named {name!r}." if name else "There is no operation.")
    if len(operations) > 1:
        raise OperationNotFound("The document has several operations: name one as `operationName`.")
    return operations[0]
