"""A system from its start to its end: parts, first organization, ready file."""

from pathlib import Path

from liant.graphql import Client
from liant.stopping import Stopped, StopSignals
from liant.supervisor.lines import Sink
from liant.system.folder import DataFolder, write_json
from liant.system.founding import found
from liant.system.layout import Layout
from liant.system.running import Progress, RunningSystem
from liant.system.state import STATE, Founded, Member, described, token_of


class Session:
    """What `liant up` and `liant demo` run; the folder must be held."""

    def __init__(self, folder: DataFolder, sink: Sink, port: int | None = None, ready_file: Path | None = None) -> None:
        self.layout = Layout.choose(folder, port)
        self._folder, self._ready_file = folder, ready_file
        self._system = RunningSystem(self.layout, sink, self._tell_ready)
        self._founded: Founded | None = None

    async def start(self, progress: Progress) -> Founded:
        """Bring everything up, and make the organization on the first run.

        Raises SupervisorError, EmbeddedError, GraphQLFailed.
        """
        self._forget_ready()
        admin = await self._system.start(progress)
        if self._folder.read(STATE) is None:
            progress("giving colleagues access")
            (await found(self.layout, admin)).save(self._folder)
        self._founded = Founded.load(self._folder)
        self._tell_ready()
        return self._founded

    async def stop(self, signals: StopSignals) -> None:
        """End every part; at once where the person insists."""
        self._forget_ready()
        try:
            await signals.unless_insisted(self._system.stop())
        except Stopped:
            await self._system.stop(patience=0)

    def client(self, member: Member) -> Client:
        """The gateway, as a collaborator."""
        return Client(self.layout.graphql, token_of(self.layout.keys, member))

    def _tell_ready(self) -> None:
        if self._founded and self._ready_file:
            write_json(self._ready_file, described(self.layout, self._founded, self._system.supervisor.pids))

    def _forget_ready(self) -> None:
        self._founded = None
        if self._ready_file:
            self._ready_file.unlink(missing_ok=True)
