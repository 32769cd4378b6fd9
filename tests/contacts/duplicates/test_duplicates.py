"""Duplicates as people see them: warned of at entry, found over the whole base, settled."""

import asyncio
from hashlib import sha256
from typing import Any

import pytest

from chassis.auth import Role
from chassis.identifiers import parse_id
from services.contacts.duplicates.worker import DuplicateWorker
from tests.contacts.house import House, Office
from tests.contacts.importing.jobs import Desk
from tests.contacts.importing.test_resume import a_worker

PEOPLE = 800
PAIR = """id version state score probable reasons { code explanation }
  first { ... on Contact { id } ... on Account { id } } second { ... on Contact { id } ... on Account { id } }"""


def a_worker_of(office: Office) -> DuplicateWorker:
    running = office.house.running
    return DuplicateWorker(running.database, running.system)


async def work(office: Office) -> None:
    """Everything that changed."""
    worker = a_worker_of(office)
    while await worker.examine_due():
        pass


async def pairs(office: Office, filter: str = "state: {eq: OPEN}") -> list[dict[str, Any]]:
    query = f"{{ duplicates(filter: {{{filter}}}) {{ edges {{ node {{ {PAIR} }} }} }} }}"
    return [edge["node"] for edge in (await office.data(query))["duplicates"]["edges"]]


async def settle(office: Office, mutation: str, input: dict[str, Any], role: Role = Role.COLLABORATOR) -> Any:
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    show = (
        "DuplicateSearch { id state total position found }" if "Search" in mutation else f"DuplicatePair {{ {PAIR} }}"
    )
    query = f"""mutation($input: {kind}!) {{ result: {mutation}(input: $input) {{
        __typename ... on {show} ... on Error {{ code message path }} }} }}"""
    return (await office.data(query, role, input=input))["result"]


async def test_who_may_be_there_already_is_told_before_and_after_a_write(office: Office) -> None:
    zoe = await office.a_contact(emails=[{"address": "zoe@port.example"}], phones=[{"number": "06 12 34 56 78"}])
    query = """query($input: PossibleDuplicatesInput!) { possibleDuplicates(input: $input) {
        score probable reasons { code ours theirs explanation } node { ... on Contact { id name } } } }"""
    for told in (
        {"givenName": "LEFÈVRE", "familyName": "Zoe"},
        {"givenName": "Zoé", "familyName": "Lefebvre"},
        {"familyName": "Autre", "phones": ["+33 6 12 34 56 78"]},
        {"emails": ["ZOE@port.example"]},
    ):
        [found] = (await office.data(query, input={"contact": told}))["possibleDuplicates"]
        assert found["node"] == {"id": zoe, "name": "Zoé Lefèvre"}, told
    told = {"givenName": "Zoe", "familyName": "Lefevre", "emails": ["zoe@port.example"]}
    [sure] = (await office.data(query, input={"contact": told}))["possibleDuplicates"]
    assert sure["probable"]
    assert sure["reasons"][0] == {
        "code": "NAME", "ours": "Zoe Lefevre", "theirs": "Zoé Lefèvre", "explanation": "Même nom"
    }  # fmt: skip
    again = await office.do(
        "createContact",
        {"givenName": "Zoe", "familyName": "Lefevre"},
        show="duplicates { score node { ... on Contact { id } } }",
    )
    assert [each["node"]["id"] for each in again["duplicates"]] == [zoe], "the write is not refused"


async def test_a_company_is_known_by_its_numbers_and_its_name(office: Office) -> None:
    port = await office.an_account(siret="404 833 048 00022")
    query = """query($input: PossibleDuplicatesInput!) { possibleDuplicates(input: $input) {
        score reasons { code } node { ... on Account { id } } } }"""
    for told, code in (
        ({"name": "Tout autre nom", "siren": "404833048"}, "SIREN"),
        ({"name": "SARL Boulangerie Port"}, "NAME"),
    ):
        [found] = (await office.data(query, input={"account": told}))["possibleDuplicates"]
        assert (found["node"]["id"], found["reasons"][0]["code"]) == (port, code)
    refused = await office.ask(query, input={})
    assert refused["errors"][0]["extensions"]["code"] == "INVALID_INPUT"


async def test_pairs_are_found_by_themselves_and_are_gone_when_the_likeness_is(office: Office) -> None:
    first = await office.a_contact(emails=[{"address": "zoe@port.example"}])
    second = await office.a_contact(givenName="Zoe", emails=[{"address": "Zoe@port.example"}])
    await work(office)
    [pair] = await pairs(office)
    assert (pair["first"]["id"], pair["second"]["id"], pair["state"]) == (first, second, "OPEN")
    assert pair["probable"]
    await office.do("updateContact", {"id": second, "givenName": "Luc", "familyName": "Roy", "emails": []})
    await work(office)
    assert await pairs(office) == []
    await office.do("updateContact", {"id": second, "givenName": "Zoé", "familyName": "Lefèvre"})
    await work(office)
    [again] = await pairs(office, "score: {lt: 0.85}")
    assert (again["id"], again["state"]) == (pair["id"], "OPEN")
    await office.do("deleteContact", {"id": first})
    await work(office)
    assert [each["state"] for each in await pairs(office, "state: {eq: GONE}")] == ["GONE"]
    await office.do("restoreContact", {"id": first})
    await work(office)
    assert [each["id"] for each in await pairs(office, f'subjectId: "{first}"')] == [pair["id"]]


