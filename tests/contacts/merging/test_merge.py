"""Two records that are one: merged with everything of theirs, and taken apart again."""

import asyncio
from typing import Any

from chassis.auth import Role
from services.contacts import model
from services.contacts.merging.following import FOLLOWING, STAYING
from services.contacts.model import DuplicateKind
from tests.contacts.duplicates.test_duplicates import pairs, work
from tests.contacts.house import Office
from tests.contacts.importing.jobs import Desk

CONTACT = """id version name givenName notes status language emails { address primary } phones { number }
  relationshipManager { id } interlocutors { edges { node { id jobTitle account { id } } } } history { totalCount }"""


async def merge(office: Office, winner: str, *losers: str, role: Role = Role.COLLABORATOR, **more: Any) -> Any:
    kind = "Contacts" if winner.startswith("contact") else "Accounts"
    show = CONTACT if kind == "Contacts" else "id version name siren notes bankAccounts { iban } addresses { lines }"
    query = f"""mutation($input: Merge{kind}Input!) {{ result: merge{kind}(input: $input) {{
        __typename ... on {kind[:-1]} {{ {show} }} ... on Error {{ code message path }} }} }}"""
    input = {"winnerId": winner, "losers": [{"id": id} for id in losers], **more}
    return (await office.data(query, role, input=input))["result"]


async def unmerge(office: Office, id: str) -> Any:
    query = """mutation($input: UnmergeInput!) { result: unmerge(input: $input) {
        __typename ... on Merge { id version undoneAt } ... on Error { code message path } } }"""
    return (await office.data(query, Role.COLLABORATOR, input={"id": id}))["result"]


async def merges(office: Office, id: str) -> list[dict[str, Any]]:
    query = f"""{{ merges(filter: {{subjectId: "{id}"}}) {{ edges {{ node {{
        id winnerId loserId undoneAt changes {{ field before after }} follows {{ what count }} }} }} }} }}"""
    return [edge["node"] for edge in (await office.data(query))["merges"]["edges"]]


async def contact(office: Office, id: str) -> dict[str, Any]:
    found: dict[str, Any] = (await office.data(f'{{ contact(id: "{id}") {{ {CONTACT} }} }}', Role.ADMIN))["contact"]
    return found


async def two(office: Office) -> tuple[str, str]:
    winner = await office.a_contact(emails=[{"address": "zoe@port.example"}], notes="Préfère le matin")
    loser = await office.a_contact(
        givenName="Zoe",
        familyName="Lefebvre",
        emails=[{"address": "ZOE@port.example"}, {"address": "zoe@perso.example"}],
        phones=[{"number": "06 12 34 56 78"}],
        notes="Aime le thé",
        language="fr",
        relationshipManagerId=office.id_of(Role.COLLABORATOR),
    )
    return winner, loser


async def test_everything_of_the_loser_follows_and_its_id_leads_to_the_winner(office: Office) -> None:
    winner, loser = await two(office)
    account = await office.an_account()
    link = await office.do(
        "createInterlocutor", {"contactId": loser, "accountId": account, "jobTitle": "Gérante"}, show="jobTitle"
    )
    made = await merge(office, winner, loser, choices=[{"field": "FAMILY_NAME", "fromId": loser}])
    assert (made["__typename"], made["id"], made["name"]) == ("Contact", winner, "Zoé Lefebvre")
    assert [each["address"] for each in made["emails"]] == ["zoe@port.example", "zoe@perso.example"]
    assert [each["number"] for each in made["phones"]] == ["+33612345678"]
    assert made["notes"] == "Préfère le matin\n\nAime le thé"
    assert (made["language"], made["relationshipManager"]["id"]) == ("fr", office.id_of(Role.COLLABORATOR))
    assert [edge["node"]["id"] for edge in made["interlocutors"]["edges"]] == [link["id"]]
    assert await contact(office, loser) == await contact(office, winner)
    listed = (await office.data("{ contacts { edges { node { id } } } }"))["contacts"]["edges"]
    assert [edge["node"]["id"] for edge in listed] == [winner]
    entities = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Contact { id name } } }"
    told = await office.data(entities, r=[{"__typename": "Contact", "id": id} for id in (loser, winner)])
    assert [each["id"] for each in told["_entities"]] == [winner, winner]
    searched = await office.data('{ search(text: "Lefebvre") { edges { node { ... on Contact { id } } } } }')
    assert [edge["node"]["id"] for edge in searched["search"]["edges"]] == [winner]


