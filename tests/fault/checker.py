"""Reads databases, broker and mailbox, and says which of the five invariants of deliveries do not hold."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.identifiers import format_id
from chassis.messages import AGGREGATE, VERSION
from tests.fault.world import CONNECTIONS, World


@dataclass(frozen=True)
class Figures:
    """What docs/reliability.md says of a run."""

    events: int
    faults: dict[str, int]
    mails: int
    lost: int
    duplicated: int
    allowed: int
    broken: list[str]


async def check(world: World) -> Figures:
    """The figures, with every broken promise in words."""
    house = world.house
    deliveries = await house.rows("SELECT * FROM delivery")
    expected = {(each.event, each.revision, who) for each in world.committed for who in world.people}
    told = Counter(str(mail.message["Message-ID"]) for mail in world.relay.mails)
    row_of = {
        (format_id("event", row.cause_id), row.revision, format_id("collaborator", row.collaborator_id)): row
        for row in deliveries
    }
    lost = [key for key in expected if key not in row_of or not _as_said(row_of[key], told)]
    duplicated = sum(count - 1 for count in told.values())
    allowed = world.crashes * CONNECTIONS
    broken = [f"1: no mail, and no reason, for {key}" for key in lost]
    broken += [f"1: {duplicated} mails came twice, {allowed} might"] * (duplicated > allowed)
    known = {row.message_id for row in deliveries if row.status == "SENT"}
    broken += [f"2: a mail of no delivery: {id}" for id in told if id not in known]
    broken += [f"2: no reason for {row.id}" for row in deliveries if row.status != "SENT" and not row.detail]
    inbox = {str(row.message_id) for row in await house.rows("SELECT message_id FROM inbox")}
    broken += [f"3: acknowledged and not there: {each}" for each in world.committed if each.id not in inbox]
    broken += [*_out_of_order(world, deliveries), *[line async for line in _versions(world)], *await _strangers(world)]
    faults = {**world.faults, **{f"relay: {kind}": times for kind, times in world.relay.done.items()}}
    return Figures(len(world.committed), faults, len(world.relay.mails), len(lost), duplicated, allowed, broken)


def _out_of_order(world: World, deliveries: Sequence[Any]) -> Iterator[str]:
    """4: whoever is told of a change was told before of what it changes."""
    row_of = {row.message_id: row for row in deliveries}
    last: dict[tuple[UUID, UUID], int] = {}
    for mail in world.relay.mails:
        row = row_of[str(mail.message["Message-ID"])]
        key = (row.cause_id, row.collaborator_id)
        if row.revision < last.get(key, 0):
            yield f"4: revision {row.revision} of {row.cause_id} came after {last[key]}"
        last[key] = max(row.revision, last.get(key, 0))


async def _versions(world: World) -> AsyncIterator[str]:
    """4: versions of an aggregate stand in order in the stream, repeated ones apart."""
    last: dict[str, int] = {}
    async for message in world.bus.replay("LIANT_NOTIFIER", ["liant.notifier.v1.>"]):
        aggregate, version = message.headers[AGGREGATE], int(message.headers[VERSION])
        if version < last.get(aggregate, 0):
            yield f"4: version {version} of {aggregate} after {last[aggregate]}"
        last[aggregate] = max(version, last.get(aggregate, 0))


def _as_said(row: Any, told: Counter[str]) -> bool:
    """What says that it was sent came, and nothing else did."""
    return bool((row.status == "SENT") == (told[row.message_id] > 0))


async def _strangers(world: World) -> list[str]:
    """5: nobody outside the organization, and nobody who is unsubscribed or suppressed."""
    allowed = {
        row.email
        for row in await world.house.rows(
            "SELECT email FROM collaborator WHERE organization_id = :id AND NOT disabled", id=world.house.organization
        )
    }
    refused = {row.email for row in await world.house.rows("SELECT email FROM suppression")}
    refused |= {
        row.email
        for row in await world.house.rows(
            "SELECT collaborator.email FROM collaborator JOIN preference p ON p.collaborator_id = collaborator.id "
            "WHERE p.cadence = 'NEVER' AND p.channel = 'EMAIL'"
        )
    }
    return [
        f"5: {mail.recipients} got {mail.subject}"
        for mail in world.relay.mails
        if not set(mail.recipients) <= allowed - refused
    ]
