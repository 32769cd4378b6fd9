"""What was deleted is purged: gone for ever, with every count that it was in still true, and told once."""

from typing import Any

from sqlalchemy import select

from chassis.auth import Role
from chassis.identifiers import parse_id
from proto.contacts.v1 import messages_pb2 as pb
from services.contacts import model
from tests.contacts.duplicates.test_duplicates import pairs, work
from tests.contacts.house import Office
from tests.contacts.merging.test_merge import merge
from tests.contacts.test_custom_fields import a_field

PAST, FUTURE = "2020-01-01T00:00:00Z", "2090-01-01T00:00:00Z"


async def purge(office: Office, id: str, role: Role = Role.ADMIN, **more: Any) -> Any:
    kind = "Contact" if id.startswith("contact") else "Account"
    query = f"""mutation($input: Purge{kind}Input!) {{ result: purge{kind}(input: $input) {{
        __typename ... on Purge {{ id subjectId kind at by {{ id }} }} ... on Error {{ code message path }} }} }}"""
    return (await office.data(query, role, input={"id": id, **more}))["result"]


async def gone(office: Office, id: str) -> Any:
    kind = "Contact" if id.startswith("contact") else "Account"
    return await office.do(f"delete{kind}", {"id": id})


async def told(office: Office, subject: str) -> list[Any]:
    """What the outbox tells of something, oldest first."""
    columns = model.outbox.c
    mine = columns.aggregate_id == parse_id(subject.partition("_")[0], subject)
    async with office.house.running.database.unit_of_work(office.actors[Role.ADMIN]) as unit:
        rows = await unit.session.execute(select(columns.type, columns.payload).where(mine).order_by(columns.position))
        return [getattr(pb, row.type.rpartition(".")[2]).FromString(row.payload) for row in rows]


async def test_a_deleted_contact_is_purged_and_every_count_stays_true(office: Office) -> None:
    await a_field(office, "size", "CONTACT")
    other = await office.a_contact(familyName="Lefevre", emails=[{"address": "zoe@port.example"}])
    contact = await office.a_contact(
        emails=[{"address": "zoe@port.example"}], customValues=[{"key": "size", "text": "x"}]
    )
    part = await office.a_contact(familyName="Autrefois")
    await merge(office, contact, part)
    account = await office.an_account()
    await office.do(
        "createInterlocutor", {"contactId": contact, "accountId": account, "jobTitle": "Gérante"}, show="id"
    )
    group = await office.do("createGroup", {"name": "Nord", "contactIds": [contact, other]})
    await work(office)
    assert [each["state"] for each in await pairs(office)] == ["OPEN"]
    assert (await purge(office, contact))["code"] == "NOT_DELETED"
    version = (await gone(office, contact))["version"]
    assert (await purge(office, contact, Role.COLLABORATOR))["__typename"] == "Forbidden"
    assert (await purge(office, contact, expectedVersion=1))["__typename"] == "VersionConflict"
    assert (await purge(office, part))["__typename"] == "WrongState"
    done = await purge(office, contact, expectedVersion=version)
    assert (done["__typename"], done["subjectId"], done["kind"]) == ("Purge", contact, "CONTACT")
    assert done["by"]["id"] == office.id_of(Role.ADMIN)
    assert (await purge(office, contact))["__typename"] == "NotFound"
    seen = await office.data(
        """query($id: ID!, $a: ID!, $g: ID!) { contact(id: $id) { id } contacts(filter: {deleted: true}) { totalCount }
        group(id: $g) { memberCount members { totalCount } }
        account(id: $a) { interlocutors { totalCount } history { edges { node { action interlocutorId } } } }
        purges { edges { node { subjectId } } } duplicates { totalCount } }""",
        id=contact,
        a=account,
        g=group["id"],
    )
    assert (seen["contact"], seen["contacts"]["totalCount"], seen["duplicates"]["totalCount"]) == (None, 0, 0)
    assert (seen["group"]["memberCount"], seen["group"]["members"]["totalCount"]) == (1, 1)
    assert seen["account"]["interlocutors"]["totalCount"] == 0
    links = [edge["node"]["action"] for edge in seen["account"]["history"]["edges"] if edge["node"]["interlocutorId"]]
    assert links == ["UPDATED", "CREATED"], "the account's history keeps who spoke for it, until when"
    assert [edge["node"]["subjectId"] for edge in seen["purges"]["edges"]] == [contact]


