"""What a resolver finds in `info.context`."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

import strawberry
from strawberry.dataloader import DataLoader

from chassis.admission import Known, Look, admitted, everybody
from chassis.auth import Actor
from chassis.database import Database, ReadSession, UnitOfWork
from chassis.plans import Feature

T = TypeVar("T")
Batch = Callable[[ReadSession, Sequence[UUID]], Awaitable[Sequence[Any]]]
MAX_BATCH = 1000


class Context:
    """One request: who asks, a read view of their organization, loaders that live as long as the request.

    `tools` is what the service made once for all its requests (`Service.tools`); `known` what it knows of the asker.
    """

    known: Known = Known()

    def __init__(self, actor: Actor, database: Database, tools: Any = None) -> None:
        self.actor = actor
        self.tools = tools
        self.database = database
        self.read = ReadSession(database.engine, actor.organization)
        self._written: set[UUID] = set()
        self._loaders: dict[Any, DataLoader[Any, Any]] = {}

    async def admit(self, look: Look = everybody) -> None:
        """Let the asker in, with the role they still have. Raises TokenRefused."""
        self.known = await look(self.read, self.actor)
        self.actor = admitted(self.actor, self.known)
        await self.read.bound(self.actor.portfolio)

    def check_plan(self, feature: Feature | None) -> None:
        """Raise PlanReadOnly or NotInPlan where the organization's plan does not allow a write."""
        self.known.standing.check(feature, self.database.clock())

    def unit_of_work(self) -> UnitOfWork:
        """A transaction in the asker's name."""
        return self.database.unit_of_work(self.actor)

    async def load(self, batch: Batch, key: UUID | None) -> Any:
        """One value of a batch query, gathered with every other key asked for in the same turn."""
        if key is None:
            return None
        loader = self._loaders.get(batch)
        if loader is None:
            loader = DataLoader(load_fn=lambda keys: self._batch(batch, keys), max_batch_size=MAX_BATCH)
            self._loaders[batch] = loader
        return await loader.load(key)

    async def _batch(self, batch: Batch, keys: list[UUID]) -> Sequence[Any]:
        found = await batch(self.read, keys)
        if self.actor.portfolio is None or not self._written.intersection(keys):
            return found
        own = [key for key in keys if key in self._written]
        await self.read.release()
        async with self.database.read(self.actor.organization) as everything:
            told = dict(zip(own, await batch(everything, own), strict=True))
        return [told.get(key, value) for key, value in zip(keys, found, strict=True)]

    def wrote(self, *ids: UUID) -> None:
        """Forget what was read, and show what these ids name as it was written, even if it was given away."""
        self._written.update(ids)
        self.forget()

    def forget(self) -> None:
        """Drop what the loaders remember; after a write."""
        self._loaders.clear()

    async def close(self) -> None:
        """Give the connection back."""
        await self.read.close()


Info = strawberry.Info[Context, None]
