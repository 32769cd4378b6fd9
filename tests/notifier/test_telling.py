"""From a message to deliveries: who, why, once, and in no other organization."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from chassis.identifiers import format_id, new_id, parse_id
from chassis.inbox import TryLater
from proto.contacts.v1 import messages_pb2 as contacts
from proto.deals.v1 import messages_pb2 as deals
from tests.notifier.house import House, an_alert, an_appointment, an_event


async def told(house: House) -> dict[str, list[str]]:
    """Names and reasons of those whom a delivery waits for."""
    rows = await house.rows(
        "SELECT c.name, d.reasons FROM delivery d JOIN collaborator c ON c.id = d.collaborator_id "
        "WHERE d.status = 'QUEUED' ORDER BY c.name"
    )
    return {row.name: row.reasons for row in rows}


async def stopped(house: House) -> dict[str, str]:
    """Names and reasons of those who are not told."""
    rows = await house.rows(
        "SELECT c.name, d.status || ' ' || d.detail AS why FROM delivery d "
        "JOIN collaborator c ON c.id = d.collaborator_id WHERE d.status IN ('SKIPPED', 'SUPPRESSED')"
    )
    return {row.name: row.why for row in rows}


async def receive_event(house: House, event: deals.Event) -> object:
    kind = deals.EventChanged if event.revision else deals.EventCreated
    return await house.receive(kind(event=event), "event", parse_id("event", event.id))


async def test_everyone_concerned_is_told_once_with_every_reason(house: House) -> None:
    anne, paul, claire, omar = [await house.collaborator(name) for name in ("Anne", "Paul", "Claire", "Omar")]
    contact = await house.contact(manager=claire)
    subject = deals.Subject(
        deal_id=format_id("deal", new_id()),
        owner_id=format_id("collaborator", paul),
        follower_ids=[format_id("collaborator", each) for each in (omar, paul, anne)],
        contact_id=format_id("contact", contact),
    )
    await receive_event(house, an_event(anne, claire, anne, subject=subject))
    assert await told(house) == {
        "Claire": ["NAMED", "RELATIONSHIP_MANAGER"],
        "Omar": ["FOLLOWER"],
        "Paul": ["OWNER", "FOLLOWER"],
    }


async def test_a_message_that_comes_twice_tells_once(house: House) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    event = an_event(anne, paul)
    message = await receive_event(house, event)
    assert await house.inbox.handle(message) is False  # type: ignore[arg-type]  # the very same message
    await receive_event(house, event)  # the same fact under another message id
    assert await house.statuses() == {"QUEUED": 1}


async def test_a_company_tells_who_manages_it_where_no_contact_does(house: House) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    account = new_id()
    copy = contacts.Account(id=format_id("account", account), relationship_manager_id=format_id("collaborator", paul))
    await house.receive(contacts.AccountChanged(account=copy), "account", account)
    await receive_event(house, an_event(anne, subject=deals.Subject(account_id=format_id("account", account))))
    assert await told(house) == {"Paul": ["RELATIONSHIP_MANAGER"]}


async def test_what_came_before_its_collaborator_is_put_off_and_nothing_is_written(house: House) -> None:
    anne, paul = await house.collaborator("Anne"), new_id()
    event = an_event(anne, paul)
    with pytest.raises(TryLater):
        await receive_event(house, event)
    assert await house.rows("SELECT 1 FROM inbox WHERE type LIKE '%Event%' UNION ALL SELECT 1 FROM cause") == []
    await house.collaborator("Paul", id=paul)
    await receive_event(house, event)
    assert await told(house) == {"Paul": ["NAMED"]}


async def test_a_department_whose_copies_come_all_at_once_is_told_once_each(house: House) -> None:
    anne, people = await house.collaborator("Anne"), [new_id() for _ in range(12)]
    event = an_event(anne, *people, departments=["accounting"])
    with pytest.raises(TryLater):
        await receive_event(house, event)
    arrivals = [house.collaborator(f"C{each}", id=id, department="accounting") for each, id in enumerate(people)]
    await asyncio.gather(*arrivals)
    for _ in range(2):
        await receive_event(house, event)
    assert await told(house) == {f"C{each}": ["DEPARTMENT"] for each in range(12)}


@pytest.mark.parametrize("subject", [deals.Subject(contact_id=format_id("contact", new_id()))])
async def test_what_came_before_its_contact_is_put_off(house: House, subject: deals.Subject) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    with pytest.raises(TryLater):
        await receive_event(house, an_event(anne, paul, subject=subject))


async def test_a_disabled_collaborator_is_skipped_with_the_reason_on_record(house: House) -> None:
    anne = await house.collaborator("Anne")
    paul, claire = await house.collaborator("Paul", disabled=True), await house.collaborator("Claire", email="")
    await receive_event(house, an_event(anne, paul, claire))
    assert await told(house) == {}
    assert await stopped(house) == {"Paul": "SKIPPED COLLABORATOR_DISABLED", "Claire": "SKIPPED NO_ADDRESS"}


async def test_an_alert_goes_to_addressees_else_owner_else_manager_else_admins(house: House) -> None:
    anne = await house.collaborator("Anne", role=contacts.Collaborator.Role.ADMIN)
    paul, claire = await house.collaborator("Paul"), await house.collaborator("Claire")
    contact = format_id("contact", await house.contact(manager=claire))
    owned = deals.Subject(owner_id=format_id("collaborator", paul), contact_id=contact)
    for alert, reached in [
        (an_alert(claire, subject=owned), {"Claire": ["ADDRESSEE", "RELATIONSHIP_MANAGER"]}),
        (an_alert(subject=owned), {"Paul": ["OWNER"]}),
        (an_alert(subject=deals.Subject(contact_id=contact)), {"Claire": ["RELATIONSHIP_MANAGER"]}),
        (an_alert(), {"Anne": ["ADMIN"]}),
    ]:
        await house.receive(deals.AlertRaised(alert=alert), "alert", parse_id("alert", alert.id))
        assert await told(house) == reached
        async with house.owner.begin() as connection:
            await connection.exec_driver_sql("DELETE FROM delivery")
    assert anne


async def test_an_alert_that_goes_to_somebody_else_is_told_to_them(house: House) -> None:
    await house.collaborator("Anne", role=contacts.Collaborator.Role.ADMIN)
    paul, claire = await house.collaborator("Paul"), await house.collaborator("Claire")
    owned = deals.Subject(owner_id=format_id("collaborator", paul))
    alert = an_alert(subject=owned)
    id = parse_id("alert", alert.id)
    await house.receive(deals.AlertRaised(alert=alert), "alert", id)
    for level, people in [(1, [format_id("collaborator", claire)]), (2, [])]:
        alert.escalation = level
        alert.addressee_ids[:] = people
        for _ in range(2):
            await house.receive(deals.AlertChanged(alert=alert), "alert", id)
    assert await told(house) == {
        "Paul": ["OWNER"],
        "Claire": ["ESCALATED", "ADDRESSEE"],
        "Anne": ["ESCALATED", "ADMIN"],
    }


async def test_an_older_copy_does_not_undo_a_newer_one(house: House) -> None:
    paul = await house.collaborator("Paul")
    newer = house.versions[paul] = 7
    await house.collaborator("Paul", id=paul, email="new@cabinet.example")
    house.versions[paul] = 3
    await house.collaborator("Paul", id=paul, email="old@cabinet.example")
    [row] = await house.rows("SELECT email, version FROM collaborator")
    assert (row.email, row.version) == ("new@cabinet.example", newer + 1)


async def test_whoever_a_change_leaves_out_of_an_appointment_is_told_once(house: House) -> None:
    anne, paul, claire = [await house.collaborator(name) for name in ("Anne", "Paul", "Claire")]
    id = new_id()
    await receive_event(house, an_appointment(anne, paul, claire, id=id))
    await receive_event(house, an_appointment(anne, claire, id=id, revision=1))
    await receive_event(house, an_appointment(anne, claire, id=id, revision=2))
    rows = await house.rows("SELECT revision, reasons FROM delivery WHERE collaborator_id = :paul", paul=paul)
    assert sorted((row.revision, row.reasons) for row in rows) == [(0, ["NAMED"]), (1, ["REMOVED"])]


async def test_organizations_do_not_see_each_other_even_without_a_filter(house: House) -> None:
    other = new_id()
    await house.found(other)
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    await receive_event(house, an_event(anne, paul))
    from sqlalchemy import text

    tables = await house.rows(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
        "AND relname <> 'alembic_version'"
    )
    assert len(tables) >= 18
    for table in (row.relname for row in tables):
        async with house.database.read(other) as session:
            seen = await session.scalar(text(f'SELECT count(*) FROM "{table}"'))
        allowed = {"organization": 1, "inbox": 1, "bundling": 1}.get(table, 0)
        assert seen == allowed, table


async def test_an_event_of_one_organization_cannot_reach_the_people_of_another(house: House) -> None:
    other = new_id()
    await house.found(other)
    stranger = await house.collaborator("Stranger", organization=other)
    anne = await house.collaborator("Anne")
    with pytest.raises(TryLater):
        await receive_event(house, an_event(anne, stranger))
    assert await house.statuses() == {}


def a_comment(author: UUID, *mentioned: UUID, subject: deals.Subject | None = None, **more: Any) -> deals.Comment:
    return deals.Comment(
        id=format_id("comment", new_id()),
        author_id=format_id("collaborator", author),
        body="Elle rappelle demain.",
        mention_ids=[format_id("collaborator", each) for each in mentioned],
        subject=subject or deals.Subject(),
        **more,
    )


async def _say(house: House, comment: deals.Comment) -> None:
    await house.receive(deals.CommentWritten(comment=comment), "comment", parse_id("comment", comment.id))


async def test_a_comment_is_told_to_whom_it_names_to_the_owner_and_to_followers(house: House) -> None:
    anne, paul, claire = [await house.collaborator(name) for name in ("Anne", "Paul", "Claire")]
    followers = [format_id("collaborator", each) for each in (anne, claire)]
    subject = deals.Subject(owner_id=format_id("collaborator", paul), follower_ids=followers)
    await _say(house, a_comment(anne, claire, subject=subject))
    assert await told(house) == {"Paul": ["OWNER"], "Claire": ["MENTIONED", "FOLLOWER"]}


async def test_an_edited_comment_is_told_to_whom_it_names_anew_and_a_deleted_one_to_nobody(house: House) -> None:
    anne, paul, claire = [await house.collaborator(name) for name in ("Anne", "Paul", "Claire")]
    subject = deals.Subject(owner_id=format_id("collaborator", paul))
    comment = a_comment(anne, subject=subject)
    await _say(house, comment)
    comment.mention_ids.append(format_id("collaborator", claire))
    await _say(house, comment)
    assert await told(house) == {"Paul": ["OWNER"], "Claire": ["MENTIONED"]}
    comment.deleted, comment.body = True, ""
    await _say(house, comment)
    assert [row.open for row in await house.rows("SELECT open FROM cause WHERE kind = 'comment'")] == [False] * 3
