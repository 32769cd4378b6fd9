"""Copies of teams: who is addressed when a team is."""

from collections.abc import Sequence
from uuid import UUID

from chassis.auth import Actor
from chassis.identifiers import format_id, new_id
from proto.contacts.v1 import messages_pb2 as contacts
from services.notifier import queries
from tests.notifier.house import House


async def tell(house: House, id: UUID, members: Sequence[UUID], deleted: bool = False) -> None:
    """A team's copy arrives."""
    ids = [format_id("collaborator", member) for member in members]
    told = contacts.Team(id=format_id("team", id), name="Nord", member_ids=ids, deleted=deleted)
    await house.receive(contacts.TeamChanged(team=told), "team", id)


async def members(house: House, *teams: UUID, organization: UUID | None = None) -> set[UUID]:
    """Who is in one of these teams."""
    own = organization or house.organization
    async with house.database.unit_of_work(Actor.system(own)) as work:
        return await queries.members_of_teams(work.session, own, teams)


async def test_whoever_is_in_one_of_the_teams_is_addressed_once(house: House) -> None:
    ana, leo, zoe = new_id(), new_id(), new_id()
    north, south = new_id(), new_id()
    await tell(house, north, [ana, leo])
    await tell(house, south, [leo, zoe])
    assert await members(house, north, south) == {ana, leo, zoe}
    assert await members(house, new_id(), organization=new_id()) == set()
    await tell(house, south, [zoe])
    assert await members(house, south) == {zoe}
    await tell(house, south, [zoe], deleted=True)
    assert await members(house, north, south) == {ana, leo}


async def test_an_older_message_changes_nothing(house: House) -> None:
    team, ana = new_id(), new_id()
    house.versions[team] = 4
    await tell(house, team, [ana])
    house.versions[team] = 2
    await tell(house, team, [])
    assert await members(house, team) == {ana}
