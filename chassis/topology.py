"""Streams and consumers, as `deploy/nats/streams.json` declares them."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream as `deploy/nats/streams.json` declares it; ages in seconds, 0 for ever."""

    name: str
    subjects: list[str]
    duplicate_window: float = 600
    max_age: float = 0
    replicas: int = 1


@dataclass(frozen=True, slots=True)
class Consumer:
    """A durable pull consumer as `deploy/nats/streams.json` declares it."""

    stream: str
    durable: str
    subjects: list[str]


@dataclass(frozen=True, slots=True)
class Topology:
    """Every stream and consumer of the system."""

    streams: list[Stream] = field(default_factory=list)
    consumers: list[Consumer] = field(default_factory=list)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the declaration. Raises OSError, ValueError or TypeError for one that cannot be read."""
        told = json.loads(path.read_text())
        return cls([Stream(**item) for item in told["streams"]], [Consumer(**item) for item in told["consumers"]])

    def consumers_of(self, durable: str) -> list[Consumer]:
        """The consumers of one service."""
        return [consumer for consumer in self.consumers if consumer.durable == durable]
