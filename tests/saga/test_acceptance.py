"""An accepted quote across two services: whatever stops, dies or comes twice in between, it ends once, or is undone."""

from typing import Any

from chassis.auth import Role
from chassis.database import utc_now
from chassis.identifiers import new_id, parse_id
from chassis.messages import Outgoing, headers_of
from proto.deals.v1 import messages_pb2 as pb
from services.contacts import model
from tests.contacts.house import Office as AddressBook
from tests.deals.house import Office
from tests.deals.quotes.desk import a_sent_quote, answered, made, quote_of, run, with_letterhead
from tests.saga.conftest import Firm
from tests.saga.parts import CONSUMER, RELAY
from tests.support.control import until

STATUS = "query($id: ID!) { account(id: $id) { status statusHistory { status reason quoteId } } }"


async def a_firm_s_offices(firm: Firm) -> tuple[AddressBook, Office]:
    """One organization, as both services know it."""
    await firm.worker.start()
    book = await firm.contacts.organization()
    office = Office(firm.deals, book.organization, dict(book.actors))
    await office.knows(office.id_of(Role.READER))
    return book, office


async def an_offer(book: AddressBook, office: Office, **party: str) -> Any:
    """A quote that was sent to a company's deal, contacts' part ended right after."""
    if not party:
        party = {"accountId": await book.an_account()}
    (id,) = party.values()
    await office.knows(id)
    deal = await office.a_deal(**party)
    await with_letterhead(office)
    return await a_sent_quote(office, by_email=False, dealId=deal)


async def ended(office: Office, quote: str, status: str) -> Any:
    """The quote, once its acceptance is so."""

    async def holds() -> bool:
        return bool((await quote_of(office, quote))["acceptance"]["status"] == status)

    await until(holds, seconds=60, what=f"the acceptance of {quote} is {status}")
    return await quote_of(office, quote)


async def test_an_acceptance_makes_a_client_and_says_by_which_quote(firm: Firm) -> None:
    book, office = await a_firm_s_offices(firm)
    account = await book.an_account()
    quote = await an_offer(book, office, accountId=account)
    await answered(office, quote["id"])
    done = await ended(office, quote["id"], "COMPLETED")
    assert (done["deal"]["phase"], done["acceptance"]["contract"]["status"]) == ("SIGNED", "DRAFT")
    told = (await book.data(STATUS, id=account))["account"]
    assert told["status"] == "CLIENT"
    assert told["statusHistory"][-1]["quoteId"] == quote["id"] or told["statusHistory"][0]["quoteId"] == quote["id"]


async def test_a_person_without_a_company_becomes_a_client(firm: Firm) -> None:
    book, office = await a_firm_s_offices(firm)
    contact = await book.a_contact()
    quote = await an_offer(book, office, primaryContactId=contact)
    await answered(office, quote["id"])
    await ended(office, quote["id"], "COMPLETED")
    told = await book.data("query($id: ID!) { contact(id: $id) { status } }", id=contact)
    assert told["contact"]["status"] == "CLIENT"


async def test_contacts_stopped_in_the_middle_ends_it_when_it_is_back(firm: Firm) -> None:
    book, office = await a_firm_s_offices(firm)
    account = await book.an_account()
    quote = await an_offer(book, office, accountId=account)
    await firm.worker.kill()
    accepted = await answered(office, quote["id"])
    assert (accepted["status"], accepted["deal"]["phase"]) == ("ACCEPTED", "SIGNED")
    assert accepted["acceptance"]["status"] == "STARTED"
    assert (await book.data(STATUS, id=account))["account"]["status"] == "SUSPECT"
    await firm.worker.start()
    await ended(office, quote["id"], "COMPLETED")


