"""What the demo shows at its end."""

import json
from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.rule import Rule
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from liant.demo.mails import Outcome
from liant.system.layout import Layout


def mails(outcome: Outcome) -> RenderableType:
    """Recipient, subject and link of every mail, then what is wrong, if anything is."""
    table = Table("to", "subject", "link", title="E-mails", title_justify="left", header_style="bold", expand=True)
    table.columns[0].overflow = table.columns[1].overflow = table.columns[2].overflow = "fold"
    for mail in sorted(outcome.mails, key=lambda mail: mail.number):
        table.add_row(mail.recipient, mail.subject, Text(mail.link, style=f"link {mail.link} cyan"))
    return Group(
        table,
        *(Text(f"missing: {each.recipient}, {each.title}", style="bold red") for each in outcome.missing),
        *(Text(f"one too many: {each.recipient}, {each.subject}", style="bold red") for each in outcome.surplus),
    )


def query(document: str, answer: Mapping[str, Any]) -> RenderableType:
    """A query and its answer, in colours."""
    text = compact(answer, 76)
    return Group(
        Panel(Syntax(document.strip(), "graphql", word_wrap=True), title="A federated query", title_align="left"),
        Panel(Syntax(text, "json", word_wrap=True), title="Its answer", title_align="left"),
    )


def where_next(layout: Layout, token: str) -> RenderableType:
    """Addresses to open; GraphiQL takes the token from its address."""
    graphiql = f"{layout.graphql}#token={token}"
    return Group(
        Rule("Where to go next", align="left"),
        Text("Mailbox   ").append(layout.mailbox.url, style="cyan"),
        Text("GraphiQL  ").append(graphiql, style="cyan"),
    )


def compact(value: object, width: int, indent: str = "", taken: int = 0) -> str:
    """JSON that breaks a line only where it would be longer than `width`; `taken` characters stand before it."""
    flat = json.dumps(value, ensure_ascii=False)
    if taken + len(flat) < width or not isinstance(value, dict | list) or not value:
        return flat
    deeper = indent + "  "
    if isinstance(value, list):
        return _block("[]", [compact(item, width, deeper, len(deeper)) for item in value], indent)
    named = ((f"{json.dumps(name, ensure_ascii=False)}: ", item) for name, item in value.items())
    return _block("{}", [name + compact(item, width, deeper, len(deeper + name)) for name, item in named], indent)


def _block(brackets: str, lines: list[str], indent: str) -> str:
    inside = ",\n".join(f"{indent}  {line}" for line in lines)
    return f"{brackets[0]}\n{inside}\n{indent}{brackets[1]}"