async def test_an_unmerge_puts_both_back_and_leaves_what_came_after_with_the_winner(office: Office) -> None:
    winner, loser = await two(office)
    account, later = await office.an_account(), await office.an_account(name="Garage du Port")
    before = {id: await contact(office, id) for id in (winner, loser)}
    await office.do("createInterlocutor", {"contactId": loser, "accountId": account}, show="id")
    await merge(office, winner, loser)
    await office.do("createInterlocutor", {"contactId": winner, "accountId": later}, show="id")
    after = [{"address": each["address"]} for each in (await contact(office, winner))["emails"]]
    await office.do("updateContact", {"id": winner, "emails": [*after, {"address": "zoe@nouveau.example"}]})
    await office.do("updateContact", {"id": winner, "notes": "Tout neuf"})
    [done] = await merges(office, loser)
    assert {each["field"] for each in done["changes"]} == {"NOTES", "LANGUAGE", "RELATIONSHIP_MANAGER"}
    assert (await unmerge(office, done["id"]))["undoneAt"]
    back, won = await contact(office, loser), await contact(office, winner)
    assert [edge["node"]["account"]["id"] for edge in back["interlocutors"]["edges"]] == [account]
    assert [edge["node"]["account"]["id"] for edge in won["interlocutors"]["edges"]] == [later]
    same = ("id", "name", "notes", "language", "emails", "phones", "relationshipManager")
    assert {name: back[name] for name in same} == {name: before[loser][name] for name in same}
    assert [each["address"] for each in won["emails"]] == ["zoe@port.example", "zoe@nouveau.example"]
    assert (won["notes"], won["language"], won["phones"]) == ("Tout neuf", None, [])
    assert (await unmerge(office, done["id"]))["code"] == "WRONG_STATE"


async def test_accounts_are_merged_with_their_bank_details_sealed_for_the_winner(office: Office) -> None:
    winner = await office.an_account(addresses=[{"lines": "1 quai"}])
    loser = await office.do(
        "createAccount",
        {
            "name": "SARL Boulangerie du Port",
            "siret": "40483304800022",
            "bankAccounts": [{"iban": "FR7630006000011234567890189"}],
            "addresses": [{"lines": "1  Quai"}, {"lines": "2 rue du Four"}],
        },
        Role.ADMIN,
    )
    made = await merge(office, winner, loser["id"], role=Role.ADMIN)
    assert (made["siren"], made["bankAccounts"]) == ("404833048", [{"iban": "FR7630006000011234567890189"}])
    assert [each["lines"] for each in made["addresses"]] == ["1 quai", "2 rue du Four"]
    [done] = await merges(office, winner)
    await unmerge(office, done["id"])
    query = "query($id: ID!) { account(id: $id) { siren addresses { lines } } }"
    told = (await office.data(query, id=winner))["account"]
    assert told == {"siren": None, "addresses": [{"lines": "1 quai"}]}


async def test_a_preview_tells_each_field_and_what_would_follow_and_writes_nothing(office: Office) -> None:
    winner, loser = await two(office)
    await Desk(office).done("Nom;E-mail;Id\nLefebvre;zoe@perso.example;C1\n", key="EMAIL")
    query = """query($input: MergePreviewInput!) { mergePreview(input: $input) { score reasons { code } emails
        fields { field value fromId conflict values { id value } } follows { what count }
        winner { ... on Contact { id } } losers { ... on Contact { id version } } } }"""
    input = {"winnerId": winner, "losers": [{"id": loser}]}
    told = (await office.data(query, Role.READER, input=input))["mergePreview"]
    fields = {each["field"]: each for each in told["fields"]}
    assert fields["FAMILY_NAME"] == {
        "field": "FAMILY_NAME",
        "value": "Lefèvre",
        "fromId": winner,
        "conflict": True,
        "values": [{"id": winner, "value": "Lefèvre"}, {"id": loser, "value": "Lefebvre"}],
    }
    assert (fields["LANGUAGE"]["value"], fields["LANGUAGE"]["conflict"]) == ("fr", False)
    assert told["emails"] == ["zoe@port.example", "zoe@perso.example"]
    counts = {each["what"]: each["count"] for each in told["follows"]}
    assert (counts["contact_external_id"], counts["interlocutor"]) == (1, 0)
    assert {"EMAIL", "NAME_TYPO"} == {each["code"] for each in told["reasons"]}
    assert (await contact(office, loser))["id"] == loser


