"""What a service gave up on: shown to administrators of its organization, sent again by its sender, or discarded."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.auth import Actor, Role
from chassis.dead_letters import KEPT, DeadLetter
from chassis.identifiers import format_id, new_id
from chassis.messages import SENDER, Outgoing, headers_of
from proto.contacts.v1 import messages_pb2 as contacts
from proto.deals.v1 import messages_pb2 as deals
from proto.notifier.v1.messages_pb2 import DeadLetterReplayed
from services.notifier.dead_letters.commands import keep
from services.notifier.dead_letters.keeping import note_settled
from services.notifier.dead_letters.model import DeadLetterState
from tests.notifier.asking import Ask
from tests.notifier.house import House, an_event
from tests.support.remains import remains

LIST = """query ($filter: DeadLetterFilter) {
  deadLetters(filter: $filter, orderBy: [{field: DIED_AT, direction: DESC}]) {
  totalCount edges { node { id consumer sender type aboutId error attempts deaths state body version replayableUntil
    headers { name value } settledBy { id } settledAt } } } }"""
REPLAY = """mutation ($input: DeadLetterInput!) { replayDeadLetter(input: $input) {
  __typename ... on DeadLetter { state settledBy { id } version } ... on Error { code message } } }"""
DISCARD = REPLAY.replace("replayDeadLetter", "discardDeadLetter")


def a_letter(
    of: UUID,
    title: str = "Appel",
    sequence: int = 1,
    age: timedelta = timedelta(),
    more: Mapping[str, str] | None = None,
) -> DeadLetter:
    """An event that the notifier gave up on."""
    event, now = new_id(), datetime.now(UTC)
    body = deals.EventCreated(event=an_event(new_id(), id=event, title=title))
    message = Outgoing("event", event, 1, body)
    headers = headers_of(message, id=new_id(), source="deals", time=now - age, organization=of)
    told = {
        "liant-error": "KeyError: 'x'",
        "liant-consumer": "notifier",
        "liant-deliveries": "8",
        "liant-subject": message.subject,
        "Nats-Msg-Id": "notifier:1:1",
    }
    return DeadLetter(sequence, now, {**headers, **told, **(more or {})}, body.SerializeToString())


async def kept(house: House, letter: DeadLetter, of: UUID | None = None) -> None:
    async with house.database.unit_of_work(Actor.system(of or house.organization)) as work:
        await keep(work, letter)


async def listed(ask: Ask, by: UUID, **variables: Any) -> list[dict[str, Any]]:
    answer = (await ask(LIST, by=by, role=Role.ADMIN, **variables))["data"]["deadLetters"]
    assert answer["totalCount"] == len(answer["edges"])
    return [edge["node"] for edge in answer["edges"]]


async def told(house: House) -> list[Any]:
    """What was asked of the senders."""
    return [*await house.rows("SELECT * FROM outbox WHERE type = 'liant.notifier.v1.DeadLetterReplayed'")]


async def test_an_administrator_reads_those_of_their_own_organization(house: House, ask: Ask) -> None:
    admin, other = await house.collaborator("Anne", role=contacts.Collaborator.Role.ADMIN), new_id()
    letter = a_letter(house.organization, "Appel de Mme Garnier")
    await kept(house, letter)
    await kept(house, a_letter(other, "Secret", 2), other)
    [shown] = await listed(ask, admin)
    assert (shown["consumer"], shown["sender"], shown["attempts"], shown["deaths"]) == ("notifier", "deals", 8, 1)
    assert (shown["type"], shown["error"], shown["state"]) == (
        "liant.deals.v1.EventCreated",
        "KeyError: 'x'",
        "WAITING",
    )
    assert '"title": "Appel de Mme Garnier"' in shown["body"]
    headers = {each["name"]: each["value"] for each in shown["headers"]}
    assert headers == letter.original
    assert shown["aboutId"] == headers["liant-aggregate"]
    assert await listed(ask, admin, filter={"state": {"eq": "DISCARDED"}}) == []
    one = "query ($id: ID!) { deadLetter(id: $id) { error } }"
    assert (await ask(one, by=admin, role=Role.ADMIN, id=shown["id"]))["data"]["deadLetter"]["error"] == "KeyError: 'x'"
    assert (await ask(one, by=admin, role=Role.ADMIN, of=other, id=shown["id"]))["data"]["deadLetter"] is None
    refused = await ask("{ deadLetters { totalCount } }", by=admin, role=Role.COLLABORATOR)
    assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_sent_again_its_sender_is_asked_once_and_who_did_it_is_known(house: House, ask: Ask) -> None:
    admin = await house.collaborator("Anne", role=contacts.Collaborator.Role.ADMIN)
    letter = a_letter(house.organization)
    await kept(house, letter)
    [shown] = await listed(ask, admin)
    input = {"id": shown["id"], "expectedVersion": 1, "idempotencyKey": "k"}
    for _ in range(2):
        answer = (await ask(REPLAY, by=admin, role=Role.ADMIN, input=input))["data"]["replayDeadLetter"]
        assert (answer["state"], answer["settledBy"]["id"]) == ("REPLAYED", format_id("collaborator", admin))
    [row] = await told(house)
    asked = DeadLetterReplayed.FromString(row.payload)
    assert (asked.message_id, asked.sender) == (letter.headers["ce-id"], "deals")
    again = (await ask(REPLAY, by=admin, role=Role.ADMIN, input={"id": shown["id"]}))["data"]["replayDeadLetter"]
    assert again["code"] == "WRONG_STATE"
    stale = {"id": shown["id"], "expectedVersion": 1}
    assert (await ask(DISCARD, by=admin, role=Role.ADMIN, input=stale))["data"]["discardDeadLetter"]["code"] == (
        "VERSION_CONFLICT"
    )


async def test_what_dies_again_waits_again_and_an_older_death_changes_nothing(house: House, ask: Ask) -> None:
    admin = await house.collaborator("Anne", role=contacts.Collaborator.Role.ADMIN)
    first = a_letter(house.organization)
    await kept(house, first)
    [shown] = await listed(ask, admin)
    await ask(REPLAY, by=admin, role=Role.ADMIN, input={"id": shown["id"]})
    headers = {**first.headers, "liant-error": "ValueError: y"}
    second = DeadLetter(9, first.stored_at + timedelta(minutes=3), headers, first.payload)
    for letter in (second, second, first):
        await kept(house, letter)
    [shown] = await listed(ask, admin)
    assert (shown["state"], shown["deaths"], shown["error"], shown["settledBy"]) == (
        "WAITING",
        2,
        "ValueError: y",
        None,
    )


async def test_what_its_sender_keeps_no_more_says_how_to_send_it(house: House, ask: Ask) -> None:
    admin = await house.collaborator("Anne", role=contacts.Collaborator.Role.ADMIN)
    await kept(house, a_letter(house.organization, sequence=7, age=KEPT + timedelta(days=1)))
    [shown] = await listed(ask, admin)
    answer = (await ask(REPLAY, by=admin, role=Role.ADMIN, input={"id": shown["id"]}))["data"]["replayDeadLetter"]
    assert (answer["code"], "liant dead replay 7" in answer["message"]) == ("DEAD_LETTER_TOO_OLD", True)
    assert await told(house) == []


async def test_what_no_outbox_holds_is_left_to_operators(house: House, ask: Ask) -> None:
    admin = await house.collaborator("Anne", role=contacts.Collaborator.Role.ADMIN)
    await kept(house, a_letter(house.organization, sequence=8, more={"ce-id": "not one of ours"}))
    [shown] = await listed(ask, admin)
    answer = (await ask(REPLAY, by=admin, role=Role.ADMIN, input={"id": shown["id"]}))["data"]["replayDeadLetter"]
    assert (answer["code"], "liant dead replay 8" in answer["message"]) == ("DEAD_LETTER_TOO_OLD", True)
    assert await told(house) == []


async def test_a_message_of_another_organizations_outbox_is_asked_for_there(house: House, ask: Ask) -> None:
    admin, sender = await house.collaborator("Anne", role=contacts.Collaborator.Role.ADMIN), new_id()
    await kept(house, a_letter(house.organization, more={SENDER: format_id("organization", sender)}))
    [shown] = await listed(ask, admin)
    await ask(REPLAY, by=admin, role=Role.ADMIN, input={"id": shown["id"]})
    [row] = await told(house)
    assert row.headers["liant-organization"] == format_id("organization", sender)


async def test_a_discarded_one_can_still_be_sent_again(house: House, ask: Ask) -> None:
    admin = await house.collaborator("Anne", role=contacts.Collaborator.Role.ADMIN)
    await kept(house, a_letter(house.organization))
    [shown] = await listed(ask, admin)
    for mutation, code in ((DISCARD, None), (DISCARD, "WRONG_STATE"), (REPLAY, None)):
        [answer] = (await ask(mutation, by=admin, role=Role.ADMIN, input={"id": shown["id"]}))["data"].values()
        assert answer.get("code") == code


async def test_what_an_operator_settled_waits_no_more(house: House, ask: Ask) -> None:
    admin = await house.collaborator("Anne", role=contacts.Collaborator.Role.ADMIN)
    letter = a_letter(house.organization)
    await kept(house, letter)
    await note_settled(house.system, letter, DeadLetterState.REPLAYED)
    [shown] = await listed(ask, admin)
    assert (shown["state"], shown["settledBy"], shown["settledAt"] is None) == ("REPLAYED", None, False)


async def test_an_erased_person_is_not_named_by_dead_letters(house: House, ask: Ask) -> None:
    admin = await house.collaborator("Anne", role=contacts.Collaborator.Role.ADMIN)
    await kept(house, a_letter(house.organization, "Appel de Zébulon Quatrepoint"))
    unreadable = a_letter(house.organization, sequence=2, more={"ce-type": "liant.deals.v9.EventCreated"})
    await kept(house, DeadLetter(2, unreadable.stored_at, unreadable.headers, "Zébulon Quatrepoint".encode()))
    erasure = new_id()
    body = contacts.PersonErased(erasure_id=format_id("erasure", erasure), identifiers=["Zébulon Quatrepoint"])
    await house.receive(body, "erasure", erasure)
    assert await remains(house.owner, "Quatrepoint") == []
    [shown] = await listed(ask, admin)
    assert "[erased]" in shown["body"]
