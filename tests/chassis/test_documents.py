"""Documents are validated once, refused ones included."""

from typing import Any

import pytest
from strawberry.schema import schema as strawberry_schema

from chassis.graphql.documents import CACHED_DOCUMENTS
from services.contacts.service import SERVICE as CONTACTS
from tests.chassis.tiny.service import SERVICE


@pytest.fixture
def validations(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every validation that takes place."""
    seen: list[Any] = []
    validate = strawberry_schema.validate_document

    def counted(*arguments: Any) -> Any:
        seen.append(arguments)
        return validate(*arguments)

    monkeypatch.setattr(strawberry_schema, "validate_document", counted)
    return seen


async def test_a_document_is_validated_once(validations: list[Any]) -> None:
    schema = SERVICE.schema()
    answers = [await schema.execute("{ __typename }") for _ in range(3)]
    assert [answer.data for answer in answers] == [{"__typename": "Query"}] * 3
    assert len(validations) == 1


async def test_a_refused_document_is_refused_each_time(validations: list[Any]) -> None:
    schema = SERVICE.schema()
    told = [(await schema.execute("{ nothing }")).errors for _ in range(3)]
    assert [errors and errors[0].message for errors in told] == ["Cannot query field 'nothing' on type 'Query'."] * 3
    assert len(validations) == 1


async def test_a_document_that_is_too_deep_is_refused_each_time() -> None:
    schema, turns = CONTACTS.schema(), 15
    deep = '{ contact(id: "x") ' + "{ interlocutors { contact " * turns + "{ id }" + " } }" * turns + " }"
    for _ in range(2):
        errors = (await schema.execute(deep)).errors
        assert errors
        assert "depth" in errors[0].message


async def test_what_is_remembered_is_bounded(validations: list[Any]) -> None:
    schema = SERVICE.schema()
    for number in range(CACHED_DOCUMENTS + 1):
        await schema.execute(f"{{ a{number}: __typename }}")
    await schema.execute("{ a0: __typename }")
    assert len(validations) == CACHED_DOCUMENTS + 2