async def test_not_a_duplicate_is_remembered_until_it_is_reopened(office: Office) -> None:
    first, second = await office.a_contact(), await office.a_contact()
    told = {"firstId": second, "secondId": first}
    assert (await settle(office, "dismissDuplicate", told, Role.READER))["__typename"] == "Forbidden"
    dismissed = await settle(office, "dismissDuplicate", told)
    assert (dismissed["state"], dismissed["first"]["id"]) == ("DISMISSED", first), "known before any search"
    await work(office)
    assert await pairs(office) == []
    seen = await office.data("query($id: ID!) { contact(id: $id) { duplicates { score } } }", id=first)
    assert seen["contact"]["duplicates"] == []
    reopened = await settle(office, "reopenDuplicate", {"id": dismissed["id"]})
    assert (reopened["state"], reopened["score"] > 0.5) == ("OPEN", True)
    again = await settle(office, "reopenDuplicate", {"id": dismissed["id"]})
    assert again["code"] == "WRONG_STATE"


@pytest.mark.parametrize("other", ["itself", "an account", "another organization's"])
async def test_a_pair_is_of_two_of_a_kind_and_of_one_organization(house: House, office: Office, other: str) -> None:
    first = await office.a_contact()
    second = {"itself": first, "an account": await office.an_account()}.get(other)
    second = second or await (await house.organization("Autre")).a_contact()
    refused = await settle(office, "dismissDuplicate", {"firstId": first, "secondId": second})
    assert refused["__typename"] in ("InvalidInput", "InvalidId", "NotFound")


async def test_a_search_looks_at_everything_and_its_pairs_are_paged_surest_first(office: Office) -> None:
    for n in range(4):
        await office.a_contact(familyName="Lefèvre", emails=[{"address": f"zoe{n // 2}@port.example"}])
    await office.an_account()
    await office.an_account(name="La Boulangerie du Port")
    started = await settle(office, "startDuplicateSearch", {})
    assert (started["state"], started["total"]) == ("RUNNING", 6)
    assert (await settle(office, "startDuplicateSearch", {}))["code"] == "WRONG_STATE"
    # Those of other organizations that wait are worked off, too.
    while await a_worker_of(office).search_one(asyncio.Event()):
        pass
    query = "query($id: ID!) { duplicateSearch(id: $id) { state position found } }"
    done = (await office.data(query, id=started["id"]))["duplicateSearch"]
    assert done == {"state": "DONE", "position": 6, "found": 7}
    seen, after = [], None
    while True:
        paged = """query($after: String) {
            duplicates(first: 2, after: $after, orderBy: [{field: SCORE, direction: DESC}]) {
                edges { node { id score } } pageInfo { hasNextPage endCursor } } }"""
        page = (await office.data(paged, after=after))["duplicates"]
        seen += [edge["node"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len({each["id"] for each in seen}) == len(seen) == 7
    assert [each["score"] for each in seen] == sorted((each["score"] for each in seen), reverse=True)


async def test_a_killed_worker_s_search_is_gone_on_with_by_another(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIANT_CONTACTS_DUPLICATE_LEASE_SECONDS", "2")
    running = office.house.running
    people = [sha256(bytes(str(n // 2), "ascii")).hexdigest()[:12] for n in range(PEOPLE)]
    rows = "".join(f"{each};{each[::-1]};{each}@d.example\n" for each in people)
    await Desk(office).done("Nom;Prénom;E-mail\n" + rows)
    started = await settle(office, "startDuplicateSearch", {})
    query = "query($id: ID!) { found: duplicateSearch(id: $id) { state position } }"

    async def until(enough: Any) -> Any:
        async with asyncio.timeout(90):
            while not enough(found := (await office.data(query, id=started["id"]))["found"]):  # noqa: ASYNC110  # another process's work
                await asyncio.sleep(0.02)
            return found

    async with a_worker(running):
        begun = await until(lambda found: found["position"] > 0)
    assert begun["state"] == "RUNNING", "it was killed too late for this test to tell anything"
    async with a_worker(running):
        done = await until(lambda found: found["state"] != "RUNNING")
    assert done == {"state": "DONE", "position": PEOPLE}
    count = "{ duplicates(filter: {state: {eq: OPEN}}) { totalCount } }"
    assert (await office.data(count))["duplicates"]["totalCount"] == PEOPLE // 2


async def test_what_is_found_and_settled_is_told_to_the_others(office: Office) -> None:
    first, second = await office.a_contact(), await office.a_contact()
    await work(office)
    await settle(office, "dismissDuplicate", {"firstId": first, "secondId": second})
    told = await _messages(office)
    assert [(type, message.duplicate.first_id) for type, message in told] == [
        ("DuplicateFound", first),
        ("DuplicateSettled", first),
    ]
    assert told[0][1].duplicate.score == pytest.approx(0.7)
    assert parse_id("duplicate", told[0][1].duplicate.id)


async def _messages(office: Office) -> list[tuple[str, Any]]:
    from sqlalchemy import select

    from proto.contacts.v1 import messages_pb2
    from services.contacts.model import outbox

    async with office.house.running.database.read(office.organization) as read:
        columns = outbox.c
        chosen = (
            select(columns.type, columns.payload).where(columns.aggregate == "duplicate").order_by(columns.position)
        )
        rows = await read.rows(chosen)
    kinds = [row.type.rpartition(".")[2] for row in rows]
    return [(kind, getattr(messages_pb2, kind).FromString(row.payload)) for kind, row in zip(kinds, rows, strict=True)]
