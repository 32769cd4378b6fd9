"""Lists read the columns of what a query selects, and each field tells the same whatever is selected beside it."""

from typing import Any

from chassis.auth import Role
from tests.contacts.house import House, Office, statements

FIELDS = {
    "contacts": "id version name givenName familyName language email phone notes createdAt updatedAt deletedAt "
    "relationshipManager{name} interlocutors{totalCount} emails{address} status",
    "accounts": "id version name siren siret vatNumber status notes createdAt relationshipManager{name} "
    "interlocutors{totalCount} addresses{city} statusHistory{status}",
    "interlocutors": "id version jobTitle decisionMaker startedOn endedAt contact{name} account{name}",
}


async def _an_address_book(office: Office) -> None:
    manager = office.id_of(Role.READER)
    contact = await office.a_contact(notes="long", language="fr", emails=[{"address": "z@b.example"}])
    await office.do("updateContact", {"id": contact, "relationshipManagerId": manager})
    account = await office.an_account(siren="732829320", relationshipManagerId=manager, notes="file")
    await office.do("createInterlocutor", {"contactId": contact, "accountId": account, "jobTitle": "Gérante"})


async def test_a_list_reads_the_columns_that_are_selected(house: House, office: Office) -> None:
    await _an_address_book(office)
    with statements(house) as seen:
        await office.data(
            "{ contacts { edges { ... on ContactEdge { node { ...N } } } } } fragment N on Contact { name }"
        )
    [statement] = [one for one in seen if "FROM contact" in one]
    columns, _, _ = statement.partition(" FROM ")
    assert "contact.given_name" in columns and "contact.family_name" in columns
    assert "contact.language" not in columns and "relationship_manager_id" not in columns
    with statements(house) as seen:
        await office.data("{ contacts { edges { node { interlocutors { edges { node { jobTitle } } } } } } }")
    [nested] = [one for one in seen if "LATERAL" in one]
    assert "interlocutor.job_title" in nested
    assert "interlocutor.decision_maker" not in nested


async def test_a_field_alone_tells_what_it_tells_among_the_others(office: Office) -> None:
    await _an_address_book(office)
    for kind, fields in FIELDS.items():
        together = await _node(office, kind, fields)
        for field in fields.split():
            alone = await _node(office, kind, field)
            name = field.partition("{")[0]
            assert alone == {name: together[name]}, field


async def _node(office: Office, kind: str, fields: str) -> Any:
    told = await office.data(f"{{ {kind} {{ edges {{ node {{ {fields} }} }} }} }}")
    return told[kind]["edges"][0]["node"]
