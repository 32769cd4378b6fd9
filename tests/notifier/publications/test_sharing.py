"""Sharing rules: a publication goes to those contacts of a group whom its author sees, and its readers are shown so."""

from typing import Any
from uuid import UUID

from chassis.auth import Role
from chassis.identifiers import format_id, new_id
from proto.contacts.v1 import messages_pb2 as contacts
from tests.notifier.asking import Ask
from tests.notifier.house import House
from tests.notifier.publications.words import a_campaign, a_group, publication, publish, told

READERS = """query($id: ID!) { publication(id: $id) { readers { totalCount edges { node { contact { id } } } } } }"""


async def shares(house: House, rule: str) -> None:
    """The organization's copy arrives with a rule."""
    body = contacts.Organization(
        id=format_id("organization", house.organization), name="Cabinet", locale="fr", time_zone="Europe/Paris"
    )
    body.sharing = rule
    await house.receive(contacts.OrganizationChanged(organization=body), "organization", house.organization)


async def speaks_for_a_company_of(house: House, contact: UUID, manager: UUID, *, ended: bool = False) -> None:
    """The copies of a company and of who speaks for it arrive."""
    account, link = new_id(), new_id()
    company = contacts.Account(
        id=format_id("account", account), name="Scierie", relationship_manager_id=format_id("collaborator", manager)
    )
    await house.receive(contacts.AccountChanged(account=company), "account", account)
    told = contacts.Interlocutor(
        id=format_id("interlocutor", link),
        contact_id=format_id("contact", contact),
        account_id=format_id("account", account),
    )
    if ended:
        told.ended_at.GetCurrentTime()
    await house.receive(contacts.InterlocutorChanged(interlocutor=told), "interlocutor", link)


async def readers(ask: Ask, who: UUID, id: str, role: Role = Role.COLLABORATOR) -> set[str]:
    """Whom somebody sees among the readers."""
    found: Any = (await ask(READERS, by=who, role=role, id=id))["data"]["publication"]["readers"]
    assert found["totalCount"] == len(found["edges"])
    return {edge["node"]["contact"]["id"] for edge in found["edges"]}


async def test_a_group_is_told_as_far_as_the_author_sees_it(house: House, ask: Ask) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    ada = await house.collaborator("Ada", role=contacts.Collaborator.Role.ADMIN)
    mine, theirs = await house.contact(anne, email="m@x.example"), await house.contact(paul, email="t@x.example")
    of_my_company, no_more = await house.contact(email="s@x.example"), await house.contact(email="n@x.example")
    await speaks_for_a_company_of(house, of_my_company, anne)
    await speaks_for_a_company_of(house, no_more, anne, ended=True)
    group = await a_group(house, mine, theirs, of_my_company, no_more)
    await shares(house, "OWN_PORTFOLIO")
    sent = {}
    for who in (anne, ada):
        sent[who] = (await publish(ask, who, (await a_campaign(ask, who, group))["id"]))["id"]
    await told(house, page=1)
    seen = {format_id("contact", each) for each in (mine, of_my_company)}
    everybody = seen | {format_id("contact", each) for each in (theirs, no_more)}
    assert await readers(ask, ada, sent[anne], Role.ADMIN) == seen
    assert await readers(ask, ada, sent[ada], Role.ADMIN) == everybody
    assert await readers(ask, anne, sent[ada]) == seen
    assert (await publication(ask, anne, sent[ada]))["counts"]["readers"] == 2
    assert await readers(ask, paul, sent[ada]) == {format_id("contact", theirs)}


async def test_a_team_tells_the_contacts_of_all_its_members(house: House, ask: Ask) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    team = new_id()
    body = contacts.Team(id=format_id("team", team), name="Nord")
    body.member_ids.extend(format_id("collaborator", each) for each in (anne, paul))
    await house.receive(contacts.TeamChanged(team=body), "team", team)
    theirs, nobodys = await house.contact(paul, email="t@x.example"), await house.contact(email="n@x.example")
    group = await a_group(house, theirs, nobodys)
    await shares(house, "TEAM_PORTFOLIO")
    sent = await publish(ask, anne, (await a_campaign(ask, anne, group))["id"])
    await told(house)
    assert await readers(ask, anne, sent["id"]) == {format_id("contact", theirs)}
