"""Coming in: invitations, signing in, memberships; and nobody else learns where a person goes."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from chassis.auth import DOORS_AUDIENCE, Actor, Role, TokenSigner
from chassis.database import utc_now
from chassis.identifiers import format_id, parse_id
from services.contacts.settings import doors
from tests.contacts.house import House, Office

JSON = {"Accept": "application/json"}
MEMBERSHIPS = "{ myMemberships { organizationName email role isCurrent organizationId } }"


@pytest.fixture
def links(house: House) -> TokenSigner:
    """Signs links as the notifier does."""
    opened = doors(house.running)
    assert opened is not None
    return opened.keeper.signer


def _link(links: TokenSigner, office: Office, id: str, revision: int = 0, seconds: float = 600) -> str:
    claims = {"sub": id, "org": format_id("organization", office.organization), "rev": revision}
    return links.sign(claims, DOORS_AUDIENCE, seconds)


async def _do(office: Office, mutation: str, input: dict[str, Any], role: Role = Role.ADMIN, show: str = "") -> Any:
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    of = {"switchOrganization": "Session", "acceptInvitation": "Session", "updateMe": "Collaborator"}
    query = f"""mutation($input: {kind}!) {{ result: {mutation}(input: $input) {{
        __typename ... on {of.get(mutation, "Invitation")} {{ {show or "__typename"} }}
        ... on Error {{ code message path }} }} }}"""
    return (await office.data(query, role, input=input))["result"]


async def _invite(office: Office, **input: Any) -> str:
    told = {"name": "Ana Costa", "email": "ana@lumiere.example", **input}
    made = await _do(office, "inviteCollaborator", told, show="id")
    assert made["__typename"] == "Invitation", made
    return str(made["id"])


async def _post(house: House, path: str, **body: Any) -> httpx.Response:
    return await house.client.post(path, json=body, headers=JSON)


def _as(office: Office, token: str, links: TokenSigner) -> None:
    """Ask as whoever holds a token of signing in."""
    office.actors[Role.ADMIN] = Actor.from_claims(links.verify(token, "liant"))


async def _sign_in(house: House, links: TokenSigner, office: Office, email: str) -> httpx.Response:
    assert (await _post(house, "/sign-in", email=email)).status_code == 202
    async with house.running.system.connect() as connection:
        asked = text("SELECT id, organization_id FROM sign_in WHERE email = :email ORDER BY requested_at DESC LIMIT 1")
        row = (await connection.execute(asked, {"email": email})).one()
    claims = {"sub": format_id("sign_in", row.id), "org": format_id("organization", row.organization_id), "rev": 0}
    return await _post(house, f"/sign-in/{links.sign(claims, DOORS_AUDIENCE, 600)}")


async def test_an_invitation_is_looked_at_by_scanners_and_accepted_once(
    house: House, office: Office, links: TokenSigner
) -> None:
    # An address of this test's alone: memberships are those of all organizations.
    id = await _invite(office, role="READER", department="Paie", locale="en", email="scanned@lumiere.example")
    path = f"/invitations/{_link(links, office, id)}"
    for _ in range(3):
        page = await house.client.get(path)
        assert (page.status_code, page.headers["referrer-policy"]) == (200, "no-referrer")
        assert "will you join Cabinet Lumière?" in page.text
        assert 'method="post"' in page.text
    both = await asyncio.gather(_post(house, path), _post(house, path))
    assert sorted(answer.status_code for answer in both) == [200, 410]
    (entered,) = [answer.json() for answer in both if answer.status_code == 200]
    (refused,) = [answer.json() for answer in both if answer.status_code == 410]
    assert refused["error"]["code"] == "LINK_USED"
    assert [each["role"] for each in entered["memberships"]] == ["READER"]
    claims = links.verify(entered["accessToken"], "liant")
    told = await office.data(
        "query($id: ID!) { collaborator(id: $id) { name email role department locale timeZone } }", id=claims["sub"]
    )
    assert told["collaborator"] == {
        "name": "Ana Costa",
        "email": "scanned@lumiere.example",
        "role": "READER",
        "department": "Paie",
        "locale": "en",
        "timeZone": "Europe/Paris",
    }
    state = "{ invitations { edges { node { state email collaborator { name } invitedBy { id } } } } }"
    (edge,) = (await office.data(state))["invitations"]["edges"]
    assert (edge["node"]["state"], edge["node"]["collaborator"]) == ("ACCEPTED", {"name": "Ana Costa"})
    assert edge["node"]["invitedBy"]["id"] == office.id_of(Role.ADMIN)


async def test_only_the_newest_link_opens_and_none_after_its_term_or_its_end(
    house: House, office: Office, links: TokenSigner
) -> None:
    id = await _invite(office)
    first = _link(links, office, id)
    assert (await _do(office, "resendInvitation", {"id": id, "expectedVersion": 1}))["__typename"] == "Invitation"
    second = _link(links, office, id, revision=1)
    other = TokenSigner(house.signer._key, links.issuer)
    wrong = {
        "LINK_UNKNOWN": [first, "x" * 22, _link(other, office, id, 1), links.sign({"sub": id}, "liant", 60)],
        "LINK_EXPIRED": [_link(links, office, id, 1, seconds=-60)],
    }
    for code, tokens in wrong.items():
        for token in tokens:
            refused = await _post(house, f"/invitations/{token}")
            assert (refused.json()["error"]["code"], refused.status_code in (404, 410)) == (code, True)
    database = house.running.database
    database.clock = lambda: utc_now() + timedelta(days=8)
    try:
        late = await _post(house, f"/invitations/{second}")
    finally:
        database.clock = utc_now
    assert late.json()["error"]["code"] == "LINK_EXPIRED"
    assert (await _do(office, "revokeInvitation", {"id": id}))["__typename"] == "Invitation"
    assert (await _post(house, f"/invitations/{second}")).json()["error"]["code"] == "LINK_EXPIRED"
    again = await _do(office, "resendInvitation", {"id": id})
    assert (again["__typename"], again["code"]) == ("WrongState", "INVITATION_ENDED")
    assert (await office.data("{ collaborators { totalCount } }"))["collaborators"]["totalCount"] == 3


async def test_an_address_is_invited_once_at_a_time_and_by_administrators(office: Office) -> None:
    await _invite(office)
    twice = await _do(office, "inviteCollaborator", {"name": "Ana", "email": "ANA@lumiere.example"})
    assert (twice["__typename"], twice["code"]) == ("AlreadyExists", "ALREADY_INVITED")
    taken = await _do(office, "inviteCollaborator", {"name": "Ada", "email": "ada@lumiere.example"})
    assert (taken["__typename"], taken["code"]) == ("AlreadyExists", "EMAIL_TAKEN")
    nameless = await _do(office, "inviteCollaborator", {"email": "x@lumiere.example"})
    assert (nameless["__typename"], nameless["path"]) == ("InvalidInput", ["name"])
    mine = await _do(office, "inviteCollaborator", {"name": "A", "email": "a@b.example"}, Role.COLLABORATOR)
    assert mine["__typename"] == "Forbidden"
    refused = await office.ask("{ invitations { totalCount } }", Role.COLLABORATOR)
    assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_a_contact_who_is_promoted_stays_tied_whatever_becomes_of_the_collaborator(
    house: House, office: Office, links: TokenSigner
) -> None:
    contact = await office.a_contact(emails=[{"address": "zoe@fournisseur.example"}], language="en")
    id = await _invite(office, contactId=contact, name="Zoé Lefèvre", email="zoe@fournisseur.example")
    entered = (await _post(house, f"/invitations/{_link(links, office, id)}")).json()
    collaborator = links.verify(entered["accessToken"], "liant")["sub"]
    ties = """query($c: ID!, $p: ID!) { contact(id: $c) { collaborator { id disabled } }
              collaborator(id: $p) { contact { id } locale } }"""
    for change in ({}, {"role": "READER"}, {"disabled": True}):
        if change:
            await office.do("updateCollaborator", {"id": collaborator, **change}, Role.ADMIN)
        told = await office.data(ties, c=contact, p=collaborator)
        assert told["collaborator"] == {"contact": {"id": contact}, "locale": "en"}
        assert told["contact"]["collaborator"] == {"id": collaborator, "disabled": "disabled" in change}
    twice = await _do(office, "inviteCollaborator", {"contactId": contact})
    assert (twice["__typename"], twice["code"]) == ("AlreadyExists", "ALREADY_COLLABORATOR")


async def test_a_person_goes_from_one_organization_to_another_and_nobody_else_knows(
    house: House, office: Office, links: TokenSigner
) -> None:
    other, third = await house.organization("Autre cabinet"), await house.organization("Tiers")
    mail, second = (
        f"ana-{office.organization.hex[-8:]}@perso.example",
        f"ac-{office.organization.hex[-8:]}@autre.example",
    )
    await office.do("createCollaborator", {"name": "Ana", "email": mail}, Role.ADMIN)
    entered = (await _sign_in(house, links, office, mail)).json()
    assert [each["organizationName"] for each in entered["memberships"]] == ["Cabinet Lumière"]
    _as(office, entered["accessToken"], links)
    id = await _invite(other, email=second, name="Ana C.")
    accepted = await _do(office, "acceptInvitation", {"token": _link(links, other, id)}, show="accessToken")
    told = {row["organizationName"]: row for row in (await office.data(MEMBERSHIPS))["myMemberships"]}
    assert {name: (row["email"], row["isCurrent"]) for name, row in told.items()} == {
        "Autre cabinet": (second, False),
        "Cabinet Lumière": (mail, True),
    }
    over = await _do(
        office, "switchOrganization", {"organizationId": told["Autre cabinet"]["organizationId"]}, show="accessToken"
    )
    for token in (accepted["accessToken"], over["accessToken"]):
        assert links.verify(token, "liant")["org"] == format_id("organization", other.organization)
    elsewhere = format_id("organization", third.organization)
    refused = await _do(office, "switchOrganization", {"organizationId": elsewhere})
    assert (refused["__typename"], refused["code"]) == ("Forbidden", "NO_MEMBERSHIP")
    signed_in_by_the_other_address = (await _sign_in(house, links, other, second)).json()
    assert len(signed_in_by_the_other_address["memberships"]) == 2
    # Disabled there, it is no membership any more.
    gone = links.verify(over["accessToken"], "liant")["sub"]
    await other.do("updateCollaborator", {"id": gone, "disabled": True}, Role.ADMIN)
    assert [row["organizationName"] for row in (await office.data(MEMBERSHIPS))["myMemberships"]] == ["Cabinet Lumière"]


async def test_a_token_without_a_proven_address_tells_of_no_other_organization(
    house: House, office: Office, links: TokenSigner
) -> None:
    victim = f"victime-{office.organization.hex[-8:]}@perso.example"
    other = await house.organization("Autre cabinet")
    await other.do("createCollaborator", {"name": "Victime", "email": victim}, Role.ADMIN)
    # An administrator gives their own collaborator the address of somebody else's.
    mine = {"id": office.id_of(Role.COLLABORATOR), "email": victim}
    await office.do("updateCollaborator", mine, Role.ADMIN)
    answer = await office.ask(MEMBERSHIPS, Role.COLLABORATOR)
    assert answer["errors"][0]["extensions"]["code"] == "SIGN_IN_AGAIN"
    organization = format_id("organization", other.organization)
    refused = await _do(office, "switchOrganization", {"organizationId": organization}, Role.COLLABORATOR)
    assert refused["code"] == "SIGN_IN_AGAIN"


async def test_a_link_signs_in_once_and_an_old_proof_counts_no_more(
    house: House, office: Office, links: TokenSigner
) -> None:
    mail = f"bea-{office.organization.hex[-8:]}@perso.example"
    await office.do("createCollaborator", {"name": "Bea", "email": mail}, Role.ADMIN)
    assert (await _post(house, "/sign-in", email=mail)).status_code == 202
    async with house.running.system.connect() as connection:
        row = (await connection.execute(text("SELECT id FROM sign_in WHERE email = :e"), {"e": mail})).one()
    path = f"/sign-in/{_link(links, office, format_id('sign_in', row.id))}"
    for _ in range(2):
        assert (await house.client.get(path)).status_code == 200
    both = await asyncio.gather(_post(house, path), _post(house, path))
    assert sorted(answer.status_code for answer in both) == [200, 410]
    (entered,) = [answer.json() for answer in both if answer.status_code == 200]
    _as(office, entered["accessToken"], links)
    database = house.running.database
    database.clock = lambda: utc_now() + timedelta(days=31)
    try:
        answer = await office.ask(MEMBERSHIPS)
    finally:
        database.clock = utc_now
    assert answer["errors"][0]["extensions"]["code"] == "SIGN_IN_AGAIN"


async def test_whether_an_address_is_known_is_told_to_nobody_and_few_links_are_mailed(
    house: House, office: Office
) -> None:
    mail = f"chloe-{office.organization.hex[-8:]}@perso.example"
    await office.do("createCollaborator", {"name": "Chloé", "email": mail}, Role.ADMIN)
    known = [await _post(house, "/sign-in", email=mail) for _ in range(5)]
    stranger = await _post(house, "/sign-in", email="personne@nulle-part.example")
    assert {(answer.status_code, answer.text) for answer in (*known, stranger)} == {(202, '{"sent":true}')}
    async with house.running.system.connect() as connection:
        many = await connection.scalar(text("SELECT count(*) FROM sign_in WHERE email = :e"), {"e": mail})
    assert many == 3
    assert (await _post(house, "/sign-in", email="pas une adresse")).json()["error"]["code"] == "INVALID_INPUT"
    assert (await house.client.post("/sign-in", content=b"email=" + b"x" * 9000)).status_code == 400


async def test_persons_are_seen_by_no_organization(house: House, office: Office, links: TokenSigner) -> None:
    mail = f"dora-{office.organization.hex[-8:]}@perso.example"
    await office.do("createCollaborator", {"name": "Dora", "email": mail}, Role.ADMIN)
    assert (await _sign_in(house, links, office, mail)).status_code == 200
    for table in ("person", "person_address"):
        async with house.running.database.read(office.organization) as read:
            assert await read.rows(text(f"SELECT * FROM {table}")) == []


async def test_people_change_what_they_say_of_themselves_and_not_their_address_or_role(office: Office) -> None:
    show = "name department locale timeZone role email version"
    told = {"name": "Camille L.", "department": "Juridique", "locale": "en", "timeZone": "Asia/Tokyo"}
    changed = await _do(office, "updateMe", told, Role.READER, show)
    assert {key: changed[key] for key in told} == told
    assert (changed["role"], changed["email"]) == ("READER", "reader@lumiere.example")
    conflict = await _do(office, "updateMe", {"locale": "fr", "expectedVersion": 1}, Role.READER)
    assert conflict["__typename"] == "VersionConflict"
    wrong = await _do(office, "updateMe", {"timeZone": "Mars/Phobos"}, Role.READER)
    assert (wrong["__typename"], wrong["path"]) == ("InvalidInput", ["timeZone"])


async def test_two_administrators_who_demote_each_other_at_once_leave_one(office: Office) -> None:
    second = await office.do("createCollaborator", {"name": "B", "email": "b@l.example", "role": "ADMIN"}, Role.ADMIN)
    first = office.actors[Role.ADMIN]
    twin = Office(office.house, office.organization, {Role.ADMIN: _actor(first, second["id"])})
    demote = {"role": "READER"}
    results = await asyncio.gather(
        office.do("updateCollaborator", {"id": second["id"], **demote}, Role.ADMIN),
        twin.do("updateCollaborator", {"id": office.id_of(Role.ADMIN), **demote}, Role.ADMIN),
    )
    outcomes = sorted(result.get("code", "written") for result in results)
    assert outcomes in (["LAST_ADMIN", "written"], ["FORBIDDEN", "written"])
    admins = await office.data("{ collaborators(filter: {role: {eq: ADMIN}}) { totalCount } }", Role.COLLABORATOR)
    assert admins["collaborators"]["totalCount"] == 1


def _actor(of: Actor, collaborator: str) -> Actor:
    id: UUID = parse_id("collaborator", collaborator)
    return Actor(of.organization, id, Role.ADMIN)
