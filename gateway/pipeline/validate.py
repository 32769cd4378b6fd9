"""Whether a document makes sense against the API schema (GraphQL specification, 5)."""

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    specified_rules,
    validate,
)

from gateway.pipeline.refused import Refused

MAX_ERRORS = 50


class ValidationFailed(Refused):
    """The document does not fit the schema."""

    code = "GRAPHQL_VALIDATION_FAILED"
    of_document = True

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self._errors = errors

    def as_errors(self) -> list[dict[str, object]]:
        return [{**error.formatted, "extensions": {"code": self.code}} for error in self._errors]


def validate_document(schema: GraphQLSchema, document: DocumentNode, *, introspection: bool, suggestions: bool) -> None:
    """Raise `ValidationFailed` unless the document is valid."""
    rules = specified_rules if introspection else [*specified_rules, NoSchemaIntrospectionCustomRule]
    errors = validate(schema, document, rules, max_errors=MAX_ERRORS, hide_suggestions=not suggestions)
    if errors:
        raise ValidationFailed(errors)
