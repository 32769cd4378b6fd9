"""A person whom contacts erased is named no more by what mails are written from, nor by the log of mails."""

from chassis.identifiers import format_id, new_id
from proto.contacts.v1 import messages_pb2 as contacts
from proto.deals.v1 import messages_pb2 as deals
from tests.notifier.house import House, an_event
from tests.support.remains import remains

NAMES = ("Zébulon", "Quatrepoint", "quatrepoint@ancien.example")


async def test_nothing_names_an_erased_person_and_each_mail_stays_on_record(house: House) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    contact = await house.contact()
    id = format_id("contact", contact)
    subject = deals.Subject(contact_id=id, contact_name="Zébulon Quatrepoint")
    told = "Écrire à quatrepoint@ancien.example"
    event = an_event(anne, paul, title="Appel de Zébulon Quatrepoint", description=told, subject=subject)
    await house.receive(deals.EventCreated(event=event), "event", new_id())
    assert {word for _, word in await remains(house.owner, *NAMES)} == set(NAMES)
    erasure = new_id()
    body = contacts.PersonErased(
        erasure_id=format_id("erasure", erasure),
        contact_ids=[id],
        identifiers=["Zébulon Quatrepoint", "quatrepoint@ancien.example"],
    )
    for _ in range(2):
        await house.receive(body, "erasure", erasure)
    assert await remains(house.owner, *NAMES) == []
    assert len(await house.rows("SELECT 1 FROM delivery")) == 1
    answers = await house.rows("SELECT 1 FROM outbox WHERE type = 'liant.notifier.v1.ErasureDone'")
    assert len(answers) == 2, "whoever asks again is answered again"
