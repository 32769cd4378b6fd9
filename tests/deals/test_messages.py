"""E-mails written from deals: to whom, what of them is kept, and what became of each."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.auth import Role
from chassis.database import utc_now
from chassis.identifiers import new_id, parse_id
from chassis.messages import Outgoing, headers_of
from proto.deals.v1 import messages_pb2 as pb
from proto.notifier.v1 import messages_pb2 as notifier
from services.deals.rules.deal_stale_in_stage import DEAL_STALE_IN_STAGE
from services.deals.states.message import FAILED, MailStatus, follows
from tests.deals.house import Office
from tests.deals.test_refusals import OLD, rows
from tests.deals.test_sharing import share
from tests.support.control import until

SHOW = """id version subject body format html author { id } deal { id } createdAt attachments { title url }
  recipients { contact { id } part status reason toldAt }"""


async def write(office: Office, role: Role = Role.COLLABORATOR, **input: Any) -> Any:
    """What writeMessage gives."""
    query = f"""mutation($i: WriteMessageInput!) {{ r: writeMessage(input: $i) {{ __typename
      ... on Message {{ {SHOW} }} ... on Error {{ code path }} }} }}"""
    return (await office.data(query, role, i={"subject": "Votre toiture", "body": "Bonjour", **input}))["r"]


async def became(office: Office, message: str, contact: str, status: str, reason: str = "", ahead: float = 0) -> None:
    """The notifier tells what became of a mail."""
    told = notifier.Delivery(cause_id=message, contact_id=contact, status=status, reason=reason)
    told.at.FromDatetime(utc_now() + timedelta(seconds=ahead))
    body = notifier.MessageDeliveryChanged(delivery=told)
    out = Outgoing("message_delivery", new_id(), 1, body)
    headers = headers_of(out, id=new_id(), source="notifier", time=utc_now(), organization=office.organization)
    await office.house.running.bus.publish(out.subject, body.SerializeToString(), headers)


async def shown(office: Office, message: str) -> Any:
    """The message, asked for anew."""
    return (await office.data(f"query($id: ID!) {{ message(id: $id) {{ {SHOW} }} }}", id=message))["message"]


async def test_a_message_goes_to_the_primary_contact_with_participants_in_copy(office: Office) -> None:
    primary, other, named = [await office.a_contact() for _ in range(3)]
    deal = await office.a_deal(primaryContactId=primary)
    await office.do("addParticipant", dealId=deal, contactId=other, part="Architecte")
    made = await write(office, dealId=deal, body="**Bonjour** <script>", format="MARKDOWN", idempotencyKey="m1")
    assert [(one["contact"]["id"], one["part"], one["status"]) for one in made["recipients"]] == [
        (primary, "TO", "QUEUED"),
        (other, "COPY", "QUEUED"),
    ]
    assert made["html"] == "<p><strong>Bonjour</strong> &lt;script&gt;</p>\n"
    assert (made["author"]["id"], made["deal"]["id"]) == (office.id_of(), deal)
    again = await write(office, dealId=deal, body="**Bonjour** <script>", format="MARKDOWN", idempotencyKey="m1")
    assert again["id"] == made["id"]
    chosen = await write(office, dealId=deal, toIds=[named], copyIds=[])
    assert [(one["contact"]["id"], one["part"]) for one in chosen["recipients"]] == [(named, "TO")]
    first, _ = await office.told(pb.MessageWritten, 2)
    assert [(one.contact_id, one.copy) for one in first.message.recipients] == [(primary, False), (other, True)]
    assert (first.message.format, first.message.subject.deal_id) == (pb.DealMessage.Format.MARKDOWN, deal)
    facts = [one for one in await office.told(pb.FactRecorded, 4) if one.kind == "message_written"]
    assert [one.details["message_id.after"] for one in facts] == [made["id"], chosen["id"]]
    query = """query($d: ID!, $r: [_Any!]!) {
      deal(id: $d) { messages(first: 1) { totalCount edges { node { id } } }
        timeline(kinds: [MESSAGE]) { edges { node { ... on Message { id } } } }
        facts: timeline(kinds: [NOTIFICATION]) { edges { node { ... on Notification { kind } } } } }
      messages(filter: { recipient: { contactId: { eq: "%s" } } }) { edges { node { id } } }
      _entities(representations: $r) { ... on Contact { timeline { edges { node { ... on Message { id } } } } } } }"""
    told = await office.data(query % other, d=deal, r=[{"__typename": "Contact", "id": named}])
    assert told["deal"]["messages"] == {"totalCount": 2, "edges": [{"node": {"id": chosen["id"]}}]}
    assert [e["node"]["id"] for e in told["deal"]["timeline"]["edges"]] == [chosen["id"], made["id"]]
    assert "message_written" not in [e["node"]["kind"] for e in told["deal"]["facts"]["edges"]]
    assert [e["node"]["id"] for e in told["messages"]["edges"]] == [made["id"]]
    assert told["_entities"][0]["timeline"]["edges"] == [{"node": {"id": chosen["id"]}}], "whoever is no participant"


async def test_documents_of_the_deal_are_enclosed_by_reference_as_they_were(office: Office) -> None:
    deal, elsewhere = await office.a_deal(), await office.a_deal()
    add = """mutation($i: AddDocumentInput!) { addDocument(input: $i) { ... on Document { id } } }"""
    ids = []
    for owner in (deal, elsewhere):
        file = {"dealId": owner, "title": "Plan", "url": "https://files.example/plan.pdf"}
        ids.append((await office.data(add, i=file))["addDocument"]["id"])
    made = await write(office, dealId=deal, documentIds=[ids[0]])
    assert made["attachments"] == [{"title": "Plan", "url": "https://files.example/plan.pdf"}]
    refused = await write(office, dealId=deal, documentIds=[ids[1]])
    assert (refused["__typename"], refused["path"]) == ("NotFound", ["documentIds"])


async def test_what_became_of_each_mail_is_kept_once_whatever_order_it_is_told_in(office: Office) -> None:
    primary, other = await office.a_contact(), await office.a_contact()
    deal = await office.a_deal(primaryContactId=primary)
    made = await write(office, dealId=deal, copyIds=[other])
    await became(office, made["id"], primary, "SENT", ahead=1)
    await became(office, made["id"], other, "SENT", ahead=1)
    await became(office, made["id"], other, "BOUNCED", "CAME_BACK: 550 5.1.1 unknown", ahead=60)
    await became(office, made["id"], other, "SENT", ahead=1)
    await became(office, made["id"], other, "BOUNCED", "CAME_BACK: 550 5.1.1 unknown", ahead=60)
    await became(office, made["id"], await office.a_contact(), "SENT")
    await became(office, made["id"], primary, "SKIPPED", "NO_ADDRESS", ahead=90)

    async def settled() -> bool:
        return all(one["reason"] for one in (await shown(office, made["id"]))["recipients"])

    await until(settled, what="every news is kept")
    told = await shown(office, made["id"])
    assert [(one["status"], one["reason"]) for one in told["recipients"]] == [
        ("SKIPPED", "NO_ADDRESS"),
        ("BOUNCED", "CAME_BACK: 550 5.1.1 unknown"),
    ]
    assert all(one["toldAt"] for one in told["recipients"])
    changes = await office.told(pb.MessageChanged, told["version"] - 1)
    assert {one.contact_id: one.status for one in changes[-1].message.recipients}[other] == "BOUNCED"
    assert other in changes[-1].message.subject.participant_ids, "it stands on the timeline of who has a copy"
    query = """query($id: ID!, $me: ID!) { deal(id: $id) { timeline { edges { node { ... on Notification {
      kind changes { field after } } } } } }
      messages(filter: { authorId: { eq: $me }, recipient: { status: { in: [BOUNCED] } } }) { edges { node { id } } }
      myDay { failedMessages { id } } }"""
    answer = await office.data(query, id=deal, me=office.id_of())
    failed = [e["node"] for e in answer["deal"]["timeline"]["edges"] if e["node"].get("kind") == "message_failed"]
    assert {c["after"] for one in failed for c in one["changes"]} >= {"BOUNCED", other, made["id"]}
    assert answer["messages"]["edges"] == [{"node": {"id": made["id"]}}]
    assert answer["myDay"]["failedMessages"] == [{"id": made["id"]}], "its author sees it"


def test_news_of_mails_never_go_back() -> None:
    now = utc_now()
    for present in FAILED:
        assert not any(follows(present, now, wanted, now + timedelta(1)) for wanted in MailStatus)
    assert follows(MailStatus.SENT, now, MailStatus.BOUNCED, now - timedelta(1)), "a clock may be late"
    assert not follows(MailStatus.QUEUED, None, MailStatus.QUEUED, now)


async def test_a_deal_that_was_written_from_is_not_stale(office: Office) -> None:
    deal = await office.a_deal()
    await office.sweep_once(timedelta(days=40), [DEAL_STALE_IN_STAGE])
    query = "query($id: ID!) { deal(id: $id) { alerts { rule } } }"
    assert (await office.data(query, id=deal))["deal"]["alerts"] == [{"rule": "deal_stale_in_stage"}]
    await write(office, dealId=deal)
    await office.sweep_once(rules=[DEAL_STALE_IN_STAGE])
    assert (await office.data(query, id=deal))["deal"]["alerts"] == []


@pytest.mark.parametrize(
    ("kind", "field", "values"),
    [
        ("InvalidInput", "subject", {"subject": "A\nBcc: x@y.example"}),
        ("InvalidInput", "subject", {"subject": " "}),
        ("InvalidInput", "body", {"body": " "}),
        ("InvalidInput", "body", {"body": "x" * 20_001}),
        ("NotFound", "dealId", {"dealId": f"deal_{OLD}"}),
        ("NotFound", "toIds", {"toIds": [f"contact_{OLD}"]}),
        ("NotFound", "copyIds", {"copyIds": [f"contact_{OLD}"]}),
        ("InvalidInput", "copyIds", {"copyIds": [f"contact_01h455vb4pex5vsknk{n:08d}" for n in range(101)]}),
        ("WrongState", "toIds", {"toIds": []}),
    ],
)
async def test_a_bad_message_leaves_nothing(office: Office, kind: str, field: str, values: dict[str, Any]) -> None:
    deal = await office.a_deal()
    before = await rows(office)
    refused = await write(office, **{"dealId": deal, **values})
    assert (refused["__typename"], refused["path"]) == (kind, [field])
    assert await rows(office) == before


async def test_a_deal_without_a_primary_contact_and_a_contact_of_another_organization(office: Office) -> None:
    account = await office.an_account()
    deal = await office.a_deal(accountId=account)
    refused = await write(office, dealId=deal)
    assert (refused["__typename"], refused["code"]) == ("WrongState", "NOBODY_TO_WRITE_TO")
    elsewhere = await office.house.organization()
    stranger = await elsewhere.a_contact()
    await elsewhere.knows(stranger)
    refused = await write(office, dealId=deal, toIds=[stranger])
    assert (refused["__typename"], refused["path"]) == ("NotFound", ["toIds"])
    assert parse_id("contact", stranger)


async def test_whoever_sees_a_contact_sees_what_was_written_to_them_and_nothing_else_of_the_deal(
    office: Office,
) -> None:
    mine = await office.a_contact(manager=office.id_of())
    deal = await office.a_deal(ownerId=office.id_of(Role.ADMIN))
    await office.do("addParticipant", Role.ADMIN, dealId=deal, contactId=mine, part="architecte")
    await office.do("writeNote", Role.ADMIN, title="Appel", dealId=deal)
    await office.do("removeParticipant", Role.ADMIN, dealId=deal, contactId=mine)
    told = await write(office, Role.ADMIN, dealId=deal, toIds=[mine], copyIds=[])
    hidden = await write(office, Role.ADMIN, dealId=deal)
    await share(office, "OWN_PORTFOLIO")
    query = """query($r: [_Any!]!, $h: ID!) {
      messages { edges { node { id deal { id } recipients { contact { id } } } } } message(id: $h) { id }
      _entities(representations: $r) { ... on Contact { timeline { edges { node { __typename
      ... on Message { id } } } } } } }"""
    answer = await office.data(query, r=[{"__typename": "Contact", "id": mine}], h=hidden["id"])
    node = {"id": told["id"], "deal": None, "recipients": [{"contact": {"id": mine}}]}
    assert (answer["messages"]["edges"], answer["message"]) == ([{"node": node}], None)
    entries = [edge["node"] for edge in answer["_entities"][0]["timeline"]["edges"]]
    assert entries == [{"__typename": "Message", "id": told["id"]}], "the note of a deal that is not theirs is left out"
