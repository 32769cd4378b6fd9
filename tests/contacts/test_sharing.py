"""Sharing rules: every way to a contact or account obeys the organization's."""

import pytest
from sqlalchemy import text

from chassis.auth import Role
from tests.contacts.house import House, Office

SEEN = """{ contacts { totalCount edges { node { id account: interlocutors { edges { node { account { name } } } } } } }
  accounts { totalCount edges { node { id interlocutors { totalCount edges { node { contact { id } } } } } } }
  interlocutors { totalCount } contactAggregate { count }
  accountAggregate(groupBy: [RELATIONSHIP_MANAGER]) { count } }"""
BY_KEY = """query($r: [_Any!]!) { _entities(representations: $r) {
  ... on Contact { id } ... on Account { id } ... on Interlocutor { id } } }"""
FOUND = (
    "query($text: String!) { search(text: $text) { edges { node { ... on Contact { id } ... on Account { id } } } } }"
)


async def share(office: Office, rule: str) -> None:
    """Set the organization's rule."""
    told = await office.do("updateOrganization", {"sharing": rule}, Role.ADMIN, show="sharing")
    assert told["sharing"] == rule


async def a_firm(office: Office) -> dict[str, str]:
    """The collaborator manages one account and one contact; the administrator the others."""
    mine, theirs = office.id_of(Role.COLLABORATOR), office.id_of(Role.ADMIN)
    ids = {
        "my account": await office.an_account(name="Boulangerie", relationshipManagerId=mine),
        "their account": await office.an_account(name="Scierie", relationshipManagerId=theirs),
        "their other account": await office.an_account(name="Verrerie", relationshipManagerId=theirs),
        "my contact": await office.a_contact(familyName="Dupond", relationshipManagerId=mine),
        "speaks for my account": await office.a_contact(familyName="Parle", relationshipManagerId=theirs),
        "spoke for my account": await office.a_contact(familyName="Parlait", relationshipManagerId=theirs),
        "their contact": await office.a_contact(familyName="Garnier", relationshipManagerId=theirs),
        "nobody's contact": await office.a_contact(familyName="Personne"),
    }
    links = {
        ("speaks for my account", "my account"): None,
        ("spoke for my account", "my account"): "2026-01-01T00:00:00Z",
        ("my contact", "their account"): None,
        ("their contact", "their account"): None,
        ("their contact", "their other account"): None,
    }
    for (contact, account), ended in links.items():
        link = await office.do("createInterlocutor", {"contactId": ids[contact], "accountId": ids[account]})
        if ended:
            await office.do("updateInterlocutor", {"id": link["id"], "endedAt": ended})
        ids[f"{contact}, {account}"] = link["id"]
    return ids


MINE = {"my contact", "speaks for my account", "my account", "their account"}


@pytest.mark.parametrize("role", [Role.COLLABORATOR, Role.READER])
async def test_a_portfolio_is_what_one_manages_and_what_belongs_to_it(office: Office, role: Role) -> None:
    ids = await a_firm(office)
    if role is Role.READER:
        for kind, name in (("Contact", "my contact"), ("Account", "my account")):
            given = {"id": ids[name], "relationshipManagerId": office.id_of(Role.READER)}
            assert (await office.do(f"update{kind}", given))["__typename"] == kind
    everything = await office.data(SEEN, role)
    assert (everything["contacts"]["totalCount"], everything["accounts"]["totalCount"]) == (5, 3)
    await share(office, "OWN_PORTFOLIO")
    told = await office.data(SEEN, role)
    shown = {edge["node"]["id"] for kind in ("contacts", "accounts") for edge in told[kind]["edges"]}
    assert shown == {ids[name] for name in MINE}
    assert (told["contacts"]["totalCount"], told["accounts"]["totalCount"]) == (2, 2)
    assert told["contactAggregate"] == [{"count": 2}]
    assert sum(group["count"] for group in told["accountAggregate"]) == 2
    assert told["interlocutors"]["totalCount"] == 2
    links = [edge["node"]["interlocutors"] for edge in told["accounts"]["edges"]]
    assert [link["totalCount"] for link in links] == [1, 1]
    assert (await office.data(SEEN))["contacts"]["totalCount"] == 5


