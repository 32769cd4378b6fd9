"""For each rule of the catalogue, a deal, contact or account that has its defect DAYS days from now."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from chassis.auth import Role
from chassis.identifiers import format_id, new_id, parse_id
from proto.contacts.v1 import messages_pb2 as pb
from proto.notifier.v1 import messages_pb2 as notifier
from tests.deals.house import Office
from tests.deals.quotes.desk import CONTRACT, INVOICE, LETTERHEAD, QUOTE, ROOF, made

DAYS = 10
LONG_AGO = timedelta(days=-200)
Scene = Callable[[Office], Awaitable[str]]


def day(ahead: int) -> str:
    """A day from today."""
    return (datetime.now(UTC).date() + timedelta(days=ahead)).isoformat()


async def prepare(office: Office) -> None:
    """What papers need."""
    await made(office, "setLetterhead", "version", Role.ADMIN, **LETTERHEAD)


async def a_deal(office: Office) -> str:
    return await office.a_deal(phase="OPPORTUNITY", ownerId=office.id_of())


async def passed(office: Office) -> str:
    return await office.a_deal(phase="OPPORTUNITY", expectedClose=day(0))


async def pushed(office: Office) -> str:
    deal = await office.a_deal(expectedClose=day(10))
    for ahead in (20, 30, 40):
        await office.do("updateDeal", id=deal, expectedClose=day(ahead))
    return deal


async def overdue(office: Office) -> str:
    deal = await a_deal(office)
    await office.an_instruction(dealId=deal, dueAt=f"{day(1)}T09:00:00+01:00")
    return deal


async def ownerless(office: Office) -> str:
    manager = await office.a_collaborator("Ana Gil")
    await office.knows(manager)
    contact = await office.a_contact(manager=manager)
    await office.knows(contact)
    return await office.a_deal(ownerId=None, primaryContactId=contact)


async def undecided(office: Office) -> str:
    account = await office.an_account()
    contact = await office.a_contact("Léa", "Morin")
    await speaks_for(office, contact, account)
    stage = (await office.stages())[4]
    return await office.a_deal(stageId=stage, accountId=account, primaryContactId=await office.a_contact())


async def quoted(office: Office) -> str:
    deal = await a_deal(office)
    quote = await made(office, "draftQuote", QUOTE, dealId=deal, lines=[ROOF], validUntil=day(DAYS + 2))
    await made(office, "sendQuote", QUOTE, id=quote["id"])
    return deal


async def contracted(office: Office, ends: int, notice: int = 0) -> str:
    deal = await a_deal(office)
    terms: dict[str, Any] = {"title": "Entretien", "amount": "100", "currency": "EUR", "startsOn": day(0)}
    terms |= {"endsOn": day(ends), "noticeDays": notice}
    contract = await made(office, "createContract", CONTRACT, dealId=deal, **terms)
    await made(office, "changeContractStatus", CONTRACT, id=contract["id"], status="ACTIVE")
    return deal


async def owed(office: Office) -> str:
    deal = await a_deal(office)
    invoice = await made(office, "createInvoice", INVOICE, dealId=deal, title="Toiture", lines=[ROOF])
    await made(office, "issueInvoice", INVOICE, id=invoice["id"], dueOn=day(1))
    return deal


async def an_account(office: Office, status: pb.Status.ValueType) -> str:
    """An account that has had its status for long, somebody who speaks for it, and a deal."""
    id = format_id("account", new_id())
    body = pb.Account(id=id, name="Boulangerie du Port", status=status)
    await office.tell("account", parse_id("account", id), pb.AccountCreated(account=body), ahead=LONG_AGO)
    contact = await office.a_contact("Noé", "Roux")
    await speaks_for(office, contact, id)
    await office.knows(id)
    return id


async def a_contact(office: Office, **told: object) -> str:
    """A contact who has had their status for long."""
    id = format_id("contact", new_id())
    more = {"email": "zoe@example.fr", **told}
    body = pb.Contact(id=id, given_name="Zoé", family_name="Lefèvre", **more)  # type: ignore[arg-type]  # as told
    await office.tell("contact", parse_id("contact", id), pb.ContactCreated(contact=body), ahead=LONG_AGO)
    await office.knows(id)
    return id


async def speaks_for(office: Office, contact: str, account: str) -> None:
    """Tell of an interlocutor."""
    id = format_id("interlocutor", new_id())
    body = pb.Interlocutor(id=id, contact_id=contact, account_id=account)
    await office.tell("interlocutor", parse_id("interlocutor", id), pb.InterlocutorChanged(interlocutor=body))
    await office.knows(contact)
    await office.knows(id)


async def prospect_account(office: Office) -> str:
    account = await an_account(office, pb.PROSPECT)
    await office.a_deal(accountId=account, ownerId=office.id_of(Role.ADMIN))
    return account


async def prospect_contact(office: Office) -> str:
    contact = await a_contact(office, status=pb.PROSPECT)
    await office.a_deal(primaryContactId=contact, ownerId=office.id_of(Role.ADMIN))
    return contact


async def mute(office: Office) -> str:
    contact = await a_contact(office, email="")
    await alike(office, "contact", await a_contact(office), contact)
    return contact


async def bouncing(office: Office) -> str:
    contact = await a_contact(office)
    told = notifier.Address(contact_id=contact, email="zoe@example.fr", hard=1)
    told.at.FromDatetime(datetime.now(UTC))
    id = parse_id("contact", contact)
    await office.tell("address", id, notifier.AddressBounced(address=told))
    await office.is_at(format_id("address_bounce", id), 1)
    return contact


async def alike(office: Office, kind: str, first: str, second: str) -> str:
    id = format_id("duplicate", new_id())
    pair = pb.Duplicate(id=id, first_id=first, second_id=second, score=0.93, state=pb.Duplicate.OPEN)
    await office.tell("duplicate", parse_id("duplicate", id), pb.DuplicateFound(duplicate=pair))
    await office.knows(id)
    return first


async def twins(office: Office) -> str:
    return await alike(office, "contact", await a_contact(office), await a_contact(office))


async def twin_accounts(office: Office) -> str:
    first, second = [await an_account(office, pb.SUSPECT) for _ in range(2)]
    return await alike(office, "account", first, second)


SCENES: dict[str, Scene] = {
    "deal_without_next_event": a_deal,
    "deal_stale_in_stage": undecided,
    "close_date_passed": passed,
    "close_date_pushed": pushed,
    "instruction_overdue": overdue,
    "deal_without_owner": ownerless,
    "no_decision_maker": undecided,
    "quote_unanswered": quoted,
    "quote_expiring": quoted,
    "contract_ending": lambda office: contracted(office, DAYS + 60),
    "contract_notice": lambda office: contracted(office, DAYS + 200, 195),
    "invoice_unpaid": owed,
    "prospect_without_manager": prospect_account,
    "prospect_contact_without_manager": prospect_contact,
    "contact_unreachable": mute,
    "address_bounces": bouncing,
    "probable_duplicate": twins,
    "probable_duplicate_account": twin_accounts,
    "client_silent": lambda office: an_account(office, pb.CLIENT),
    "client_contact_silent": lambda office: a_contact(office, status=pb.CLIENT),
    "suspect_not_qualified": lambda office: a_contact(office, status=pb.SUSPECT, origin=pb.Contact.FIELD),
}
