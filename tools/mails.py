"""What html-validate and caniemail say of every mail: `check`; pictures by Chromium: `shots FOLDER`. Needs npm."""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import product
from pathlib import Path

from services.notifier.mail.preview import write_previews
from tools.chromium import page
from tools.shell import ROOT, run

FOLDER = ROOT / "tools" / "mails"
WIDTHS = (800, 375)
"""Of a window on a desk, and of a phone, in CSS pixels."""


def install() -> None:
    """The npm packages, once. Ends this process where npm cannot."""
    if not (FOLDER / "node_modules").exists():
        run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", cwd=FOLDER)


def complaints() -> str:
    """A line for each; empty where there are none."""
    with tempfile.TemporaryDirectory() as folder:
        write_previews(Path(folder))
        command = ["node", "check.mjs", folder]
        done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def shots(folder: Path) -> None:
    """A picture of each mail: wide and narrow, light and dark."""
    write_previews(folder)
    asyncio.run(_shots(sorted(folder.glob("*.html"))))


async def _shots(files: Sequence[Path]) -> None:
    async with page() as tab:
        for file, width, dark in product(files, WIDTHS, (False, True)):
            await tab.looks(width, dark=dark)
            await tab.open(file.as_uri())
            scheme = "dark" if dark else "light"
            taken = await tab.picture()
            file.with_name(f"{file.stem}.{width}.{scheme}.png").write_bytes(taken)


def main(arguments: list[str]) -> None:
    """See the module."""
    match arguments:
        case ["check"]:
            install()
            if found := complaints():
                raise SystemExit(found)
        case ["shots", folder]:
            shots(Path(folder).absolute())
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
