"""A person who asks what is kept of them: one document of all services, once each has answered."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update

from chassis import disclosure
from chassis.auth import Actor, Role
from chassis.disclosure import Piece
from chassis.identifiers import new_id, parse_id
from services.contacts import model
from services.contacts.importing.transfers import forget_old
from services.contacts.privacy.disclosing import part_arrived
from services.contacts.privacy.erasing import service_done
from tests.contacts.house import House, Office
from tests.contacts.privacy.test_erasing import a_person, erase

SHOWN = "__typename ... on PersonExport { id state contactsAt dealsAt refusal } ... on Error { code message }"


async def export(office: Office, id: str, role: Role = Role.ADMIN) -> Any:
    query = f"mutation($input: ExportPersonInput!) {{ result: exportPerson(input: $input) {{ {SHOWN} }} }}"
    return (await office.data(query, role, input={"id": id}))["result"]


async def seen(office: Office, id: str) -> Any:
    query = "query($id: ID!) { personExport(id: $id) { state contactsAt dealsAt notifierAt refusal by { name } } }"
    return (await office.data(query, id=id))["personExport"]


async def download(office: Office, id: str, role: Role = Role.ADMIN) -> Any:
    query = """mutation($input: DownloadPersonExportInput!) { result: downloadPersonExport(input: $input) {
        __typename ... on Download { url } ... on Error { code } } }"""
    return (await office.data(query, role, input={"id": id}))["result"]


async def answer(office: Office, id: str, service: str, *told: Piece) -> None:
    async with office.house.running.database.unit_of_work(Actor.system(office.organization)) as work:
        for piece in told:
            await part_arrived(work, parse_id("person_export", id), service, piece)


async def test_it_is_ready_once_all_have_answered_and_holds_what_each_keeps(office: Office, house: House) -> None:
    person = await a_person(office)
    made = await export(office, person)
    assert (made["state"], bool(made["contactsAt"]), made["dealsAt"]) == ("PENDING", True, None)
    id = made["id"]
    first, second = new_id(), new_id()
    await answer(office, id, "deals", Piece(first, 1, 2, 'tre"}'), Piece(second, 0, 2, '{"deal":["autre'))
    assert (await seen(office, id))["dealsAt"] is None, "a half answer is none"
    await answer(office, id, "deals", Piece(first, 0, 2, '{"deal":"lettre et au'))
    await answer(office, id, "deals", Piece(second, 1, 2, '"]}'), Piece(first, 0, 2, "{}"))
    assert (await seen(office, id))["state"] == "PENDING"
    assert (await download(office, id))["code"] == "WRONG_STATE"
    await answer(office, id, "notifier", Piece(new_id(), 0, 1, '{"delivery":[1]}'))
    assert (await seen(office, id))["state"] == "READY"
    url = (await download(office, id))["url"]
    response = await house.client.get(url)
    assert response.headers["content-type"].startswith("application/json")
    told = response.json()
    assert told["deals"] == {"deal": "lettre et autre"}, "the first answer that was whole"
    assert told["notifier"] == {"delivery": [1]}
    own = told["contacts"]
    assert {each["address"] for each in own["contact_email"]} >= {"zebulon@port.example", "quatrepoint@ancien.example"}
    assert [each["number"] for each in own["contact_phone"]] == ["+33699887766"]
    assert own["interlocutor"][0]["job_title"] == "Directeur"
    assert own["account_names"][0]["name"] == "Boulangerie du Port"
    assert {"notes": "Appeler Zébulon Quatrepoint"}.items() <= own["mentions_account"][0].items()
    assert {"history_entry", "merge", "contact_import_row", "contact_external_id"} <= set(own), set(own)
    async with house.running.database.read(office.organization) as read:
        waiting = select(func.count()).where(model.outbox.c.aggregate == "person_export")
        assert await read.scalar(waiting) == 0, "the request named them"
    erasure = parse_id("erasure", (await erase(office, person, "Zébulon Quatrepoint"))["id"])
    for service in ("deals", "notifier"):
        async with house.running.database.unit_of_work(Actor.system(office.organization)) as work:
            await service_done(work, erasure, service)
    assert (await house.client.get(url)).status_code == 403


async def test_another_organization_and_other_roles_get_nothing(office: Office, house: House) -> None:
    contact = await office.a_contact()
    for role in (Role.COLLABORATOR, Role.READER):
        assert (await export(office, contact, role))["__typename"] == "Forbidden"
    other = await house.organization("Autre")
    assert (await export(other, contact))["__typename"] == "NotFound"
    id = (await export(office, contact))["id"]
    for service in ("deals", "notifier"):
        await answer(other, id, service, Piece(new_id(), 0, 1, "{}"))
    assert (await seen(office, id))["state"] == "PENDING", "another organization's answer is none"
    for service in ("deals", "notifier"):
        await answer(office, id, service, Piece(new_id(), 0, 1, "{}"))
    assert await seen(other, id) is None
    assert (await download(other, id))["code"] == "NOT_FOUND"
    assert (await download(office, id, Role.COLLABORATOR))["__typename"] == "Forbidden"
    url = (await download(office, id))["url"]
    gone = update(model.Collaborator).where(model.Collaborator.id == office.actors[Role.ADMIN].collaborator)
    async with house.running.database.unit_of_work(Actor.system(office.organization)) as work:
        await work.session.execute(gone.values(role=Role.READER))
    assert (await house.client.get(url)).status_code == 403, "whoever is an administrator no more"


async def test_too_much_is_refused_and_what_is_old_or_erased_goes(
    office: Office, house: House, monkeypatch: Any
) -> None:
    contact = await office.a_contact(emails=[{"address": "zoe@port.example"}])
    with monkeypatch.context() as patched:
        patched.setattr(disclosure, "MOST_PIECES", 0)
        refused = (await export(office, contact))["id"]
    for service in ("deals", "notifier"):
        await answer(office, refused, service, Piece(new_id(), 0, 1, "{}"))
    told = await seen(office, refused)
    assert (told["state"], told["refusal"]) == ("REFUSED", "TOO_LARGE")
    old, row = (await export(office, contact))["id"], model.PersonExport
    async with house.running.database.unit_of_work(Actor.system(office.organization)) as work:
        expired = update(row).where(row.id == parse_id("person_export", old))
        await work.session.execute(expired.values(expires_at=work.now - timedelta(days=1)))
    await forget_old(house.running.system)
    assert await seen(office, old) is None
    await erase(office, contact, "Zoé Lefèvre")
    assert await seen(office, refused) is None
    async with house.running.database.read(office.organization) as read:
        assert await read.scalar(select(func.count()).select_from(model.PersonExportPart)) == 0
