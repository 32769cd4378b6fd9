"""Lists: each row once, in order, whatever the filter, the order and the size of the pages."""

import itertools
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.auth import Role
from tests.contacts.house import House, Office, statements

LIST = """query($first: Int, $after: String, $last: Int, $before: String, $filter: ContactFilter,
  $orderBy: [ContactOrder!]) {
  contacts(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { id givenName familyName email } } } }"""
FIELDS = ["GIVEN_NAME", "FAMILY_NAME", "CREATED_AT", "UPDATED_AT", "STATUS"]
GIVEN = ["Zoé", "zoé", "Éric", "Eric", None, "Ana"]
FAMILY = ["Lefèvre", "Le Fèvre", "Écho", None, "O'Neil", "Østergård"]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def crowd(house: House) -> Office:
    """An organization with 35 contacts, many alike."""
    office = await house.organization("Foule")
    for given_name, family_name in itertools.product(GIVEN, FAMILY):
        if given_name or family_name:
            emails = [{"address": f"{given_name or 'x'}@foule.example"}] if family_name else []
            await office.a_contact(givenName=given_name, familyName=family_name, emails=emails)
    return office


def terms() -> st.SearchStrategy[list[dict[str, str]]]:
    """Any order."""
    term = st.fixed_dictionaries(
        {
            "field": st.sampled_from(FIELDS),
            "direction": st.sampled_from(["ASC", "DESC"]),
            "nulls": st.sampled_from(["FIRST", "LAST"]),
        }
    )
    return st.lists(term, max_size=3)


def filters() -> st.SearchStrategy[dict[str, Any] | None]:
    """Some filters, nested ones included."""
    simple = st.sampled_from(
        [
            {"givenName": {"startsWith": "z"}},
            {"familyName": {"isNull": True}},
            {"familyName": {"contains": "f"}},
            {"givenName": {"in": ["Zoé", "Ana"]}},
            {"email": {"contains": "zoé@"}},
            {"givenName": {"neq": "Ana"}},
        ]
    )
    nested = st.one_of(
        st.lists(simple, min_size=1, max_size=3).map(lambda several: {"or": several}),
        st.lists(simple, min_size=1, max_size=3).map(lambda several: {"and": several}),
        simple.map(lambda one: {"not": one}),
    )
    return st.one_of(st.none(), simple, nested)


async def _walk(office: Office, size: int, backwards: bool, **asked: Any) -> list[str]:
    seen: list[str] = []
    cursor = None
    for _ in range(100):
        paging = {"last": size, "before": cursor} if backwards else {"first": size, "after": cursor}
        page = (await office.data(LIST, Role.READER, **paging, **asked))["contacts"]
        ids = [edge["node"]["id"] for edge in page["edges"]]
        seen = ids + seen if backwards else seen + ids
        info = page["pageInfo"]
        if not info["hasPreviousPage" if backwards else "hasNextPage"]:
            assert page["totalCount"] == len(seen)
            return seen
        cursor = info["startCursor" if backwards else "endCursor"]
    raise AssertionError("a list without end")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=terms(), filter=filters(), size=st.integers(1, 17), backwards=st.booleans())
async def test_paging_gives_each_row_once_in_the_order_of_the_whole_list(
    crowd: Office, order: list[dict[str, str]], filter: dict[str, Any] | None, size: int, backwards: bool
) -> None:
    whole = await _walk(crowd, 200, False, orderBy=order, filter=filter)
    assert len(set(whole)) == len(whole)
    assert await _walk(crowd, size, backwards, orderBy=order, filter=filter) == whole


async def test_names_sort_as_a_french_reader_expects(office: Office) -> None:
    for name in ("Zola", "Étienne", "eluard", "Fabre", "ELUARD"):
        await office.a_contact(familyName=name, givenName=None)
    told = await office.data(LIST, orderBy=[{"field": "FAMILY_NAME"}, {"field": "CREATED_AT"}])
    assert [edge["node"]["familyName"] for edge in told["contacts"]["edges"]] == [
        "eluard",
        "ELUARD",
        "Étienne",
        "Fabre",
        "Zola",
    ]


async def test_what_is_added_meanwhile_moves_no_row_to_another_page(office: Office) -> None:
    made = [await office.a_contact(familyName=name) for name in ("B", "D", "F")]
    order = [{"field": "FAMILY_NAME"}]
    first = (await office.data(LIST, first=2, orderBy=order))["contacts"]
    await office.a_contact(familyName="A")
    last = await office.a_contact(familyName="E")
    rest = (await office.data(LIST, first=9, after=first["pageInfo"]["endCursor"], orderBy=order))["contacts"]
    assert [edge["node"]["id"] for edge in first["edges"]] == made[:2]
    assert [edge["node"]["id"] for edge in rest["edges"]] == [last, made[2]]


