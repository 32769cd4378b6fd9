"""What the gateway asks: entities by their keys, one statement a type."""

from chassis.auth import Role
from tests.contacts.house import House, Office, statements

ENTITIES = """query($r: [_Any!]!) { _entities(representations: $r) { __typename
  ... on Contact { id name email phone notes relationshipManager { name }
    interlocutors(first: 5) { totalCount edges { node { jobTitle account { name } } } } }
  ... on Account { id name relationshipManager { name } addresses { city } }
  ... on Collaborator { id name } ... on Interlocutor { id contact { name } account { name } }
  ... on Organization { id name } } }"""


async def _a_network(office: Office, size: int) -> list[dict[str, str]]:
    representations = []
    for number in range(size):
        manager = office.id_of(Role.ADMIN if number % 2 else Role.READER)
        contact = await office.a_contact(emails=[{"address": f"c{number}@b.example"}], relationshipManagerId=manager)
        account = await office.an_account(name=f"Compte {number}", addresses=[{"lines": "1 rue", "city": "Nantes"}])
        link = await office.do("createInterlocutor", {"contactId": contact, "accountId": account, "jobTitle": "DG"})
        representations += [
            {"__typename": "Contact", "id": contact},
            {"__typename": "Account", "id": account},
            {"__typename": "Interlocutor", "id": link["id"]},
            {"__typename": "Collaborator", "id": manager},
        ]
    return representations


async def test_entities_come_in_the_order_asked_with_a_statement_a_type(house: House, office: Office) -> None:
    representations = await _a_network(office, 12)
    with statements(house) as few:
        await office.data(ENTITIES, r=representations[:4])
    with statements(house) as many:
        told = (await office.data(ENTITIES, r=representations))["_entities"]
    assert [(entity["__typename"], entity["id"]) for entity in told] == [
        (asked["__typename"], asked["id"]) for asked in representations
    ]
    link = {"jobTitle": "DG", "account": {"name": "Compte 11"}}
    assert told[-4]["interlocutors"] == {"totalCount": 1, "edges": [{"node": link}]}
    # contacts, accounts, interlocutors, collaborators; e-mails, phones, notes, addresses; a page of links and their
    # count; contacts, accounts and collaborators again, as relations of others: of other columns.
    assert len(many) == len(few) <= 13, many


async def test_a_list_with_its_relations_takes_a_statement_a_relation(house: House, office: Office) -> None:
    await _a_network(office, 10)
    query = """{ contacts { edges { node { name emails { address } relationshipManager { name }
      interlocutors { edges { node { account { name } } } } } } } }"""
    with statements(house) as seen:
        told = (await office.data(query))["contacts"]["edges"]
    assert len(told) == 10
    assert len(seen) == 5, seen


async def test_what_is_not_asked_for_is_not_read(house: House, office: Office) -> None:
    await office.a_contact(notes="long")
    with statements(house) as seen:
        await office.data("{ contacts { edges { node { id } } } }")
    assert len(seen) == 1
    assert "notes" not in seen[0]
    assert "count(" not in seen[0]


async def test_unknown_foreign_and_malformed_keys_leave_a_hole_in_their_place(house: House, office: Office) -> None:
    other = await house.organization("Autre")
    theirs, mine = await other.a_contact(), await office.a_contact()
    unknown = "contact_01h455vb4pex5vsknk084sn02q"
    told = await office.ask(ENTITIES, r=[{"__typename": "Contact", "id": id} for id in (theirs, mine, unknown, "x")])
    assert [entity and entity["id"] for entity in told["data"]["_entities"]] == [None, mine, None, None]
    assert [(error["path"], error["extensions"]["code"]) for error in told["errors"]] == [
        (["_entities", 3], "INVALID_ID")
    ]


async def test_a_deleted_contact_still_resolves_for_what_refers_to_it(office: Office) -> None:
    made = await office.a_contact()
    await office.do("deleteContact", {"id": made})
    told = await office.data(ENTITIES, r=[{"__typename": "Contact", "id": made}])
    assert told["_entities"][0]["name"] == "Zoé Lefèvre"


async def test_the_organization_resolves_to_its_own_people_only(house: House, office: Office) -> None:
    other = await house.organization("Autre")
    from chassis.identifiers import format_id

    keys = [format_id("organization", one.organization) for one in (office, other)]
    told = await office.data(ENTITIES, r=[{"__typename": "Organization", "id": key} for key in keys])
    assert [entity and entity["name"] for entity in told["_entities"]] == ["Cabinet Lumière", None]