async def test_contacts_killed_between_its_commit_and_its_answer_ends_it_once(firm: Firm) -> None:
    book, office = await a_firm_s_offices(firm)
    account = await book.an_account()
    quote = await an_offer(book, office, accountId=account)
    await firm.worker.kill()
    await firm.worker.start(CONSUMER)
    await answered(office, quote["id"])

    async def client() -> bool:
        return bool((await book.data(STATUS, id=account))["account"]["status"] == "CLIENT")

    await until(client, seconds=30, what="a client, and nobody told")
    await firm.worker.kill()
    assert (await quote_of(office, quote["id"]))["acceptance"]["status"] == "STARTED"
    await firm.worker.start(RELAY)
    await ended(office, quote["id"], "COMPLETED")


async def test_the_same_message_again_changes_nothing(firm: Firm) -> None:
    book, office = await a_firm_s_offices(firm)
    account = await book.an_account()
    quote = await an_offer(book, office, accountId=account)
    await answered(office, quote["id"])
    done = await ended(office, quote["id"], "COMPLETED")
    (message,) = await office.told(pb.QuoteAccepted)
    again = Outgoing("quote", parse_id("quote", quote["id"]), 99, message)
    headers = headers_of(again, id=new_id(), source="deals", time=utc_now(), organization=office.organization)
    await firm.deals.running.bus.publish(again.subject, message.SerializeToString(), headers)
    outbox = model.Base.metadata.tables["outbox"]
    mine = outbox.select().where(outbox.c.organization_id == book.organization, outbox.c.type.like("%ClientMade"))

    async def answered_twice() -> bool:
        async with firm.contacts.running.system.connect() as connection:
            return len((await connection.execute(mine)).all()) == 2

    await until(answered_twice, seconds=30, what="contacts answered both")
    history = (await book.data(STATUS, id=account))["account"]["statusHistory"]
    assert [step["status"] for step in history].count("CLIENT") == 1
    later = await quote_of(office, quote["id"])
    for told in (done, later):
        del told["paper"]["url"]  # made anew each second
    assert later == done


async def test_an_account_that_is_deleted_takes_everything_back_and_a_retry_sets_it_right(firm: Firm) -> None:
    book, office = await a_firm_s_offices(firm)
    account = await book.an_account()
    quote = await an_offer(book, office, accountId=account)
    await firm.worker.kill()
    await book.do("deleteAccount", {"id": account})
    await answered(office, quote["id"])
    await firm.worker.start()
    undone = await ended(office, quote["id"], "COMPENSATED")
    assert undone["acceptance"]["reason"] == "DELETED"
    assert (undone["deal"]["phase"], undone["acceptance"]["contract"]["status"]) == ("LEAD", "CANCELLED")
    assert (undone["status"], undone["answer"]["accepted"]) == ("ACCEPTED", True)
    (told,) = await office.told(pb.QuoteAcceptanceCompensated)
    assert told.reason == "DELETED"
    await book.do("restoreAccount", {"id": account})
    again = await made(office, "retryQuoteAcceptance", "id acceptance { attempt }", id=quote["id"])
    assert again["acceptance"]["attempt"] == 2
    done = await ended(office, quote["id"], "COMPLETED")
    assert (done["deal"]["phase"], done["acceptance"]["contract"]["status"]) == ("SIGNED", "DRAFT")
    refused = await run(office, "retryQuoteAcceptance", "id", id=quote["id"])
    assert refused["code"] == "ACCEPTANCE_NOT_RETRYABLE"


async def test_what_people_built_upon_an_acceptance_stays_when_it_is_taken_back(firm: Firm) -> None:
    book, office = await a_firm_s_offices(firm)
    account = await book.an_account()
    quote = await an_offer(book, office, accountId=account)
    await firm.worker.kill()
    await book.do("deleteAccount", {"id": account})
    accepted = await answered(office, quote["id"])
    contract = accepted["acceptance"]["contract"]["id"]
    await made(office, "changeContractStatus", "id", id=contract, status="ACTIVE")
    await office.do("changeDealPhase", id=quote["deal"]["id"], phase="DONE")
    await firm.worker.start()
    undone = await ended(office, quote["id"], "COMPENSATED")
    assert (undone["deal"]["phase"], undone["acceptance"]["contract"]["status"]) == ("DONE", "ACTIVE")