@pytest.mark.parametrize(("asked", "field"), [
    ({"first": 201}, "first"),
    ({"first": -1}, "first"),
    ({"first": 1, "last": 1}, "last"),
    ({"before": "x"}, "before"),
    ({"after": "rubbish"}, "after"),
    ({"after": "W10"}, "after"),
    ({"after": "é" * 5000}, "after"),
    ({"orderBy": [{"field": "GIVEN_NAME"}] * 6}, "orderBy"),
    ({"filter": {"email": {"in": ["x"] * 201}}}, "filter"),
    ({"filter": {"createdAt": {"gt": "2026-11-24T09:00:00"}}}, "filter"),
    ({"filter": {"not": {"not": {"not": {"not": {"not": {"not": {}}}}}}}}, "filter"),
])  # fmt: skip
async def test_a_page_that_cannot_be_is_refused(office: Office, asked: dict[str, Any], field: str) -> None:
    answer = await office.ask(LIST, **asked)
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT", answer
    assert answer["errors"][0]["extensions"]["path"] == [field]


async def test_a_cursor_of_another_order_is_refused(office: Office) -> None:
    await office.a_contact()
    cursor = (await office.data(LIST))["contacts"]["pageInfo"]["endCursor"]
    for term in ({"field": "FAMILY_NAME"}, {"field": "CREATED_AT"}, {"field": "CREATED_AT", "direction": "DESC"}):
        answer = await office.ask(LIST, after=cursor, orderBy=[term])
        assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT"


async def test_wildcards_in_a_filter_are_only_characters(office: Office) -> None:
    await office.a_contact(familyName="100%")
    await office.a_contact(familyName="1000")
    told = await office.data(LIST, filter={"familyName": {"contains": "0%"}})
    assert [edge["node"]["familyName"] for edge in told["contacts"]["edges"]] == ["100%"]


async def test_contacts_are_found_by_the_company_they_speak_for(office: Office) -> None:
    speaker, _ = await office.a_contact(), await office.a_contact()
    account = await office.an_account(name="Verrerie", status="CLIENT")
    link = await office.do("createInterlocutor", {"contactId": speaker, "accountId": account})
    by_account = {"account": {"name": {"startsWith": "verr"}, "status": {"in": ["CLIENT"]}}}
    told = await office.data(LIST, filter=by_account)
    assert [edge["node"]["id"] for edge in told["contacts"]["edges"]] == [speaker]
    await office.do("updateInterlocutor", {"id": link["id"], "endedAt": "2026-11-24T09:00:00Z"})
    assert (await office.data(LIST, filter=by_account))["contacts"]["totalCount"] == 0


@pytest.mark.parametrize("kind", ["accounts", "interlocutors", "collaborators"])
async def test_the_other_lists_page_the_same_way(office: Office, kind: str) -> None:
    contact = await office.a_contact()
    for name in ("A", "B", "C"):
        account = await office.an_account(name=name)
        await office.do("createInterlocutor", {"contactId": contact, "accountId": account})
    query = f"""query($after: String) {{ {kind}(first: 2, after: $after) {{
      totalCount pageInfo {{ endCursor hasNextPage }} edges {{ node {{ id }} }} }} }}"""
    first = (await office.data(query))[kind]
    rest = (await office.data(query, after=first["pageInfo"]["endCursor"]))[kind]
    ids = {edge["node"]["id"] for edge in [*first["edges"], *rest["edges"]]}
    assert (first["totalCount"], len(ids), rest["pageInfo"]["hasNextPage"]) == (3, 3, False)


ACCOUNTS = "query($filter: AccountFilter) { accounts(filter: $filter) { edges { node { name } } } }"
LINKS = "query($filter: InterlocutorFilter) { interlocutors(filter: $filter) { edges { node { jobTitle } } } }"


async def _names(office: Office, filter: dict[str, Any]) -> list[str]:
    told = await office.data(ACCOUNTS, Role.READER, filter=filter)
    return [edge["node"]["name"] for edge in told["accounts"]["edges"]]


