"""What html-validate and caniemail say of every mail: `check`; pictures by Chromium: `shots FOLDER`. Needs npm."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from services.notifier.mail.preview import write_previews
from tools.shell import ROOT, run

FOLDER = ROOT / "tools" / "mails"
WIDTHS = (600, 360)
# Chromium's own numbers for a preferred colour scheme.
SCHEMES = {"dark": 0, "light": 1}


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
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("Chromium is needed.")
    write_previews(folder)
    for page in sorted(folder.glob("*.html")):
        for width in WIDTHS:
            for scheme, number in SCHEMES.items():
                options = (f"--window-size={width},900", f"--blink-settings=preferredColorScheme={number}")
                picture = f"--screenshot={page.with_suffix('')}.{width}.{scheme}.png"
                run(chromium, "--no-sandbox", "--headless", "--hide-scrollbars", *options, picture, page.as_uri())


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
