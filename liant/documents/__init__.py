"""The GraphQL that the command line sends, each operation in a file of its own."""

from pathlib import Path

FOLDER = Path(__file__).parent


def document(name: str) -> str:
    """The text of `<name>.graphql`."""
    return (FOLDER / f"{name}.graphql").read_text()
