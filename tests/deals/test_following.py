"""Who follows a deal, by rules that each collaborator chooses."""

from typing import Any

from chassis.auth import Role
from proto.deals.v1 import messages_pb2 as pb
from tests.deals.house import House, Office
from tests.deals.test_teams import a_team

FOLLOWING = "query($id: ID!) { deal(id: $id) { followers { id } following { collaborator { id } because } } }"


async def following(office: Office, deal: str) -> dict[str, list[str]]:
    """Each follower and why; `followers` must be the same people."""
    told = (await office.data(FOLLOWING, id=deal))["deal"]
    found = {one["collaborator"]["id"]: one["because"] for one in told["following"]}
    assert [one["id"] for one in told["followers"]] == list(found)
    return found


async def choose(office: Office, role: Role = Role.COLLABORATOR, **input: Any) -> Any:
    """The rule that was made, or why not."""
    query = """mutation($i: ChooseToFollowInput!) { chooseToFollow(input: $i) { __typename
      ... on FollowRule { id kind amount currency } ... on Error { path } } }"""
    return (await office.data(query, role, i=input))["chooseToFollow"]


async def test_deals_above_an_amount_are_followed_by_whoever_chose_so(office: Office) -> None:
    rule = await choose(office, kind="ABOVE_AMOUNT", amount="1000", currency="EUR")
    assert (rule["amount"], rule["currency"]) == ("1000.00", "EUR")
    again = await choose(office, kind="ABOVE_AMOUNT", amount="500", currency="EUR")
    assert again["id"] == rule["id"]
    contact = await office.a_contact()
    great = await office.a_deal(amount="500", currency="EUR", primaryContactId=contact)
    small = await office.a_deal(amount="499.99", currency="EUR", primaryContactId=contact)
    other = await office.a_deal(amount="9000", currency="USD", primaryContactId=contact)
    assert await following(office, great) == {office.id_of(): ["RULE"]}
    assert await following(office, small) == await following(office, other) == {}
    told = [one.deal for one in await office.told(pb.DealCreated, 3)]
    assert {deal.id: list(deal.subject.follower_ids) for deal in told} == {
        great: [office.id_of()],
        small: [],
        other: [],
    }
    drop = "mutation($i: DropFollowRuleInput!) { dropFollowRule(input: $i) { __typename } }"
    stranger = await office.data(drop, Role.ADMIN, i={"id": rule["id"]})
    assert stranger["dropFollowRule"]["__typename"] == "NotFound"
    mine = await office.data(drop, i={"id": rule["id"]})
    assert mine["dropFollowRule"]["__typename"] == "FollowRuleDropped"
    assert await following(office, great) == {}


async def test_deals_of_my_accounts_and_of_my_teams_are_followed(office: Office) -> None:
    me, colleague = office.id_of(), await office.a_collaborator()
    await a_team(office, me, colleague)
    account, contact = await office.an_account(manager=me), await office.a_contact()
    await office.knows(account)
    await choose(office, kind="MY_ACCOUNTS")
    with_account = await office.a_deal(accountId=account)
    of_colleague = await office.a_deal(primaryContactId=contact, ownerId=colleague)
    assert await following(office, with_account) == {me: ["RULE"]}
    assert await following(office, of_colleague) == {}
    await choose(office, kind="MY_TEAMS")
    assert await following(office, of_colleague) == {me: ["RULE"]}
    await office.do("followDeal", dealId=of_colleague)
    assert await following(office, of_colleague) == {me: ["BY_HAND", "RULE"]}


async def test_one_deal_can_be_left_out_of_a_rule_and_taken_in_again(office: Office) -> None:
    await choose(office, kind="ABOVE_AMOUNT", amount="1", currency="EUR")
    deal = await office.a_deal(amount="5", currency="EUR")
    await office.do("unfollowDeal", dealId=deal)
    assert await following(office, deal) == {}
    await office.do("unfollowDeal", dealId=deal)
    await office.do("followDeal", dealId=deal)
    assert await following(office, deal) == {office.id_of(): ["BY_HAND", "RULE"]}


async def test_a_floor_goes_with_an_amount_rule_only(office: Office) -> None:
    assert (await choose(office, kind="ABOVE_AMOUNT"))["path"] == ["amount"]
    assert (await choose(office, kind="MY_TEAMS", amount="1", currency="EUR"))["path"] == ["amount"]
    assert (await choose(office, kind="ABOVE_AMOUNT", amount="1" * 30, currency="EUR"))["path"] == ["amount"]


async def test_a_follower_or_team_of_another_organization_is_refused(house: House, office: Office) -> None:
    other = await house.organization("Autre")
    deal = await office.a_deal()
    for values in ({"collaboratorId": other.id_of()}, {"teamId": await a_team(other, other.id_of())}):
        refused = await office.do("followDeal", Role.COLLABORATOR, dealId=deal, **values)
        assert (refused["__typename"], refused["path"]) == ("NotFound", list(values))
    stranger = await other.do("followDeal", dealId=deal)
    assert (stranger["__typename"], stranger["path"]) == ("NotFound", ["dealId"])
    assert await following(office, deal) == {}