async def test_no_other_way_leads_beyond_it(office: Office) -> None:
    ids = await a_firm(office)
    await share(office, "OWN_PORTFOLIO")
    keys = [{"__typename": _kind(id), "id": id} for id in ids.values()]
    found = (await office.data(BY_KEY, Role.COLLABORATOR, r=keys))["_entities"]
    shown = {one["id"] for one in found if one}
    assert shown == {ids[name] for name in MINE} | {
        ids["speaks for my account, my account"],
        ids["my contact, their account"],
    }
    for word, expected in (("Garnier", []), ("Parle", ["speaks for my account"]), ("Verrerie", [])):
        edges = (await office.data(FOUND, Role.COLLABORATOR, text=word))["search"]["edges"]
        assert [edge["node"]["id"] for edge in edges] == [ids[name] for name in expected], word
    hidden = ids["their contact"]
    alone = await office.data("query($id: ID!) { contact(id: $id) { id } }", Role.COLLABORATOR, id=hidden)
    assert alone["contact"] is None
    for mutation, input in (
        ("updateContact", {"id": hidden, "familyName": "Volé"}),
        ("deleteContact", {"id": hidden}),
        ("deleteAccount", {"id": ids["their other account"]}),
        ("createInterlocutor", {"contactId": hidden, "accountId": ids["my account"]}),
        ("updateInterlocutor", {"id": ids["their contact, their account"], "jobTitle": "x"}),
    ):
        refused = await office.do(mutation, input)
        assert (mutation, refused["__typename"]) == (mutation, "NotFound")
    assert (await office.do("updateContact", {"id": hidden, "familyName": "Vu"}, Role.ADMIN))["version"] == 2


def _kind(id: str) -> str:
    return id.partition("_")[0].title()


async def test_what_one_makes_is_in_ones_portfolio_and_what_one_gives_away_is_not(office: Office) -> None:
    await share(office, "OWN_PORTFOLIO")
    made = await office.do("createContact", {"familyName": "Neuf"}, show="relationshipManager { id }")
    assert made["relationshipManager"] == {"id": office.id_of(Role.COLLABORATOR)}
    account = await office.an_account(name="Neuve")
    given = {"relationshipManagerId": office.id_of(Role.ADMIN)}
    told = await office.do("updateContact", {"id": made["id"], **given}, show="familyName relationshipManager { id }")
    assert (told["familyName"], told["relationshipManager"]["id"]) == ("Neuf", office.id_of(Role.ADMIN))
    assert (await office.do("updateContact", {"id": made["id"], "familyName": "x"}))["__typename"] == "NotFound"
    told = await office.data(SEEN, Role.COLLABORATOR)
    assert [edge["node"]["id"] for edge in told["accounts"]["edges"]] == [account]
    assert told["contacts"]["totalCount"] == 0


async def test_a_team_shares_its_portfolios(office: Office) -> None:
    ids = await a_firm(office)
    await share(office, "TEAM_PORTFOLIO")
    assert (await office.data(SEEN, Role.READER))["contacts"]["totalCount"] == 0
    members = [office.id_of(Role.COLLABORATOR), office.id_of(Role.READER)]
    team = await office.do("createTeam", {"name": "Nord", "memberIds": members}, Role.ADMIN)
    told = await office.data(SEEN, Role.READER)
    assert {edge["node"]["id"] for edge in told["accounts"]["edges"]} == {ids["my account"], ids["their account"]}
    await office.do("deleteTeam", {"id": team["id"]}, Role.ADMIN)
    assert (await office.data(SEEN, Role.READER))["contacts"]["totalCount"] == 0


async def test_only_an_administrator_sets_the_rule_and_others_cannot_stretch_it(house: House, office: Office) -> None:
    for role in (Role.COLLABORATOR, Role.READER):
        refused = await office.do("updateOrganization", {"sharing": "EVERYTHING"}, role)
        assert refused["__typename"] == "Forbidden"
    other = await house.organization("Autre")
    await a_firm(other)
    await share(office, "OWN_PORTFOLIO")
    assert (await other.data(SEEN, Role.READER))["contacts"]["totalCount"] == 5


async def test_every_table_of_people_and_companies_has_the_policy(house: House) -> None:
    async with house.running.system.connect() as connection:
        found = await connection.execute(text("SELECT tablename FROM pg_policies WHERE policyname = 'portfolio'"))
        assert {"contact", "account", "interlocutor", "duplicate_pair"} <= {row[0] for row in found}
