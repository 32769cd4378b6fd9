"""The rule of addresses that bounce, as the notifier tells of them."""

import pytest

from chassis.database import utc_now
from chassis.identifiers import format_id, new_id, parse_id
from proto.contacts.v1 import messages_pb2 as pb
from proto.notifier.v1 import messages_pb2 as notifier
from services.deals.rules.address_bounces import ADDRESS_BOUNCES
from tests.deals.house import Office
from tests.deals.rules.told import carry_out, raised_about


async def bounced(office: Office, contact: str, version: int = 1, hard: int = 0, soft: int = 0) -> None:
    """Tell what the notifier would, and wait until it is known."""
    told = notifier.Address(contact_id=contact, email="zoe@example.fr", hard=hard, soft=soft)
    told.at.FromDatetime(utc_now())
    body = notifier.AddressBounced(address=told) if hard + soft else notifier.AddressRecovered(address=told)
    id = parse_id("contact", contact)
    await office.tell("address", id, body, version)
    await office.is_at(format_id("address_bounce", id), version)


@pytest.mark.parametrize(("hard", "soft", "alerted"), [(1, 0, True), (0, 3, True), (0, 2, False)])
async def test_one_hard_or_three_soft_bounces_raise_it_at_once(
    office: Office, hard: int, soft: int, alerted: bool
) -> None:
    contact = await office.a_contact()
    await office.knows(contact)
    await bounced(office, contact, hard=hard, soft=soft)
    assert (set(await raised_about(office, ADDRESS_BOUNCES)) == {contact}) is alerted


async def test_it_says_how_often_offers_remedies_and_ends_when_mail_goes_again(office: Office) -> None:
    contact = await office.a_contact(manager=office.id_of())
    await office.knows(contact)
    await bounced(office, contact, hard=1, soft=1)
    [alert] = (await raised_about(office, ADDRESS_BOUNCES)).values()
    assert "1 rejet(s) définitif(s), 1 temporaire(s)" in alert["reason"]
    assert [one["mutation"] for one in alert["suggestions"]] == ["giveInstruction", "planAppointment"]
    for remedy in alert["suggestions"]:
        assert await carry_out(office, remedy) == "Event"
    # A message that comes late changes nothing; the newest counts.
    await bounced(office, contact, 3)
    assert await raised_about(office, ADDRESS_BOUNCES) == {}
    await bounced(office, contact, 2, hard=2)
    await office.sweep_once(rules=[ADDRESS_BOUNCES])
    assert await raised_about(office, ADDRESS_BOUNCES) == {}


async def test_a_bounce_told_before_its_contact_is_raised_by_the_next_sweep(office: Office) -> None:
    contact = format_id("contact", new_id())
    await bounced(office, contact, hard=1)
    body = pb.Contact(id=contact, given_name="Zoé", family_name="Lefèvre", email="zoe@example.fr")
    await office.tell("contact", parse_id("contact", contact), pb.ContactCreated(contact=body))
    await office.knows(contact)
    await office.sweep_once(rules=[ADDRESS_BOUNCES])
    assert set(await raised_about(office, ADDRESS_BOUNCES)) == {contact}
