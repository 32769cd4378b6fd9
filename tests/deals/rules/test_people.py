"""The rules about contacts and accounts, on what the contacts service tells."""

from datetime import timedelta

from chassis.identifiers import format_id, new_id, parse_id
from proto.contacts.v1 import messages_pb2 as pb
from services.deals.rules.client_silent import CLIENT_CONTACT_SILENT, CLIENT_SILENT
from services.deals.rules.contact_unreachable import CONTACT_UNREACHABLE
from services.deals.rules.probable_duplicate import DUPLICATE_CONTACT
from services.deals.rules.prospect_without_manager import PROSPECT_CONTACT_WITHOUT_MANAGER, PROSPECT_WITHOUT_MANAGER
from services.deals.rules.suspect_not_qualified import SUSPECT_NOT_QUALIFIED
from tests.deals.house import Office
from tests.deals.rules.told import carry_out, raised_about


async def speaks_for(office: Office, contact: str, account: str) -> None:
    """Tell of an interlocutor."""
    id = format_id("interlocutor", new_id())
    body = pb.Interlocutor(id=id, contact_id=contact, account_id=account)
    await office.tell("interlocutor", parse_id("interlocutor", id), pb.InterlocutorChanged(interlocutor=body))
    await office.knows(id)


async def test_a_prospect_nobody_is_in_charge_of_is_told_company_or_person(office: Office) -> None:
    company = await office.an_account(status=pb.PROSPECT)
    person = await office.a_contact(status=pb.PROSPECT)
    employee = await office.a_contact(status=pb.PROSPECT)
    await speaks_for(office, employee, company)
    kept = await office.an_account(manager=office.id_of(), status=pb.PROSPECT)
    await office.an_account(status=pb.SUSPECT)
    await office.knows(kept)
    rules = [PROSPECT_WITHOUT_MANAGER, PROSPECT_CONTACT_WITHOUT_MANAGER]
    await office.sweep_once(timedelta(days=1), rules)
    assert await raised_about(office, PROSPECT_WITHOUT_MANAGER) == {}
    await office.sweep_once(timedelta(days=3), rules)
    found = await raised_about(office, PROSPECT_WITHOUT_MANAGER)
    assert set(found) == {company}
    [take] = found[company]["suggestions"]
    assert take["variables"] == {"input": {"id": company, "relationshipManagerId": office.id_of()}}
    assert set(await raised_about(office, PROSPECT_CONTACT_WITHOUT_MANAGER)) == {person}
    taken = pb.Account(id=company, name="x", relationship_manager_id=office.id_of(), status=pb.PROSPECT)
    await office.tell("account", parse_id("account", company), pb.AccountChanged(account=taken), 2)
    await office.is_at(company, 2)
    await office.sweep_once(timedelta(days=3), rules)
    assert await raised_about(office, PROSPECT_WITHOUT_MANAGER) == {}


async def test_the_status_counts_from_its_change_not_from_the_last_message(office: Office) -> None:
    company = await office.an_account(status=pb.PROSPECT)
    await office.knows(company)
    again = pb.Account(id=company, name="Autre nom", status=pb.PROSPECT)
    await office.tell("account", parse_id("account", company), pb.AccountChanged(account=again), 2, timedelta(days=2))
    await office.is_at(company, 2)
    await office.sweep_once(timedelta(days=2, minutes=5), [PROSPECT_WITHOUT_MANAGER])
    assert set(await raised_about(office, PROSPECT_WITHOUT_MANAGER)) == {company}


