"""The rules about quotes, contracts and invoices, and about who decides."""

from datetime import UTC, datetime, timedelta

from chassis.auth import Role
from services.deals.rules.contract_ending import CONTRACT_ENDING, CONTRACT_NOTICE
from services.deals.rules.invoice_unpaid import INVOICE_UNPAID
from services.deals.rules.no_decision_maker import NO_DECISION_MAKER
from services.deals.rules.quote_unanswered import QUOTE_EXPIRING, QUOTE_UNANSWERED
from tests.deals.house import Office
from tests.deals.quotes.desk import CONTRACT, INVOICE, LETTERHEAD, QUOTE, ROOF, made
from tests.deals.rules.told import carry_out, raised_about


def ahead(days: int) -> str:
    """A day from today."""
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


async def test_a_quote_is_followed_at_seven_and_fifteen_days_and_before_it_expires(office: Office) -> None:
    await made(office, "setLetterhead", "version", Role.ADMIN, **LETTERHEAD)
    deal = await office.a_deal()
    quote = await made(office, "draftQuote", QUOTE, dealId=deal, lines=[ROOF], validUntil=ahead(30))
    await made(office, "sendQuote", QUOTE, id=quote["id"])
    rules = [QUOTE_UNANSWERED, QUOTE_EXPIRING]
    await office.sweep_once(timedelta(days=6), rules)
    assert await raised_about(office, QUOTE_UNANSWERED) == {}
    await office.sweep_once(timedelta(days=8), rules)
    first = (await raised_about(office, QUOTE_UNANSWERED))[deal]
    assert (first["step"], [one["mutation"] for one in first["suggestions"]]) == (
        0,
        ["planAppointment", "extendQuote", "reviseQuote"],
    )
    await office.sweep_once(timedelta(days=16), rules)
    second = (await raised_about(office, QUOTE_UNANSWERED))[deal]
    assert second["step"] == 1 and second["predecessor"]
    assert "est sans réponse depuis" in second["reason"]
    assert await raised_about(office, QUOTE_EXPIRING) == {}
    await office.sweep_once(timedelta(days=28), rules)
    assert set(await raised_about(office, QUOTE_EXPIRING)) == {deal}
    await made(office, "withdrawQuote", QUOTE, id=quote["id"])
    await office.sweep_once(timedelta(days=28), rules)
    assert (await raised_about(office, QUOTE_EXPIRING), await raised_about(office, QUOTE_UNANSWERED)) == ({}, {})


async def test_a_contracts_end_and_notice_are_told_ahead(office: Office) -> None:
    deal = await office.a_deal()
    contract = await made(
        office,
        "createContract",
        CONTRACT,
        dealId=deal,
        title="Entretien",
        amount="100",
        currency="EUR",
        startsOn=ahead(0),
        endsOn=ahead(200),
        noticeDays=60,
    )
    await made(office, "changeContractStatus", CONTRACT, id=contract["id"], status="ACTIVE")
    rules = [CONTRACT_ENDING, CONTRACT_NOTICE]
    await office.sweep_once(timedelta(days=100), rules)
    assert await raised_about(office, CONTRACT_ENDING) == {}
    await office.sweep_once(timedelta(days=112), rules)
    early = (await raised_about(office, CONTRACT_ENDING))[deal]
    assert early["step"] == 0 and early["reason"].startswith("Le contrat « Entretien » prend fin le ")
    _, renew = early["suggestions"]
    assert renew["variables"]["input"]["title"].startswith("Renouvellement : ")
    assert await carry_out(office, renew) == "Deal"
    await office.sweep_once(timedelta(days=130), rules)
    assert set(await raised_about(office, CONTRACT_NOTICE)) == {deal}
    await office.sweep_once(timedelta(days=175), rules)
    assert (await raised_about(office, CONTRACT_ENDING))[deal]["step"] == 1


async def test_an_unpaid_invoice_is_told_until_it_is_paid(office: Office) -> None:
    await made(office, "setLetterhead", "version", Role.ADMIN, **LETTERHEAD)
    deal = await office.a_deal()
    invoice = await made(office, "createInvoice", INVOICE, dealId=deal, title="Toiture", lines=[ROOF])
    issued = await made(office, "issueInvoice", INVOICE, id=invoice["id"], dueOn=ahead(10))
    await office.sweep_once(timedelta(days=10), [INVOICE_UNPAID])
    assert await raised_about(office, INVOICE_UNPAID) == {}
    await office.sweep_once(timedelta(days=12), [INVOICE_UNPAID])
    assert (await raised_about(office, INVOICE_UNPAID))[deal]["step"] == 0
    await office.sweep_once(timedelta(days=41), [INVOICE_UNPAID])
    assert (await raised_about(office, INVOICE_UNPAID))[deal]["step"] == 2
    await made(office, "recordPayment", INVOICE, invoiceId=invoice["id"], amount=issued["gross"])
    await office.sweep_once(timedelta(days=41), [INVOICE_UNPAID])
    assert await raised_about(office, INVOICE_UNPAID) == {}


async def test_who_decides_is_asked_from_the_second_stage_on(office: Office) -> None:
    first, second, *_ = await office.stages()
    await office.a_deal(stageId=first)
    deal = await office.a_deal(stageId=second)
    await office.sweep_once(timedelta(minutes=1), [NO_DECISION_MAKER])
    found = await raised_about(office, NO_DECISION_MAKER)
    assert set(found) == {deal}
    decides, _ = found[deal]["suggestions"]
    assert await carry_out(office, decides) == "Deal"
    await office.sweep_once(timedelta(minutes=1), [NO_DECISION_MAKER])
    assert await raised_about(office, NO_DECISION_MAKER) == {}
