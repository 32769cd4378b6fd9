"""`liant rebuild`: a service's copies of what the others own, made again from the streams."""

import asyncio
from pathlib import Path

from liant.screen import Screen
from liant.supervisor.supervisor import Supervisor
from liant.system import parts
from liant.system.folder import DataFolder, NoSystem
from liant.system.layout import Layout

_LONGEST_SECONDS = 3600


def rebuild(screen: Screen, data: Path, services: list[str]) -> None:
    """Replay into each service in turn; the system must be up. Raises NoSystem, SupervisorError."""
    folder = DataFolder(data)
    if not folder.path.is_dir():
        raise NoSystem(folder.path)
    layout = Layout.load(folder)
    for service in services:
        with screen.err.status(f"rebuilding the copies of {service}"):
            asyncio.run(Supervisor(screen.line).run([parts.rebuild(layout, service)], _LONGEST_SECONDS))
        screen.out.print(f"{service}: copies rebuilt")