async def test_three_become_one_and_chains_are_undone_from_their_end(office: Office) -> None:
    first, second, third, last = [await office.a_contact(phones=[{"number": f"014050607{n}"}]) for n in range(4)]
    made = await merge(office, first, second, third)
    assert [each["number"][-1] for each in made["phones"]] == ["0", "1", "2"]
    await merge(office, last, first)
    assert [(await contact(office, id))["id"] for id in (first, second, third, last)] == [last] * 4
    [inner] = [each for each in await merges(office, second) if each["winnerId"] == first]
    assert (await unmerge(office, inner["id"]))["code"] == "WRONG_STATE"
    [outer] = await merges(office, last)
    await unmerge(office, outer["id"])
    await unmerge(office, inner["id"])
    assert [(await contact(office, id))["id"] for id in (first, second, third)] == [first, second, first]
    assert [each["number"][-1] for each in (await contact(office, first))["phones"]] == ["0", "2"]


async def test_two_merges_at_once_have_one_winner(office: Office) -> None:
    first, second = await two(office)
    done = await asyncio.gather(merge(office, first, second), merge(office, second, first))
    assert sorted(each["__typename"] for each in done) == ["Contact", "WrongState"]
    assert (await contact(office, first))["id"] == (await contact(office, second))["id"]


async def test_the_winner_is_in_the_groups_that_the_loser_was_put_into_until_it_is_undone(office: Office) -> None:
    winner, loser = await two(office)
    created = """mutation($input: CreateGroupInput!) { result: createGroup(input: $input) { ... on Group { id } } }"""
    told = {"name": "Clients du port", "contactIds": [loser]}
    group = (await office.data(created, Role.COLLABORATOR, input=told))["result"]["id"]
    members = f'{{ contacts(filter: {{group: {{eq: "{group}"}}}}) {{ edges {{ node {{ id }} }} }} }}'

    async def inside() -> list[str]:
        return [edge["node"]["id"] for edge in (await office.data(members))["contacts"]["edges"]]

    await merge(office, winner, loser)
    assert await inside() == [winner]
    [done] = await merges(office, winner)
    await unmerge(office, done["id"])
    assert winner not in await inside()


async def test_what_cannot_be_merged_is_refused(office: Office) -> None:
    winner, loser = await two(office)
    account = await office.an_account()
    assert (await merge(office, winner, winner))["path"] == ["losers"]
    assert (await merge(office, winner, account))["__typename"] == "InvalidId"
    assert (await merge(office, winner, loser, role=Role.READER))["__typename"] == "Forbidden"
    assert (await merge(office, winner, loser, expectedVersion=7))["__typename"] == "VersionConflict"
    stale: dict[str, Any] = {"losers": [{"id": loser, "expectedVersion": 9}]}
    assert (await merge(office, winner, **stale))["__typename"] == "VersionConflict"
    assert (await merge(office, winner, loser, choices=[{"field": "SIREN", "fromId": loser}]))["path"] == ["choices"]
    await office.do("deleteContact", {"id": loser})
    assert (await merge(office, winner, loser))["__typename"] == "WrongState"
    await office.do("restoreContact", {"id": loser})
    await merge(office, winner, loser)
    for mutation in ("updateContact", "restoreContact"):
        refused = await office.do(mutation, {"id": loser})
        assert (refused["__typename"], winner in refused["message"]) == ("WrongState", True)


async def test_too_many_addresses_are_refused_before_any_is_lost(office: Office) -> None:
    emails = [[{"address": f"{side}{n}@port.example"} for n in range(11)] for side in "ab"]
    winner, loser = [await office.a_contact(emails=each) for each in emails]
    refused = await merge(office, winner, loser)
    assert (refused["__typename"], refused["path"]) == ("InvalidInput", ["losers"]), refused
    assert len((await contact(office, winner))["emails"]) == 11


async def test_pairs_are_settled_by_a_merge_and_open_again_when_it_is_undone(office: Office) -> None:
    winner, loser = await two(office)
    await work(office)
    assert [each["state"] for each in await pairs(office)] == ["OPEN"]
    await merge(office, winner, loser)
    await work(office)
    assert [each["state"] for each in await pairs(office, "")] == ["MERGED"]
    [done] = await merges(office, winner)
    await unmerge(office, done["id"])
    await work(office)
    assert [each["state"] for each in await pairs(office)] == ["OPEN"]


def test_every_table_that_names_a_contact_or_an_account_follows_or_says_why_not() -> None:
    known = set(STAYING) | {each.rows.name for rows in FOLLOWING.values() for each in rows}
    referring = {
        table.name
        for table in model.Base.metadata.sorted_tables
        for key in table.foreign_key_constraints
        if key.referred_table.name in ("contact", "account")
    }
    assert referring - known == set()
    assert known - referring == set(), "named, and not there any more"
    assert set(FOLLOWING) == set(DuplicateKind)
