"""Suspects recorded on telephones that are offline at times."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import text

from chassis.auth import Role
from services.contacts.commands import fieldwork
from tests.contacts.house import House, Office
from tests.contacts.pictures.pictures import a_telling_jpeg

SHOWN = """__typename
    ... on FieldWork { clientId waiting kind keptFields accountCreated position { latitude longitude accuracyMeters }
      contact { id version givenName familyName origin status phone email notes photo { width }
        relationshipManager { id } interlocutors { edges { node { jobTitle account { name } } } } }
      account { id name status notes logo { width } relationshipManager { id } } }
    ... on Error { code message path }"""
CREATE = f"mutation($input: CreateSuspectInput!) {{ result: createSuspect(input: $input) {{ {SHOWN} }} }}"
SYNC = f"""mutation($input: SyncFieldWorkInput!) {{ result: syncFieldWork(input: $input) {{
    ... on FieldWorkSync {{ results {{ {SHOWN} }} }} ... on Error {{ code path }} }} }}"""
HERE = {"latitude": 45.7640, "longitude": 4.8357, "accuracyMeters": 12.5}
T0 = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def at(minutes: int) -> str:
    return (T0 + timedelta(minutes=minutes)).isoformat()


def a_suspect(**told: Any) -> dict[str, Any]:
    return {"clientId": str(uuid4()), "capturedAt": at(0), "givenName": "Zoé", "familyName": "Lefèvre", **told}


async def created(office: Office, suspect: dict[str, Any], role: Role = Role.COLLABORATOR) -> Any:
    return (await office.data(CREATE, role, input=suspect))["result"]


async def synced(office: Office, *items: dict[str, Any]) -> list[Any]:
    results: list[Any] = (await office.data(SYNC, Role.COLLABORATOR, input={"items": items}))["result"]["results"]
    return results


async def counted(office: Office) -> tuple[int, int]:
    told = await office.data("{ contacts { totalCount } accounts { totalCount } }")
    return told["contacts"]["totalCount"], told["accounts"]["totalCount"]


async def test_one_mutation_makes_a_suspect_with_its_company_place_and_photo(office: Office) -> None:
    photo = base64.b64encode(a_telling_jpeg()).decode()
    more = {"company": "Boulangerie du Port", "jobTitle": "Gérante", "phone": "06 12 34 56 78", "photo": photo}
    done = await created(office, a_suspect(**more, position=HERE))
    contact, account = done["contact"], done["account"]
    assert (contact["status"], contact["origin"], contact["phone"]) == ("SUSPECT", "FIELD", "+33612345678")
    assert contact["relationshipManager"] == {"id": office.id_of(Role.COLLABORATOR)} == account["relationshipManager"]
    assert (account["name"], account["status"], done["accountCreated"]) == ("Boulangerie du Port", "SUSPECT", True)
    [link] = contact["interlocutors"]["edges"]
    assert link["node"] == {"jobTitle": "Gérante", "account": {"name": "Boulangerie du Port"}}
    assert (contact["photo"], done["position"]) == ({"width": 240}, HERE)
    query = "query($id: ID!) { contact(id: $id) { meeting { position { latitude } by { id } capturedAt } } }"
    met = (await office.data(query, id=contact["id"]))["contact"]["meeting"]
    assert (met["position"]["latitude"], met["by"]["id"]) == (HERE["latitude"], office.id_of(Role.COLLABORATOR))


@pytest.mark.parametrize(("told", "name"), [
    ({"familyName": "Lefèvre"}, "Lefèvre"),
    ({"phone": "0612345678"}, "+33 6 12 34 56 78"),
    ({"email": "zoe@port.example"}, "zoe@port.example"),
])  # fmt: skip
async def test_very_little_is_enough(office: Office, told: dict[str, Any], name: str) -> None:
    done = await created(office, {"clientId": str(uuid4()), "capturedAt": at(0), **told})
    assert done["contact"]["familyName"] == name


async def test_a_company_alone_is_an_account_and_its_person_comes_later(office: Office) -> None:
    photo = base64.b64encode(a_telling_jpeg()).decode()
    shop = {"clientId": str(uuid4()), "capturedAt": at(0), "company": "Chez Ana", "notes": "Fermé", "photo": photo}
    done = await created(office, shop)
    assert (done["contact"], done["account"]["notes"], done["account"]["logo"]) == (None, "Fermé", {"width": 240})
    update = {"clientId": str(uuid4()), "capturedAt": at(5), "suspectId": shop["clientId"], "givenName": "Ana"}
    [later] = await synced(office, {"update": update})
    assert later["contact"]["givenName"] == "Ana"
    assert later["contact"]["interlocutors"]["edges"][0]["node"]["account"]["name"] == "Chez Ana"


async def test_a_known_company_is_not_added_again(office: Office) -> None:
    account = await office.an_account(name="Boulangerie du Port")
    done = await created(office, a_suspect(company="BOULANGERIE  du port"))
    assert (done["account"]["id"], done["accountCreated"]) == (account, False)
    assert await counted(office) == (1, 1)


async def test_the_same_record_is_taken_once_even_after_days_and_by_several_at_once(
    house: House, office: Office
) -> None:
    suspect = a_suspect(company="Chez Ana", phone="0612345678")
    twins = await asyncio.gather(*(created(office, suspect) for _ in range(4)))
    assert len({each["contact"]["id"] for each in twins}) == 1
    clock = house.running.database.clock
    house.running.database.clock = lambda: clock() + timedelta(days=10)
    try:
        again = await created(office, suspect)
    finally:
        house.running.database.clock = clock
    assert again["contact"] == twins[0]["contact"]
    assert await counted(office) == (1, 1)


async def test_another_record_under_the_same_id_is_refused(office: Office) -> None:
    suspect = a_suspect()
    await created(office, suspect)
    refused = await created(office, {**suspect, "givenName": "Ana"})
    assert refused["__typename"] == "IdempotencyConflict"


def a_story() -> list[dict[str, Any]]:
    suspect = a_suspect(phone="0612345678")
    about = {"suspectId": suspect["clientId"]}
    return [
        {"suspect": suspect},
        {"update": {"clientId": str(uuid4()), "capturedAt": at(10), **about, "familyName": "Moreau"}},
        {"note": {"clientId": str(uuid4()), "capturedAt": at(20), **about, "text": "Rappeler mardi"}},
        {"update": {"clientId": str(uuid4()), "capturedAt": at(30), **about, "familyName": "Morel", "company": "Port"}},
    ]


async def test_the_order_in_which_records_come_makes_no_difference(office: Office) -> None:
    for order in [*permutations(range(4))][::3]:
        story = a_story()
        for place in order:
            [result] = await synced(office, story[place])
            assert result["__typename"] == "FieldWork", result
        [last] = await synced(office, story[0])
        contact = last["contact"]
        assert (contact["givenName"], contact["familyName"]) == ("Zoé", "Morel"), order
        assert contact["notes"] == "2026-11-02 09:20 UTC: Rappeler mardi"
        assert [edge["node"]["account"]["name"] for edge in contact["interlocutors"]["edges"]] == ["Port"]


async def test_what_comes_before_its_suspect_waits_and_is_not_sent_again(office: Office) -> None:
    suspect, *rest = a_story()
    early = await synced(office, *rest)
    assert [(each["waiting"], each["contact"]) for each in early] == [(True, None)] * 3
    assert await counted(office) == (0, 0)
    [done] = await synced(office, suspect)
    assert done["contact"]["familyName"] == "Morel"
    assert [each["waiting"] for each in await synced(office, *rest)] == [False] * 3


async def test_a_suspect_and_a_note_at_the_same_moment_see_each_other(office: Office) -> None:
    for _ in range(5):
        suspect, _, note, _ = a_story()
        await asyncio.gather(synced(office, suspect), synced(office, note))
        [done] = await synced(office, suspect)
        assert "Rappeler" in done["contact"]["notes"]


async def test_whom_a_suspect_may_be_is_told_at_once(office: Office) -> None:
    known = await office.a_contact(phones=[{"number": "0612345678", "kind": "MOBILE"}])
    query = CREATE.replace("contact { id", "contact { duplicates { node { ... on Contact { id } } } id")
    done = (await office.data(query, Role.COLLABORATOR, input=a_suspect(phone="06 12 34 56 78")))["result"]
    assert done["contact"]["duplicates"] == [{"node": {"id": known}}]


async def test_what_the_office_corrected_stays(office: Office) -> None:
    suspect, update, _, _ = a_story()
    [done] = await synced(office, suspect)
    await office.do("updateContact", {"id": done["contact"]["id"], "familyName": "Le Fèvre"})
    [late] = await synced(office, update)
    assert (late["contact"]["familyName"], late["keptFields"]) == ("Le Fèvre", ["familyName"])


async def test_one_item_that_is_refused_stops_no_other(office: Office) -> None:
    results = await synced(
        office,
        {"suspect": a_suspect(email="pas une adresse")},
        {"suspect": a_suspect()},
        {},
        {"note": {"clientId": str(uuid4()), "capturedAt": at(0), "suspectId": "42", "text": "?"}},
        {"note": {"clientId": str(uuid4()), "capturedAt": at(0), "suspectId": str(uuid4()), "text": " "}},
    )
    assert [each["__typename"] for each in results] == [
        "InvalidInput", "FieldWork", "InvalidInput", "InvalidInput", "InvalidInput",
    ]  # fmt: skip
    assert [each["path"] for each in results if "path" in each] == [["email"], ["items"], ["suspectId"], ["text"]]
    assert await counted(office) == (1, 0)
    too_many = await office.data(SYNC, Role.COLLABORATOR, input={"items": [{}] * 101})
    assert too_many["result"]["path"] == ["items"]


FAR = (datetime.now(UTC) + timedelta(days=3)).isoformat()


@pytest.mark.parametrize(("told", "path"), [
    ({"position": {"latitude": 91, "longitude": 0}}, ["position", "latitude"]),
    ({"position": {"latitude": 0, "longitude": -180.5}}, ["position", "longitude"]),
    ({"position": {**HERE, "accuracyMeters": -1}}, ["position", "accuracyMeters"]),
    ({"position": {**HERE, "accuracyMeters": 1e9}}, ["position", "accuracyMeters"]),
    ({"position": {**HERE, "takenAt": "2026-11-02T09:00:00"}}, ["position", "takenAt"]),
    ({"capturedAt": FAR}, ["capturedAt"]),
    ({"capturedAt": "2026-11-02T09:00:00"}, ["capturedAt"]),
    ({"clientId": "1"}, ["clientId"]),
    ({"phone": "12"}, ["phone"]),
    ({"familyName": "x" * 10_000}, ["familyName"]),
    ({"photo": "UEsDBA=="}, ["photo"]),
    ({"givenName": None, "familyName": " "}, ["givenName"]),
])  # fmt: skip
async def test_bad_values_are_refused_with_their_field(office: Office, told: dict[str, Any], path: list[str]) -> None:
    refused = await created(office, a_suspect(**told))
    assert (refused["__typename"], refused["path"]) == ("InvalidInput", path)
    assert await counted(office) == (0, 0)


async def test_records_that_wait_for_ever_are_bounded(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fieldwork, "MAX_WAITING", 2)
    results = await synced(office, *(a_story()[2] for _ in range(3)))
    assert [each.get("code") for each in results] == [None, None, "TOO_MUCH_FIELD_WORK_WAITS"]


async def test_another_organization_sees_nothing_of_a_record(house: House, office: Office) -> None:
    other = await house.organization("Autre")
    suspect, _, note, _ = a_story()
    await synced(office, suspect)
    [waiting] = await synced(other, note)
    assert waiting["waiting"] is True
    assert await counted(other) == (0, 0)


@pytest_asyncio.fixture(autouse=True)
async def nothing_escapes(house: House, office: Office) -> Any:
    """Whatever a test did, a new contact has one first version told, with its origin."""
    yield
    async with house.running.system.connect() as connection:
        told = await connection.execute(
            text("SELECT count(*) FROM outbox WHERE organization_id = :id AND type LIKE '%ContactCreated'"),
            {"id": office.organization},
        )
        created = told.scalar_one()
    assert created == (await counted(office))[0]
