"""What the demo shows at its end."""

import json
from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
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
    text = json.dumps(answer, indent=2, ensure_ascii=False)
    return Group(
        Panel(Syntax(document.strip(), "graphql", word_wrap=True), title="A federated query", title_align="left"),
        Panel(Syntax(text, "json", word_wrap=True), title="Its answer", title_align="left"),
    )


def where_next(layout: Layout, token: str) -> RenderableType:
    """Addresses to open, and the token to open them with."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    table.add_row("GraphiQL", layout.graphql)
    table.add_row("Mailbox", layout.mailbox.url)
    table.add_row("Token", f"liant token --data {layout.path}")
    table.add_row("", Text(f'{{"Authorization": "Bearer {token}"}}', style="dim"))
    return Panel(table, title="Where to go next", title_align="left")
