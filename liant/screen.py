"""What a person sees: log lines of every part, and what `liant` itself says."""

from rich.console import Console
from rich.text import Text

_WIDTH = 16
_STYLES = {
    "liant": "bold",
    "postgres": "blue",
    "nats": "magenta",
    "mailbox": "yellow",
    "contacts": "green",
    "deals": "cyan",
    "notifier": "bright_magenta",
    "gateway": "bright_blue",
}


class Screen:
    """Lines go to standard error, so that what a command prints can be piped."""

    def __init__(self) -> None:
        self.out = Console(highlight=False)
        self.err = Console(stderr=True, highlight=False)

    def line(self, part: str, line: str) -> None:
        """One log line of a part, prefixed and in the part's colour."""
        style = _STYLES.get(part.partition("-")[0], "white")
        prefix = Text(f"{part:<{_WIDTH}}│ ", style=style)
        self.err.print(prefix + Text.from_ansi(line), soft_wrap=True)

    def fail(self, message: str) -> None:
        """Why a command could not do what was asked."""
        self.err.print(Text(message, style="red"), soft_wrap=True)
