"""From what comes back to the delivery's state, the address's suppression, and the messages that tell of it."""

import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette

from chassis.identifiers import format_id, new_id, parse_id
from proto.contacts.v1 import messages_pb2 as contacts
from proto.deals.v1 import messages_pb2 as deals
from proto.notifier.v1 import messages_pb2 as notifier
from services.notifier.bounces.intake import intake_routes
from services.notifier.bounces.sweep import forget_suppressions, recover_addresses
from services.notifier.settings import NotifierSettings
from tests.notifier.bounces import samples
from tests.notifier.house import House, an_alert, an_event
from tests.support.smtp import Mailbox

TOKEN = "a token of the mail server"
PAUL = "paul@cabinet.example"
Post = Callable[..., Awaitable[httpx.Response]]


@pytest_asyncio.fixture
async def bouncing(house: House, tmp_path: Path) -> House:
    """The house, with envelope senders of its own."""
    key = tmp_path / "bounces.key"
    key.write_text(base64.urlsafe_b64encode(b"b" * 32).decode())
    told = {"bounce_address": "bounces@firm.example", "bounce_key_file": key, "report_token": TOKEN}
    house.settings = NotifierSettings(**{**house.settings.model_dump(), **told})
    return house


@pytest_asyncio.fixture
async def post(bouncing: House) -> AsyncIterator[Post]:
    """Hand a report to the intake as the mail server would."""
    app = Starlette(routes=intake_routes(bouncing.database, bouncing.system, bouncing.settings))

    async def post(source: bytes, token: str = TOKEN, **query: str) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}", "content-type": "message/rfc822"}
        return await client.post("/mail/reports", content=source, headers=headers, params=query)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://notifier") as client:
        yield post


async def a_mail(house: House, mailbox: Mailbox, to: UUID | None = None) -> tuple[str, UUID]:
    """A mail to Paul, sent; its envelope sender, and Paul."""
    paul = to or await house.collaborator("Paul")
    await an_alert_for(house, paul)
    async with house.sending():
        await house.settled()
    return mailbox.mails[-1].sender, paul


async def an_alert_for(house: House, who: UUID) -> None:
    alert = an_alert(who)
    await house.receive(deals.AlertRaised(alert=alert), "alert", parse_id("alert", alert.id))


async def told_of_addresses(house: House) -> list[Any]:
    """Messages about addresses, in order."""
    kinds = {"liant.notifier.v1.AddressBounced": notifier.AddressBounced}
    kinds["liant.notifier.v1.AddressRecovered"] = notifier.AddressRecovered  # type: ignore[assignment]  # a class too
    rows = await house.rows("SELECT type, payload FROM outbox WHERE aggregate = 'address' ORDER BY position")
    return [kinds[row.type].FromString(row.payload) for row in rows]


async def test_a_hard_bounce_finds_its_delivery_and_closes_the_address(
    bouncing: House, mailbox: Mailbox, post: Post
) -> None:
    sender, paul = await a_mail(bouncing, mailbox)
    contact = await bouncing.contact(email=PAUL)
    answer = await post(samples.postfix(sender), recipient=sender)
    assert (answer.status_code, answer.json()) == (200, {"kind": "HARD", "status": "5.1.1", "new": True})
    [row] = await bouncing.rows("SELECT status, detail FROM delivery")
    assert row.status == "BOUNCED"
    assert row.detail.startswith("CAME_BACK: 5.1.1 550 5.1.1")
    told = await told_of_addresses(bouncing)
    assert [type(each).__name__ for each in told] == ["AddressBounced"] * 2
    assert {each.address.collaborator_id or each.address.contact_id for each in told} == {
        format_id("collaborator", paul),
        format_id("contact", contact),
    }
    assert {(each.address.email, each.address.hard, each.address.soft) for each in told} == {(PAUL, 1, 0)}
    await an_alert_for(bouncing, paul)
    assert await bouncing.statuses() == {"BOUNCED": 1, "SUPPRESSED": 1}
    assert (await post(samples.postfix(sender))).json()["new"] is False
    assert len(await told_of_addresses(bouncing)) == 2


