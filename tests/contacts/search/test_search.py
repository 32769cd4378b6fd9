"""The search, as whoever types into it sees it."""

import pytest
from sqlalchemy import text

from chassis.auth import Role
from chassis.errors import InvalidInput
from services.contacts.search.wanted import quoted, wanted
from tests.contacts.house import House, Office

SEARCH = """query($text: String!, $first: Int, $after: String, $kinds: [SearchKind!]) {
  search(text: $text, first: $first, after: $after, kinds: $kinds) { near pageInfo { hasNextPage endCursor }
    edges { node { __typename ... on Contact { id name } ... on Account { id companyName: name } } } } }"""


async def found(office: Office, text: str, **more: object) -> list[str]:
    """The ids found."""
    edges = (await office.data(SEARCH, Role.READER, text=text, **more))["search"]["edges"]
    return [edge["node"]["id"] for edge in edges]


@pytest.mark.parametrize(
    "text",
    [
        "Lefèvre",
        "lefevre zoe",
        "ZOÉ LEF",
        "z l",
        "zl",
        "lz",
        "lefvre",
        "lefebvre",
        "lefvere zoé",
        "01 23 45 67",
        "+33 1 23",
        "45 67 89",
        "zoe@exemple.fr",
        "zoe@",
        "@exemple.fr",
        "exemple.fr",
    ],
)
async def test_a_contact_is_found_by_what_one_remembers(office: Office, text: str) -> None:
    made = await office.a_contact(emails=[{"address": "Zoe@exemple.fr"}], phones=[{"number": "0123456789"}])
    await office.a_contact(givenName="Paul", familyName="Grand")
    assert await found(office, text) == [made]


@pytest.mark.parametrize("text", ["boulangerie", "port boul", "boulangrie", "732 829", "32000074", "73282932000074"])
async def test_an_account_is_found_by_its_name_and_numbers(office: Office, text: str) -> None:
    made = await office.an_account(siret="73282932000074")
    await office.an_account(name="Garage Dupuis")
    assert await found(office, text) == [made]
    assert await found(office, text, kinds=["CONTACT"]) == []


@pytest.mark.parametrize(
    "text",
    [
        "boulangeries",
        "zoe boulanger",
        "gérante de la boulangerie",
        "gerant",
        "financed",
        "préfère le matin",
        "boul port",
    ],
)
async def test_a_contact_is_found_by_what_surrounds_it(office: Office, text: str) -> None:
    zoe = await office.a_contact(notes="Préfère le matin; financing in place")
    await office.a_contact(givenName="Paul", familyName="Grand")
    port = await office.an_account()
    await office.do("createInterlocutor", {"contactId": zoe, "accountId": port, "jobTitle": "Gérante"})
    assert await found(office, text, kinds=["CONTACT"]) == [zoe]


async def test_a_name_comes_before_what_surrounds_one(office: Office) -> None:
    told_of = await office.a_contact(givenName="Anne", familyName="Arnaud", notes="Connaît bien Moreau")
    named = await office.a_contact(familyName="Moreau")
    assert await found(office, "moreau") == [named, told_of]


async def test_a_renamed_company_and_an_ended_link_are_found_as_they_are_now(office: Office) -> None:
    zoe, port = await office.a_contact(), await office.an_account()
    link = await office.do("createInterlocutor", {"contactId": zoe, "accountId": port, "jobTitle": "Gérante"})
    await office.do("updateAccount", {"id": port, "name": "Pâtisserie du Quai"})
    assert (await found(office, "boulangerie"), await found(office, "patisserie")) == ([], [port, zoe])
    await office.do("updateInterlocutor", {"id": link["id"], "endedAt": "2026-11-01T00:00:00+01:00"})
    assert (await found(office, "patisserie"), await found(office, "gérante")) == ([port], [])


async def test_an_accounts_city_finds_it(office: Office) -> None:
    port = await office.an_account(addresses=[{"lines": "1 quai Ouest", "postalCode": "44000", "city": "Nantes"}])
    assert await found(office, "boulangerie nantes") == [port]


