"""Copies of the contacts service's data: late, twice, out of order, replayed."""

import asyncio
import time
from typing import Any

import pytest
from sqlalchemy import delete, select

from chassis.auth import Actor
from chassis.identifiers import format_id, new_id, parse_id
from proto.contacts.v1 import messages_pb2 as pb
from services.deals.commands import known
from services.deals.model import Base, Collaborator, Contact, Deal
from services.deals.service import SERVICE
from tests.deals.house import Office
from tests.support.control import until

COPIES = ("organization", "collaborator", "contact", "account", "interlocutor")


async def copies(office: Office) -> dict[str, list[Any]]:
    """The organization's rows in each table of copies."""
    async with office.house.running.database.read(office.organization) as session:
        tables = [Base.metadata.tables[name] for name in COPIES]
        return {table.name: list(await session.rows(select(table).order_by(table.c.id))) for table in tables}


async def name_of(office: Office, collaborator: str) -> Any:
    """A collaborator's name, as deals knows it."""
    async with office.house.running.database.read(office.organization) as session:
        return await session.scalar(
            select(Collaborator.name).where(Collaborator.id == parse_id("collaborator", collaborator))
        )


async def test_a_deal_may_be_made_at_once_with_a_contact_that_was_just_created(office: Office) -> None:
    contact = format_id("contact", new_id())
    order = asyncio.create_task(office.do("createDeal", title="Toiture", primaryContactId=contact))
    await asyncio.sleep(0.3)
    body = pb.Contact(id=contact, given_name="Zoé")
    await office.tell("contact", parse_id("contact", contact), pb.ContactCreated(contact=body))
    assert (await order)["__typename"] == "Deal"


async def test_an_id_whose_copy_never_comes_is_refused_in_time(office: Office) -> None:
    began = time.monotonic()
    refused = await office.do("createDeal", title="Toiture", primaryContactId=format_id("contact", new_id()))
    assert (refused["__typename"], refused["path"]) == ("NotFound", ["primaryContactId"])
    assert time.monotonic() - began >= known.WAIT_SECONDS


async def test_an_old_id_that_is_unknown_is_refused_at_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "WAIT_SECONDS", 3600.0)
    order = office.do("createDeal", title="Toiture", primaryContactId="contact_01h455vb4pex5vsknk084sn02q")
    refused = await asyncio.wait_for(order, 60)
    assert (refused["__typename"], refused["path"]) == ("NotFound", ["primaryContactId"])


async def test_an_older_version_never_overwrites_a_newer_one(office: Office) -> None:
    id = await office.a_collaborator("Nouvelle", version=3)
    await office.knows(id)
    await office.a_collaborator("Ancienne", version=2, id=id)
    later = await office.a_collaborator("Après")
    await office.knows(later)
    await office.a_collaborator("Après", version=2, id=id)
    assert await name_of(office, id) == "Nouvelle"


async def test_copies_are_rebuilt_from_the_stream_and_the_rest_stays(office: Office) -> None:
    contact, account = await office.a_contact(), await office.an_account()
    link = new_id()
    body = pb.Interlocutor(
        id=format_id("interlocutor", link), contact_id=contact, account_id=account, decision_maker=True
    )
    await office.tell("interlocutor", link, pb.InterlocutorChanged(interlocutor=body))
    deal = await office.a_deal(primaryContactId=contact, accountId=account)
    await until(lambda: _has(office, "interlocutor"), what="the link's copy")
    before = await copies(office)
    async with office.house.running.database.unit_of_work(Actor.system(office.organization)) as work:
        for name in COPIES:
            await work.session.execute(delete(Base.metadata.tables[name]))
    assert not any((await copies(office)).values())
    await rebuild(office)
    assert await copies(office) == before
    await rebuild(office)
    assert await copies(office) == before
    asked = await office.data("query($id: ID!) { deal(id: $id) { id } }", id=deal)
    assert asked == {"deal": {"id": deal}}


async def _has(office: Office, table: str) -> bool:
    return bool((await copies(office))[table])


async def rebuild(office: Office) -> None:
    """What `python -m services.deals rebuild` does to each stream."""
    running = office.house.running
    await SERVICE.inbox(running).rebuild("LIANT_CONTACTS", ["liant.contacts.v1.>"], SERVICE.copies)


async def test_a_deleted_contact_begins_no_deal_and_keeps_those_it_has(office: Office) -> None:
    contact = await office.a_contact()
    deal = await office.a_deal(primaryContactId=contact)
    body = pb.Contact(id=contact, given_name="Zoé", deleted=True)
    await office.tell("contact", parse_id("contact", contact), pb.ContactChanged(contact=body), version=2)
    await until(lambda: _deleted(office, contact), what="the copy says so")
    refused = await office.do("createDeal", title="Toiture", primaryContactId=contact)
    assert (refused["__typename"], refused["path"]) == ("InvalidInput", ["primaryContactId"])
    changed = await office.do("updateDeal", show="title", id=deal, title="Encore")
    assert changed["title"] == "Encore"


async def _deleted(office: Office, contact: str) -> bool:
    async with office.house.running.database.read(office.organization) as session:
        return bool(await session.scalar(select(Contact.deleted).where(Contact.id == parse_id("contact", contact))))


async def test_an_organization_that_deals_has_not_heard_of_still_has_its_pipeline(office: Office) -> None:
    stranger = Office(office.house, new_id(), {})
    stranger.actors.update({role: Actor(stranger.organization, new_id(), role) for role in office.actors})
    answers = await asyncio.gather(*(stranger.data("{ pipelines { id name } }") for _ in range(4)))
    assert len({str(answer) for answer in answers}) == 1
    async with office.house.running.database.read(stranger.organization) as session:
        assert await session.first(select(Deal.id)) is None
