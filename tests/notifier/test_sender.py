"""From a queued delivery to the mailbox, whatever the relay and the workers do."""

import asyncio
from email.message import EmailMessage

import pytest
from sqlalchemy import update

from chassis.identifiers import format_id, parse_id
from proto.deals.v1 import messages_pb2 as deals
from services.notifier import sender
from services.notifier.model import Delivery
from services.notifier.worker import worker_loops
from tests.notifier.house import House, an_alert, an_appointment, an_event
from tests.support.control import until
from tests.support.smtp import Mailbox


async def told(house: House, event: deals.Event) -> None:
    kind = deals.EventChanged if event.revision else deals.EventCreated
    await house.receive(kind(event=event), "event", parse_id("event", event.id))


async def an_event_for(house: House, *names: str) -> list[str]:
    """An event concerning these people; their addresses."""
    author = await house.collaborator("Anne")
    await told(house, an_event(author, *[await house.collaborator(name) for name in names]))
    return [f"{name.lower()}@cabinet.example" for name in names]


async def due_now(house: House) -> None:
    """What waits for its next try need not wait any longer."""
    async with house.system.begin() as connection:
        await connection.execute(update(Delivery).values(next_attempt_at=Delivery.created_at))


async def test_each_concerned_collaborator_gets_one_mail(house: House, mailbox: Mailbox) -> None:
    addresses = await an_event_for(house, "Paul", "Claire", "Omar")
    async with house.sending():
        await house.settled()
    assert sorted(mail.recipients for mail in mailbox.mails) == sorted((address,) for address in addresses)
    assert await house.statuses() == {"SENT": 3}
    assert not await house.rows("SELECT 1 FROM outbox WHERE type LIKE '%Delivery%'"), "that they went is no news"


async def test_a_sender_is_woken_by_the_commit(house: House, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "_POLL_SECONDS", 3600.0)
    async with house.sending():
        await asyncio.sleep(0.3)
        await an_event_for(house, "Paul")
        await mailbox.wait_for(1)


async def test_the_mail_tells_what_the_log_tells(house: House, mailbox: Mailbox) -> None:
    await an_event_for(house, "Paul")
    async with house.sending():
        await house.settled()
    [mail] = mailbox.mails
    [row] = await house.rows("SELECT * FROM delivery")
    assert (row.subject, row.message_id) == (mail.subject, mail.message["Message-ID"])
    assert (row.email, row.attempts, row.detail, row.leased_by) == ("paul@cabinet.example", 1, None, None)
    assert mail.subject == "Note : Appel de Mme Garnier · Reprise"
    assert "votre nom y figure" in mail.body()
    [attempt] = await house.rows("SELECT * FROM attempt")
    assert (attempt.verdict, attempt.code) == ("ACCEPTED", 250)


async def test_no_token_is_stored_in_the_clear(house: House, mailbox: Mailbox) -> None:
    await an_event_for(house, "Paul")
    async with house.sending():
        await house.settled()
    token = mailbox.mails[0].body().partition("https://liant.example/l/")[2][:22]
    [found] = await house.rows(
        "SELECT count(*) AS many FROM link WHERE token_hash = sha256(:token)", token=token.encode()
    )
    assert found.many == 1
    dump = await house.rows("SELECT row_to_json(d)::text AS line FROM delivery d")
    assert token not in dump[0].line


async def test_each_reads_their_own_language(house: House, mailbox: Mailbox) -> None:
    anne, james = await house.collaborator("Anne"), await house.collaborator("James", locale="en")
    await told(house, an_appointment(anne, james))
    async with house.sending():
        await house.settled()
    assert mailbox.mails[0].subject.startswith("Appointment: ")
    assert "You get this mail because you are named on it." in mailbox.mails[0].body()


async def test_a_moved_and_a_cancelled_appointment_are_the_same_invitation(house: House, mailbox: Mailbox) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    event = an_appointment(anne, paul)
    async with house.sending():
        for revision, cancelled in ((0, False), (1, False), (2, True)):
            event.revision, event.cancelled = revision, cancelled
            await told(house, event)
            await mailbox.wait_for(revision + 1)
    calendars = [_calendar(mail.message) for mail in mailbox.mails]
    assert [line(calendar, "METHOD") for calendar in calendars] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [line(calendar, "SEQUENCE") for calendar in calendars] == ["0", "1", "2"]
    assert len({line(calendar, "UID") for calendar in calendars}) == 1
    assert mailbox.mails[2].subject.startswith("Annulé : ")
    assert len({mail.message["References"] for mail in mailbox.mails}) == 1
    assert len({mail.message["Message-ID"] for mail in mailbox.mails}) == 3


def _calendar(message: EmailMessage) -> str:
    [part] = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    return str(part.get_content())


def line(calendar: str, name: str) -> str:
    """The value of the first line of a name."""
    return next(text.partition(":")[2] for text in calendar.splitlines() if text.startswith(name))


