"""Persons across organizations, seen by the system's role alone, and told to nobody but the person.

A person is whoever proved addresses by links mailed to them. Their memberships are the collaborators, not disabled,
who sign in with one of these addresses: an administrator who writes somebody's address down gives that person an
access, and learns nothing of them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chassis.auth import Actor
from chassis.database import Database
from chassis.identifiers import new_id
from services.contacts import events
from services.contacts.errors import LinkExpired, LinkUnknown, LinkUsed
from services.contacts.model import Collaborator, Organization, Person, PersonAddress, SignIn

SIGN_IN_MINUTES = 15
MOST_PENDING = 3
"""Links mailed to one address within SIGN_IN_MINUTES; a further request sends none, and is answered the same."""

_MEMBERSHIP = (
    Collaborator.id,
    Collaborator.organization_id,
    Collaborator.email,
    Collaborator.role,
    Collaborator.locale,
    Organization.name.label("organization_name"),
)


async def request(database: Database, system: AsyncEngine, email: str) -> None:
    """Have a link mailed to an address, if it is a collaborator's anywhere. Whether it was is told to nobody."""
    now = database.clock()
    async with system.connect() as connection:
        found = (await connection.execute(_of_addresses([email.lower()]).limit(1))).first()
        recent = select(func.count()).where(
            func.lower(SignIn.email) == email.lower(), SignIn.requested_at > now - timedelta(minutes=SIGN_IN_MINUTES)
        )
        pending = await connection.scalar(recent) or 0
    if found is None or pending >= MOST_PENDING:
        return
    async with database.unit_of_work(Actor.system(found.organization_id)) as work:
        asked = SignIn(
            id=new_id(),
            organization_id=work.organization,
            email=found.email,
            requested_at=work.now,
            expires_at=work.now + timedelta(minutes=SIGN_IN_MINUTES),
        )
        work.session.add(asked)
        await work.emit(events.sign_in_requested(asked, found.id))


async def open_sign_in(system: AsyncEngine, id: UUID, now: datetime) -> UUID:
    """Use a link, once; the person whose address it proved. Raises LinkUnknown, LinkUsed, LinkExpired."""
    async with system.begin() as connection:
        usable = (SignIn.id == id) & SignIn.used_at.is_(None) & (SignIn.expires_at > now)
        used = update(SignIn).where(usable).values(used_at=now).returning(SignIn.email)
        email = await connection.scalar(used)
        if email is None:
            await _refuse(connection, id)
        return await _prove(connection, str(email), now, None)


async def prove(system: AsyncEngine, email: str, now: datetime, person: UUID | None) -> UUID:
    """Write down that an address is a person's; of `person` where they were signed in as one. Gives the person."""
    async with system.begin() as connection:
        return await _prove(connection, email, now, person)


async def memberships(system: AsyncEngine, person: UUID) -> Sequence[Row[Any]]:
    """Where a person is a collaborator, by the organization's name."""
    addresses = select(PersonAddress.address).where(PersonAddress.person_id == person)
    async with system.connect() as connection:
        return (await connection.execute(_of_addresses(addresses))).all()


def _of_addresses(addresses: Any) -> Any:
    same = func.lower(Collaborator.email).in_(addresses)
    joined = select(*_MEMBERSHIP).join(Organization, Organization.id == Collaborator.organization_id)
    return joined.where(same, Collaborator.disabled_at.is_(None)).order_by(Organization.name, Collaborator.id)


async def _refuse(connection: AsyncConnection, id: UUID) -> None:
    row = (await connection.execute(select(SignIn.used_at).where(SignIn.id == id))).first()
    if row is None:
        raise LinkUnknown
    raise LinkExpired if row.used_at is None else LinkUsed


async def _prove(connection: AsyncConnection, email: str, now: datetime, person: UUID | None) -> UUID:
    """One person per address: who proves an address of another person is that person, and the two become one."""
    address = email.lower()
    before = await connection.scalar(
        select(PersonAddress.person_id).where(PersonAddress.address == address).with_for_update()
    )
    owner = person or before or await _new_person(connection, now)
    if before is not None and before != owner:
        moved = update(PersonAddress).where(PersonAddress.person_id == before).values(person_id=owner)
        await connection.execute(moved)
        await connection.execute(delete(Person).where(Person.id == before))
    statement = insert(PersonAddress).values(address=address, person_id=owner, proven_at=now)
    kept = statement.on_conflict_do_update(index_elements=[PersonAddress.address], set_={"proven_at": now}).returning(
        PersonAddress.person_id
    )
    # Two links of one new address opened at once: the address has one owner, whoever was first.
    return UUID(str(await connection.scalar(kept)))


async def _new_person(connection: AsyncConnection, now: datetime) -> UUID:
    id = new_id()
    await connection.execute(insert(Person).values(id=id, created_at=now))
    return id
