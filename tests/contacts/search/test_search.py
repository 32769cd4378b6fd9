"""The search, as whoever types into it sees it."""

import pytest
from sqlalchemy import text

from chassis.auth import Role
from chassis.errors import InvalidInput
from services.contacts.search.wanted import wanted
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
        wanted("…")


async def test_the_function_of_the_owner_gives_nothing_without_a_scope(house: House, office: Office) -> None:
    await office.a_contact()
    call = text("SELECT count(*) FROM search_found('lefevre', 'lefevre', '{CONTACT}', 0, 10)")
    async with house.running.database.engine.connect() as connection:
        assert await connection.scalar(call) == 0
    async with house.running.database.read(office.organization) as read:
        assert await read.scalar(call) == 1
