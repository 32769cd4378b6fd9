"""Writes under repetition and at the same time: keys, versions, messages."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio

from chassis import messages
from chassis.auth import Role
from chassis.bus import Bus
from chassis.identifiers import format_id
from chassis.outbox import OutboxRelay
from proto.contacts.v1 import messages_pb2 as contracts
from services.contacts import model
from tests.contacts.house import House, Office

KINDS = (
    contracts.OrganizationChanged,
    contracts.CollaboratorChanged,
    contracts.ContactCreated,
    contracts.ContactChanged,
    contracts.AccountCreated,
    contracts.AccountChanged,
    contracts.InterlocutorChanged,
    contracts.ContactStatusChanged,
    contracts.AccountStatusChanged,
)
pytestmark = pytest.mark.usefixtures("nothing_waits")

TYPES: dict[str, Any] = {kind.DESCRIPTOR.full_name: kind for kind in KINDS}


@pytest_asyncio.fixture
async def bus(house: House) -> AsyncIterator[Bus]:
    """A connection that only listens."""
    listener = await Bus.connect(house.running.settings, "listener")
    yield listener
    await listener.close()


async def _published(house: House, bus: Bus, office: Office) -> list[messages.Received[Any]]:
    """An organization's messages on the stream, once its outbox is drained."""
    relay = OutboxRelay(house.running.system, model.outbox, house.running.bus, "contacts")
    while await relay.drain():
        pass
    found = [message async for message in bus.replay("LIANT_CONTACTS", ["liant.contacts.v1.>"])]
    # Other tests' messages, of other kinds, are on the same stream.
    mine = [message for message in found if message.headers["ce-type"] in TYPES]
    told = [messages.read(message.headers, message.payload, TYPES) for message in mine]
    return [message for message in told if message.organization == office.organization]


async def test_every_write_tells_the_whole_aggregate_with_its_version(house: House, bus: Bus, office: Office) -> None:
    manager = office.id_of(Role.READER)
    contact = await office.a_contact(emails=[{"address": "zoe@port.example"}], phones=[{"number": "0123456789"}])
    await office.do("updateContact", {"id": contact, "familyName": "Moreau", "relationshipManagerId": manager})
    await office.do("deleteContact", {"id": contact})
    account = await office.an_account(siren="732829320")
    await office.do("updateAccount", {"id": account, "status": "CLIENT"})
    link = await office.do("createInterlocutor", {"contactId": contact, "accountId": account})
    assert link["__typename"] == "WrongState"
    await office.do("restoreContact", {"id": contact})
    link = await office.do("createInterlocutor", {"contactId": contact, "accountId": account, "jobTitle": "Gérante"})
    await office.do("updateCollaborator", {"id": manager, "disabled": True}, Role.ADMIN)

    told = await _published(house, bus, office)
    of_contact = [message for message in told if message.aggregate == "contact"]
    assert [(message.type.rpartition(".")[2], message.version) for message in of_contact] == [
        ("ContactCreated", 1),
        ("ContactChanged", 2),
        ("ContactChanged", 3),
        ("ContactChanged", 4),
    ]
    assert [message.body.contact.deleted for message in of_contact] == [False, False, True, False]
    assert of_contact[-1].body.contact == contracts.Contact(
        id=contact,
        given_name="Zoé",
        family_name="Moreau",
        email="zoe@port.example",
        phone="+33123456789",
        relationship_manager_id=manager,
        status=contracts.SUSPECT,
        origin=contracts.Contact.MANUAL,
    )
    of_account = [message.body.account for message in told if message.type.endswith("AccountChanged")]
    assert of_account[-1] == contracts.Account(
        id=account, name="Boulangerie du Port", siren="732829320", status=contracts.CLIENT
    )
    [of_link] = [message.body.interlocutor for message in told if message.aggregate == "interlocutor"]
    assert (of_link.id, of_link.contact_id, of_link.account_id) == (link["id"], contact, account)
    people = [message.body.collaborator for message in told if message.aggregate == "collaborator"]
    disabled = [person for person in people if person.id == manager][-1]
    assert (disabled.id, disabled.disabled, disabled.role) == (manager, True, contracts.Collaborator.READER)
    [organization] = [message.body.organization for message in told if message.aggregate == "organization"]
    assert organization.trial_ends_at.ToDatetime(UTC) > datetime.now(UTC)
    assert organization == contracts.Organization(
        id=format_id("organization", office.organization),
        name="Cabinet Lumière",
        locale="fr",
        time_zone="Europe/Paris",
        plan=contracts.Organization.PRO,
        trial_ends_at=organization.trial_ends_at,
        sharing="EVERYTHING",
    )


