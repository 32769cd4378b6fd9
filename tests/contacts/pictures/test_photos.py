"""Photos of contacts, collaborators and companies, as a front-end sees them."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from chassis.auth import Role
from services.contacts import model
from tests.contacts.house import House, Office
from tests.contacts.pictures.pictures import a_bomb, a_jpeg, a_telling_jpeg

PHOTO = "{ large: url(size: LARGE) url small: url(size: SMALL) width height smallWidth: width(size: SMALL) }"
SET = f"""mutation($input: SetPhotoInput!) {{ result: setPhoto(input: $input) {{ __typename
    ... on PhotoChange {{ ownerId photo {PHOTO} }} ... on Error {{ code message path }} }} }}"""
REMOVE = """mutation($input: RemovePhotoInput!) { result: removePhoto(input: $input) { __typename
    ... on PhotoChange { photo { url } } ... on Error { code path } } }"""
UPLOAD = """mutation($input: StartPhotoUploadInput!) { result: startPhotoUpload(input: $input) { __typename
    ... on PhotoUpload { uploadUrl maxBytes } ... on Error { code path } } }"""


async def given(office: Office, owner: str, content: bytes, role: Role = Role.COLLABORATOR, **more: Any) -> Any:
    input = {"ownerId": owner, "content": base64.b64encode(content).decode(), **more}
    return (await office.data(SET, role, input=input))["result"]


async def test_a_contact_gets_a_photo_that_a_browser_shows_safely(house: House, office: Office) -> None:
    contact = await office.a_contact()
    done = await given(office, contact, a_telling_jpeg())
    assert (done["ownerId"], done["photo"]["width"], done["photo"]["height"]) == (contact, 240, 320)
    shown = await house.client.get(done["photo"]["url"])
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert b"Secret" not in shown.content
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert "immutable" in shown.headers["cache-control"] and "private" in shown.headers["cache-control"]


async def test_the_photo_is_part_of_its_owner(house: House, office: Office) -> None:
    contact = await office.a_contact()
    await given(office, contact, a_jpeg(), expectedVersion=1)
    query = "query($id: ID!) { contact(id: $id) { version photo { url } } }"
    first = (await office.data(query, id=contact))["contact"]
    assert first["version"] == 2
    refused = await given(office, contact, a_jpeg(), expectedVersion=1)
    assert refused["code"] == "VERSION_CONFLICT"
    await given(office, contact, a_jpeg(320, 240))
    second = (await office.data(query, id=contact))["contact"]
    assert second["photo"]["url"] != first["photo"]["url"]
    assert (await house.client.get(first["photo"]["url"])).status_code == 404
    gone = (await office.data(REMOVE, Role.COLLABORATOR, input={"ownerId": contact}))["result"]
    assert gone["photo"] is None
    assert (await house.client.get(second["photo"]["url"])).status_code == 404
    async with house.running.database.read(office.organization) as read:
        assert await read.scalar(select(func.count()).select_from(model.PictureRendition)) == 0


async def test_the_same_key_sets_a_photo_once(office: Office) -> None:
    contact = await office.a_contact()
    for _ in range(2):
        await given(office, contact, a_jpeg(), idempotencyKey="photo-1")
    told = await office.data("query($id: ID!) { contact(id: $id) { version } }", id=contact)
    assert told["contact"]["version"] == 2


async def test_an_address_that_was_changed_or_is_old_shows_nothing(house: House, office: Office) -> None:
    done = await given(office, await office.a_contact(), a_jpeg())
    url = done["photo"]["url"]
    assert (await house.client.get(url)).status_code == 200
    organization, picture, side, until, signature = url.removeprefix("/photos/").split(".")
    others = [
        f"{organization}.{picture}.1024.{until}.{signature}",
        f"{organization}.{picture}.{side}.{int(until) + 86_400}.{signature}",
        f"{organization}.{picture}.{side}.{until}.{'A' * len(signature)}",
        f"{organization.upper()}.{picture}.{side}.{until}.{signature}",
        f"{organization}.{picture}.{side}.{until}",
        "..%2f..%2fetc%2fpasswd",
    ]
    for other in others:
        assert (await house.client.get(f"/photos/{other}")).status_code == 404, other
    clock = house.running.database.clock
    house.running.database.clock = lambda: clock() + timedelta(days=3)
    try:
        assert (await house.client.get(url)).status_code == 404
    finally:
        house.running.database.clock = clock


async def test_a_large_photo_is_sent_over_http(house: House, office: Office) -> None:
    contact, account = await office.a_contact(), await office.an_account()
    for owner, field in ((contact, "contact"), (account, "account")):
        told = (await office.data(UPLOAD, Role.COLLABORATOR, input={"ownerId": owner}))["result"]
        answer = await house.client.put(told["uploadUrl"], content=a_jpeg(4000, 3000))
        assert (answer.status_code, answer.json()) == (200, {"width": 1024, "height": 768})
        shown = "photo { width }" if field == "contact" else "photo: logo { width }"
        seen = await office.data(f"query($id: ID!) {{ found: {field}(id: $id) {{ {shown} }} }}", id=owner)
        assert seen["found"]["photo"] == {"width": 320}
    bomb = await house.client.put(told["uploadUrl"], content=a_bomb())
    assert (bomb.status_code, bomb.json()["error"]["code"]) == (422, "PICTURE_TOO_LARGE")
    heavy = await house.client.put(told["uploadUrl"], content=bytes(told["maxBytes"] + 1))
    assert (heavy.status_code, heavy.json()["error"]["code"]) == (422, "PICTURE_TOO_LARGE")
    assert (await house.client.put("/transfers/photo/no.such.ticket", content=b"")).status_code == 404


async def test_ones_own_photo_and_an_administrators_hand(office: Office) -> None:
    me, ada = office.id_of(Role.COLLABORATOR), office.id_of(Role.ADMIN)
    assert (await given(office, me, a_jpeg()))["__typename"] == "PhotoChange"
    assert (await given(office, ada, a_jpeg()))["__typename"] == "Forbidden"
    assert (await given(office, me, a_jpeg(), Role.ADMIN))["__typename"] == "PhotoChange"
    told = await office.data("{ me { photo { width } } }", Role.COLLABORATOR)
    assert told["me"]["photo"] == {"width": 320}


@pytest.mark.parametrize(("content", "code"), [
    ("data:image/jpeg;base64,AAAA", "PICTURE_NOT_BASE64"),
    ("é", "PICTURE_NOT_BASE64"),
    ("A" * 900_000, "PICTURE_TOO_LARGE_INLINE"),
    (base64.b64encode(a_bomb()).decode(), "PICTURE_TOO_LARGE"),
    ("", "PICTURE_NOT_A_PICTURE"),
], ids=["data", "accent", "large", "bomb", "empty"])  # fmt: skip
async def test_what_is_no_photo_is_refused_naming_its_field(office: Office, content: str, code: str) -> None:
    contact = await office.a_contact()
    refused = (await office.data(SET, Role.COLLABORATOR, input={"ownerId": contact, "content": content}))["result"]
    assert (refused["__typename"], refused["code"], refused["path"]) == ("InvalidInput", code, ["content"])


async def test_an_owner_of_another_kind_or_organization_is_refused(house: House, office: Office) -> None:
    other = await house.organization("Autre")
    theirs = await other.a_contact()
    assert (await given(office, theirs, a_jpeg()))["__typename"] == "NotFound"
    assert (await given(office, "deal_01h455vb4pex5vsknk084sn02q", a_jpeg()))["code"] == "INVALID_ID"


async def test_the_photos_of_a_list_are_one_statement(house: House, office: Office) -> None:
    for _ in range(3):
        await given(office, await office.a_contact(), a_jpeg(64, 48))
    seen: list[str] = []
    engine = house.running.database.engine.sync_engine

    def count(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        told = await office.data("{ contacts(first: 10) { edges { node { photo { url(size: SMALL) } } } } }")
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert all(edge["node"]["photo"]["url"] for edge in told["contacts"]["edges"])
    assert sum("FROM picture" in statement for statement in seen) == 1
