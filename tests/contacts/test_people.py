"""What people and companies have: places, languages, social links, relation kinds, parents, bank details."""

import asyncio
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.auth import Role
from chassis.errors import InvalidInput
from services.contacts.commands.hierarchy import MAX_LEVELS
from services.contacts.links import SocialNetwork, parse_language, parse_social_url, parse_website
from tests.contacts.house import House, Office

CONTACT = """query($id: ID!) { found: contact(id: $id) { languages relationKinds socialLinks { network url }
  addresses { kind lines postalCode city region country } tags { name color } } }"""
ACCOUNT = """query($id: ID!) { found: account(id: $id) { website domain relationKinds parent { id }
  subsidiaries { edges { node { name } } } emails { address primary } phones { shown } socialLinks { url }
  tags { name } history { edges { node { changes { field before after } } } } } }"""
BANK = "query($id: ID!) { account(id: $id) { name bankAccounts { iban bic holder } } }"
GOOD = {"iban": "FR14 2004 1010 0505 0001 3M02 606", "bic": "PSSTFRPPPAR", "holder": "Port SA"}


async def test_a_contact_is_read_as_it_was_written_and_lists_replace(office: Office) -> None:
    place = {"lines": "12 quai du Port", "postalCode": "13002", "city": "Marseille", "region": "PACA", "kind": "HOME"}
    link = {"network": "LINKEDIN", "url": "https://fr.linkedin.com/in/zoe-lefèvre"}
    made = await office.a_contact(
        addresses=[place], languages=["FR", "zh-hant", "pt-br", "fr"], socialLinks=[link],
        relationKinds=["PARTNER", "SUPPLIER", "PARTNER"],
    )  # fmt: skip
    found = (await office.data(CONTACT, Role.READER, id=made))["found"]
    assert found == {
        "languages": ["fr", "zh-Hant", "pt-BR"],
        "relationKinds": ["SUPPLIER", "PARTNER"],
        "socialLinks": [link],
        "addresses": [{**place, "country": "FR"}],
        "tags": [],
    }
    await office.do(
        "updateContact", {"id": made, "addresses": [{"lines": "1 rue", "country": "be"}], "languages": None}
    )
    found = (await office.data(CONTACT, id=made))["found"]
    assert ([each["country"] for each in found["addresses"]], found["languages"]) == (["BE"], [])
    assert found["relationKinds"] == ["SUPPLIER", "PARTNER"], "what is absent stays"


BAD_CONTACTS: list[tuple[dict[str, Any], list[str]]] = [
    ({"familyName": "x" * 10_000}, ["familyName"]),
    ({"familyName": "Le\u202efevre"}, ["familyName"]),
    ({"familyName": "Le\u0007fevre"}, ["familyName"]),
    ({"languages": ["klingonais"]}, ["languages", "0"]),
    ({"languages": ["fr", "xx-YY-zz-"]}, ["languages", "1"]),
    ({"languages": ["x" * 10_000]}, ["languages", "0"]),
    ({"addresses": [{"lines": "\n"}]}, ["addresses", "0", "lines"]),
    ({"addresses": [{"lines": "1 rue", "city": "x" * 10_000}]}, ["addresses", "0", "city"]),
    ({"addresses": [{"lines": "1 rue", "region": "\u2066PACA"}]}, ["addresses", "0", "region"]),
    ({"addresses": [{"lines": "1 rue"}] * 21}, ["addresses"]),
    ({"socialLinks": [{"network": "X", "url": "http://x.com/zoe"}]}, ["socialLinks", "0", "url"]),
    ({"socialLinks": [{"network": "X", "url": "https://x.com.evil.example/zoe"}]}, ["socialLinks", "0", "url"]),
    ({"socialLinks": [{"network": "OTHER", "url": "javascript:alert(1)"}]}, ["socialLinks", "0", "url"]),
    ({"socialLinks": [{"network": "OTHER", "url": "https://me:pw@port.example"}]}, ["socialLinks", "0", "url"]),
    ({"socialLinks": [{"network": "OTHER", "url": "https://port.example/" + "x" * 500}]}, ["socialLinks", "0", "url"]),
]


@pytest.mark.parametrize(("values", "path"), BAD_CONTACTS)
async def test_bad_values_are_refused_with_their_field(office: Office, values: dict[str, Any], path: list[str]) -> None:
    refused = await office.do("createContact", {"givenName": "Zoé", **values})
    assert (refused["__typename"], refused["path"]) == ("InvalidInput", path)


