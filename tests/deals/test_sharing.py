"""Sharing rules in deals: what is on a deal is seen with it, and by nobody else but those it names."""

from typing import Any

from sqlalchemy import text

from chassis.auth import Role
from chassis.identifiers import format_id
from proto.contacts.v1 import messages_pb2 as contacts
from services.deals.model import Base
from tests.deals.house import House, Office
from tests.deals.test_alerts import LATER
from tests.deals.test_teams import tell_team
from tests.support.control import until

SEEN = """{ deals(orderBy: [{field: TITLE}]) { totalCount edges { node { title } } } alerts { totalCount }
  dealAggregate { count } alertAggregate { count } }"""
BY_KEY = """query($r: [_Any!]!) { _entities(representations: $r) { ... on Deal { id } ... on Event { id deal { id } }
  ... on Task { id } ... on Alert { id } ... on Contact { id deals { totalCount } timeline { totalCount } } } }"""


async def share(office: Office, rule: str, version: int = 2) -> None:
    """The organization's rule arrives."""
    id = format_id("organization", office.organization)
    told = contacts.Organization(id=id, name="Cabinet", locale="fr", time_zone="Europe/Paris", sharing=rule)
    await office.tell("organization", office.organization, contacts.OrganizationChanged(organization=told), version)

    async def known() -> bool:
        async with office.house.running.database.read(office.organization) as read:
            return bool(await read.scalar(text("SELECT sharing FROM organization")) == rule)

    await until(known, what=f"sharing {rule}")


async def titles(office: Office, role: Role = Role.COLLABORATOR) -> str:
    """Titles of the deals that a role sees, each one letter; every count agrees."""
    told = await office.data(SEEN, role)
    shown = "".join(edge["node"]["title"] for edge in told["deals"]["edges"])
    count = sum(group["count"] for group in told["dealAggregate"])
    assert (told["deals"]["totalCount"], count) == (len(shown), len(shown)), told
    alerts = sum(group["count"] for group in told["alertAggregate"])
    assert told["alerts"]["totalCount"] == alerts, told
    return shown


async def a_firm(office: Office) -> dict[str, str]:
    """Deals by their titles; the administrator owns them all but A."""
    mine, theirs = office.id_of(Role.COLLABORATOR), office.id_of(Role.ADMIN)
    hers, my_contact = await office.a_contact(manager=theirs), await office.a_contact(manager=mine)
    my_account = await office.an_account(manager=mine)
    for id in (hers, my_contact, my_account):
        await office.knows(id)
    of_hers: dict[str, Any] = {"ownerId": theirs, "primaryContactId": hers}
    part = [{"contactId": my_contact, "part": "Conseil"}]
    return {
        "hers": hers,
        "A": await office.a_deal(title="A", ownerId=mine, primaryContactId=hers),
        "B": await office.a_deal(title="B", **of_hers),
        "C": await office.a_deal(title="C", **of_hers, followerIds=[mine]),
        "D": await office.a_deal(title="D", ownerId=theirs, accountId=my_account),
        "E": await office.a_deal(title="E", **of_hers, participants=part),
        "F": await office.a_deal(title="F", ownerId=theirs, primaryContactId=my_contact),
    }


async def test_a_portfolio_is_what_one_owns_and_follows_and_whom_one_manages(office: Office) -> None:
    ids = await a_firm(office)
    await office.sweep_once(LATER)
    assert await titles(office) == "ABCDEF"
    await share(office, "OWN_PORTFOLIO")
    assert await titles(office) == "ACDEF"
    assert await titles(office, Role.READER) == ""
    assert await titles(office, Role.ADMIN) == "ABCDEF"
    refused = await office.do("updateDeal", id=ids["B"], title="Volé")
    assert refused["__typename"] == "NotFound"
    assert (await office.do("writeNote", dealId=ids["B"], title="x"))["__typename"] == "NotFound"
    assert (await office.do("createDeal", title="G", primaryContactId=ids["hers"]))["__typename"] == "NotFound"
    given = await office.do("updateDeal", id=ids["A"], ownerId=office.id_of(Role.ADMIN))
    assert given["__typename"] == "Deal"
    assert await titles(office) == "CDEF"


async def test_no_other_way_leads_beyond_it(office: Office) -> None:
    ids = await a_firm(office)
    as_admin: dict[str, Any] = {"role": Role.ADMIN, "dealId": ids["B"], "title": "x"}
    hidden = (await office.do("writeNote", **as_admin))["id"]
    asked = await office.do("giveInstruction", **as_admin, assigneeId=office.id_of(), show="task { id }")
    others = await office.do("giveInstruction", **as_admin, assigneeId=office.id_of(Role.ADMIN), show="task { id }")
    quiet = await office.a_deal(title="Q", ownerId=office.id_of(Role.ADMIN), primaryContactId=ids["hers"])
    await office.sweep_once(LATER)
    every = (await office.data("{ alerts { edges { node { id deal { id } } } } }"))["alerts"]["edges"]
    alerts = [edge["node"]["id"] for edge in every if edge["node"]["deal"]["id"] == quiet]
    assert alerts, every
    await share(office, "OWN_PORTFOLIO")
    keys = [
        *(("Deal", ids["B"]), ("Event", hidden), ("Event", asked["id"]), ("Task", asked["task"]["id"])),
        *(("Task", others["task"]["id"]), ("Event", others["id"]), ("Alert", alerts[0]), ("Contact", ids["hers"])),
    ]
    found = await office.data(BY_KEY, Role.COLLABORATOR, r=[{"__typename": kind, "id": id} for kind, id in keys])
    deal, note, mine, task, other_task, other, alert, contact = found["_entities"]
    assert (deal, note, other_task, other, alert) == (None,) * 5, found
    assert mine == {"id": asked["id"], "deal": None}
    assert task == {"id": asked["task"]["id"]}
    assert (contact["deals"]["totalCount"], contact["timeline"]["totalCount"]) == (3, 0), contact
    assert (await office.do("dismissAlert", id=alerts[0], reason="x"))["__typename"] == "NotFound"
    assert (await office.do("completeTask", id=asked["task"]["id"]))["__typename"] == "Task"


async def test_a_team_shares_its_portfolios(office: Office) -> None:
    await a_firm(office)
    await share(office, "TEAM_PORTFOLIO")
    assert await titles(office, Role.READER) == ""
    team = await tell_team(office, office.id_of(Role.COLLABORATOR), office.id_of(Role.READER))
    await office.knows(team)

    async def together() -> bool:
        return await titles(office, Role.READER) == "ACDEF"

    await until(together, what="the team's portfolio")


async def test_every_table_on_deals_has_the_policy(house: House) -> None:
    on_deals = {name for name, table in Base.metadata.tables.items() if "deal_id" in table.c}
    async with house.running.system.connect() as connection:
        found = await connection.execute(text("SELECT tablename FROM pg_policies WHERE policyname = 'portfolio'"))
        assert on_deals | {"deal", "task", "timeline_entry", "contact", "account"} <= {row[0] for row in found}