async def test_the_others_are_told_of_it_without_a_name_and_by_its_newest_version(office: Office) -> None:
    contact, part = await office.a_contact(), await office.a_contact()
    await merge(office, contact, part)
    version = (await gone(office, contact))["version"]
    done = await purge(office, contact)
    for id in (contact, part):
        last = (await told(office, id))[-1].contact
        assert (last.purged, last.deleted, last.family_name, last.given_name) == (True, True, "[purged]", "")
    assert (await told(office, part))[-1].contact.merged_into_id == contact
    [made] = await told(office, done["id"])
    assert (made.purge.subject_id, made.purge.actor_id) == (contact, office.id_of(Role.ADMIN))
    async with office.house.running.database.unit_of_work(office.actors[Role.ADMIN]) as unit:
        columns = model.outbox.c
        newest = select(columns.aggregate_version).where(columns.aggregate_id == parse_id("contact", contact))
        assert max(await unit.session.scalars(newest)) == version + 1


async def test_a_purged_account_leaves_its_subsidiaries_and_the_history_of_its_people(office: Office) -> None:
    account, contact = await office.an_account(), await office.a_contact()
    under = await office.an_account(name="Filiale", parentId=account)
    await office.do("createInterlocutor", {"contactId": contact, "accountId": account}, show="id")
    await gone(office, account)
    assert (await purge(office, account))["kind"] == "ACCOUNT"
    query = """query($id: ID!, $c: ID!) { account(id: $id) { parent { id } history { edges { node { changes {
        field after } } } } } contact(id: $c) { history(filter: {interlocutorId: {isNull: false}}) { totalCount } } }"""
    seen = await office.data(query, id=under, c=contact)
    assert seen["account"]["parent"] is None
    assert seen["account"]["history"]["edges"][0]["node"]["changes"] == [{"field": "parent", "after": None}]
    assert seen["contact"]["history"]["totalCount"] == 2


async def test_what_was_deleted_long_ago_is_purged_at_once_and_once(office: Office) -> None:
    kept, contact, account = await office.a_contact(), await office.a_contact(), await office.an_account()
    await gone(office, contact)
    await gone(office, account)
    query = """mutation($input: PurgeDeletedInput!) { result: purgeDeleted(input: $input) { __typename
        ... on PurgedDeleted { contacts accounts more } ... on Error { path message } } }"""

    async def ask(before: str, **more: Any) -> Any:
        return (await office.data(query, input={"deletedBefore": before, **more}))["result"]

    assert (await ask(FUTURE))["path"] == ["deletedBefore"]
    assert await ask(PAST) == {"__typename": "PurgedDeleted", "contacts": 0, "accounts": 0, "more": False}
    now = await office.data(f'{{ contact(id: "{contact}") {{ deletedAt }} account(id: "{account}") {{ deletedAt }} }}')
    before = now["account"]["deletedAt"].replace("+00:00", "Z")
    first = await ask(before, idempotencyKey="night")
    assert (first["contacts"], first["accounts"], first["more"]) == (1, 0, False), "deleted before, not at"
    assert await ask(before, idempotencyKey="night") == first
    assert (await office.data(f'{{ contact(id: "{kept}") {{ id }} }}'))["contact"]


async def test_a_link_made_by_mistake_is_deleted_and_restored_as_it_was(office: Office) -> None:
    contact, account = await office.a_contact(), await office.an_account()
    named = {"contactId": contact, "accountId": account}

    async def act(what: str, id: str) -> Any:
        query = f"""mutation($input: {what}InterlocutorInput!) {{ result: {what[0].lower()}{what[1:]}Interlocutor(
            input: $input) {{ __typename ... on Interlocutor {{ id endedAt deletedAt }} ... on Error {{ code }} }} }}"""
        return (await office.data(query, Role.COLLABORATOR, input={"id": id}))["result"]

    link = await office.do("createInterlocutor", named, show="jobTitle")
    deleted = await act("Delete", link["id"])
    assert deleted["deletedAt"] == deleted["endedAt"]
    assert (await act("Delete", link["id"]))["code"] == "WRONG_STATE"
    assert (await told(office, link["id"]))[-1].interlocutor.deleted
    count = "query($d: Boolean) { interlocutors(filter: {deleted: $d}) { totalCount } }"
    assert [(await office.data(count, d=d))["interlocutors"]["totalCount"] for d in (None, True)] == [0, 1]
    twin = await office.do("createInterlocutor", named, show="jobTitle")
    assert (await act("Restore", link["id"]))["code"] == "ALREADY_INTERLOCUTOR"
    await act("Delete", twin["id"])
    back = await act("Restore", link["id"])
    assert (back["deletedAt"], back["endedAt"]) == (None, None)
