"""Teams that follow deals: copies of who is in them, and whom the messages name."""

from typing import Any

import pytest

from chassis.auth import Role
from chassis.identifiers import format_id, new_id, parse_id
from proto.contacts.v1 import messages_pb2 as contacts
from proto.deals.v1 import messages_pb2 as pb
from tests.deals.house import Office
from tests.support.control import until


async def tell_team(office: Office, *members: str, id: str = "", version: int = 1, deleted: bool = False) -> str:
    """A team's id, told to deals."""
    id = id or format_id("team", new_id())
    body = contacts.Team(id=id, name="Nord", member_ids=members, deleted=deleted)
    await office.tell("team", parse_id("team", id), contacts.TeamChanged(team=body), version)
    return id


async def a_team(office: Office, *members: str) -> str:
    """A team that deals knows."""
    team = await tell_team(office, *members)
    await office.knows(team)
    return team


async def followers(office: Office, deal: str, title: str) -> list[str]:
    """Whom the message of a deal's change names as following it."""
    await office.do("updateDeal", id=deal, title=title)
    found: list[pb.Deal] = []

    async def told() -> bool:
        found[:] = [one.deal for one in await office.told(pb.DealChanged) if one.deal.title == title]
        return bool(found)

    await until(told, what=f"the change to {title}")
    return sorted(found[0].subject.follower_ids)


async def test_the_members_of_a_team_that_follows_are_told_whoever_they_are_at_the_time(office: Office) -> None:
    ana, leo = await office.a_collaborator("Ana"), await office.a_collaborator("Léo")
    team, deal = await a_team(office, ana, leo), await office.a_deal()
    await office.do("followDeal", dealId=deal)
    shown = await office.do("followDeal", show="followers { id } followerTeams { id }", dealId=deal, teamId=team)
    assert [one["id"] for one in shown["followers"]] == [office.id_of(), *sorted([ana, leo])]
    assert shown["followerTeams"] == [{"id": team}]
    await office.do("followDeal", dealId=deal, collaboratorId=ana)
    assert await followers(office, deal, "Un") == sorted([office.id_of(), ana, leo])
    await tell_team(office, leo, id=team, version=3)
    await tell_team(office, ana, id=team, version=2)
    await office.knows(await tell_team(office))
    await office.do("unfollowDeal", dealId=deal, collaboratorId=ana)
    assert await followers(office, deal, "Deux") == sorted([office.id_of(), leo])
    await tell_team(office, leo, id=team, version=4, deleted=True)
    await office.knows(await tell_team(office))
    assert await followers(office, deal, "Trois") == [office.id_of()]


async def test_following_twice_is_once_and_is_a_fact(office: Office) -> None:
    team, deal = await a_team(office, office.id_of()), await office.a_deal()
    for mutation in ("followDeal", "followDeal", "unfollowDeal", "unfollowDeal"):
        assert (await office.do(mutation, dealId=deal, teamId=team))["__typename"] == "Deal"
    facts = "query($id: ID!) { deal(id: $id) { followerTeams { id } timeline { edges { node { \
        ... on Notification { kind changes { field after } } } } } } }"
    shown = (await office.data(facts, id=deal))["deal"]
    facts_of_teams = [edge["node"] for edge in shown["timeline"]["edges"] if "follower" in edge["node"]["kind"]]
    assert [fact["kind"] for fact in facts_of_teams] == ["follower_removed", "follower_added"]
    assert facts_of_teams[1]["changes"] == [{"field": "team_id", "after": team}]
    assert shown["followerTeams"] == []


@pytest.mark.parametrize(("values", "kind", "path"), [
    ({"teamId": "team_01h455vb4pex5vsknk084sn02q"}, "NotFound", ["teamId"]),
    ({"teamId": "deal_01h455vb4pex5vsknk084sn02q"}, "InvalidId", ["teamId"]),
    ({"teamId": "team_01h455vb4pex5vsknk084sn02q", "collaboratorId": "collaborator_01h455vb4pex5vsknk084sn02q"},
     "InvalidInput", ["teamId"]),
])  # fmt: skip
async def test_who_cannot_follow(office: Office, values: dict[str, Any], kind: str, path: list[str]) -> None:
    refused = await office.do("followDeal", dealId=await office.a_deal(), **values)
    assert (refused["__typename"], refused["path"]) == (kind, path)


async def test_a_deleted_team_begins_to_follow_nothing_and_is_taken_off(office: Office) -> None:
    team, deal = await a_team(office, office.id_of(Role.ADMIN)), await office.a_deal()
    await office.do("followDeal", dealId=deal, teamId=team)
    await tell_team(office, id=team, version=2, deleted=True)
    await office.knows(await tell_team(office))
    other = await office.a_deal()
    refused = await office.do("followDeal", dealId=other, teamId=team)
    assert (refused["__typename"], refused["path"]) == ("InvalidInput", ["teamId"])
    left = await office.do("unfollowDeal", show="followerTeams { id }", dealId=deal, teamId=team)
    assert left["followerTeams"] == []
