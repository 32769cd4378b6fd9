"""A person who asks what the notifier keeps of them."""

import json

from chassis.identifiers import format_id, new_id
from proto.contacts.v1 import messages_pb2 as contacts
from proto.deals.v1 import messages_pb2 as deals
from proto.notifier.v1.messages_pb2 import PersonExportTold
from tests.notifier.house import House, an_event


async def test_all_that_is_theirs_is_told_and_goes_when_they_are_erased(house: House) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    contact = await house.contact(given_name="Aurélie", family_name="Montclair", email="z@port.example")
    id = format_id("contact", contact)
    subject = deals.Subject(contact_id=id, contact_name="Aurélie Montclair")
    for title, about in (("Appel", subject), ("Rien", deals.Subject())):
        event = an_event(anne, paul, title=title, subject=about)
        await house.receive(deals.EventCreated(event=event), "event", new_id())
    export = new_id()
    asked = contacts.PersonExportRequested(
        person_export_id=format_id("person_export", export), contact_ids=[id], identifiers=["z@port.example"]
    )
    await house.receive(asked, "person_export", export)
    statement = "SELECT payload FROM outbox WHERE type = 'liant.notifier.v1.PersonExportTold'"
    [row] = await house.rows(statement)
    told = PersonExportTold.FromString(row.payload)
    assert (told.person_export_id, told.count) == (format_id("person_export", export), 1)
    found = json.loads(told.piece)
    assert [(each["name"], each["email"]) for each in found["contact"]] == [("Aurélie Montclair", "z@port.example")]
    assert [each["content"]["title"] for each in found["cause"]] == ["Appel"]
    erased = contacts.PersonErased(erasure_id=format_id("erasure", new_id()), contact_ids=[id], identifiers=[])
    await house.receive(erased, "erasure", new_id())
    assert await house.rows(statement) == []
