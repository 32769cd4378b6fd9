"""Deals through GraphQL."""

import asyncio
from typing import Any

from chassis.auth import Role
from proto.deals.v1 import messages_pb2 as pb
from tests.deals.house import Office

DEAL = """query($id: ID!) { deal(id: $id) { id version title phase lostReason amount currency expectedClose
  stage { name position probability expectedDays } pipeline { name isDefault stages { name } }
  owner { id } account { id } primaryContact { id } participants { contact { id } part } followers { id } } }"""
FACTS = """query($id: ID!) { deal(id: $id) { timeline(kinds: [NOTIFICATION]) { edges { node { ... on Notification {
  kind actor { id } changes { field before after } } } } } } }"""
STAGES = "{ pipelines { id isDefault stages { id name } } }"
SPANCO = ["Suspect", "Prospect", "Analyse", "Négociation", "Conclusion", "Ordre"]


async def stage(office: Office, name: str) -> str:
    """The id of a stage of the default pipeline."""
    pipelines = (await office.data(STAGES))["pipelines"]
    return str(next(stage["id"] for stage in pipelines[0]["stages"] if stage["name"] == name))


async def facts(office: Office, deal: str) -> list[dict[str, Any]]:
    """A deal's notifications, newest first."""
    return [edge["node"] for edge in (await office.data(FACTS, id=deal))["deal"]["timeline"]["edges"]]


async def test_a_deal_is_read_as_it_was_written(office: Office) -> None:
    contact, other, account = await office.a_contact(), await office.a_contact("Max"), await office.an_account()
    follower = await office.a_collaborator()
    made = await office.a_deal(
        title="Toiture",
        phase="OPPORTUNITY",
        primaryContactId=contact,
        accountId=account,
        participants=[{"contactId": other, "part": "décideur"}],
        followerIds=[follower],
        amount="12500.50",
        currency="EUR",
        expectedClose="2027-01-31",
    )
    deal = (await office.data(DEAL, Role.READER, id=made))["deal"]
    assert deal == {
        "id": made,
        "version": 1,
        "title": "Toiture",
        "phase": "OPPORTUNITY",
        "lostReason": None,
        "amount": "12500.50",
        "currency": "EUR",
        "expectedClose": "2027-01-31",
        "stage": {"name": "Suspect", "position": 1, "probability": 5, "expectedDays": 30},
        "pipeline": {"name": "SPANCO", "isDefault": True, "stages": [{"name": name} for name in SPANCO]},
        "owner": {"id": office.id_of()},
        "account": {"id": account},
        "primaryContact": {"id": contact},
        "participants": [{"contact": {"id": other}, "part": "décideur"}],
        "followers": [{"id": follower}],
    }


async def test_an_update_changes_what_it_names_and_is_told_with_before_and_after(office: Office) -> None:
    made = await office.a_deal(amount="100", currency="EUR")
    result = await office.do(
        "updateDeal", show="version title", id=made, title="Charpente", amount=None, currency=None, expectedVersion=1
    )
    assert (result["version"], result["title"]) == (2, "Charpente")
    newest, *_ = await facts(office, made)
    assert newest == {
        "kind": "deal_changed",
        "actor": {"id": office.id_of()},
        "changes": [
            {"field": "title", "before": "Toiture de la boulangerie", "after": "Charpente"},
            {"field": "amount", "before": "100.0000", "after": None},
            {"field": "currency", "before": "EUR", "after": None},
        ],
    }


async def test_an_update_without_a_difference_changes_nothing(office: Office) -> None:
    made = await office.a_deal(title="Toiture")
    assert (await office.do("updateDeal", show="version", id=made, title="Toiture"))["version"] == 1
    assert [fact["kind"] for fact in await facts(office, made)] == ["deal_created"]


async def test_an_update_of_an_older_version_is_refused(office: Office) -> None:
    made = await office.a_deal()
    await office.do("updateDeal", id=made, title="B")
    refused = await office.do("updateDeal", id=made, title="C", expectedVersion=1)
    assert (refused["__typename"], refused["path"]) == ("VersionConflict", ["expectedVersion"])


async def test_of_two_updates_of_the_same_version_at_once_one_wins(office: Office) -> None:
    made = await office.a_deal()
    results = await asyncio.gather(
        *(office.do("updateDeal", id=made, title=title, expectedVersion=1) for title in "ABCD")
    )
    assert sorted(result["__typename"] for result in results) == ["Deal"] + ["VersionConflict"] * 3


async def test_a_change_of_owner_is_a_fact_and_a_message(office: Office) -> None:
    made, heir = await office.a_deal(), await office.a_collaborator()
    await office.do("updateDeal", id=made, ownerId=heir)
    newest, *_ = await facts(office, made)
    assert newest["kind"] == "owner_changed"
    assert newest["changes"] == [{"field": "owner_id", "before": office.id_of(), "after": heir}]
    (changed,) = await office.told(pb.DealChanged)
    assert (changed.deal.id, changed.deal.subject.owner_id) == (made, heir)


