"""What the gateway asks of entities is read in one statement a type, with the columns that it selects."""

import re

from chassis.auth import Role
from tests.contacts.groups.sets import a_group
from tests.contacts.house import House, Office, statements

QUERY = """query($r: [_Any!]!) { _entities(representations: $r) {
  __typename
  ... on Contact { name } ... on Account { ...Company } ... on Interlocutor { jobTitle contact { id } }
  ... on Collaborator { name } ... on Team { name memberCount } ... on Group { name } } }
fragment Company on Account { name siren }"""
READ = {
    "contact": {"id", "merged_into_id", "given_name", "family_name"},
    "account": {"id", "merged_into_id", "name", "siren"},
    "interlocutor": {"id", "job_title", "contact_id"},
    "collaborator": {"id", "name"},
    "team": {"id", "name"},
    "group": {"id", "name"},
}


async def test_entities_read_the_columns_that_are_selected(house: House, office: Office) -> None:
    contacts = [await office.a_contact(familyName=name) for name in ("Lefèvre", "Durand")]
    account = await office.an_account()
    link = await office.do(
        "createInterlocutor", {"contactId": contacts[0], "accountId": account, "jobTitle": "Gérante"}
    )
    team = await office.do("createTeam", {"name": "Nord", "memberIds": [office.id_of(Role.READER)]}, Role.ADMIN)
    group = await a_group(office, contactIds=contacts)
    ids = [*contacts, account, link["id"], office.id_of(Role.READER), office.id_of(Role.ADMIN), team["id"], group]
    keys = [{"__typename": id.partition("_")[0].title(), "id": id} for id in ids]
    with statements(house) as seen:
        told = (await office.data(QUERY, r=keys))["_entities"]
    assert [one.get("name") or one["jobTitle"] for one in told] == [
        *("Zoé Lefèvre", "Zoé Durand", "Boulangerie du Port", "Gérante"),
        *("Camille Reader", "Ada Martin", "Nord", "Clients"),
    ]
    assert told[6]["memberCount"] == 1
    read: dict[str, list[set[str]]] = {}
    for statement in seen:
        if found := re.match(r'SELECT (.*?) FROM "?(\w+)"? WHERE "?\2"?\.id IN', statement):
            columns = {re.sub(r'.*\.|"', "", column) for column in found[1].split(", ")}
            read.setdefault(found[2], []).append(columns)
    assert {table: columns[0] for table, columns in read.items()} == READ
    assert {table: len(columns) for table, columns in read.items() if table != "contact"} == dict.fromkeys(
        READ.keys() - {"contact"}, 1
    )
