"""The worker of groups: killed, raced, late; large groups by parts."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from chassis.auth import Actor
from services.contacts import model
from services.contacts.groups import membership, refreshing
from services.contacts.groups.retelling import retell_all
from services.contacts.schema import definitions
from tests.contacts.groups.sets import a_group, agree, copied, do, due, kept, shown, told, uuid, work_off, worker
from tests.contacts.house import Office

DURANDS = {"familyName": {"startsWith": "Durand"}}


async def test_a_large_group_is_computed_by_parts_and_told_in_parts(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refreshing, "STEP", 3)
    monkeypatch.setattr(membership, "TOLD_AT_ONCE", 2)
    people = [
        await office.a_contact(familyName=f"{'Durand' if place % 2 else 'Martin'} {place}") for place in range(11)
    ]
    group = await a_group(office, definition=DURANDS)
    assert await agree(office, group) == sorted(people[1::2])
    await do(office, "updateGroup", id=group, definition={"familyName": {"startsWith": "Martin"}})
    assert await agree(office, group) == sorted(people[0::2])
    await do(office, "updateGroup", id=group, definition={"familyName": {"isNull": False}})
    assert await agree(office, group) == sorted(people)
    await do(office, "updateGroup", id=group, definition={"familyName": {"isNull": True}})
    assert await agree(office, group) == []
    assert max(len(message.added_ids) + len(message.removed_ids) for message in await told(office, group)) <= 4


async def test_a_worker_killed_half_way_leaves_the_rest_to_the_next(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refreshing, "STEP", 2)
    people = [await office.a_contact(familyName=f"Durand {place}") for place in range(6)]
    await work_off(office)
    group = await a_group(office, definition=DURANDS)
    await worker(office)._serve(office.organization)
    first = await copied(office, group)
    assert 0 < len(first) < len(people)

    async def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as half_way:
        half_way.setattr(membership, "tell", killed)
        await office.do("updateContact", {"id": people[0], "familyName": "Martin"})
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                await worker(office)._serve(office.organization)
    assert await due(office) > 0
    assert await copied(office, group) == first, "nothing was told of what was not done"
    assert await agree(office, group) == sorted(people[1:])


async def test_two_workers_do_not_do_the_same_twice(office: Office) -> None:
    people = [await office.a_contact(familyName=f"Durand {place}") for place in range(5)]
    group = await a_group(office, definition=DURANDS)
    await asyncio.gather(*(work_off(office) for _ in range(3)))
    assert await agree(office, group) == sorted(people)
    assert sum(len(message.added_ids) for message in await told(office, group)) == len(people)


async def test_a_missed_change_is_repaired_in_time(office: Office) -> None:
    zoe = await office.a_contact(familyName="Durand")
    group = await a_group(office, definition=DURANDS)
    assert await agree(office, group) == [zoe]
    async with office.house.running.system.begin() as connection:
        luc = await office.a_contact(familyName="Durand-Luc")
        lost = delete(model.GroupDue).where(model.GroupDue.organization_id == office.organization)
        await connection.execute(lost)
    await work_off(office)
    assert await kept(office, group) == [zoe]
    async with office.house.running.system.begin() as connection:
        statement = select(model.Group.refresh_due_at, model.Group.refreshed_at).where(model.Group.id == uuid(group))
        row = (await connection.execute(statement)).one()
    assert row.refresh_due_at - row.refreshed_at == timedelta(days=1)
    async with office.house.running.database.unit_of_work(_system(office)) as work:
        found = await work.session.get_one(model.Group, uuid(group))
        found.refresh_due_at = work.now
    assert await agree(office, group) == sorted([zoe, luc])


async def test_members_come_and_go_as_days_pass(office: Office) -> None:
    zoe = await office.a_contact()
    new = await a_group(office, name="Nouveaux", definition={"createdAt": {"withinDays": 30}})
    old = await a_group(office, name="Anciens", definition={"createdAt": {"olderThanDays": 30}})
    assert (await agree(office, new), await agree(office, old)) == ([zoe], [])
    async with office.house.running.database.unit_of_work(_system(office)) as work:
        groups = [await work.session.get_one(model.Group, uuid(id)) for id in (new, old)]
        waits = [(group.refreshed_at, group.refresh_due_at) for group in groups]
        assert all(done and due_at and due_at - done == timedelta(hours=1) for done, due_at in waits)
        await work.session.execute(
            update(model.Contact).where(model.Contact.id == uuid(zoe)).values(created_at=work.now - timedelta(days=31))
        )
        for group in groups:
            group.refresh_due_at = work.now
    assert (await agree(office, new), await agree(office, old)) == ([], [zoe])


async def test_copies_that_were_lost_are_told_again(office: Office) -> None:
    people = [await office.a_contact(familyName=f"Durand {place}") for place in range(3)]
    group = await a_group(office, definition=DURANDS)
    assert await agree(office, group) == sorted(people)
    running = office.house.running
    assert await retell_all(running.database, running.system, office.organization) == 1
    assert [message.reset for message in await told(office, group)] == [False, True, False]
    assert await agree(office, group) == sorted(people)


async def test_a_definition_too_slow_stops_no_other(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    zoe = await office.a_contact(familyName="Durand")
    slow = await a_group(office, name="Lent", definition={"familyName": {"eq": "Lent"}})
    group = await a_group(office, definition=DURANDS)
    clauses = definitions.clauses

    def of(definition: Any) -> Any:
        if definition["filter"] == {"familyName": {"eq": "Lent"}}:
            raise TimeoutError
        return clauses(definition)

    monkeypatch.setattr(definitions, "clauses", of)
    await work_off(office)
    assert await kept(office, group) == [zoe]
    monkeypatch.undo()
    assert (await shown(office, slow))["problem"]


def _system(office: Office) -> Actor:
    return Actor.system(office.organization)
