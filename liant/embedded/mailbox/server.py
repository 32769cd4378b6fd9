"""The mailbox as a part of a running system."""

import sys
from dataclasses import dataclass
from pathlib import Path

from liant.http import is_ok
from liant.process import Launch


@dataclass(frozen=True)
class EmbeddedMailbox:
    """A mailbox process on a folder of its own."""

    folder: Path
    smtp_port: int
    http_port: int

    @property
    def url(self) -> str:
        """Its page; the JSON is under `/messages`."""
        return f"http://127.0.0.1:{self.http_port}"

    def launch(self) -> Launch:
        """The server's process."""
        module = (sys.executable, "-P", "-m", "liant.embedded.mailbox", "--folder", str(self.folder))
        return Launch(argv=(*module, "--smtp-port", str(self.smtp_port), "--http-port", str(self.http_port)))

    async def answers(self) -> bool:
        """Whether its page answers now; SMTP listens before the page does."""
        return await is_ok(f"{self.url}/readyz")
