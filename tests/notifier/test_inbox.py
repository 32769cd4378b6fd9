"""Bursts, digests and the inbox, from messages to mails and answers."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from chassis.auth import Actor, Role
from chassis.identifiers import format_id, parse_id
from proto.deals.v1 import messages_pb2 as deals
from services.notifier.digests.forming import form
from services.notifier.digests.worker import DigestWorker
from services.notifier.inbox.commands import mark_all
from services.notifier.inbox.model import InboxState
from services.notifier.model import Category
from services.notifier.preferences.cadence import Cadence
from services.notifier.preferences.commands import Wanted, choose
from tests.notifier.asking import Ask
from tests.notifier.house import House, an_alert, an_appointment, an_event
from tests.support.smtp import Mailbox


async def raised(house: House, alert: deals.Alert) -> None:
    await house.receive(deals.AlertRaised(alert=alert), "alert", parse_id("alert", alert.id))


async def statuses(house: House) -> dict[str, int]:
    return {status: many for status, many in (await house.statuses()).items() if many}


async def digests_come(house: House) -> None:
    """Every open digest is due now, and two replicas look at once."""
    async with house.owner.begin() as connection:
        await connection.exec_driver_sql("UPDATE digest SET due_at = now() - interval '1 minute'")
    for _ in range(2):
        await DigestWorker(house.database, house.system).form_due()


async def test_a_burst_is_one_digest_that_leaves_out_what_was_settled(house: House, mailbox: Mailbox, ask: Ask) -> None:
    await house.bundling(burst_count=2)
    paul = await house.collaborator("Paul")
    alerts = [an_alert(paul) for _ in range(12)]
    for alert in alerts:
        await raised(house, alert)
    assert await statuses(house) == {"AWAITING_DIGEST": 12}, "those that waited still are taken in"
    alerts[0].status = deals.Alert.Status.RESOLVED
    await house.receive(deals.AlertChanged(alert=alerts[0]), "alert", parse_id("alert", alerts[0].id))
    await digests_come(house)
    async with house.sending():
        await house.settled()
    [mail] = mailbox.mails
    assert mail.subject == "Récapitulatif : 11 d’un coup"
    assert await statuses(house) == {"IN_DIGEST": 11, "SENT": 1, "SKIPPED": 1}
    inbox = (await ask("{ inbox { unread counts { category unread done } items(first: 1) { totalCount } } }", by=paul))[
        "data"
    ]["inbox"]
    assert inbox == {
        "unread": 11,
        "counts": [{"category": "ALERTS", "unread": 11, "done": 1}],
        "items": {"totalCount": 12},
    }
    why = """query($id: ID!) { whyTold(subjectId: $id) {
      outcome because reasons inInbox deliveries { digest { kind items(first: 20) { totalCount } } } } }"""
    told, settled = [(await ask(why, by=paul, id=each.id))["data"]["whyTold"] for each in (alerts[1], alerts[0])]
    assert (told["outcome"], told["reasons"], told["inInbox"]) == ("TOLD", ["ADDRESSEE"], True)
    assert told["deliveries"] == [{"digest": {"kind": "BURST", "items": {"totalCount": 12}}}]
    assert (settled["outcome"], settled["because"]) == ("NOT_TOLD", "ALERT_NO_LONGER_WAITS")


async def test_a_worker_that_dies_while_it_forms_a_digest_loses_and_doubles_nothing(
    house: House, mailbox: Mailbox
) -> None:
    await house.bundling(burst_count=1)
    paul = await house.collaborator("Paul")
    for _ in range(5):
        await raised(house, an_alert(paul))
    async with house.owner.begin() as connection:
        await connection.exec_driver_sql("UPDATE digest SET due_at = now() - interval '1 minute'")
    [digest] = await house.rows("SELECT id FROM digest")
    with pytest.raises(DBAPIError):
        async with house.database.unit_of_work(Actor.system(house.organization)) as work:
            assert await form(work, digest.id)
            backend = await work.session.scalar(text("SELECT pg_backend_pid()"))
            async with house.owner.connect() as killer:
                await killer.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": backend})
            await work.session.execute(text("SELECT 1"))
    assert await statuses(house) == {"AWAITING_DIGEST": 5}, "nothing of it was written"
    await asyncio.gather(*(DigestWorker(house.database, house.system).form_due() for _ in range(3)))
    async with house.sending():
        await house.settled()
    assert [mail.subject for mail in mailbox.mails] == ["Récapitulatif : 5 d’un coup"]
    assert await statuses(house) == {"IN_DIGEST": 5, "SENT": 1}


async def test_what_is_done_in_the_inbox_is_in_no_digest(house: House, mailbox: Mailbox) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    async with house.database.unit_of_work(Actor.system(house.organization)) as work:
        await choose(work, Wanted(Category.EVENTS, cadence=Cadence.DAILY), paul)
    event = an_event(anne, paul)
    await house.receive(deals.EventCreated(event=event), "event", parse_id("event", event.id))
    assert await statuses(house) == {"AWAITING_DIGEST": 1}
    async with house.database.unit_of_work(Actor(house.organization, paul, Role.COLLABORATOR)) as work:
        await mark_all(work, InboxState.DONE)
    await digests_come(house)
    [row] = await house.rows("SELECT status, detail FROM delivery")
    assert (row.status, row.detail, mailbox.mails) == ("SKIPPED", "DONE_IN_INBOX", [])


async def test_changes_within_the_window_are_one_mail_that_lists_them(house: House, mailbox: Mailbox) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    event = an_appointment(anne, paul)
    await house.receive(deals.EventCreated(event=event), "event", parse_id("event", event.id))
    async with house.sending():
        await house.settled()
    await house.bundling(fold_seconds=120)
    for event.revision, event.place in ((1, "Angers"), (2, "Nantes")):
        event.starts_at.FromDatetime(event.starts_at.ToDatetime() + timedelta(minutes=5))
        await house.receive(deals.EventChanged(event=event), "event", parse_id("event", event.id))
    rows = await house.rows(
        "SELECT status, detail, next_attempt_at - created_at AS wait FROM delivery ORDER BY revision"
    )
    assert [row.status for row in rows] == ["SENT", "SKIPPED", "QUEUED"]
    assert rows[1].detail == "FOLDED: into revision 2"
    assert timedelta() < rows[2].wait <= timedelta(seconds=120)
    async with house.owner.begin() as connection:
        await connection.exec_driver_sql("UPDATE delivery SET next_attempt_at = now() WHERE status = 'QUEUED'")
    async with house.sending():
        await house.settled()
    assert len(mailbox.mails) == 2
    assert "Quand et où" in mailbox.mails[-1].body()
    assert "Nantes" in mailbox.mails[-1].body()


async def test_messages_that_come_in_another_order_tell_nothing_that_is_over(house: House) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    alert = an_alert(paul, status=deals.Alert.Status.TAKEN_IN_CHARGE)
    await house.receive(deals.AlertChanged(alert=alert), "alert", parse_id("alert", alert.id))
    alert.status = deals.Alert.Status.RAISED
    await raised(house, alert)
    event = an_event(anne, paul, revision=1)
    for event.revision in (1, 0):
        await house.receive(deals.EventChanged(event=event), "event", parse_id("event", event.id))
    rows = await house.rows("SELECT cause_kind, revision, status, detail FROM delivery ORDER BY cause_kind, revision")
    assert [(row.cause_kind, row.revision, row.status, row.detail) for row in rows] == [
        ("alert", 0, "SKIPPED", "ALERT_NO_LONGER_WAITS"),
        ("event", 0, "SKIPPED", "SUPERSEDED: revision 1 came first"),
        ("event", 1, "QUEUED", None),
    ]


async def test_an_alert_comes_back_when_its_snooze_is_over(house: House) -> None:
    paul, claire = await house.collaborator("Paul"), await house.collaborator("Claire")
    for status, back in ((deals.Alert.RAISED, {"Paul"}), (deals.Alert.TAKEN_IN_CHARGE, {"Claire"})):
        alert = an_alert(paul)
        id = parse_id("alert", alert.id)
        await raised(house, alert)
        if status == deals.Alert.TAKEN_IN_CHARGE:
            alert.taken_in_charge_by_id = format_id("collaborator", claire)
        alert.status = deals.Alert.SNOOZED
        await house.receive(deals.AlertChanged(alert=alert), "alert", id)
        assert await unread(house, id) == set()
        alert.status, alert.woken = status, True
        message = await house.receive(deals.AlertChanged(alert=alert), "alert", id)
        assert await unread(house, id) == back
        assert await house.inbox.handle(message) is False  # the very same message
        alert.status, alert.woken = deals.Alert.CLOSED, False
        await house.receive(deals.AlertChanged(alert=alert), "alert", id)
        assert await unread(house, id) == set()


async def unread(house: House, cause: UUID) -> set[str]:
    """Who has it in their inbox, unread."""
    rows = await house.rows(
        "SELECT c.name FROM inbox_item i JOIN collaborator c ON c.id = i.collaborator_id "
        "WHERE i.cause_id = :cause AND i.state = 'UNREAD'",
        cause=cause,
    )
    return {row.name for row in rows}


async def test_preferences_defaults_and_the_critical_category(house: House, ask: Ask) -> None:
    paul = await house.collaborator("Paul")
    choose = """mutation($input: SetNotificationPreferenceInput!) { result: setNotificationPreference(input: $input) {
      __typename ... on NotificationPreference { cadence source } ... on Error { code path } } }"""
    for input, expected in (
        ({"category": "CRITICAL", "cadence": "NEVER"}, {"code": "CRITICAL_IS_ALWAYS_TOLD", "path": ["category"]}),
        ({"category": "QUOTES", "reason": "NAMED", "email": True}, {"code": "INVALID_INPUT", "path": ["reason"]}),
        (
            {"category": "EVENTS", "channel": "INBOX", "cadence": "DAILY"},
            {"code": "INVALID_INPUT", "path": ["cadence"]},
        ),
        ({"category": "EVENTS", "reason": "FOLLOWER", "cadence": "WEEKLY"}, {"cadence": "WEEKLY", "source": "OWN"}),
        ({"category": "EVENTS", "reason": "FOLLOWER"}, {"cadence": "IMMEDIATE", "source": "BUILT_IN"}),
    ):
        result = (await ask(choose, by=paul, input=input))["data"]["result"]
        assert expected.items() <= result.items()
    who = format_id("collaborator", paul)
    refused = await ask("query($id: ID!) { notificationMatrix(collaboratorId: $id) { cadence } }", id=who)
    assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"
