"""What people do with quotes, contracts and invoices, asked through GraphQL."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx

from chassis.auth import Role
from chassis.identifiers import parse_id
from proto.contacts.v1 import messages_pb2 as contacts
from proto.deals.v1 import messages_pb2 as pb
from services.deals.queries.days import day_of
from tests.deals.house import Office

QUOTE = """id version number revision status title net vat gross subtotal currency validUntil locale buyerName
  lines { label quantity unitPrice net vatRate product { id } } vatShares { rate net vat }
  paper { sha256 url } answer { accepted name consent reason address contact { id } recordedBy { id } paperSha256 }
  acceptance { status attempt reason contract { id status } } deal { id phase amount }
  versions { id status revision }"""
CONTRACT = "id version status title amount value period startsOn endsOn noticeOn nextAmount indexedOn quote { id }"
INVOICE = """id version status number net vat gross paid balance overdue issuedOn dueOn creditNote
  credits { id } payments { amount paidOn } lines { label net }"""
ROOF = {"label": "Ardoise", "quantity": "120.5", "unit": "m²", "unitPrice": "38.90", "vatRate": "10"}
SCAFFOLD = {"label": "Échafaudage", "unitPrice": "1450", "vatRate": "20"}
LETTERHEAD: dict[str, Any] = {
    "legalName": "Toitures Lumière",
    "legalForm": "SARL au capital de 10 000 €",
    "address": "12 rue de Siam\n29200 Brest",
    "siret": "732 829 320 00074",
    "vatNumber": "FR44732829320",
    "register": "RCS Brest 732 829 320",
}


class Refused(AssertionError):
    """A mutation that was expected to work."""


async def run(office: Office, mutation: str, show: str, role: Role = Role.COLLABORATOR, **input: Any) -> Any:
    """The result of a mutation by its name: `show` of what was made, or the error."""
    kind, name = _KINDS[mutation]
    query = f"""mutation($input: {name}Input!) {{ result: {mutation}(input: $input) {{ __typename
      ... on {kind} {{ {show} }} ... on Error {{ code message path }} }} }}"""
    return (await office.data(query, role, input=input))["result"]


async def made(office: Office, mutation: str, show: str, role: Role = Role.COLLABORATOR, **input: Any) -> Any:
    """The same, where an error is a fault of the test."""
    result = await run(office, mutation, show, role, **input)
    if "code" in result:
        raise Refused(result)
    return result


_KINDS = {
    "setLetterhead": ("Letterhead", "SetLetterhead"),
    "createProduct": ("Product", "CreateProduct"),
    "updateProduct": ("Product", "UpdateProduct"),
    "setDealLines": ("Deal", "SetDealLines"),
    "draftQuote": ("Quote", "DraftQuote"),
    "updateQuote": ("Quote", "UpdateQuote"),
    "reviseQuote": ("Quote", "QuoteStep"),
    "withdrawQuote": ("Quote", "QuoteStep"),
    "retryQuoteAcceptance": ("Quote", "QuoteStep"),
    "sendQuote": ("Quote", "SendQuote"),
    "answerQuote": ("Quote", "AnswerQuote"),
    "draftQuoteRequest": ("QuoteRequest", "DraftQuoteRequest"),
    "stepQuoteRequest": ("QuoteRequest", "StepQuoteRequest"),
    "recordSupplierAnswer": ("QuoteRequest", "RecordSupplierAnswer"),
    "createContract": ("Contract", "CreateContract"),
    "updateContract": ("Contract", "UpdateContract"),
    "changeContractStatus": ("Contract", "ChangeContractStatus"),
    "createInvoice": ("Invoice", "CreateInvoice"),
    "updateInvoice": ("Invoice", "UpdateInvoice"),
    "issueInvoice": ("Invoice", "IssueInvoice"),
    "creditInvoice": ("Invoice", "EndInvoice"),
    "cancelInvoice": ("Invoice", "EndInvoice"),
    "recordPayment": ("Invoice", "RecordPayment"),
}


async def with_letterhead(office: Office, **values: Any) -> Office:
    """The organization, once it said who it is."""
    await made(office, "setLetterhead", "siret", Role.ADMIN, **{**LETTERHEAD, **values})
    return office


async def a_draft(office: Office, **values: Any) -> Any:
    """A quote of a roof and its scaffold: 4687.45 at 10 %, 1450.00 at 20 %."""
    deal = values.pop("dealId", None) or await office.a_deal()
    return await made(office, "draftQuote", QUOTE, **{"dealId": deal, "lines": [ROOF, SCAFFOLD], **values})


async def a_sent_quote(office: Office, by_email: bool = True, **values: Any) -> Any:
    """A quote that is out; with a letterhead."""
    await with_letterhead(office)
    draft = await a_draft(office, **values)
    return await made(office, "sendQuote", QUOTE, id=draft["id"], byEmail=by_email)


async def answered(office: Office, quote: str, *, accepted: bool = True, **more: Any) -> Any:
    """An answer that a collaborator writes down; the quote, or the error."""
    told = {"id": quote, "accepted": accepted, "name": "Zoé Lefèvre", "how": "papier signé", **more}
    return await run(office, "answerQuote", QUOTE, **told)


async def quote_of(office: Office, id: str) -> Any:
    """A quote as it is now."""
    return (await office.data(f"query($id: ID!) {{ quote(id: $id) {{ {QUOTE} }} }}", id=id))["quote"]


async def causes(office: Office, deal: str) -> dict[str, str]:
    """What brought each fact of a deal about, by the fact's kind."""
    query = """query($id: ID!) { deal(id: $id) { timeline(first: 100) { edges { node {
      ... on Notification { kind cause } } } } } }"""
    edges = (await office.data(query, id=deal))["deal"]["timeline"]["edges"]
    return {edge["node"]["kind"]: edge["node"]["cause"] for edge in edges if "kind" in edge["node"]}


