"""Who may still come in: what a service knows of a caller, looked up at each request.

A token lives longer than the access that it was made for. Whoever was disabled since is refused, and whoever was
demoted has the lesser role, as soon as the service's own copy says so.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from chassis.auth import Actor, Role, TokenRefused
from chassis.database import ReadSession
from chassis.plans import UNKNOWN, Standing
from chassis.sharing import portfolio_of

_ORDER = list(Role)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a caller and of their organization; the defaults are those of a copy that has not arrived."""

    disabled: bool = False
    role: Role | None = None
    standing: Standing = UNKNOWN
    sharing: str | None = None
    mates: Sequence[UUID] | None = None


Look = Callable[[ReadSession, Actor], Awaitable[Known]]


async def everybody(_: ReadSession, __: Actor) -> Known:
    """Of a service that knows nobody."""
    return Known()


def bounded(actor: Actor, known: Known) -> Actor:
    """The actor with the lesser of two roles, and with what that role sees."""
    role = actor.role
    if known.role is not None and _ORDER.index(known.role) < _ORDER.index(role):
        role = known.role
    return replace(actor, role=role, portfolio=portfolio_of(known.sharing, role, actor.collaborator, known.mates))


def admitted(actor: Actor, known: Known) -> Actor:
    """The actor with the role they still have, and what they see. Raises TokenRefused for one who was disabled."""
    if known.disabled:
        raise TokenRefused("COLLABORATOR_DISABLED", "Your access to this organization was withdrawn.")
    return bounded(actor, known)
