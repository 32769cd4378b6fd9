"""A person who asks what deals keeps of them."""

import json

from chassis.identifiers import new_id, parse_id
from proto.contacts.v1 import messages_pb2 as pb
from proto.deals.v1 import messages_pb2 as deals
from tests.deals.house import House, Office
from tests.deals.test_merging import do


async def test_all_that_is_theirs_is_told_and_no_more(house: House, office: Office) -> None:
    contact, stranger = await office.a_contact("Aurélie", "Montclair"), await office.a_contact("Ève", "Autre")
    for each in (contact, stranger):
        await office.knows(each)
    deal = (await do(office, "createDeal", {"title": "Toiture", "primaryContactId": contact}))["id"]
    await do(office, "createDeal", {"title": "Secret d'Ève", "primaryContactId": stranger})
    hers = (await do(office, "createDeal", {"title": "Avis de Montclair Aurélie", "primaryContactId": stranger}))["id"]
    await do(office, "writeNote", {"title": "Appel", "description": "Rappeler lundi", "dealId": deal})
    await do(office, "writeNote", {"title": "Visite", "description": "Au salon", "contactId": contact})
    export = new_id()
    body = pb.PersonExportRequested(
        person_export_id="", contact_ids=[contact], identifiers=["Aurélie Montclair", "Montclair Aurélie"]
    )
    await office.tell("person_export", export, body)
    [told] = await office.told(deals.PersonExportTold)
    assert (parse_id("person_export", told.person_export_id), told.position, told.count) == (export, 0, 1)
    found = json.loads(told.piece)
    assert [each["name"] for each in found["contact"]] == ["Aurélie Montclair"]
    assert [each["title"] for each in found["deal"]] == ["Toiture"]
    assert {each["title"] for each in found["event"]} == {"Appel", "Visite"}
    mentioned = found["mentions_deal"]
    assert [each["title"] for each in mentioned] == ["Avis de Montclair Aurélie"]
    assert mentioned[0]["id"] == str(parse_id("deal", hers))
    assert set(mentioned[0]) == {"id", "title", "lost_reason"}, "of somebody else's row, the text that names them"
    assert "Secret" not in told.piece
