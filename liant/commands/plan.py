"""`liant plan`: what an organization of a running system has, and what an operator changes of it."""

import asyncio
import json
from pathlib import Path

from liant.screen import Screen
from liant.supervisor.supervisor import Supervisor
from liant.system import parts
from liant.system.folder import DataFolder, NoSystem
from liant.system.layout import Layout

_LONGEST_SECONDS = 60


def plan(screen: Screen, data: Path, arguments: list[str]) -> None:
    """Do it, and show what the organization has then. Raises NoSystem, SupervisorError."""
    folder = DataFolder(data)
    if not folder.path.is_dir():
        raise NoSystem(folder.path)
    job = parts.plan(Layout.load(folder), *arguments)
    [lines] = asyncio.run(Supervisor(screen.line).run([job], _LONGEST_SECONDS))
    told = json.loads(lines[-1])
    until = f", trial to {told['trialEndsAt']}" if told["state"] == "TRIAL" else ""
    screen.out.print(f"{told['name']}: {told['plan']}, {told['state']}{until}")