@pytest.mark.parametrize(("filter", "expected"), [
    ({"status": {"eq": "CLIENT"}}, ["Verrerie"]),
    ({"status": {"neq": "CLIENT"}}, ["Scierie", "Tuilerie"]),
    ({"status": {"in": ["CLIENT", "PROSPECT"]}}, ["Verrerie", "Scierie"]),
    ({"status": {"isNull": True}}, []),
    ({"city": {"eq": "Nantes"}}, ["Verrerie"]),
    ({"not": {"city": {"isNull": False}}}, ["Tuilerie"]),
    ({"contact": {"familyName": {"eq": "Lefèvre"}, "givenName": {"isNull": False}}}, ["Verrerie"]),
    ({"relationshipManager": {"role": {"eq": "READER"}}}, ["Scierie"]),
    ({"or": [{"relationshipManager": {"name": {"contains": "reader"}}}, {"city": {"eq": "Nantes"}}]},
     ["Verrerie", "Scierie"]),
    ({"or": []}, []),
    ({"and": [{"name": {"startsWith": "s"}}, {"version": {"gte": 1}}]}, ["Scierie"]),
    ({"version": {"in": [1]}, "vatNumber": {"isNull": True}, "name": {"neq": "Scierie"}}, ["Verrerie", "Tuilerie"]),
])  # fmt: skip
async def test_accounts_are_found_by_what_they_are_and_by_their_relations(
    office: Office, filter: dict[str, Any], expected: list[str]
) -> None:
    speaker = await office.a_contact()
    glass = await office.an_account(name="Verrerie", status="CLIENT", addresses=[{"lines": "1 rue", "city": "Nantes"}])
    await office.do("createInterlocutor", {"contactId": speaker, "accountId": glass, "jobTitle": "Souffleur"})
    reader, saw = office.id_of(Role.READER), {"name": "Scierie", "status": "PROSPECT"}
    await office.an_account(**saw, relationshipManagerId=reader, addresses=[{"lines": "2 rue", "city": "Brest"}])
    await office.an_account(name="Tuilerie")
    assert await _names(office, filter) == expected


async def test_a_filter_reaches_one_relation_far(office: Office) -> None:
    account, contact = await office.an_account(), await office.a_contact()
    await office.do("createInterlocutor", {"contactId": contact, "accountId": account, "jobTitle": "DG"})
    near = await office.data(
        LINKS, filter={"contact": {"familyName": {"eq": "Lefèvre"}}, "account": {"siren": {"isNull": True}}}
    )
    assert near["interlocutors"]["edges"] == [{"node": {"jobTitle": "DG"}}]
    far = await office.ask(LINKS, filter={"contact": {"account": {"name": {"eq": "x"}}}})
    assert far["errors"][0]["extensions"]["code"] == "INVALID_INPUT"
    assert "one relation" in far["errors"][0]["message"]


@pytest.mark.parametrize("filter", [
    {"name": {"eq": "a\x00b"}},
    {"name": {"contains": "\x00"}},
    {"createdAt": {"gt": "0001-01-01T00:00:00+14:00"}},
    {"or": [{"name": {"eq": "x"}}] * 101},
    {"or": [{}] * 101},
    {"id": {"in": ["account_01h455vb4pex5vsknk084sn02q"] * 201}},
])  # fmt: skip
async def test_a_filter_that_cannot_be_is_refused(office: Office, filter: dict[str, Any]) -> None:
    answer = await office.ask(ACCOUNTS, filter=filter)
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT", answer


async def test_lists_within_lists_page_filter_and_count_in_a_statement_each(house: House, office: Office) -> None:
    contacts = [await office.a_contact(familyName=name) for name in "ABC"]
    for place, contact in enumerate(contacts):
        for number in range(place + 2):
            account = await office.an_account(name=f"{place}{number}")
            link = {"contactId": contact, "accountId": account, "jobTitle": str(number), "decisionMaker": number > 0}
            await office.do("createInterlocutor", link)
    ends = (
        "pageInfo { hasNextPage hasPreviousPage endCursor startCursor } totalCount edges { cursor node { jobTitle } }"
    )
    query = f"""query($after: String, $order: [InterlocutorOrder!]) {{ contacts {{ edges {{ node {{
      all: interlocutors {{ {ends} }}
      page: interlocutors(first: 1, after: $after, orderBy: $order) {{ {ends} }}
      tail: interlocutors(last: 2, orderBy: $order, filter: {{decisionMaker: {{eq: true}}}}) {{ {ends} }} }} }} }} }}"""
    order = [{"field": "JOB_TITLE", "direction": "DESC"}]
    with statements(house) as seen:
        told = (await office.data(query, order=order))["contacts"]["edges"]
    assert len(seen) == 7, seen

    def titles(connection: Any) -> list[str]:
        return [edge["node"]["jobTitle"] for edge in connection["edges"]]

    assert [titles(edge["node"]["all"]) for edge in told] == [["0", "1"], ["0", "1", "2"], ["0", "1", "2", "3"]]
    assert [titles(edge["node"]["page"]) for edge in told] == [["1"], ["2"], ["3"]]
    assert [edge["node"]["page"]["totalCount"] for edge in told] == [2, 3, 4]
    assert [titles(edge["node"]["tail"]) for edge in told] == [["1"], ["2", "1"], ["2", "1"]]
    assert [edge["node"]["tail"]["pageInfo"]["hasPreviousPage"] for edge in told] == [False, False, True]
    after = told[2]["node"]["page"]["pageInfo"]["endCursor"]
    with statements(house) as seen:
        told = (await office.data(query, order=order, after=after))["contacts"]["edges"]
    assert [titles(edge["node"]["page"]) for edge in told] == [["1"], ["2"], ["2"]]
    assert len(seen) == 7, seen
