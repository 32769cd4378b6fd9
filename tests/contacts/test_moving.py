"""Moving a contact between two organizations of one person; nobody else can."""

import asyncio
from typing import Any

import pytest

from chassis.auth import Actor, Role
from chassis.identifiers import format_id, new_id, parse_id
from services.contacts.doors import people
from tests.contacts.house import House, Office

PREVIEW = """query($id: ID!, $to: ID!) { contactMovePreview(id: $id, organizationId: $to) {
    carried interlocutorsLeft alreadyThere } }"""
SHOWN = """query($id: ID!) { contact(id: $id) { givenName familyName origin notes email phone deletedAt
    interlocutors { totalCount } relationshipManager { id } } }"""


@pytest.fixture
async def there(house: House, office: Office) -> Office:
    """Another organization, where the administrator of `office` is a collaborator too, signed in as one person."""
    mail = f"ada-{office.organization.hex[-8:]}@perso.example"
    other = await house.organization("Autre cabinet")
    for each in (office, other):
        await each.do("updateCollaborator", {"id": each.id_of(Role.ADMIN), "email": mail}, Role.ADMIN)
    now = house.running.database.clock()
    person = await people.prove(house.running.system, mail, now, None)
    for each in (office, other):
        mine = each.actors[Role.ADMIN]
        each.actors[Role.ADMIN] = Actor(each.organization, mine.collaborator, Role.ADMIN, person, int(now.timestamp()))
    return other


async def _move(office: Office, contact: str, to: Office, role: Role = Role.ADMIN, **more: Any) -> Any:
    query = """mutation($input: MoveContactInput!) { result: moveContact(input: $input) { __typename
        ... on ContactMoved { contactId organizationId } ... on Error { code message path } } }"""
    input = {"id": contact, "organizationId": format_id("organization", to.organization), **more}
    return (await office.data(query, role, input=input))["result"]


async def test_what_a_person_may_carry_crosses_and_the_rest_stays(office: Office, there: Office) -> None:
    contact = await office.a_contact(
        emails=[{"address": "zoe@port.example"}],
        phones=[{"number": "06 12 34 56 78"}],
        notes="Mot du cabinet",
        relationshipManagerId=office.id_of(Role.COLLABORATOR),
    )
    account = await office.an_account()
    await office.do("createInterlocutor", {"contactId": contact, "accountId": account})
    await there.a_contact(givenName="Zoé", familyName="Double", emails=[{"address": "ZOE@port.example"}])
    to = format_id("organization", there.organization)
    assert (await office.data(PREVIEW, id=contact, to=to))["contactMovePreview"] == {
        "carried": ["givenName", "familyName", "emails", "phones"],
        "interlocutorsLeft": 1,
        "alreadyThere": ["Zoé Double"],
    }
    moved = await _move(office, contact, there, idempotencyKey="un")
    assert moved["__typename"] == "ContactMoved", moved
    assert await _move(office, contact, there, idempotencyKey="un") == moved
    over = (await there.data(SHOWN, id=moved["contactId"]))["contact"]
    assert over == {
        "givenName": "Zoé",
        "familyName": "Lefèvre",
        "origin": "MOVED",
        "notes": None,
        "email": "zoe@port.example",
        "phone": "+33612345678",
        "deletedAt": None,
        "interlocutors": {"totalCount": 0},
        "relationshipManager": None,
    }
    here = (await office.data(SHOWN, id=contact))["contact"]
    assert here["deletedAt"] is not None
    assert here["interlocutors"]["totalCount"] == 1
    assert (await office.data(SHOWN, id=moved["contactId"]))["contact"] is None
    assert (await there.data(SHOWN, id=contact))["contact"] is None
    history = await office.data(
        "query($id: ID!) { contact(id: $id) { history { edges { node { action changes { field } } } } } }", id=contact
    )
    steps = [edge["node"] for edge in history["contact"]["history"]["edges"]]
    assert any("moved" in [change["field"] for change in step["changes"]] for step in steps)
    assert there.organization.hex not in str(history)
    assert (await office.do("restoreContact", {"id": contact}))["__typename"] == "Contact"


async def test_nobody_moves_a_contact_to_where_they_are_not(house: House, office: Office, there: Office) -> None:
    contact = await office.a_contact()
    stranger = await house.organization("Tiers")
    refused = await _move(office, contact, stranger)
    assert (refused["__typename"], refused["code"]) == ("Forbidden", "NO_MEMBERSHIP")
    # A token that proves no address names no person.
    assert (await _move(office, contact, there, Role.COLLABORATOR))["code"] == "SIGN_IN_AGAIN"
    assert (await _move(office, contact, office))["__typename"] == "InvalidInput"
    await there.do("createCollaborator", {"name": "B", "email": "b@t.example", "role": "ADMIN"}, Role.ADMIN)
    await there.do("updateCollaborator", {"id": there.id_of(Role.ADMIN), "role": "READER"}, Role.ADMIN)
    reader = await _move(office, contact, there)
    assert (reader["__typename"], reader["code"]) == ("Forbidden", "FORBIDDEN")
    assert (await office.data(SHOWN, id=contact))["contact"]["deletedAt"] is None
    assert (await there.data("{ contacts { totalCount } }", Role.COLLABORATOR))["contacts"]["totalCount"] == 0


async def test_a_contact_is_moved_once_however_many_ask_at_once(office: Office, there: Office) -> None:
    contact = await office.a_contact()
    results = await asyncio.gather(*(_move(office, contact, there, withNotes=True) for _ in range(3)))
    assert sorted(result["__typename"] for result in results) == ["ContactMoved", "WrongState", "WrongState"]
    assert (await there.data("{ contacts { totalCount } }"))["contacts"]["totalCount"] == 1
    gone = format_id("contact", new_id())
    assert parse_id("contact", gone)
    assert (await _move(office, gone, there))["__typename"] == "NotFound"
