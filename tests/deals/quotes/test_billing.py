"""Contracts, invoices and payments through GraphQL, and what an account comes to."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.database import Database, utc_now
from proto.contacts.v1 import messages_pb2 as pb
from services.deals.expiring import Expiry
from services.deals.model import Base
from services.deals.values.terms import Period, Term, next_end, plus_months, value_of
from tests.deals.house import House, Office
from tests.deals.quotes.desk import CONTRACT, INVOICE, in_days, made, run, today, with_letterhead
from tests.deals.test_entities import statements

HOURS = {"label": "Conseil", "quantity": "10", "unit": "h", "unitPrice": "100", "vatRate": "20"}
MONTHLY: dict[str, Any] = {"title": "Maintenance", "amount": "100", "period": "MONTH"}
BILLING = "billing { currency contracted invoiced paid outstanding overdue }"


async def an_invoice(office: Office, deal: str, **values: Any) -> Any:
    """An issued invoice of 1200.00 with VAT."""
    draft = await made(office, "createInvoice", INVOICE, dealId=deal, lines=[HOURS], **values)
    return await made(office, "issueInvoice", INVOICE, id=draft["id"])


@settings(deadline=None)
@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 24), st.integers(0, 90))
def test_notice_is_given_before_the_term_ends_and_months_add_up(day: date, months: int, days: int) -> None:
    term = Term(starts_on=day, ends_on=day, notice_months=months, notice_days=days)
    assert term.notice_on is not None
    assert term.notice_on <= day
    assert plus_months(day, months) >= day
    assert next_end(day, 12) > day


def test_terms_are_worth_their_begun_periods() -> None:
    year = (date(2026, 1, 1), date(2026, 12, 31))
    assert value_of(D(100), Period.MONTH, *year) == 1200
    assert value_of(D(100), Period.QUARTER, *year) == 400
    assert value_of(D(100), Period.MONTH, date(2026, 1, 1), date(2026, 1, 2)) == 100
    assert value_of(D(100), Period.MONTH, None, None) == 1200
    assert value_of(D(100), Period.ONCE, *year) == 100
    assert Term(ends_on=date(2026, 12, 31), notice_months=3).notice_on == date(2026, 9, 30)
    assert next_end(date(2027, 2, 28), 12) == date(2028, 2, 29)


async def test_a_contract_tells_its_notice_and_is_renewed_indexed_and_ended_by_the_calendar(
    house: House, office: Office
) -> None:
    deal = await office.a_deal()
    start, end = today(office) - timedelta(days=300), today(office) + timedelta(days=60)
    told: dict[str, Any] = {
        "startsOn": start.isoformat(),
        "endsOn": end.isoformat(),
        "noticeMonths": 1,
        "noticeDays": 5,
    }
    tacit = await made(
        office,
        "createContract",
        CONTRACT,
        dealId=deal,
        **MONTHLY,
        **told,
        renewal="TACIT",
        renewalMonths=12,
        indexationPercent="2.5",
        indexedOn=in_days(office, 30),
    )
    assert tacit["noticeOn"] == (plus_months(end + timedelta(days=1), -1) - timedelta(days=6)).isoformat()
    ending = await made(office, "createContract", CONTRACT, dealId=deal, **MONTHLY, **told)
    for one in (tacit, ending):
        await made(office, "changeContractStatus", CONTRACT, id=one["id"], status="ACTIVE")
    assert await _turned(house, timedelta(days=61)) >= 2
    query = f"query($id: ID!) {{ contract(id: $id) {{ {CONTRACT} }} }}"
    renewed, ended = [(await office.data(query, id=one["id"]))["contract"] for one in (tacit, ending)]
    assert (renewed["status"], renewed["amount"], renewed["endsOn"]) == (
        "ACTIVE",
        "102.50",
        next_end(end, 12).isoformat(),
    )
    assert renewed["startsOn"] == (end + timedelta(days=1)).isoformat()
    assert ended["status"] == "ENDED"


async def _turned(house: House, ahead: timedelta) -> int:
    url = str(house.running.settings.database_url)
    database = Database(url, Base, "deals", pool_size=2, clock=lambda: utc_now() + ahead)
    try:
        return await Expiry(house.running.system, database, 60).turn()
    finally:
        await database.close()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount": "1" * 30}, "amount"),
        ({"startsOn": "2026-02-01", "endsOn": "2026-01-01"}, "endsOn"),
        ({"renewal": "TACIT"}, "renewalMonths"),
        ({"noticeMonths": -1}, "noticeMonths"),
        ({"amount": "999999999999999", "startsOn": "2026-01-01", "endsOn": "2099-12-31"}, "amount"),
    ],
)
async def test_a_contract_that_cannot_be_is_refused_at_its_field(
    office: Office, values: dict[str, Any], field: str
) -> None:
    told = await run(office, "createContract", CONTRACT, dealId=await office.a_deal(), **{**MONTHLY, **values})
    assert (told["code"], told["path"]) == ("INVALID_INPUT", [field])


async def test_an_invoice_is_paid_in_parts_refunded_and_credited(office: Office) -> None:
    invoice = await an_invoice(office, await office.a_deal())
    assert (invoice["number"], invoice["gross"], invoice["balance"]) == (
        f"F-{today(office).year}-00001",
        "1200.00",
        "1200.00",
    )
    assert invoice["dueOn"] == in_days(office, 30)
    pay = {"invoiceId": invoice["id"]}
    part = await made(office, "recordPayment", INVOICE, **pay, amount="200", method="virement")
    assert (part["status"], part["paid"], part["balance"]) == ("PARTLY_PAID", "200.00", "1000.00")
    over = await run(office, "recordPayment", INVOICE, **pay, amount="1000.01")
    assert (over["code"], over["path"]) == ("TOO_MUCH_PAID", ["amount"])
    early = await run(office, "creditInvoice", INVOICE, id=invoice["id"])
    assert early["code"] == "INVOICE_NOT_REACHABLE"
    paid = await made(office, "recordPayment", INVOICE, **pay, amount="1000")
    assert (paid["status"], paid["balance"]) == ("PAID", "0.00")
    back = await made(office, "recordPayment", INVOICE, **pay, amount="1200", refund=True)
    assert [one["amount"] for one in back["payments"]] == ["200.00", "1000.00", "-1200.00"]
    note = await made(office, "creditInvoice", INVOICE, id=invoice["id"], reason="erreur")
    assert (note["creditNote"], note["number"], note["credits"]) == (
        True,
        f"A-{today(office).year}-00001",
        {"id": invoice["id"]},
    )
    edited = await run(office, "updateInvoice", INVOICE, id=invoice["id"], title="X")
    assert edited["code"] == "INVOICE_NOT_DRAFT"


async def test_payments_at_once_never_pay_more_than_is_owed(office: Office) -> None:
    invoice = await an_invoice(office, await office.a_deal())
    results = await asyncio.gather(
        *(run(office, "recordPayment", INVOICE, invoiceId=invoice["id"], amount="500") for _ in range(4))
    )
    assert sorted(one.get("code", "PAID") for one in results) == ["PAID", "PAID", "TOO_MUCH_PAID", "TOO_MUCH_PAID"]


async def test_invoices_are_numbered_without_a_gap_and_drafts_are_not(office: Office) -> None:
    deal = await office.a_deal()
    drafts = [await made(office, "createInvoice", INVOICE, dealId=deal, lines=[HOURS]) for _ in range(4)]
    await made(office, "cancelInvoice", INVOICE, id=drafts[0]["id"])
    results = await asyncio.gather(*(run(office, "issueInvoice", INVOICE, id=one["id"]) for one in drafts))
    assert results[0]["code"] == "INVOICE_NOT_REACHABLE"
    assert sorted(one["number"][-5:] for one in results[1:]) == ["00001", "00002", "00003"]


async def test_an_account_s_view_sums_its_contracts_and_invoices_in_one_statement(house: House, office: Office) -> None:
    await with_letterhead(office, paymentDays=0)
    accounts = [await office.an_account(f"Compte {place}") for place in range(3)]
    for account in accounts:
        deal = await office.a_deal(accountId=account)
        contract = await made(office, "createContract", CONTRACT, dealId=deal, **MONTHLY)
        await made(office, "changeContractStatus", CONTRACT, id=contract["id"], status="ACTIVE")
        first, second = await an_invoice(office, deal), await an_invoice(office, deal)
        await made(office, "recordPayment", INVOICE, invoiceId=first["id"], amount="300")
        await made(office, "creditInvoice", INVOICE, id=second["id"])
    query = f"query($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on Account {{ {BILLING} }} }} }}"
    with statements(house) as seen:
        told = await office.data(query, r=[{"__typename": "Account", "id": id} for id in accounts])
    assert len([one for one in seen if "invoice" in one]) == 1
    sums = {
        "currency": "EUR",
        "contracted": "1200.00",
        "invoiced": "1200.00",
        "paid": "300.00",
        "outstanding": "900.00",
        "overdue": "0.00",
    }
    assert [one["billing"] for one in told["_entities"]] == [[sums]] * 3


async def test_a_supplier_is_asked_and_their_answer_kept(office: Office) -> None:
    deal, supplier = await office.a_deal(), await office.a_contact("Yann", "Ardoise", relation_kinds=[pb.SUPPLIER])
    show = "id status amount currency answeredOn document remark version"
    request = await made(office, "draftQuoteRequest", show, dealId=deal, contactId=supplier, title="Ardoise")
    nobody = await run(office, "draftQuoteRequest", show, dealId=deal, title="Ardoise")
    assert (nobody["code"], nobody["path"]) == ("INVALID_INPUT", ["contactId"])
    stranger = await run(
        office, "draftQuoteRequest", show, dealId=deal, contactId=await office.a_contact(), title="Ardoise"
    )
    assert (stranger["code"], stranger["path"]) == ("NOT_A_SUPPLIER", ["contactId"])
    early = await run(office, "recordSupplierAnswer", show, id=request["id"], amount="10")
    assert early["code"] == "REQUEST_NOT_REACHABLE"
    await made(office, "stepQuoteRequest", show, id=request["id"], status="SENT")
    told = await made(office, "recordSupplierAnswer", show, id=request["id"], amount="980.50", document="AR-77")
    assert (told["status"], told["amount"], told["answeredOn"], told["document"]) == (
        "ANSWERED",
        "980.50",
        today(office).isoformat(),
        "AR-77",
    )
    kept = await made(office, "stepQuoteRequest", show, id=request["id"], status="RETAINED", remark="le moins cher")
    assert (kept["status"], kept["remark"]) == ("RETAINED", "le moins cher")
    late = await run(office, "stepQuoteRequest", show, id=request["id"], status="CANCELLED")
    assert late["code"] == "REQUEST_NOT_REACHABLE"


async def test_a_bank_statement_is_recorded_as_one_batch_and_what_is_refused_leaves_the_rest(office: Office) -> None:
    deal = await office.a_deal()
    invoices = [(await an_invoice(office, deal))["id"] for _ in range(2)]
    items = [
        {"invoiceId": invoices[0], "amount": "1200"},
        {"invoiceId": invoices[0], "amount": "1"},
        {"invoiceId": invoices[1], "amount": "200"},
    ]
    query = """mutation($input: RecordPaymentsInput!) { recordPayments(input: $input) { __typename
      ... on InvoiceResultBatch { results { ... on Invoice { status } ... on Error { code } } }
      ... on Error { code } } }"""
    told = (await office.data(query, input={"items": items}))["recordPayments"]
    assert told["results"] == [{"status": "PAID"}, {"code": "TOO_MUCH_PAID"}, {"status": "PARTLY_PAID"}]
