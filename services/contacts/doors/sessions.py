"""What signing in gives: a token for one of the person's organizations, and the others they can enter."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.auth import Actor
from chassis.database import Database
from services.contacts import model
from services.contacts.commands import invitations
from services.contacts.doors import people
from services.contacts.doors.keys import Keeper
from services.contacts.errors import LinkUnknown, NoMembership, NoPerson


@dataclass(frozen=True, slots=True)
class Session:
    """A token, where it is for, and where else its holder may go. Without a membership there is no token."""

    token: str | None
    expires_at: datetime
    current: Row[Any] | None
    memberships: list[Row[Any]]


@dataclass(frozen=True, slots=True)
class Doors:
    """Opens links and moves people between their organizations. `proof` is how long a proven address counts."""

    database: Database
    system: AsyncEngine
    keeper: Keeper
    proof: timedelta

    async def signed_in(self, token: str, organization: UUID | None) -> Session:
        """By a link, once. Raises LinkUnknown, LinkUsed, LinkExpired, NoMembership."""
        now = self.database.clock()
        person = await people.open_sign_in(self.system, self.keeper.sign_in(token).id, now)
        return await self._session(person, organization, int(now.timestamp()))

    async def accepted(self, token: str, holder: Actor | None, **profile: Any) -> Session:
        """By an invitation's link, once; `holder` is who was signed in when it was opened.

        Raises LinkUnknown, LinkUsed, LinkExpired, EmailTaken.
        """
        door = self.keeper.invitation(token)
        async with self.database.unit_of_work(Actor.system(door.organization)) as work:
            joined = await invitations.accept(work, door.id, door.revision, **profile)
            now, email = work.now, joined.email
        # After the commit, since another role writes it: should it fail, the next sign-in proves the address again.
        person = await people.prove(self.system, email, now, self._person(holder))
        return await self._session(person, door.organization, int(now.timestamp()))

    async def invitation(self, token: str) -> tuple[model.Invitation, model.Organization]:
        """What a link would open; changes nothing. Raises LinkUnknown, LinkUsed, LinkExpired."""
        door = self.keeper.invitation(token)
        async with self.database.unit_of_work(Actor.system(door.organization)) as work:
            invitation = await invitations.openable(work, door.id, door.revision)
            organization = await work.session.get(model.Organization, door.organization)
        if organization is None:
            raise LinkUnknown
        return invitation, organization

    async def memberships(self, actor: Actor) -> list[Row[Any]]:
        """Where the caller is a collaborator. Raises NoPerson."""
        return [*await people.memberships(self.system, self._proven(actor))]

    async def switched(self, actor: Actor, organization: UUID) -> Session:
        """A token for another of the caller's organizations, or a new one for this. Raises NoPerson, NoMembership."""
        return await self._session(self._proven(actor), organization, actor.proven_at)

    async def member(self, actor: Actor, organization: UUID) -> Actor:
        """Who the caller is in another of their organizations. Raises NoPerson, NoMembership."""
        for each in await self.memberships(actor):
            if each.organization_id == organization:
                return _actor(each)
        raise NoMembership

    def _proven(self, actor: Actor) -> UUID:
        person = self._person(actor)
        if person is None:
            raise NoPerson
        return person

    def _person(self, actor: Actor | None) -> UUID | None:
        if actor is None or actor.person is None:
            return None
        proof_ends = datetime.fromtimestamp(actor.proven_at, self.database.clock().tzinfo) + self.proof
        return actor.person if self.database.clock() < proof_ends else None

    async def _session(self, person: UUID, organization: UUID | None, proven_at: int) -> Session:
        found = [*await people.memberships(self.system, person)]
        chosen = [each for each in found if organization in (None, each.organization_id)]
        if organization is not None and not chosen:
            raise NoMembership
        current = chosen[0] if chosen else None
        actor = current and replace(_actor(current), person=person, proven_at=proven_at)
        token = self.keeper.access(actor) if actor else None
        return Session(token, self.database.clock() + timedelta(seconds=self.keeper.seconds), current, found)


def _actor(membership: Row[Any]) -> Actor:
    return Actor(membership.organization_id, membership.id, membership.role)