async def test_soft_bounces_are_counted_and_suppress_nothing(bouncing: House, mailbox: Mailbox, post: Post) -> None:
    paul = await bouncing.collaborator("Paul")
    for count in (1, 2, 3):
        sender, _ = await a_mail(bouncing, mailbox, paul)
        assert (await post(samples.gmail(sender))).json()["kind"] == "SOFT"
        told = await told_of_addresses(bouncing)
        assert (told[-1].address.hard, told[-1].address.soft) == (0, count)
    assert await bouncing.rows("SELECT 1 FROM suppression") == []


async def test_a_complaint_stops_all_but_signing_in(bouncing: House, mailbox: Mailbox, post: Post) -> None:
    sender, paul = await a_mail(bouncing, mailbox)
    assert (await post(samples.complaint(sender))).json()["kind"] == "COMPLAINT"
    assert await bouncing.statuses() == {"SENT": 1}
    await an_alert_for(bouncing, paul)
    sign_in = contacts.SignIn(id=format_id("sign_in", new_id()), collaborator_id=format_id("collaborator", paul))
    sign_in.expires_at.FromDatetime(bouncing.database.clock().replace(year=2099))
    await bouncing.receive(contacts.SignInRequested(sign_in=sign_in), "sign_in", parse_id("sign_in", sign_in.id))
    async with bouncing.sending():
        await bouncing.settled()
    assert await bouncing.statuses() == {"SENT": 2, "SUPPRESSED": 1}
    [address] = [each.address for each in await told_of_addresses(bouncing)]
    assert (address.complaints, address.hard, address.suppressed_until.seconds > 0) == (1, 0, True)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"token": "another token of theirs"}, 401, "UNAUTHENTICATED"),
        ({"token": ""}, 401, "UNAUTHENTICATED"),
        ({"recipient": "bounces+{id}-aaaaaaaaaaaaaaaa@firm.example"}, 404, "RECIPIENT_UNKNOWN"),
        ({"recipient": "somebody@firm.example"}, 404, "RECIPIENT_UNKNOWN"),
        ({"padding": "x" * 2_000_000}, 413, "REPORT_TOO_LARGE"),
    ],
)
async def test_what_is_forged_foreign_or_too_large_changes_nothing(
    bouncing: House, mailbox: Mailbox, post: Post, change: dict[str, str], status: int, code: str
) -> None:
    sender, _ = await a_mail(bouncing, mailbox)
    id = sender.partition("+")[2][:26]
    query = {"recipient": change["recipient"].format(id=id)} if "recipient" in change else {}
    source = samples.postfix(sender) + change.get("padding", "").encode()
    answer = await post(source, token=change.get("token", TOKEN), **query)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert await bouncing.statuses() == {"SENT": 1}
    assert await told_of_addresses(bouncing) == []


async def test_a_mail_too_old_or_gone_is_not_believed_of(bouncing: House, mailbox: Mailbox, post: Post) -> None:
    sender, _ = await a_mail(bouncing, mailbox)
    async with bouncing.owner.begin() as connection:
        await connection.exec_driver_sql("UPDATE delivery SET created_at = now() - interval '46 days'")
    answer = await post(samples.postfix(sender))
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "DELIVERY_UNKNOWN")


async def test_an_answer_of_the_absent_is_no_bounce(bouncing: House, mailbox: Mailbox, post: Post) -> None:
    sender, _ = await a_mail(bouncing, mailbox)
    assert (await post(samples.absent(sender))).json() == {"kind": "OTHER", "status": "", "new": False}
    assert await bouncing.statuses() == {"SENT": 1}