async def test_a_client_is_silent_until_something_happens(office: Office) -> None:
    company = await office.an_account(status=pb.CLIENT)
    person = await office.a_contact(status=pb.CLIENT)
    await office.a_deal(accountId=company)
    deal = await office.a_deal(primaryContactId=person)
    rules = [CLIENT_SILENT, CLIENT_CONTACT_SILENT]
    await office.sweep_once(timedelta(days=179), rules)
    assert await raised_about(office, CLIENT_SILENT) == {}
    await office.sweep_once(timedelta(days=181), rules)
    assert set(await raised_about(office, CLIENT_SILENT)) == {company}
    found = await raised_about(office, CLIENT_CONTACT_SILENT)
    visit, _, leave = found[person]["suggestions"]
    assert (visit["mutation"], visit["variables"]["input"]["contactId"]) == ("planAppointment", person)
    assert leave["variables"]["input"]["status"] == "FORMER_CLIENT"
    await office.a_note(dealId=deal)
    await office.sweep_once(timedelta(days=181), rules)
    assert (await raised_about(office, CLIENT_SILENT), await raised_about(office, CLIENT_CONTACT_SILENT)) != ({}, {})
    await office.sweep_once(timedelta(days=179), rules)
    assert await raised_about(office, CLIENT_CONTACT_SILENT) == {}


async def test_a_contact_nobody_can_reach_is_told_after_three_days(office: Office) -> None:
    mute = await office.a_contact(email="")
    await office.a_contact(email="", phone="+33612345678")
    await office.knows(mute)
    await office.sweep_once(timedelta(days=2), [CONTACT_UNREACHABLE])
    assert await raised_about(office, CONTACT_UNREACHABLE) == {}
    await office.sweep_once(timedelta(days=4), [CONTACT_UNREACHABLE])
    found = await raised_about(office, CONTACT_UNREACHABLE)
    assert set(found) == {mute}
    assert found[mute]["headline"] == "contact sans e-mail ni téléphone"
    find, _ = found[mute]["suggestions"]
    assert await carry_out(office, find) == "Event"


async def test_a_suspect_of_the_field_is_to_be_qualified(office: Office) -> None:
    met = await office.a_contact(origin=pb.Contact.FIELD, status=pb.SUSPECT)
    await office.a_contact(origin=pb.Contact.IMPORT, status=pb.SUSPECT)
    await office.a_contact(origin=pb.Contact.FIELD, status=pb.PROSPECT)
    await office.knows(met)
    await office.sweep_once(timedelta(days=6), [SUSPECT_NOT_QUALIFIED])
    found = await raised_about(office, SUSPECT_NOT_QUALIFIED)
    assert set(found) == {met}
    assert [one["mutation"] for one in found[met]["suggestions"]] == ["updateContact", "deleteContact"]


async def test_a_probable_duplicate_is_told_until_it_is_settled(office: Office) -> None:
    first, second, third = [await office.a_contact(given) for given in ("Zoé", "Zoë", "Zo")]
    await office.knows(third)
    id, other = (format_id("duplicate", new_id()) for _ in range(2))
    pair = pb.Duplicate(id=id, first_id=first, second_id=second, score=0.93, state=pb.Duplicate.OPEN)
    weak = pb.Duplicate(id=other, first_id=second, second_id=third, score=0.7, state=pb.Duplicate.OPEN)
    for one in (weak, pair):
        await office.tell("duplicate", parse_id("duplicate", one.id), pb.DuplicateFound(duplicate=one))
    await office.knows(id)
    await office.sweep_once(timedelta(minutes=1), [DUPLICATE_CONTACT])
    found = await raised_about(office, DUPLICATE_CONTACT)
    assert set(found) == {first}
    assert found[first]["reason"] == "Ressemble à 93 % à « Zoë Lefèvre »."
    merge, differ = found[first]["suggestions"]
    assert merge["variables"]["input"] == {"winnerId": first, "losers": [{"id": second}]}
    assert differ["mutation"] == "dismissDuplicate"
    pair.state = pb.Duplicate.DISMISSED
    await office.tell("duplicate", parse_id("duplicate", id), pb.DuplicateSettled(duplicate=pair), 2)
    await office.is_at(id, 2)
    await office.sweep_once(timedelta(minutes=1), [DUPLICATE_CONTACT])
    assert await raised_about(office, DUPLICATE_CONTACT) == {}
