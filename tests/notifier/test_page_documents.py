"""What the page asks is what the public API answers."""

import re
from pathlib import Path

import pytest
from graphql import GraphQLSchema, parse, validate

import services.notifier.pages
from gateway.engine import Engine

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = Path(services.notifier.pages.__file__).parent / "static" / "documents.js"
SUPERGRAPH = ROOT / "liant" / "supergraph.graphql"


def documents() -> dict[str, str]:
    """The template literals of the module, those within others put in."""
    found: dict[str, str] = {}
    for name, text in re.findall(r"const (\w+) = `(.*?)`;", DOCUMENTS.read_text("utf-8"), re.DOTALL):
        found[name] = re.sub(r"\$\{(\w+)\}", lambda inner: found[inner[1]], text)
    return found


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    """The API that front-end teams see."""
    return Engine.from_supergraph(SUPERGRAPH.read_text("utf-8")).schema


@pytest.mark.parametrize(
    "name",
    [
        "EVENT",
        "ALERT",
        "TAKE_CHARGE",
        "COMPLETE_TASK",
        "ANSWER",
        "QUOTE",
        "COMMENT",
        "APPLY",
        "PORTFOLIO",
        "INBOX",
        "DONE",
    ],
)
def test_a_document_of_the_page_is_valid_in_the_api(name: str, schema: GraphQLSchema) -> None:
    assert validate(schema, parse(documents()[name])) == []


def test_a_document_that_asks_for_the_unknown_would_be_seen(schema: GraphQLSchema) -> None:
    broken = documents()["EVENT"].replace("title", "titel")
    assert validate(schema, parse(broken)) != []