async def test_a_repeated_key_makes_one_deal_even_at_once(office: Office) -> None:
    contact = await office.a_contact()
    await office.knows(contact)
    order: dict[str, Any] = {"title": "Unique", "primaryContactId": contact, "idempotencyKey": "k1"}
    made = await asyncio.gather(*(office.do("createDeal", **order) for _ in range(5)))
    assert len({result["id"] for result in made}) == 1
    assert (await office.data("{ deals { totalCount } }"))["deals"]["totalCount"] == 1
    other = await office.do("createDeal", **{**order, "title": "Autre"})
    assert other["__typename"] == "IdempotencyConflict"


async def test_a_deal_moves_through_its_pipeline_and_the_move_is_a_fact(office: Office) -> None:
    made = await office.a_deal()
    moved = await office.do(
        "moveDealToStage", show="version stage { name }", id=made, stageId=await stage(office, "Analyse")
    )
    assert (moved["version"], moved["stage"]["name"]) == (2, "Analyse")
    newest, *_ = await facts(office, made)
    assert newest["kind"] == "stage_changed"
    assert newest["changes"] == [{"field": "stage", "before": "Suspect", "after": "Analyse"}]


async def test_phases_follow_each_other_and_a_loss_has_its_reason(office: Office) -> None:
    made = await office.a_deal()
    unreachable = await office.do("changeDealPhase", id=made, phase="SIGNED")
    assert (unreachable["__typename"], unreachable["path"]) == ("WrongState", ["phase"])
    without = await office.do("changeDealPhase", id=made, phase="LOST")
    assert (without["__typename"], without["path"]) == ("InvalidInput", ["lostReason"])
    lost = await office.do("changeDealPhase", show="phase lostReason", id=made, phase="LOST", lostReason="Trop cher")
    assert (lost["phase"], lost["lostReason"]) == ("LOST", "Trop cher")
    stuck = await office.do("moveDealToStage", id=made, stageId=await stage(office, "Analyse"))
    assert stuck["__typename"] == "WrongState"
    again = await office.do("changeDealPhase", show="phase lostReason", id=made, phase="OPPORTUNITY")
    assert (again["phase"], again["lostReason"]) == ("OPPORTUNITY", None)


async def test_following_twice_is_once_and_by_default_oneself(office: Office) -> None:
    made = await office.a_deal()
    for _ in range(2):
        followed = await office.do("followDeal", show="followers { id }", dealId=made)
    assert followed["followers"] == [{"id": office.id_of()}]
    left = await office.do("unfollowDeal", show="followers { id }", dealId=made)
    assert left["followers"] == []
    assert [fact["kind"] for fact in await facts(office, made)] == [
        "follower_removed",
        "follower_added",
        "deal_created",
    ]


async def test_participants_come_change_their_part_and_leave(office: Office) -> None:
    made, person = await office.a_deal(), await office.a_contact()
    show = "participants { contact { id } part }"
    await office.do("addParticipant", dealId=made, contactId=person, part="conseil")
    changed = await office.do("addParticipant", show=show, dealId=made, contactId=person, part="décideur")
    assert changed["participants"] == [{"contact": {"id": person}, "part": "décideur"}]
    left = await office.do("removeParticipant", show=show, dealId=made, contactId=person)
    assert left["participants"] == []


async def test_deals_are_filtered_and_ordered(office: Office) -> None:
    contact = await office.a_contact()
    for title, amount in (("Alpha", "30"), ("Beta", "10"), ("Gamma", None)):
        money: dict[str, Any] = {"amount": amount, "currency": "EUR"} if amount else {}
        await office.a_deal(title=title, primaryContactId=contact, **money)
    query = """query($f: DealFilter, $o: [DealOrder!]) { deals(filter: $f, orderBy: $o) { totalCount edges { node {
        title } } } }"""

    async def titles(f: object = None, o: object = None) -> list[str]:
        edges = (await office.data(query, f=f, o=o))["deals"]["edges"]
        return [edge["node"]["title"] for edge in edges]

    assert await titles() == ["Gamma", "Beta", "Alpha"]
    assert await titles(o=[{"field": "AMOUNT"}]) == ["Beta", "Alpha", "Gamma"]
    assert await titles(o=[{"field": "AMOUNT", "direction": "DESC", "nulls": "FIRST"}]) == ["Gamma", "Alpha", "Beta"]
    assert await titles({"title": {"contains": "ET"}}) == ["Beta"]
    assert await titles({"primaryContactId": {"eq": contact}, "phase": {"in": ["LOST"]}}) == []


async def test_an_organization_gets_one_default_pipeline_whoever_asks_first(office: Office) -> None:
    pipelines = (await office.data(STAGES))["pipelines"]
    assert [[stage["name"] for stage in pipeline["stages"]] for pipeline in pipelines] == [SPANCO]