async def test_a_company_has_a_site_ways_to_reach_it_and_a_parent(office: Office) -> None:
    parent = await office.an_account(name="Groupe Lumière")
    made = await office.an_account(
        website="www.Port-Épicé.example/fr?a=1", emails=[{"address": "contact@port.example"}],
        phones=[{"number": "0491000000"}], relationKinds=["SUPPLIER"], parentId=parent,
        socialLinks=[{"network": "MASTODON", "url": "https://piaille.fr/@port"}],
    )  # fmt: skip
    found = (await office.data(ACCOUNT, id=made))["found"]
    host = "Port-Épicé.example".lower().encode("idna").decode()
    assert (found["website"], found["domain"]) == (f"https://www.{host}/fr?a=1", host)
    assert (found["parent"]["id"], found["emails"], found["phones"]) == (
        parent, [{"address": "contact@port.example", "primary": True}], [{"shown": "+33 4 91 00 00 00"}],
    )  # fmt: skip
    above = (await office.data(ACCOUNT, id=parent))["found"]
    assert above["subsidiaries"]["edges"] == [{"node": {"name": "Boulangerie du Port"}}]
    bad = await office.do("updateAccount", {"id": made, "website": "ftp://port.example"})
    assert (bad["__typename"], bad["path"]) == ("InvalidInput", ["website"])
    await office.do("updateAccount", {"id": made, "website": None, "parentId": None})
    found = (await office.data(ACCOUNT, id=made))["found"]
    assert (found["domain"], found["parent"]) == (None, None)


async def test_no_company_belongs_to_itself_nor_to_those_beneath_it_even_at_the_same_moment(office: Office) -> None:
    first, second = await office.an_account(name="A"), await office.an_account(name="B")
    itself = await office.do("updateAccount", {"id": first, "parentId": first})
    assert (itself["__typename"], itself["code"], itself["path"]) == ("WrongState", "PARENT_LOOP", ["parentId"])
    circle = [{"id": first, "parentId": second}, {"id": second, "parentId": first}]
    results = await asyncio.gather(*(office.do("updateAccount", each) for each in circle))
    assert sorted(result["__typename"] for result in results) == ["Account", "WrongState"]


async def test_companies_are_only_so_many_above_one_another(office: Office) -> None:
    top = last = await office.an_account()
    for _ in range(MAX_LEVELS - 1):
        last = await office.an_account(parentId=last)
    for input in ({"name": "Une de trop", "parentId": last},):
        refused = await office.do("createAccount", input)
        assert (refused["__typename"], refused["code"]) == ("WrongState", "PARENT_TOO_DEEP")
    above = await office.an_account()
    lifted = await office.do("updateAccount", {"id": top, "parentId": above})
    assert lifted["code"] == "PARENT_TOO_DEEP"
    await office.do("deleteAccount", {"id": above})
    gone = await office.do("createAccount", {"name": "Fille", "parentId": above})
    assert (gone["__typename"], gone["path"]) == ("WrongState", ["parentId"])