async def page_of(office: Office, quote: str, place: int = 0) -> str:
    """The path of a recipient's page: what the notifier makes of the message that has it mailed."""
    told = await sent_message(office, quote)
    key = office.house.tools.office.key
    assert key is not None
    return f"/q/{key.token(UUID(told.recipients[place].link_id))}"


async def sent_message(office: Office, quote: str) -> pb.QuoteSent:
    """The message that has a quote mailed."""
    count = 1
    while True:
        told = await office.told(pb.QuoteSent, count)
        found = [message for message in told if message.quote.id == quote]
        if found:
            return found[0]
        count = len(told) + 1


async def post(office: Office, path: str, **fields: str) -> httpx.Response:
    """What a browser sends from the page's form."""
    return await office.house.client.post(path, data=fields)


def seen(page: httpx.Response) -> str:
    """The words of a page, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def today(office: Office) -> date:
    """Where the organization is."""
    return day_of(office.house.running.database.clock(), "Europe/Paris")


def in_days(office: Office, days: int) -> str:
    """A day from today, as GraphQL writes it."""
    return (today(office) + timedelta(days=days)).isoformat()


def uuid_of(id: str) -> Any:
    """The UUID of any id."""
    return parse_id(id.rpartition("_")[0], id)


async def a_billed_deal(office: Office) -> str:
    """A deal with something in every table of quotes, contracts and invoices."""
    contact = await office.a_contact()
    deal = await office.a_deal(primaryContactId=contact)
    product = await made(office, "createProduct", "id", nameFr="Pose", price="45.5")
    line = {**ROOF, "productId": product["id"]}
    await made(office, "setDealLines", "id", id=deal, lines=[line])
    quote = await a_sent_quote(office, dealId=deal, lines=[line])
    await answered(office, quote["id"])
    invoice = await made(office, "createInvoice", "id", dealId=deal, lines=[line])
    await made(office, "issueInvoice", "id", id=invoice["id"])
    await made(office, "recordPayment", "id", invoiceId=invoice["id"], amount="100")
    supplier = await office.a_contact("Yann", "Ardoise", relation_kinds=[contacts.SUPPLIER])
    request = await made(office, "draftQuoteRequest", "id", dealId=deal, contactId=supplier, title="Ardoise")
    await made(office, "stepQuoteRequest", "id", id=request["id"], status="SENT")
    return deal
