"""Publications in the feed: to whom, when, in which edition; read and answered by each person."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.auth import Role
from chassis.identifiers import format_id, new_id
from proto.contacts.v1 import messages_pb2 as contacts
from tests.notifier.asking import Ask
from tests.notifier.house import House
from tests.notifier.publications.words import (
    ERROR,
    ITEM,
    a_publication,
    ask_as,
    feed,
    follows,
    publication,
    publish,
    told,
    write,
)

READ = (
    f"mutation($input: MarkPublicationReadInput!) {{ result: markPublicationRead(input: $input) {{ {ITEM} {ERROR} }}}}"
)
ANSWER = f"mutation($input: AnswerPublicationInput!) {{ result: answerPublication(input: $input) {{ {ITEM} {ERROR} }}}}"


async def test_a_publication_is_read_by_those_whom_it_is_for(house: House, ask: Ask) -> None:
    anne, paul, zoe = [await house.collaborator(name) for name in ("Anne", "Paul", "Zoe")]
    team = new_id()
    members = contacts.Team(id=format_id("team", team), name="Ouest", member_ids=[format_id("collaborator", paul)])
    await house.receive(contacts.TeamChanged(team=members), "team", team)
    made = await a_publication(ask, anne, toNetwork=False, teamIds=[format_id("team", team)])
    assert await feed(ask, paul) == [], "a draft"
    assert (await publish(ask, anne, made["id"]))["status"] == "PUBLISHED"
    [item] = await feed(ask, paul)
    assert (item["title"], item["html"], item["publisher"]) == (
        "Portes ouvertes",
        "<p>Venez <strong>jeudi</strong>.</p>\n",
        "Cabinet Morel",
    )
    assert await feed(ask, zoe) == []
    assert len(await feed(ask, anne)) == 1, "its author"
    refused = (await ask_as(ask, zoe, READ, input={"id": made["id"]}))["result"]
    assert refused["code"] == "NOT_FOUND"


async def test_each_person_reads_and_answers_for_themselves(house: House, ask: Ask) -> None:
    anne, paul, zoe = [await house.collaborator(name) for name in ("Anne", "Paul", "Zoe")]
    made = await a_publication(ask, anne, question="Viendrez-vous ?", options=["Oui", "Non"])
    await publish(ask, anne, made["id"])
    await told(house)
    read = (await ask_as(ask, paul, READ, input={"id": made["id"]}))["result"]
    assert read["readAt"] is not None
    again = (await ask_as(ask, paul, READ, input={"id": made["id"]}))["result"]
    assert again["readAt"] == read["readAt"]
    for choice, code in (("Peut-être", "choice"), ("", "choice")):
        refused = (await ask_as(ask, zoe, ANSWER, input={"id": made["id"], "choice": choice}))["result"]
        assert (refused["code"], refused["path"]) == ("INVALID_INPUT", [code])
    for choice in ("Non", "Oui", "Oui"):
        said = (await ask_as(ask, zoe, ANSWER, input={"id": made["id"], "choice": choice, "words": "À deux"}))["result"]
        assert said["choice"] == choice
    counts = (await publication(ask, anne, made["id"]))["counts"]
    assert (counts["readers"], counts["read"], counts["answered"], counts["sent"]) == (2, 2, 1, 0)
    assert (await publication(ask, anne, made["id"]))["answers"] == [
        {"option": "Oui", "count": 1},
        {"option": "Non", "count": 0},
    ]
    assert [item["id"] for item in await feed(ask, paul, answered={"eq": False}, read={"eq": True})] == [made["id"]]
    assert await feed(ask, zoe, answered={"eq": False}) == []
    rows = await house.rows("SELECT payload FROM outbox WHERE type LIKE '%PublicationAnswered'")
    assert len(rows) == 2, "the same answer again is no news"


async def test_what_is_published_to_the_network_is_read_by_followers_and_by_nobody_else(house: House, ask: Ask) -> None:
    anne = await house.collaborator("Anne")
    follower, stranger = new_id(), new_id()
    for organization in (follower, stranger):
        await house.found(organization)
    fred = await house.collaborator("Fred", organization=follower)
    sam = await house.collaborator("Sam", organization=stranger)
    await follows(house, follower, house.organization)
    network = await a_publication(ask, anne, question="Viendrez-vous ?")
    within = await a_publication(ask, anne, title="Entre nous", toNetwork=False, teamIds=[])
    draft = await a_publication(ask, anne, title="Plus tard")
    await publish(ask, anne, network["id"])
    [item] = await feed(ask, fred, follower)
    assert (item["id"], item["own"], item["question"]) == (network["id"], False, ""), "answers do not cross"
    assert await feed(ask, sam, stranger) == []
    read = (await ask_as(ask, fred, READ, of=follower, input={"id": network["id"]}))["result"]
    assert read["readAt"] is not None
    assert [one["readAt"] for one in await feed(ask, fred, follower)] == [read["readAt"]]
    assert (await publication(ask, anne, network["id"]))["counts"]["read"] == 0, "the publisher is not told"
    answered = (await ask_as(ask, fred, ANSWER, of=follower, input={"id": network["id"], "words": "Oui"}))["result"]
    assert answered["code"] == "NOTHING_ASKED"
    for id in (within["id"], draft["id"]):
        assert (await ask_as(ask, fred, READ, of=follower, input={"id": id}))["result"]["code"] == "NOT_FOUND"
    mine = await ask_as(ask, fred, "{ publications { totalCount } }", of=follower)
    assert mine["publications"]["totalCount"] == 0, "what one follows is not one's own"
    assert (await write(ask, anne, "withdrawPublication", "PublicationInput", id=network["id"]))[
        "status"
    ] == "WITHDRAWN"
    assert await feed(ask, fred, follower) == []
    await follows(house, follower)
    other = await a_publication(ask, anne)
    await publish(ask, anne, other["id"])
    assert await feed(ask, fred, follower) == [], "followed no longer"


async def test_a_scheduled_publication_appears_at_its_moment(house: House, ask: Ask) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    made = await a_publication(ask, anne)
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    past = await write(ask, anne, "publishPublication", id=made["id"], at="2020-01-01T00:00:00Z")
    assert (past["code"], past["path"]) == ("INVALID_INPUT", ["at"])
    assert (await publish(ask, anne, made["id"], at=soon))["status"] == "SCHEDULED"
    assert (await write(ask, anne, "unschedulePublication", "PublicationInput", id=made["id"]))["status"] == "DRAFT"
    await publish(ask, anne, made["id"], at=soon)
    await told(house)
    assert await feed(ask, paul) == []
    async with house.owner.begin() as connection:
        await connection.exec_driver_sql("UPDATE publication_round SET due_at = now()")
    await told(house)
    assert len(await feed(ask, paul)) == 1
    after = await publication(ask, anne, made["id"])
    assert (after["status"], after["counts"]["readers"]) == ("PUBLISHED", 1)
    assert (await write(ask, anne, "publishPublication", id=made["id"]))["code"] == "WRONG_STATE"


async def test_edits_after_publication_are_editions(house: House, ask: Ask) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    made = await a_publication(ask, anne)
    await write(ask, anne, "updatePublication", id=made["id"], title="Portes grandes ouvertes", expectedVersion=1)
    await publish(ask, anne, made["id"])
    await write(ask, anne, "updatePublication", id=made["id"], title="Portes fermées")
    await write(ask, anne, "updatePublication", id=made["id"], title="Portes fermées")
    stale = await write(ask, anne, "updatePublication", id=made["id"], title="x", expectedVersion=1)
    assert stale["code"] == "VERSION_CONFLICT"
    fixed = await write(ask, anne, "updatePublication", id=made["id"], toNetwork=False)
    assert fixed["code"] == "INVALID_INPUT"
    after = await publication(ask, anne, made["id"])
    assert [(each["number"], each["title"]) for each in after["editions"]] == [
        (1, "Portes grandes ouvertes"),
        (2, "Portes fermées"),
    ]
    assert [item["title"] for item in await feed(ask, paul)] == ["Portes fermées"]


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"title": " "}, ["title"]),
        ({"title": "a\u202eb"}, ["title"]),
        ({"body": "x" * 20_001}, ["body"]),
        ({"body": "&" * 20_000}, ["body"]),
        ({"options": ["Oui", "Non"]}, ["question"]),
        ({"question": "?", "options": ["Oui"]}, ["options"]),
        ({"locale": "de"}, ["locale"]),
        ({"followUpDays": 61}, ["followUpDays"]),
        ({"followUpTimes": 1, "email": True}, ["followUpDays"]),
        ({"followUpTimes": 1, "followUpDays": 2}, ["followUpTimes"]),
        ({"kind": "CAMPAIGN"}, ["groupIds"]),
        ({"teamIds": [format_id("team", new_id())]}, ["teamIds", "0"]),
    ],
)
async def test_what_does_not_hold_together_is_refused(house: House, ask: Ask, more: Any, path: list[str]) -> None:
    anne = await house.collaborator("Anne")
    given = {"kind": "NEWS", "title": "T", "toNetwork": True, **more}
    refused = await write(ask, anne, "createPublication", **given)
    assert refused.get("path") == path, refused


async def test_nobody_is_published_to_by_mistake(house: House, ask: Ask) -> None:
    anne = await house.collaborator("Anne")
    made = await a_publication(ask, anne, toNetwork=False)
    assert (await write(ask, anne, "publishPublication", id=made["id"]))["code"] == "NO_AUDIENCE"
    reader = await ask(
        f"mutation($input: PublicationInput!) {{ result: withdrawPublication(input: $input) {{ {ERROR} }} }}",
        role=Role.READER,
        input={"id": made["id"]},
    )
    assert reader["data"]["result"]["code"] == "FORBIDDEN"