async def test_bank_details_are_for_those_allowed_sealed_and_never_in_the_history(house: House, office: Office) -> None:
    made = await office.an_account()
    refused = await office.do("updateAccount", {"id": made, "bankAccounts": [GOOD]})
    assert refused["__typename"] == "Forbidden"
    for values, field in (
        ({"iban": "FR15"}, "iban"),
        ({**GOOD, "bic": "NOPE"}, "bic"),
        ({**GOOD, "holder": "x" * 141}, "holder"),
    ):
        wrong = await office.do("updateAccount", {"id": made, "bankAccounts": [values]}, Role.ADMIN)
        assert (wrong["__typename"], wrong["path"]) == ("InvalidInput", ["bankAccounts", "0", field])
    await office.do("updateAccount", {"id": made, "bankAccounts": [GOOD, {"iban": GOOD["iban"]}]}, Role.ADMIN)
    first, second = (await office.data(BANK, id=made))["account"]["bankAccounts"]
    assert first == {"iban": "FR1420041010050500013M02606", "bic": "PSSTFRPPPAR", "holder": "Port SA"}
    assert second["bic"] is None
    hidden = await office.ask(BANK, Role.COLLABORATOR, id=made)
    assert hidden["data"]["account"]["bankAccounts"] is None
    assert hidden["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    entry = (await office.data(ACCOUNT, id=made))["found"]["history"]["edges"][0]["node"]
    assert entry["changes"] == [{"field": "bankAccounts", "before": None, "after": "2"}]
    owner: Any = await asyncpg.connect(house.owner_url)
    await owner.execute("ALTER TABLE bank_account NO FORCE ROW LEVEL SECURITY")
    sealed = await owner.fetchval("SELECT string_agg(iban_sealed || bic_sealed || holder_sealed, '') FROM bank_account")
    await owner.execute("ALTER TABLE bank_account FORCE ROW LEVEL SECURITY")
    await owner.close()
    assert sealed and not any(secret in sealed for secret in (b"20041010", b"PSST", b"Port"))


FILTERS: list[tuple[dict[str, Any], list[str]]] = [
    ({"city": {"eq": "Lyon"}}, ["Ana"]),
    ({"city": {"isNull": True}}, ["Zoé"]),
    ({"region": {"contains": "rhône"}}, ["Ana"]),
    ({"spokenLanguage": {"startsWith": "pt"}}, ["Ana"]),
    ({"spokenLanguage": {"isNull": True}}, ["Zoé"]),
    ({"relationKind": {"eq": "SUPPLIER"}}, ["Ana", "Zoé"]),
    ({"relationKind": {"in": ["PARTNER"]}}, ["Ana"]),
    ({"socialNetwork": {"eq": "GITHUB"}}, ["Zoé"]),
    ({"tag": {"eq": "VIP"}}, ["Ana"]),
    ({"tagId": {"isNull": True}}, ["Zoé"]),
    ({"not": {"tag": {"startsWith": "v"}}}, ["Zoé"]),
    ({"status": {"eq": "CLIENT"}}, ["Zoé"]),
    ({"account": {"domain": {"eq": "port.example"}, "tag": {"eq": "VIP"}, "relationKind": {"eq": "PARTNER"}}}, ["Zoé"]),
]


async def test_everything_can_be_filtered(office: Office) -> None:
    vip = (await office.do("createTag", {"name": "VIP"}))["id"]
    place = {"lines": "1 rue", "city": "Lyon", "region": "Auvergne-Rhône-Alpes"}
    await office.a_contact(
        givenName="Ana", addresses=[place], languages=["pt-PT"], relationKinds=["SUPPLIER", "PARTNER"], tagIds=[vip]
    )
    github = {"network": "GITHUB", "url": "https://github.com/zoe"}
    zoe = await office.a_contact(relationKinds=["SUPPLIER"], socialLinks=[github], status="CLIENT")
    firm = await office.an_account(website="https://www.port.example", tagIds=[vip], relationKinds=["PARTNER"])
    await office.do("createInterlocutor", {"contactId": zoe, "accountId": firm})
    query = """query($f: ContactFilter) { contacts(filter: $f, orderBy: [{field: GIVEN_NAME}]) {
      edges { node { givenName } } } }"""
    for chosen, names in FILTERS:
        told = (await office.data(query, f=chosen))["contacts"]["edges"]
        assert [edge["node"]["givenName"] for edge in told] == names, chosen
    query = "query($f: AccountFilter) { accounts(filter: $f) { totalCount } }"
    for chosen in (
        {"parentId": {"isNull": True}},
        {"email": {"isNull": True}},
        {"tagId": {"eq": vip}},
        {"website": {"contains": "port"}},
    ):
        assert (await office.data(query, f=chosen))["accounts"]["totalCount"] == 1, chosen


def test_a_language_is_written_in_its_usual_case() -> None:
    assert [parse_language(each, "x") for each in ("FR", "en-gb", "ZH-HANT-tw", "es-419")] == [
        "fr", "en-GB", "zh-Hant-TW", "es-419",
    ]  # fmt: skip


def test_an_address_may_be_written_as_people_do() -> None:
    assert parse_website(" WWW.Port.example ", "x") == "https://www.port.example"
    assert parse_social_url("https://FR.LinkedIn.com/in/zoé?a=1", SocialNetwork.LINKEDIN, "x").endswith("/in/zoé?a=1")


@given(st.text(max_size=80) | st.from_regex(r"https?://[a-zé.-]{1,30}(:[0-9]{1,6})?/[ -~]{0,20}", fullmatch=True))
def test_any_text_is_a_safe_address_or_refused(told: str) -> None:
    try:
        url = parse_website(told, "x")
    except InvalidInput:
        return
    assert url.startswith(("https://", "http://"))
    assert url == parse_website(url, "x"), "what was parsed parses to itself"