async def test_whoever_a_change_leaves_out_gets_a_cancellation(house: House, mailbox: Mailbox) -> None:
    anne, paul, claire = [await house.collaborator(name) for name in ("Anne", "Paul", "Claire")]
    event = an_appointment(anne, paul, claire)
    async with house.sending():
        await told(house, event)
        await house.settled()
        event.revision = 1
        event.concerned_ids[:] = [format_id("collaborator", claire)]
        await told(house, event)
        await house.settled()
    last = mailbox.to("paul@cabinet.example")[-1]
    assert "ne vous concerne plus" in last.body()
    assert line(_calendar(last.message), "METHOD") == "CANCEL"
    assert len(mailbox.to("claire@cabinet.example")) == 2


async def test_smtp_down_then_back_brings_every_mail_soon(house: House, mailbox: Mailbox) -> None:
    await mailbox.stop()
    try:
        async with house.sending():
            addresses = await an_event_for(house, "Paul", "Claire", "Omar", "Zoe", "Ines")
            await asyncio.sleep(2.5)
            assert await house.statuses() in ({"QUEUED": 5}, {"QUEUED": 4, "SENDING": 1})
            await mailbox.start()
            await house.settled(seconds=8)
    finally:
        if mailbox._server is None:
            await mailbox.start()
    assert sorted(mail.recipients[0] for mail in mailbox.mails) == sorted(addresses)
    [row] = await house.rows("SELECT DISTINCT attempts FROM delivery")
    assert row.attempts == 1


async def test_a_deferred_mail_waits_for_its_time_and_then_comes(house: House, mailbox: Mailbox) -> None:
    mailbox.fail_next("451 4.3.0 try again later")
    await an_event_for(house, "Paul")
    async with house.sending():
        await until(lambda: _is(house, {"DEFERRED": 1}))
        [row] = await house.rows(
            "SELECT detail, attempts, extract(epoch FROM next_attempt_at - changed_at) AS wait FROM delivery"
        )
        assert (row.detail, row.attempts) == ("451 4.3.0 try again later", 1)
        assert 270 <= row.wait <= 330
        await due_now(house)
        await house.settled()
    assert len(mailbox.mails) == 1
    verdicts = await house.rows("SELECT verdict FROM attempt ORDER BY started_at")
    assert [row.verdict for row in verdicts] == ["DEFERRED", "ACCEPTED"]


async def _is(house: House, statuses: dict[str, int]) -> bool:
    return await house.statuses() == statuses


async def test_a_refused_mail_is_final_and_on_record(house: House, mailbox: Mailbox) -> None:
    mailbox.fail_next("554 5.7.1 not like this")
    await an_event_for(house, "Paul")
    async with house.sending():
        await house.settled()
    [row] = await house.rows("SELECT status, detail FROM delivery")
    assert (row.status, row.detail) == ("REJECTED", "554 5.7.1 not like this")
    [message] = await house.rows("SELECT type FROM outbox WHERE type LIKE '%Delivery%'")
    assert message.type == "liant.notifier.v1.DeliveryFailed"
    assert mailbox.mails == []


async def test_an_address_that_smtp_cannot_carry_is_on_record(house: House, mailbox: Mailbox) -> None:
    anne = await house.collaborator("Anne")
    paul = await house.collaborator("Paul", email="p" * 65 + "@cabinet.example")
    await told(house, an_event(anne, paul))
    async with house.sending():
        await house.settled()
    [row] = await house.rows("SELECT status, detail FROM delivery")
    assert row.status == "REJECTED"
    assert row.detail.startswith("ADDRESS_INVALID")


async def test_whoever_is_disabled_or_unsubscribes_before_the_sending_gets_nothing(
    house: House, mailbox: Mailbox
) -> None:
    anne, paul, claire = [await house.collaborator(name) for name in ("Anne", "Paul", "Claire")]
    await told(house, an_event(anne, paul, claire))
    await house.collaborator("Paul", id=paul, disabled=True)
    async with house.owner.begin() as connection:
        await connection.exec_driver_sql(
            "INSERT INTO preference "
            "(id, organization_id, collaborator_id, category, channel, reason, cadence, changed_at) "
            "SELECT gen_random_uuid(), organization_id, id, 'EVENTS', 'EMAIL', '*', 'NEVER', now() FROM collaborator "
            "WHERE name = 'Claire'"
        )
    async with house.sending():
        await house.settled()
    rows = await house.rows("SELECT detail FROM delivery ORDER BY detail")
    assert [row.detail for row in rows] == ["COLLABORATOR_DISABLED", "UNSUBSCRIBED"]
    assert mailbox.mails == []


