"""`liant up`: the whole system, until Ctrl-C."""

import asyncio
from pathlib import Path

from rich.table import Table

from liant.screen import Screen
from liant.stopping import Stopped, StopSignals
from liant.system.folder import DataFolder, write_json
from liant.system.founding import found
from liant.system.layout import Layout
from liant.system.running import RunningSystem
from liant.system.state import STATE, Founded, described


def up(screen: Screen, data: Path, *, fresh: bool, ready_file: Path | None, port: int | None) -> None:
    """Run a system in the foreground. Raises the errors of liant.cli.EXPECTED."""
    with DataFolder(data) as folder:
        if fresh:
            folder.empty()
        asyncio.run(_Up(screen, folder, ready_file, port).run())


class _Up:
    def __init__(self, screen: Screen, folder: DataFolder, ready_file: Path | None, port: int | None) -> None:
        self._screen, self._folder, self._ready_file = screen, folder, ready_file
        self._layout = Layout.choose(folder, port)
        self._system = RunningSystem(self._layout, screen.line, self._tell_ready)
        self._founded: Founded | None = None

    async def run(self) -> None:
        signals = StopSignals()
        self._forget_ready()
        try:
            await signals.unless_asked(self._start())
            self._screen.out.print(summary(self._layout))
            await signals.asked()
        except Stopped:
            pass
        finally:
            self._forget_ready()
            self._say("stopping; Ctrl-C again to end everything at once")
            try:
                await signals.unless_insisted(self._system.stop())
            except Stopped:
                await self._system.stop(patience=0)

    async def _start(self) -> None:
        await self._system.start(self._say)
        if self._folder.read(STATE) is None:
            self._say("making the development organization")
            (await found(self._layout, self._system.supervisor)).save(self._folder)
        self._founded = Founded.load(self._folder)
        self._tell_ready()

    def _tell_ready(self) -> None:
        if self._founded and self._ready_file:
            write_json(self._ready_file, described(self._layout, self._founded, self._system.supervisor.pids))

    def _forget_ready(self) -> None:
        self._founded = None
        if self._ready_file:
            self._ready_file.unlink(missing_ok=True)

    def _say(self, what: str) -> None:
        self._screen.line("liant", what)


def summary(layout: Layout) -> Table:
    """Where everything is."""
    table = Table(title="Liant is up", title_style="bold green", show_header=False, title_justify="left")
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    table.add_row("GraphQL, GraphiQL", layout.graphql)
    table.add_row("Mailbox", layout.mailbox.url)
    table.add_row("Links in mails", layout.page)
    table.add_row("Token", f"liant token --data {layout.path}")
    table.add_row("Data", str(layout.path))
    return table
