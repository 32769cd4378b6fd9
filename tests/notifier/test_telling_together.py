"""Many messages in one transaction: told as if one after the other, at the cost of one."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf.message import Message
from sqlalchemy import event as events

from chassis.identifiers import format_id, new_id, parse_id
from chassis.inbox import TryLater
from chassis.messages import Outgoing, Received
from proto.deals.v1 import messages_pb2 as deals
from tests.notifier.house import House, an_alert, an_appointment, an_event


def _received(house: House, body: Message, aggregate: str, id: str, version: int = 1) -> Received[Any]:
    outgoing = Outgoing(aggregate, parse_id(aggregate, id), version, body)
    now, whose = datetime.now(UTC), house.organization
    return Received(new_id(), outgoing.type, now, whose, aggregate, outgoing.aggregate_id, version, body)


def _event(house: House, event: deals.Event) -> Received[Any]:
    body = deals.EventChanged(event=event) if event.revision else deals.EventCreated(event=event)
    return _received(house, body, "event", event.id, event.revision + 1)


async def _told(house: House, ids: Sequence[str]) -> list[tuple[Any, ...]]:
    """What became of these events, without what differs between two of them."""
    rows = await house.rows(
        "SELECT d.cause_id, d.revision, c.name, d.status, coalesce(d.detail, ''), d.reasons, d.digest_id IS NULL,"
        " d.next_attempt_at IS NULL, i.state FROM delivery d JOIN collaborator c ON c.id = d.collaborator_id"
        " LEFT JOIN inbox_item i ON i.cause_id = d.cause_id AND i.collaborator_id = d.collaborator_id"
    )
    place = {parse_id("event", id): number for number, id in enumerate(ids)}
    return sorted((place[row[0]], *row[1:]) for row in rows if row[0] in place)


async def test_a_burst_told_together_is_told_as_one_after_the_other(house: House) -> None:
    """The first three are mails, the others a digest that takes in those three: nothing of them went yet."""
    await house.bundling(burst_count=3)
    anne = await house.collaborator("Anne")
    told = []
    for together in (False, True):
        people = [await house.collaborator(f"{name}{together:d}") for name in ("Paul", "Claire")]
        made = [an_event(anne, *people[: 1 + place % 2]) for place in range(8)]
        messages = [_event(house, each) for each in made]
        if together:
            await house.inbox.handle_together([[each] for each in messages])
        else:
            for each in messages:
                await house.inbox.handle(each)
        found = await _told(house, [each.id for each in made])
        told.append([(row[0], row[1], row[2].rstrip("01"), *row[3:]) for row in found])
    assert told[0] == told[1]
    assert {row[3] for row in told[0]} == {"AWAITING_DIGEST"} | {row[3] for row in told[0] if row[2] == "Claire"}


async def test_changes_stand_after_what_they_change_and_are_folded(house: House) -> None:
    await house.bundling(fold_seconds=3600)
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    first = an_event(anne, paul)
    second = deals.Event()
    second.CopyFrom(first)
    second.revision, second.title = 1, "Appel de Mme Roy"
    other = an_event(anne, paul)
    await house.inbox.handle_together([[_event(house, first), _event(house, second)], [_event(house, other)]])
    rows = await house.rows("SELECT cause_id, revision, status, detail FROM delivery ORDER BY revision, cause_id")
    assert {(format_id("event", row.cause_id), row.revision, row.status) for row in rows} == {
        (first.id, 0, "SKIPPED"),
        (first.id, 1, "QUEUED"),
        (other.id, 0, "QUEUED"),
    }
    assert [row.detail for row in rows if row.status == "SKIPPED"] == ["FOLDED: into revision 1"]


async def test_one_that_is_ahead_of_its_copies_undoes_all_and_is_put_off_alone(house: House) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    fine, ahead = an_event(anne, paul), an_event(anne, new_id())
    messages = [_event(house, fine), _event(house, ahead)]
    with pytest.raises(TryLater):
        await house.inbox.handle_together([[each] for each in messages])
    assert await house.rows("SELECT 1 FROM delivery") == []
    assert await house.inbox.handle(messages[0]) is True
    with pytest.raises(TryLater):
        await house.inbox.handle(messages[1])


async def test_alerts_and_comments_are_told_together(house: House) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    subject = deals.Subject(deal_id=format_id("deal", new_id()), owner_id=format_id("collaborator", paul))
    alerts = [an_alert(paul), an_alert(anne, paul)]
    comments = [
        deals.Comment(id=format_id("comment", new_id()), author_id=format_id("collaborator", anne), subject=subject),
        deals.Comment(id=format_id("comment", new_id()), subject=subject, deleted=True),
    ]
    found = [_received(house, deals.AlertRaised(alert=each), "alert", each.id) for each in alerts]
    found += [_received(house, deals.CommentWritten(comment=each), "comment", each.id) for each in comments]
    await house.inbox.handle_together([[each] for each in found])
    rows = await house.rows("SELECT cause_kind, count(*) AS many FROM delivery GROUP BY 1 ORDER BY 1")
    assert [(row.cause_kind, row.many) for row in rows] == [("alert", 3), ("comment", 1)]
    assert [row.open for row in await house.rows("SELECT open FROM cause ORDER BY open")] == [False, *[True] * 3]


@contextmanager
def _counted(house: House) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    events.listen(house.database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        events.remove(house.database.engine.sync_engine, "before_cursor_execute", note)


async def test_the_statements_do_not_grow_with_the_events(house: House) -> None:
    anne = await house.collaborator("Anne")
    people = [await house.collaborator(name) for name in ("Paul", "Claire", "Omar")]
    manager = await house.contact(people[0]), await house.contact(people[1])
    counts = []
    for many in (2, 40):
        subjects = [deals.Subject(contact_id=format_id("contact", manager[place % 2])) for place in range(many)]
        made = [an_event(anne, *people, subject=subject) for subject in subjects]
        with _counted(house) as statements:
            await house.inbox.handle_together([[_event(house, each)] for each in made])
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 20, statements


async def test_those_who_come_to_an_appointment_are_invited_each(house: House) -> None:
    anne, contact = await house.collaborator("Anne"), await house.contact(given_name="Zoé", email="zoe@firme.example")
    attendee = deals.Attendee(id=format_id("contact", contact))
    made = [an_appointment(anne, attendees=[attendee], starts_at=_NEXT_YEAR, ends_at=_NEXT_YEAR) for _ in range(3)]
    await house.inbox.handle_together([[_event(house, each)] for each in made])
    rows = await house.rows("SELECT cause_id FROM delivery WHERE contact_id = :id", id=contact)
    assert {format_id("event", row.cause_id) for row in rows} == {each.id for each in made}


_NEXT_YEAR = datetime(2036, 12, 3, 9, 30, tzinfo=UTC)
