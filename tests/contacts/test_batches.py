"""Several writes in one request: a result for each, all or none, once whatever is repeated."""

import asyncio
from typing import Any

import pytest

from chassis.auth import Role
from tests.contacts.house import House, Office, statements

COUNT = "{ contacts { totalCount } }"


async def send(office: Office, name: str, role: Role = Role.COLLABORATOR, show: str = "", **input: Any) -> Any:
    """A batch's results, or why it was refused."""
    kind = f"{name[0].upper()}{name[1:]}Input"
    query = f"""mutation($input: {kind}!) {{ result: {name}(input: $input) {{ __typename
      ... on Error {{ code path }} ... on ContactResultBatch {{ results {{ __typename
        ... on Contact {{ id version familyName email {show} }} ... on Error {{ code path message }} }} }}
      }} }}"""
    result = (await office.data(query, role, input=input))["result"]
    return result.get("results", result)


async def count(office: Office) -> int:
    """How many contacts there are."""
    return int((await office.data(COUNT))["contacts"]["totalCount"])


def people(*names: str, **more: Any) -> list[dict[str, Any]]:
    """Items."""
    return [{"familyName": name, "emails": [{"address": f"{name.lower()}@b.example"}], **more} for name in names]


async def test_each_item_has_its_result_in_order_and_what_is_refused_leaves_nothing(office: Office) -> None:
    nobody = "collaborator_01h455vb4pex5vsknk084sn02q"
    bad_email = {"familyName": "B", "emails": [{"address": "rubbish"}]}
    items = [*people("A"), bad_email, *people("C", relationshipManagerId=nobody), {"notes": "x"}, *people("E")]
    told = await send(office, "createContacts", items=items)
    assert [one["__typename"] for one in told] == ["Contact", "InvalidInput", "NotFound", "InvalidInput", "Contact"]
    assert [one["path"] for one in told if "path" in one] == [
        ["items", "1", "emails", "0", "address"],
        ["items", "2", "relationshipManagerId"],
        ["items", "3", "familyName"],
    ]
    assert [one["email"] for one in told if "email" in one] == ["a@b.example", "e@b.example"]
    assert await count(office) == 2


@pytest.mark.parametrize("wrong", [{"familyName": "B", "emails": [{"address": "rubbish"}]}, {"notes": "no name"}])
async def test_all_or_none_writes_nothing_and_each_result_says_why(office: Office, wrong: dict[str, Any]) -> None:
    told = await send(office, "createContacts", items=[*people("A"), wrong, *people("C")], allOrNone=True)
    assert [one["code"] for one in told] == ["BATCH_ABORTED", "INVALID_INPUT", "BATCH_ABORTED"]
    assert "item 1" in told[0]["message"]
    assert await count(office) == 0
    told = await send(office, "createContacts", items=people("A", "C"), allOrNone=True)
    assert [one["__typename"] for one in told] == ["Contact", "Contact"]


async def test_items_of_one_batch_see_what_those_before_them_wrote(office: Office) -> None:
    made = await office.a_contact()
    changes = [
        {"id": made, "familyName": "One", "expectedVersion": 1},
        {"id": made, "familyName": "Lost", "expectedVersion": 1},
        {"id": made, "familyName": "Two", "expectedVersion": 2},
    ]
    told = await send(office, "updateContacts", items=changes)
    assert [one["__typename"] for one in told] == ["Contact", "VersionConflict", "Contact"]
    assert told[2]["familyName"] == "Two"
    gone = await send(office, "deleteContacts", items=[{"id": made}, {"id": made}], show="deletedAt")
    assert [one["__typename"] for one in gone] == ["Contact", "WrongState"]
    assert gone[0]["deletedAt"]
    assert [one["__typename"] for one in await send(office, "restoreContacts", items=[{"id": made}])] == ["Contact"]


async def test_a_key_makes_a_repeated_batch_one_batch_and_tries_again_what_was_refused(office: Office) -> None:
    account = {"familyName": "B", "relationshipManagerId": "collaborator_01h455vb4pex5vsknk084sn02q"}
    batch: dict[str, Any] = {"items": [*people("A"), account, *people("C")], "idempotencyKey": "k" * 128}
    first, again = await send(office, "createContacts", **batch), await send(office, "createContacts", **batch)
    assert first == again
    assert await count(office) == 2
    other = await send(office, "createContacts", **{**batch, "items": people("A")})
    assert (other["__typename"], other["path"]) == ("IdempotencyConflict", ["idempotencyKey"])


async def test_of_twins_sent_at_once_one_wins(office: Office) -> None:
    batch: dict[str, Any] = {"items": people("A", "B"), "idempotencyKey": "twin", "allOrNone": True}
    told = await asyncio.gather(*(send(office, "createContacts", **batch) for _ in range(4)))
    assert all(one == told[0] for one in told)
    assert await count(office) == 2


async def test_an_items_own_key_is_that_of_the_mutation_alone(office: Office) -> None:
    item = {"familyName": "A", "idempotencyKey": "mine"}
    alone = await office.do("createContact", item)
    [told] = await send(office, "createContacts", items=[item])
    assert told["id"] == alone["id"]
    twice = await send(office, "createContacts", items=[{"familyName": "B", "idempotencyKey": "mine"}])
    assert twice[0]["__typename"] == "IdempotencyConflict"


async def test_a_batch_is_bounded_and_guarded_like_its_mutation(house: House, office: Office) -> None:
    many = await send(office, "createContacts", items=people("A") * 101)
    assert (many["__typename"], many["path"]) == ("InvalidInput", ["items"])
    refused = await send(office, "createContacts", Role.READER, items=people("A"))
    assert refused["__typename"] == "Forbidden"
    assert await send(office, "createContacts", items=[]) == []
    assert await count(office) == 0


async def test_results_are_read_together(house: House, office: Office) -> None:
    with statements(house) as few:
        await send(office, "createContacts", items=people("A", "B"))
    with statements(house) as many:
        await send(office, "createContacts", items=people(*"CDEFGH"))
    read = [[one for one in seen if one.startswith("SELECT contact")] for seen in (few, many)]
    assert len(read[0]) == len(read[1]) == 2, read[1]
