"""`liant keys`: the keys that a deployment's parts share through a folder."""

from pathlib import Path

from liant.system.keys import Keys


def keys(folder: Path) -> None:
    """Make the keys that are missing; those that are there stay. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    Keys.of(folder)