async def test_a_refused_write_tells_nothing(house: House, bus: Bus, office: Office) -> None:
    before = len(await _published(house, bus, office))
    await office.do("createContact", {"givenName": "Zoé", "emails": [{"address": "rubbish"}]})
    await office.do("createContact", {"givenName": "Zoé"}, Role.READER)
    assert len(await _published(house, bus, office)) == before


async def test_a_key_makes_a_repeated_write_one_write(house: House, bus: Bus, office: Office) -> None:
    input = {"givenName": "Zoé", "emails": [{"address": "zoe@port.example"}], "idempotencyKey": "import-1"}
    first = await office.do("createContact", input)
    again = await office.do("createContact", input)
    assert first == again
    other = await office.do("createContact", {**input, "givenName": "Ana"})
    assert (other["__typename"], other["path"]) == ("IdempotencyConflict", ["idempotencyKey"])
    elsewhere = await office.do("createAccount", {"name": "Zoé", "idempotencyKey": "import-1"})
    assert elsewhere["__typename"] == "IdempotencyConflict"
    told = [message for message in await _published(house, bus, office) if message.aggregate == "contact"]
    assert len(told) == 1


async def test_a_key_belongs_to_whoever_used_it(house: House, office: Office) -> None:
    input = {"givenName": "Zoé", "idempotencyKey": "same"}
    mine, colleagues = await office.do("createContact", input), await office.do("createContact", input, Role.ADMIN)
    other = await (await house.organization("Autre")).do("createContact", input)
    assert len({mine["id"], colleagues["id"], other["id"]}) == 3


async def test_a_refused_write_does_not_use_up_its_key(office: Office) -> None:
    bad = {"givenName": "Zoé", "language": "tlh", "idempotencyKey": "later"}
    assert (await office.do("createContact", bad))["__typename"] == "InvalidInput"
    assert (await office.do("createContact", {**bad, "language": "fr"}))["__typename"] == "Contact"


async def test_a_key_repeated_at_the_same_moment_makes_one_row(office: Office) -> None:
    input = {"givenName": "Zoé", "idempotencyKey": "twice"}
    results = await asyncio.gather(*(office.do("createContact", input) for _ in range(8)))
    assert len({result["id"] for result in results}) == 1
    assert (await office.data("{ contacts { totalCount } }"))["contacts"]["totalCount"] == 1


async def test_of_updates_based_on_one_version_one_wins(office: Office) -> None:
    made = await office.a_contact()
    changes = [{"id": made, "familyName": f"Nom {n}", "expectedVersion": 1} for n in range(8)]
    results = await asyncio.gather(*(office.do("updateContact", change) for change in changes))
    kinds = sorted(result["__typename"] for result in results)
    assert kinds == ["Contact", *["VersionConflict"] * 7]


async def test_updates_at_the_same_moment_follow_one_another(house: House, bus: Bus, office: Office) -> None:
    made = await office.a_contact()
    await asyncio.gather(*(office.do("updateContact", {"id": made, "notes": f"note {n}"}) for n in range(12)))
    told = await _published(house, bus, office)
    versions = [message.version for message in told if message.aggregate == "contact"]
    assert versions == list(range(1, 14))


async def test_two_links_at_the_same_moment_make_one(office: Office) -> None:
    contact, account = await office.a_contact(), await office.an_account()
    link = {"contactId": contact, "accountId": account}
    results = await asyncio.gather(*(office.do("createInterlocutor", link) for _ in range(4)))
    assert sorted(result["__typename"] for result in results) == [*["AlreadyExists"] * 3, "Interlocutor"]


async def test_two_administrators_cannot_demote_each_other(office: Office) -> None:
    second = await office.do("createCollaborator", {"name": "D", "email": "d@d.example", "role": "ADMIN"}, Role.ADMIN)
    demote = [{"id": id, "role": "READER"} for id in (office.id_of(Role.ADMIN), second["id"])]
    results = await asyncio.gather(*(office.do("updateCollaborator", change, Role.ADMIN) for change in demote))
    assert sorted(result["__typename"] for result in results) == ["Collaborator", "WrongState"]


async def test_many_requests_of_several_mutations_each_do_not_starve_one_another(office: Office) -> None:
    twice = """mutation($input: CreateContactInput!) {
      one: createContact(input: $input) { ... on Contact { id email } }
      two: createContact(input: $input) { ... on Contact { id email } } }"""
    answers = await asyncio.gather(*(office.data(twice, input={"givenName": f"Zoé {n}"}) for n in range(40)))
    assert len({made["id"] for answer in answers for made in answer.values()}) == 80
