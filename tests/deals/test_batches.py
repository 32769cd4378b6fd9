"""Several writes of deals in one request."""

from typing import Any

from tests.deals.house import Office
from tests.deals.test_alerts import LATER


async def send(office: Office, name: str, kind: str, show: str, **input: Any) -> list[Any]:
    """The results of a batch."""
    query = f"""mutation($input: {name[0].upper()}{name[1:]}Input!) {{ result: {name}(input: $input) {{
      ... on {kind}Batch {{ results {{ __typename {show} ... on Error {{ code path }} }} }} }} }}"""
    results: list[Any] = (await office.data(query, input=input))["result"]["results"]
    return results


async def test_deals_are_begun_moved_and_written_on_together(office: Office) -> None:
    contact, stages = await office.a_contact(), await office.stages()
    unknown = "contact_01h455vb4pex5vsknk084sn02q"
    items = [{"title": title, "primaryContactId": id} for title, id in (("A", contact), ("B", unknown), ("C", contact))]
    made = await send(office, "createDeals", "DealResult", "... on Deal { id title }", items=items)
    assert [one["__typename"] for one in made] == ["Deal", "NotFound", "Deal"]
    assert made[1]["path"] == ["items", "1", "primaryContactId"]
    deals = [made[0]["id"], made[2]["id"]]
    moves = [{"id": id, "stageId": stages[2]} for id in deals]
    show = "... on Deal { stage { id } version }"
    moved = await send(office, "moveDealsToStage", "MoveDealResult", show, items=moves)
    assert [one["stage"]["id"] for one in moved] == [stages[2]] * 2
    notes = [{"title": "Appel", "dealId": id} for id in (*deals, "deal_01h455vb4pex5vsknk084sn02q")]
    show = "... on Event { id title }"
    told = await send(office, "writeNotes", "EventResult", show, items=notes, allOrNone=True)
    assert [one["code"] for one in told] == ["BATCH_ABORTED", "BATCH_ABORTED", "NOT_FOUND"]
    timeline = "query($id: ID!) { deal(id: $id) { timeline(kinds: [EVENT]) { totalCount } } }"
    assert (await office.data(timeline, id=deals[0]))["deal"]["timeline"]["totalCount"] == 0


async def test_alerts_are_dismissed_together(office: Office) -> None:
    for _ in range(3):
        await office.a_deal()
    await office.sweep_once(LATER)
    ids = [
        edge["node"]["id"] for edge in (await office.data("{ alerts { edges { node { id } } } }"))["alerts"]["edges"]
    ]
    items = [{"id": id, "reason": "Attendu"} for id in (*ids, ids[0])]
    told = await send(office, "dismissAlerts", "AlertResult", "... on Alert { status }", items=items)
    assert [one.get("status") or one["code"] for one in told] == ["DISMISSED"] * len(ids) + ["WRONG_STATE"]


async def test_an_alert_is_handled_as_it_was_seen(office: Office) -> None:
    await office.a_deal()
    await office.sweep_once(LATER)
    [alert, *_] = (await office.data("{ alerts { edges { node { id version } } } }"))["alerts"]["edges"]
    id, version = alert["node"]["id"], alert["node"]["version"]
    reasons: dict[str, dict[str, Any]] = {"takeChargeOfAlert": {}, "resolveAlert": {}, "dismissAlert": {"reason": "x"}}
    for mutation, more in reasons.items():
        refused = await office.do(mutation, id=id, expectedVersion=version + 1, **more)
        assert (mutation, refused["__typename"]) == (mutation, "VersionConflict")
    assert (await office.do("dismissAlert", id=id, expectedVersion=version, reason="x"))["__typename"] == "Alert"
