"""A lead that becomes an opportunity, and what is kept beside deals."""

from typing import Any

import pytest

from tests.deals.house import House, Office
from tests.deals.test_deals import facts
from tests.deals.test_refusals import OLD, rows

SHOW = """phase title stage { id } account { id } primaryContact { id } amount tags
  participants { contact { id } role } timeline(kinds: [EVENT]) { edges { node { ... on Event { title } } } }"""


async def test_a_lead_is_converted_with_everything_at_once(office: Office) -> None:
    lead = await office.a_deal()
    account, contact, decider = await office.an_account(), await office.a_contact("Max"), await office.a_contact("Léo")
    stage = (await office.stages())[1]
    converted = await asked(
        office,
        id=lead,
        title="Charpente",
        accountId=account,
        primaryContactId=contact,
        amount="1200",
        currency="EUR",
        stageId=stage,
        participants=[{"contactId": decider, "part": "gérant", "role": "DECISION_MAKER"}],
        note="Rencontré au salon",
        tags=["Salon", "salon", "2026"],
    )
    assert converted["phase"] == "OPPORTUNITY"
    assert (converted["title"], converted["amount"], converted["tags"]) == ("Charpente", "1200.00", ["Salon", "2026"])
    assert (converted["account"]["id"], converted["primaryContact"]["id"]) == (account, contact)
    assert converted["stage"]["id"] == stage
    assert converted["participants"] == [{"contact": {"id": decider}, "role": "DECISION_MAKER"}]
    assert [edge["node"]["title"] for edge in converted["timeline"]["edges"]] == ["Rencontré au salon"]
    newest, *_ = await facts(office, lead)
    assert newest["kind"] == "lead_converted"
    assert {"phase", "title", "account_id", "stage", "participants", "amount"} <= {
        one["field"] for one in newest["changes"]
    }


async def asked(office: Office, **input: Any) -> Any:
    """What convertLead gives."""
    query = f"""mutation($i: ConvertLeadInput!) {{ convertLead(input: $i) {{ __typename ... on Deal {{ {SHOW} }}
      ... on Error {{ path }} }} }}"""
    return (await office.data(query, i=input))["convertLead"]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("accountId", {"accountId": f"account_{OLD}"}),
        ("stageId", {"stageId": f"stage_{OLD}"}),
        ("participants", {"participants": [{"contactId": f"contact_{OLD}", "part": "x"}]}),
        ("expectedVersion", {"expectedVersion": 7}),
        ("amount", {"amount": "1" * 30, "currency": "EUR"}),
    ],
)
async def test_a_conversion_that_is_refused_leaves_nothing(office: Office, field: str, values: dict[str, Any]) -> None:
    lead = await office.a_deal()
    before = await rows(office)
    refused = await asked(office, id=lead, note="x", **values)
    assert refused["path"] == [field]
    assert await rows(office) == before


async def test_only_a_lead_is_converted_and_only_once(office: Office) -> None:
    lead = await office.a_deal()
    assert (await asked(office, id=lead))["__typename"] == "Deal"
    assert (await asked(office, id=lead))["__typename"] == "WrongState"


async def test_every_push_of_a_close_date_is_remembered_beyond_its_stage(office: Office) -> None:
    deal = await office.a_deal(expectedClose="2027-01-01")
    for day in ("2027-02-01", "2027-01-15", "2027-03-01"):
        await office.do("updateDeal", id=deal, expectedClose=day)
    await office.do("moveDealToStage", id=deal, stageId=(await office.stages())[1])
    query = "query($id: ID!) { deal(id: $id) { closePushes { before after by { id } } } }"
    me = {"id": office.id_of()}
    assert (await office.data(query, id=deal))["deal"]["closePushes"] == [
        {"before": "2027-01-01", "after": "2027-02-01", "by": me},
        {"before": "2027-01-15", "after": "2027-03-01", "by": me},
    ]


async def test_deals_are_found_by_their_tags(office: Office) -> None:
    contact = await office.a_contact()
    await office.a_deal(title="A", tags=["toiture", "Nord"], primaryContactId=contact)
    await office.a_deal(title="B", tags=["Sud"], primaryContactId=contact)
    query = "query($f: DealFilter) { deals(filter: $f) { edges { node { title } } } }"

    async def titles(tag: dict[str, Any]) -> list[str]:
        edges = (await office.data(query, f={"tag": tag}))["deals"]["edges"]
        return [edge["node"]["title"] for edge in edges]

    assert await titles({"eq": "Nord"}) == ["A"]
    assert await titles({"in": ["toiture", "Sud"]}) == ["B", "A"]
    assert await titles({"contains": "SU"}) == ["B"]


DOCUMENT = """mutation($i: AddDocumentInput!) { addDocument(input: $i) { __typename
  ... on Document { id url addedBy { id } } ... on Error { path } } }"""


async def test_documents_are_put_on_deals_and_events_and_taken_off(house: House, office: Office) -> None:
    deal = await office.a_deal()
    event = await office.a_note(dealId=deal)
    made = {}
    for owner in ({"dealId": deal}, {"eventId": event}):
        added = await office.data(DOCUMENT, i={"title": "Plan", "url": "https://nas.example/plan.pdf", **owner})
        made.update(dict.fromkeys(owner, added["addDocument"]["id"]))
    query = """query($d: ID!, $e: ID!) { deal(id: $d) { documents { id title } } event(id: $e) { documents { id } } }"""
    told = await office.data(query, d=deal, e=event)
    assert told["deal"]["documents"] == [{"id": made["dealId"], "title": "Plan"}]
    assert told["event"]["documents"] == [{"id": made["eventId"]}]
    off = "mutation($i: RemoveDocumentInput!) { removeDocument(input: $i) { ... on Document { removedAt } } }"
    assert (await office.data(off, i={"id": made["dealId"]}))["removeDocument"]["removedAt"]
    assert (await office.data(query, d=deal, e=event))["deal"]["documents"] == []
    assert [fact["kind"] for fact in await facts(office, deal)][:3] == [
        "document_removed",
        "document_added",
        "document_added",
    ]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://a.example/x", "https://", "https://me:pw@a.example/", "https://a b/", "x"]
)
async def test_an_address_that_could_do_harm_is_refused(office: Office, url: str) -> None:
    deal = await office.a_deal()
    refused = await office.data(DOCUMENT, i={"title": "X", "url": url, "dealId": deal})
    assert refused["addDocument"] == {"__typename": "InvalidInput", "path": ["url"]}
