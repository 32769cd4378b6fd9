"""The schema as a whole: printed, described, guarded."""

from pathlib import Path

import pytest
from graphql import GraphQLSchema

from chassis.auth import Actor, Role
from chassis.errors import Forbidden
from chassis.identifiers import new_id
from services.deals import permissions
from services.deals.permissions import Right
from services.deals.rules import RULES
from services.deals.service import SERVICE
from tests.deals.house import Office
from tests.support import schemas

PRINTED = Path(SERVICE.migrations).parent / "schema.graphql"


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    """The executable schema, as graphql-core has it."""
    made: GraphQLSchema = SERVICE.schema()._schema
    return made


def test_the_printed_schema_is_the_code_s() -> None:
    assert PRINTED.read_text() == SERVICE.schema().as_str().rstrip() + "\n"


def test_everything_is_described() -> None:
    assert schemas.undescribed(SERVICE.schema()) == []


def test_every_query_and_mutation_names_its_rule() -> None:
    assert schemas.without_rule(SERVICE.schema()) == []


async def test_a_reader_writes_nothing(office: Office) -> None:
    for name, document, input in schemas.mutations(SERVICE.schema()):
        answer = await office.data(document, Role.READER, input=input)
        assert (name, answer["result"]["__typename"]) == (name, "Forbidden")


def test_every_root_field_has_its_right_and_every_right_its_field(schema: GraphQLSchema) -> None:
    assert schema.query_type and schema.mutation_type
    assert set(permissions.QUERIES) == {name for name in schema.query_type.fields if not name.startswith("_")}
    assert set(permissions.MUTATIONS) == set(schema.mutation_type.fields)


def test_a_reader_may_read_and_nothing_else() -> None:
    reader = Actor(new_id(), new_id(), Role.READER)
    for right in permissions.QUERIES.values():
        permissions.check(reader, right)
    for right in permissions.MUTATIONS.values():
        with pytest.raises(Forbidden):
            permissions.check(reader, right)
    assert set(permissions.QUERIES.values()) | set(permissions.MUTATIONS.values()) == set(Right)


def test_a_mutation_takes_one_input_and_gives_a_union_with_the_common_errors(schema: GraphQLSchema) -> None:
    assert schema.mutation_type
    for name, field in schema.mutation_type.fields.items():
        assert list(field.args) == ["input"], name
        members = {member.name for member in field.type.of_type.types}
        assert {"InvalidId", "InvalidInput", "NotFound", "Forbidden", "VersionConflict"} <= members, name


def test_a_rule_is_known_by_its_name() -> None:
    assert all(name == rule.name for name, rule in RULES.items())
