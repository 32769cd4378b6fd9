"""Comments on deals and events, and what they said before."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from chassis.auth import Actor, Role
from proto.deals.v1 import messages_pb2 as pb
from tests.deals.house import House, Office
from tests.deals.test_refusals import OLD, rows

SHOW = "id version body editedAt deletedAt author { id } mentions { id } revisions { version body }"


async def do(office: Office, mutation: str, role: Role = Role.COLLABORATOR, **input: Any) -> Any:
    """What a mutation of comments gives."""
    kind = mutation[0].upper() + mutation[1:]
    query = f"""mutation($i: {kind}Input!) {{ r: {mutation}(input: $i) {{ __typename ... on Comment {{ {SHOW} }}
      ... on Error {{ code path }} }} }}"""
    return (await office.data(query, role, i=input))["r"]


async def test_a_comment_names_colleagues_and_stands_on_the_timeline(office: Office) -> None:
    deal, named = await office.a_deal(), await office.a_collaborator()
    made = await do(office, "writeComment", dealId=deal, body="Vu avec **elle**\nOn relance", mentionIds=[named])
    assert (made["author"]["id"], made["mentions"]) == (office.id_of(), [{"id": named}])
    query = """query($id: ID!) { deal(id: $id) { comments(first: 5) { totalCount edges { node { id body } } }
      timeline(kinds: [COMMENT]) { edges { node { ... on Comment { id deal { id } } } } } } }"""
    told = (await office.data(query, id=deal))["deal"]
    assert told["comments"]["totalCount"] == 1
    assert told["comments"]["edges"][0]["node"]["body"] == "Vu avec **elle**\nOn relance"
    assert told["timeline"]["edges"][0]["node"] == {"id": made["id"], "deal": {"id": deal}}
    (message,) = await office.told(pb.CommentWritten)
    assert list(message.comment.mention_ids) == [named]
    assert message.comment.subject.deal_id == deal


async def test_a_comment_on_an_event_stands_on_the_timeline_of_its_contact(office: Office) -> None:
    contact = await office.a_contact()
    event = await office.a_note(contactId=contact)
    made = await do(office, "writeComment", eventId=event, body="Bien reçu")
    query = """query($r: [_Any!]!, $e: ID!) { event(id: $e) { comments { edges { node { id } } } }
      _entities(representations: $r) { ... on Contact { timeline(kinds: [COMMENT]) { edges { node {
      ... on Comment { id event { id } } } } } } } }"""
    told = await office.data(query, r=[{"__typename": "Contact", "id": contact}], e=event)
    assert told["event"]["comments"]["edges"] == [{"node": {"id": made["id"]}}]
    assert told["_entities"][0]["timeline"]["edges"] == [{"node": {"id": made["id"], "event": {"id": event}}}]


async def test_what_a_comment_said_is_kept_and_only_new_names_are_told(house: House, office: Office) -> None:
    deal, first, second = await office.a_deal(), await office.a_collaborator(), await office.a_collaborator()
    made = await do(office, "writeComment", dealId=deal, body="A", mentionIds=[first])
    edited = await do(office, "editComment", id=made["id"], body="B", mentionIds=[first, second], expectedVersion=1)
    assert (edited["version"], edited["body"], edited["revisions"]) == (2, "B", [{"version": 1, "body": "A"}])
    late = await do(office, "editComment", id=made["id"], body="C", expectedVersion=1)
    assert late["__typename"] == "VersionConflict"
    _, told = await office.told(pb.CommentWritten, 2)
    assert list(told.comment.mention_ids) == [second]
    gone = await do(office, "deleteComment", Role.ADMIN, id=made["id"])
    assert (gone["body"], bool(gone["deletedAt"]), gone["mentions"]) == ("", True, [])
    assert gone["revisions"] == [{"version": 1, "body": "A"}, {"version": 2, "body": "B"}]
    again = await do(office, "editComment", id=made["id"], body="D")
    assert again["__typename"] == "WrongState"
    for statement in ("UPDATE comment_revision SET body = 'x'", "DELETE FROM comment_revision"):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with house.running.database.unit_of_work(Actor.system(office.organization)) as work:
                await work.session.execute(text(statement))


async def test_nobody_changes_what_somebody_else_said(office: Office) -> None:
    made = await do(office, "writeComment", Role.ADMIN, dealId=await office.a_deal(), body="A")
    for mutation, values in (("editComment", {"body": "B"}), ("deleteComment", {})):
        refused = await do(office, mutation, Role.COLLABORATOR, id=made["id"], **values)
        assert refused["__typename"] == "Forbidden", mutation


@pytest.mark.parametrize(
    ("kind", "field", "values"),
    [
        ("InvalidInput", "body", {"body": " "}),
        ("InvalidInput", "body", {"body": "x" * 20_001}),
        ("InvalidInput", "dealId", {"dealId": None}),
        ("NotFound", "dealId", {"dealId": f"deal_{OLD}"}),
        ("NotFound", "eventId", {"dealId": None, "eventId": f"event_{OLD}"}),
        ("NotFound", "mentionIds", {"mentionIds": [f"collaborator_{OLD}"]}),
    ],
)
async def test_a_bad_comment_leaves_nothing(office: Office, kind: str, field: str, values: dict[str, Any]) -> None:
    deal = await office.a_deal()
    before = await rows(office)
    refused = await do(office, "writeComment", Role.COLLABORATOR, **{"dealId": deal, "body": "A", **values})
    assert (refused["__typename"], refused["path"]) == (kind, [field])
    assert await rows(office) == before