async def test_a_contacts_city_and_the_initials_of_a_compound_name_find_it(office: Office) -> None:
    place = {"lines": "1 quai Ouest", "postalCode": "44000", "city": "Nantes", "country": "FR"}
    made = await office.a_contact(givenName="Jean-Pierre", familyName="Moreau", addresses=[place])
    await office.a_contact(givenName="Paul", familyName="Grand")
    for typed in ("moreau nantes", "jpm", "mjp", "jm"):
        assert await found(office, typed) == [made], typed


@pytest.mark.parametrize("text", ["bonjour@port.example", "port.example", "02 40", "45 67 89"])
async def test_an_account_is_found_by_its_address_and_number(office: Office, text: str) -> None:
    reached = {"emails": [{"address": "Bonjour@port.example"}], "phones": [{"number": "0240456789"}]}
    made = await office.an_account(name="Quai Ouest", **reached)
    await office.an_account(name="Garage Dupuis")
    assert await found(office, text) == [made]


async def test_a_change_is_found_at_once_and_a_deleted_contact_no_more(office: Office) -> None:
    made = await office.a_contact(phones=[{"number": "0123456789"}])
    await office.do("updateContact", {"id": made, "familyName": "Moreau", "phones": []})
    assert (await found(office, "moreau"), await found(office, "0123456789")) == ([made], [])
    await office.do("deleteContact", {"id": made})
    assert await found(office, "moreau") == []
    await office.do("restoreContact", {"id": made})
    assert await found(office, "moreau") == [made]


async def test_whole_words_come_first_and_words_like_them_only_where_there_is_nothing_else(office: Office) -> None:
    longer = await office.a_contact(givenName="Anne", familyName="Martineau")
    whole = await office.a_contact(givenName="Paul", familyName="Martin")
    other = await office.a_contact(givenName="Luc", familyName="Mertin")
    assert await found(office, "martin") == [whole, longer]
    assert await found(office, "mertin") == [other]


async def test_pages_give_each_result_once(office: Office) -> None:
    made = {await office.a_contact(givenName=f"P{place}") for place in range(5)}
    seen, after, more = [], None, True
    while more:
        page = (await office.data(SEARCH, text="lefevre", first=2, after=after))["search"]
        seen += [edge["node"]["id"] for edge in page["edges"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert (len(seen), set(seen)) == (5, made)


@pytest.mark.parametrize("size", [1, 2, 3, 10])
async def test_pages_go_from_whole_words_to_beginnings(office: Office, size: int) -> None:
    names = ["Martineau", "Martin", "Martinez", "Martin", "Martin", "Martinet"]
    made = [await office.a_contact(givenName=f"P{place}", familyName=name) for place, name in enumerate(names)]
    seen, after, more = [], None, True
    while more:
        page = (await office.data(SEARCH, text="martin", first=size, after=after))["search"]
        seen += [edge["node"]["id"] for edge in page["edges"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert seen == [made[place] for place in (1, 3, 4, 0, 5, 2)]


async def test_another_organizations_people_are_not_found(house: House, office: Office) -> None:
    await (await house.organization("Autre cabinet")).a_contact()
    assert await found(office, "lefevre") == []


@pytest.mark.parametrize("text", ["", "   ", "!!", "x" * 201, "a\u202eb"])
async def test_nothing_to_look_for_is_refused(office: Office, text: str) -> None:
    answer = await office.ask(SEARCH, text=text)
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT"


@pytest.mark.parametrize("text", ["o'brien@x.fr", "a\\@b", "' | '':*@", "l'été & !(", "été.'x"])
async def test_signs_of_the_query_language_are_only_text(office: Office, text: str) -> None:
    assert await found(office, text) == []


async def test_a_cursor_of_something_else_is_refused(office: Office) -> None:
    for after in ("rubbish", "MTo5OTk5OTk5", "é"):
        answer = await office.ask(SEARCH, text="zoe", after=after)
        assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT"


def test_a_text_of_signs_only_is_no_search() -> None:
    with pytest.raises(InvalidInput):
        wanted("…", {})


async def test_the_function_of_the_owner_gives_nothing_without_a_scope(house: House, office: Office) -> None:
    await office.a_contact()
    asked = quoted("lefevre")
    call = text("SELECT count(*) FROM search_results(:asked, :asked, '{CONTACT}', 0, 10)").bindparams(asked=asked)
    async with house.running.database.engine.connect() as connection:
        assert await connection.scalar(call) == 0
    async with house.running.database.read(office.organization) as read:
        assert await read.scalar(call) == 1
