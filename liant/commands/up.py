"""`liant up`: the whole system, until Ctrl-C."""

import asyncio
from pathlib import Path

from rich.table import Table

from liant.screen import Screen
from liant.stopping import Stopped, StopSignals
from liant.system.folder import DataFolder
from liant.system.layout import Layout
from liant.system.session import Session


def up(screen: Screen, data: Path, *, fresh: bool, ready_file: Path | None, port: int | None) -> None:
    """Run a system in the foreground. Raises the errors of liant.cli.EXPECTED."""
    with DataFolder(data) as folder:
        if fresh:
            folder.empty()
        session = Session(folder, screen.line, port, ready_file.absolute() if ready_file else None)
        asyncio.run(_run(screen, session))


async def _run(screen: Screen, session: Session) -> None:
    signals = StopSignals()
    try:
        await signals.unless_asked(session.start(lambda what: screen.line("liant", what)))
        screen.out.print(summary(session.layout))
        await signals.asked()
    except Stopped:
        pass
    finally:
        screen.line("liant", "stopping; Ctrl-C again to end everything at once")
        await session.stop(signals)


def summary(layout: Layout) -> Table:
    """Where everything is."""
    table = Table(title="Liant is up", title_style="bold green", show_header=False, title_justify="left")
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    table.add_row("GraphQL, GraphiQL", layout.graphql)
    table.add_row("Mailbox", layout.mailbox.url)
    table.add_row("Links in mails", layout.page)
    table.add_row("Portfolio health", f"{layout.page}/portfolio#gateway={layout.graphql}")
    table.add_row("Token", f"liant token --data {layout.path}")
    table.add_row("Data", str(layout.path))
    return table
