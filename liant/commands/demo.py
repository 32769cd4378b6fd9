"""`liant demo`: a fresh system, a small story, and the e-mails it causes."""

import asyncio
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from liant.demo import show
from liant.demo.mails import Expected, Outcome, wait_for_mails
from liant.demo.story import Story
from liant.documents import document
from liant.screen import Screen
from liant.stopping import Stopped, StopSignals
from liant.system.folder import DataFolder
from liant.system.session import Session
from liant.system.state import token_of

MAIL_SECONDS = 20


def demo(screen: Screen, data: Path | None, *, leave: bool, port: int | None) -> bool:
    """Tell the story. Gives whether every expected e-mail came, once. Raises the errors of liant.cli.EXPECTED."""
    with ExitStack() as stack:
        path = data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="liant-demo-"))) / "data"
        folder = stack.enter_context(DataFolder(path))
        folder.empty()
        return asyncio.run(_Demo(screen, folder, port).run(leave=leave))


class _Demo:
    def __init__(self, screen: Screen, folder: DataFolder, port: int | None) -> None:
        self._screen = screen
        self._log = (folder.path / "liant.log").open("w")
        self._session = Session(folder, self._keep_line, port)

    async def run(self, *, leave: bool) -> bool:
        signals = StopSignals()
        try:
            right = await signals.unless_asked(self._tell())
            if not leave:
                self._screen.out.print("It stays up until Ctrl-C.", style="bold green")
                await signals.asked()
        except Stopped:
            return False
        finally:
            await self._session.stop(signals)
            self._log.close()
        return right

    async def _tell(self) -> bool:
        with self._screen.out.status("starting") as status:
            founded = await self._session.start(status.update)
            status.update("creating contacts, an account, a deal, an appointment and an instruction")
            admin = founded.members[0]
            client = self._session.client(admin)
            told = await Story(client, founded, datetime.now(UTC)).tell()
        self._screen.out.print(
            f"{told.contacts} contacts from vCard and CSV files ({told.skipped} entries that are no person left out), "
            "an account with two interlocutors, a deal, an appointment, an instruction."
        )
        outcome = await self._wait(told.expected)
        self._screen.out.print(show.mails(outcome))
        asked = document("whole_deal")
        self._screen.out.print(show.query(asked, await client.query(asked, {"id": told.deal})))
        token = token_of(self._session.layout.keys, admin)
        self._screen.out.print(show.where_next(self._session.layout, token), soft_wrap=True)
        return outcome.is_right

    async def _wait(self, expected: list[Expected]) -> Outcome:
        columns = (SpinnerColumn(), TextColumn("waiting for e-mails"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=self._screen.out, transient=True) as progress:
            task = progress.add_task("", total=len(expected))

            def seen(outcome: Outcome) -> None:
                progress.update(task, completed=len(expected) - len(outcome.missing))

            return await wait_for_mails(self._session.layout.mailbox.url, expected, MAIL_SECONDS, seen)

    def _keep_line(self, part: str, line: str) -> None:
        self._log.write(f"{part:<16}│ {line}\n")
        if part == "liant":  # an end and a restart are worth interrupting for
            self._screen.line(part, line)