async def test_an_alert_that_closes_before_its_mail_is_not_mailed(house: House, mailbox: Mailbox) -> None:
    paul = await house.collaborator("Paul")
    alert = an_alert(paul)
    id = parse_id("alert", alert.id)
    await house.receive(deals.AlertRaised(alert=alert), "alert", id)
    alert.status = deals.Alert.Status.CLOSED
    await house.receive(deals.AlertChanged(alert=alert), "alert", id)
    async with house.sending():
        await house.settled()
    [row] = await house.rows("SELECT status, detail FROM delivery")
    assert (row.status, row.detail) == ("SKIPPED", "ALERT_NO_LONGER_WAITS")
    assert mailbox.mails == []


async def test_two_senders_share_the_work_and_double_nothing(house: House, mailbox: Mailbox) -> None:
    anne = await house.collaborator("Anne")
    people = [await house.collaborator(f"P{number}") for number in range(10)]
    async with house.sending(), house.sending(), house.sending():
        for _ in range(6):
            await told(house, an_event(anne, *people))
        await house.settled(seconds=20)
    assert len(mailbox.mails) == 60
    assert len({mail.message["Message-ID"] for mail in mailbox.mails}) == 60


async def test_a_refused_recipient_is_left_alone_from_then_on(house: House) -> None:
    from tests.notifier.relays import Inbox, a_relay

    inbox = Inbox()
    inbox.answers["paul@cabinet.example"] = "550 5.1.1 no such mailbox"
    async with a_relay(inbox) as relay, house.sending(smtp_port=relay.port):
        await an_event_for(house, "Paul")
        await house.settled()
        inbox.answers.clear()
        paul = (await house.rows("SELECT id FROM collaborator WHERE name = 'Paul'"))[0].id
        await told(house, an_event(await house.collaborator("Omar"), paul))
        await house.settled()
    assert inbox.received == []
    assert await house.statuses() == {"REJECTED": 1, "SUPPRESSED": 1}
    [row] = await house.rows("SELECT detail FROM delivery WHERE status = 'SUPPRESSED'")
    assert row.detail == "ADDRESS_SUPPRESSED: 550 5.1.1 no such mailbox"


async def test_a_relay_that_shuts_down_is_asked_again_soon(house: House, mailbox: Mailbox) -> None:
    mailbox.fail_next("421 4.3.2 shutting down", times=2)
    await an_event_for(house, "Paul")
    async with house.sending():
        await house.settled(seconds=15)
    assert len(mailbox.mails) == 1
    rows = await house.rows("SELECT verdict FROM attempt ORDER BY started_at")
    assert [row.verdict for row in rows] == ["UNREACHABLE", "UNREACHABLE", "ACCEPTED"]


async def test_a_mail_in_doubt_goes_again_under_the_same_message_id(house: House, mailbox: Mailbox) -> None:
    mailbox.hang_seconds = 60
    await an_event_for(house, "Paul")
    async with house.sending(smtp_timeout=0.5):
        await until(lambda: _is(house, {"UNKNOWN": 1}), seconds=15)
        [before] = await house.rows("SELECT message_id, next_attempt_at - changed_at AS wait FROM delivery")
        assert 9 <= before.wait.total_seconds() <= 11
        mailbox.hang_seconds = 0
        await due_now(house)
        await house.settled()
    [mail] = mailbox.mails
    assert mail.message["Message-ID"] == before.message_id


async def test_a_delivery_that_cannot_be_written_holds_up_no_other(house: House, mailbox: Mailbox) -> None:
    await an_event_for(house, "Paul", "Claire")
    async with house.owner.begin() as connection:
        await connection.exec_driver_sql(
            "UPDATE delivery SET reasons = ARRAY['NONSENSE'] WHERE collaborator_id = "
            "(SELECT id FROM collaborator WHERE name = 'Paul')"
        )
    async with house.sending():
        await until(lambda: _is(house, {"DEFERRED": 1, "SENT": 1}))
        [row] = await house.rows("SELECT detail, leased_by FROM delivery WHERE status = 'DEFERRED'")
        assert (row.detail, row.leased_by) == ("INTERNAL: ValueError", None)
        async with house.system.begin() as connection:
            await connection.execute(update(Delivery).where(Delivery.status == "DEFERRED").values(attempts=17))
        await due_now(house)
        await until(lambda: _is(house, {"BOUNCED": 1, "SENT": 1}))


async def test_links_long_expired_are_swept(house: House, mailbox: Mailbox) -> None:
    await an_event_for(house, "Paul", "Claire")
    async with house.sending():
        await house.settled()
    stop = asyncio.Event()
    async with house.owner.begin() as connection:
        await connection.exec_driver_sql(
            "UPDATE link SET expires_at = now() - interval '2 months' WHERE token_hash = "
            "(SELECT min(token_hash) FROM link)"
        )
    sweeping = asyncio.create_task(worker_loops(house.database, house.system, house.settings)["sweep"](stop))

    async def one_is_left() -> bool:
        return len(await house.rows("SELECT 1 FROM link")) == 1

    await until(one_is_left)
    stop.set()
    await sweeping