async def test_without_its_settings_the_intake_is_off(house: House) -> None:
    app = Starlette(routes=intake_routes(house.database, house.system, house.settings))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://notifier") as client:
        answer = await client.post("/mail/reports", content=b"x")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "INTAKE_OFF")


async def test_a_recipient_refused_by_the_relay_counts_as_a_bounce(house: House, mailbox: Mailbox) -> None:
    mailbox.refused[PAUL] = "550 5.1.1 no such user"
    await a_mail_refused(house)
    assert await house.statuses() == {"REJECTED": 1}
    [told] = await told_of_addresses(house)
    assert (told.address.hard, told.address.reason) == (1, "550 5.1.1 no such user")
    assert len(await house.rows("SELECT 1 FROM suppression")) == 1


async def test_a_policys_refusal_closes_no_address(house: House, mailbox: Mailbox) -> None:
    mailbox.refused[PAUL] = "550 5.7.1 message looks like spam"
    await a_mail_refused(house)
    [told] = await told_of_addresses(house)
    assert (told.address.hard, told.address.soft) == (0, 1)
    assert await house.rows("SELECT 1 FROM suppression") == []


async def a_mail_refused(house: House) -> None:
    await an_alert_for(house, await house.collaborator("Paul"))
    async with house.sending():
        await house.settled()


async def test_an_address_recovers_once_a_mail_stays_away(bouncing: House, mailbox: Mailbox, post: Post) -> None:
    sender, paul = await a_mail(bouncing, mailbox)
    await post(samples.gmail(sender))
    told = (bouncing.database, bouncing.system, bouncing.database.clock() - bouncing.database.clock())
    assert await recover_addresses(*told) == 0
    await an_alert_for(bouncing, paul)
    async with bouncing.sending():
        await bouncing.settled()
    assert await recover_addresses(*told) == 1
    recovered = (await told_of_addresses(bouncing))[-1]
    assert isinstance(recovered, notifier.AddressRecovered)
    assert (recovered.address.soft, recovered.address.reason) == (0, "")
    assert await recover_addresses(*told) == 0


async def test_another_address_of_the_person_begins_at_none(bouncing: House, mailbox: Mailbox, post: Post) -> None:
    sender, paul = await a_mail(bouncing, mailbox)
    await post(samples.postfix(sender))
    await bouncing.collaborator("Paul", id=paul)
    assert len(await told_of_addresses(bouncing)) == 1
    await bouncing.collaborator("Paul", id=paul, email="paul@other.example")
    recovered = (await told_of_addresses(bouncing))[-1]
    assert isinstance(recovered, notifier.AddressRecovered)
    assert (recovered.address.email, recovered.address.hard) == ("paul@other.example", 0)
    await an_alert_for(bouncing, paul)
    assert (await bouncing.statuses())["QUEUED"] == 1


async def test_suppressions_long_over_are_forgotten(bouncing: House, mailbox: Mailbox, post: Post) -> None:
    sender, _ = await a_mail(bouncing, mailbox)
    await post(samples.postfix(sender))
    await forget_suppressions(bouncing.system)
    assert len(await bouncing.rows("SELECT 1 FROM suppression")) == 1
    async with bouncing.owner.begin() as connection:
        await connection.exec_driver_sql("UPDATE suppression SET until = now() - interval '31 days'")
    await forget_suppressions(bouncing.system)
    assert await bouncing.rows("SELECT 1 FROM suppression") == []


async def test_an_event_to_many_has_an_envelope_sender_each(bouncing: House, mailbox: Mailbox) -> None:
    anne, *people = [await bouncing.collaborator(name) for name in ("Anne", "Paul", "Claire")]
    event = an_event(anne, *people)
    await bouncing.receive(deals.EventCreated(event=event), "event", parse_id("event", event.id))
    async with bouncing.sending():
        await bouncing.settled()
    assert len({mail.sender for mail in mailbox.mails}) == 2
    assert {str(mail.message["From"].addresses[0].addr_spec) for mail in mailbox.mails} == {"liant@localhost"}
