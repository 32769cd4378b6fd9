"""How the notifier's mutations write."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import strawberry

from chassis.database import UnitOfWork
from chassis.graphql.context import Info
from chassis.graphql.rules import writing
from chassis.graphql.writes import Write, Writer
from chassis.identifiers import parse_id
from services.notifier.model import IDEMPOTENCY
from services.notifier.permissions import Rule

__all__ = ["WHICH", "Naming", "Write", "once"]


async def _anybody(_: UnitOfWork) -> None:
    """Whoever was disabled is not let in at all (chassis.admission)."""


once = Writer(IDEMPOTENCY, _anybody).once


WHICH = strawberry.argument(description="Which one.")


@dataclass(frozen=True)
class Naming:
    """Mutations that take nothing more than which one: the kind of its id, input and result, and how it is read."""

    kind: str
    input: Any
    result: Any
    found: Callable[[Info, UUID], Awaitable[Any]]

    def mutation(self, command: Any, rule: Rule, description: str) -> Any:
        """One of them; `command` takes the unit of work, the id and the version that was seen."""
        kind, found = self.kind, self.found

        async def resolve(self: Any, info: Info, input: Any) -> Any:
            id = parse_id(kind, input.id)

            async def act(work: UnitOfWork) -> UUID:
                made: UUID = await command(work, id, input.expected_version)
                return made

            return await found(info, await once(info, input, act))

        resolve.__annotations__.update({"input": self.input, "return": self.result})
        return strawberry.mutation(resolver=resolve, description=description, extensions=writing(rule))
