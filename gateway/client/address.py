"""A subgraph's URL, taken apart once."""

import ssl
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """Where to connect and what to ask for."""

    host: str
    port: int
    target: str
    tls: ssl.SSLContext | None

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read an http(s) URL; ValueError if it is anything else."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is not an http or https URL")
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if not target.isascii() or any(c.isspace() for c in target):
            raise ValueError(f"{url!r} has characters that must be percent-encoded")
        tls = ssl.create_default_context() if parts.scheme == "https" else None
        return cls(parts.hostname, parts.port or DEFAULT_PORTS[parts.scheme], target, tls)

    @property
    def authority(self) -> str:
        """The Host header (RFC 9110, 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    def head(self, accept: str) -> bytes:
        """The request line and the headers that never change, without the closing blank line."""
        return (
            f"POST {self.target} HTTP/1.1\r\n"
            f"Host: {self.authority}\r\n"
            "User-Agent: liant-gateway\r\n"
            f"Accept: {accept}\r\n"
            "Content-Type: application/json\r\n"
        ).encode("ascii")
