"""What goes first, and how fast: between priorities, organizations, domains and replicas."""

import asyncio
import time
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from chassis.identifiers import new_id
from services.notifier.commands.claiming import Claims
from services.notifier.commands.pacing import Limits, Paces
from services.notifier.model import Queue
from tests.notifier.house import House

LEASE = timedelta(seconds=30)
ALERT, EVENT, DIGEST, CAMPAIGN = 1, 2, 3, 5
QUICK = Limits(organization_rate=1000, domain_rate=1000, burst=timedelta(seconds=10))


def claims(limits: Limits = QUICK) -> Claims:
    """A replica's."""
    return Claims(Queue.EXTERNAL, Paces(Queue.EXTERNAL, limits))


async def backlog(house: House, organization: UUID, count: int, priority: int, domain: str = "a.example") -> None:
    """Deliveries that wait, by SQL: what claiming looks at, and no more."""
    async with house.owner.begin() as connection:
        await connection.exec_driver_sql(
            "INSERT INTO delivery (id, organization_id, cause_kind, cause_id, revision, contact_id, queue, channel, "
            "reasons, status, priority, attempts, next_attempt_at, email, created_at, changed_at) "
            f"SELECT gen_random_uuid(), '{organization}', 'quote', gen_random_uuid(), 0, gen_random_uuid(), "
            f"'EXTERNAL', 'email', '{{}}', 'QUEUED', {priority}, 0, now() - interval '1 hour' + n * interval '1 ms', "
            f"'someone@{domain}', now(), now() FROM generate_series(1, {count}) AS n"
        )


async def taken(house: House, by: Claims, most: int) -> list[Any]:
    """What one claim takes, as rows."""
    pairs = await by.take(house.system, new_id().hex, LEASE, most)
    statement = "SELECT organization_id, priority, email, leased_by FROM delivery WHERE id = ANY(:ids)"
    return list(await house.rows(statement, ids=[delivery for _, delivery in pairs]))


async def test_the_urgent_goes_first_and_a_campaign_of_one_delays_no_alert_of_another(house: House) -> None:
    big, small = new_id(), new_id()
    await backlog(house, big, 5000, CAMPAIGN)
    await backlog(house, big, 3, ALERT)
    await backlog(house, small, 2, ALERT)
    await backlog(house, small, 1, DIGEST)
    by = claims()
    first = await taken(house, by, 4)
    assert [row.priority for row in first] == [ALERT] * 4
    assert Counter(row.organization_id for row in first) == {big: 2, small: 2}
    assert sorted(row.priority for row in await taken(house, by, 4)) == [ALERT, DIGEST, CAMPAIGN, CAMPAIGN]


async def test_organizations_take_turns_whatever_their_backlogs(house: House) -> None:
    big, small = new_id(), new_id()
    await backlog(house, big, 2000, CAMPAIGN)
    await backlog(house, small, 5, CAMPAIGN)
    by = claims()
    rows = [row for _ in range(3) for row in await taken(house, by, 4)]
    assert Counter(row.organization_id for row in rows) == {big: 7, small: 5}


async def test_what_is_last_is_not_starved_by_what_keeps_coming(house: House) -> None:
    await backlog(house, new_id(), 500, ALERT)
    await backlog(house, new_id(), 10, CAMPAIGN)
    by = claims()
    rows = [row for _ in range(16) for row in await taken(house, by, 4)]
    assert Counter(row.priority for row in rows) == {ALERT: 56, CAMPAIGN: 8}


async def test_more_organizations_than_a_claim_looks_at_are_all_served(house: House) -> None:
    organizations = [new_id() for _ in range(150)]
    for organization in organizations:
        await backlog(house, organization, 3, CAMPAIGN)
    by, served = claims(), set()
    for _ in range(60):
        served |= {row.organization_id for row in await taken(house, by, 6)}
    assert served == set(organizations)


async def test_replicas_never_take_the_same_and_keep_an_organizations_pace_together(house: House) -> None:
    limits = Limits(organization_rate=2, domain_rate=1000, burst=timedelta(seconds=10))
    await backlog(house, new_id(), 300, CAMPAIGN)
    replicas = [claims(limits) for _ in range(3)]
    found = [
        row
        for _ in range(6)
        for rows in await asyncio.gather(*(taken(house, each, 5) for each in replicas))
        for row in rows
    ]
    # Twenty are the burst; replicas that look at the same moment may pass it by what one claim takes, once each.
    assert 20 <= len(found) <= 20 + 2 * 5 + 2


async def test_a_domain_keeps_its_pace_and_others_go_on(house: House) -> None:
    limits = Limits(organization_rate=1000, domain_rate=1, burst=timedelta(seconds=10))
    for _ in range(3):
        await backlog(house, new_id(), 20, CAMPAIGN, "slow.example")
    await backlog(house, new_id(), 8, CAMPAIGN, "other.example")
    by, began = claims(limits), time.monotonic()
    rows = [row for _ in range(20) for row in await taken(house, by, 5)]
    went = Counter(row.email for row in rows)
    assert went["someone@other.example"] == 8
    assert 10 <= went["someone@slow.example"] <= 11 + time.monotonic() - began
    put_off = await house.rows("SELECT next_attempt_at AS at FROM delivery WHERE detail = 'DOMAIN_PACE' ORDER BY 1")
    # One each second, and each put off once.
    steps = {round((after.at - before.at).total_seconds(), 3) for before, after in pairwise(put_off)}
    assert steps == {1.0}
    # An alert to that domain waits for no campaign.
    await backlog(house, new_id(), 1, ALERT, "slow.example")
    assert [row.priority for row in await taken(house, by, 5)] == [ALERT]


async def test_a_domain_that_asks_for_less_is_slowed_alone_and_recovers(house: House) -> None:
    limits = Limits(organization_rate=1000, domain_rate=10, burst=timedelta(seconds=1))
    for domain in ("slow.example", "other.example"):
        await backlog(house, new_id(), 1, CAMPAIGN, domain)
    by = claims(limits)
    await taken(house, by, 5)
    by.paces.deferred("someone@Slow.example")
    await backlog(house, new_id(), 1, CAMPAIGN, "slow.example")
    await backlog(house, new_id(), 1, CAMPAIGN, "other.example")
    assert [row.email for row in await taken(house, by, 5)] == ["someone@other.example"]
    assert await slowness(house) == {"slow.example": 2.0, "other.example": 1.0}
    for _ in range(20):
        by.paces.accepted("someone@slow.example")
    await taken(house, by, 5)
    assert await slowness(house) == {"slow.example": 1.0, "other.example": 1.0}


async def slowness(house: House) -> dict[str, float]:
    rows = await house.rows("SELECT domain, max(slowness) AS slowness FROM pace WHERE domain <> '' GROUP BY 1")
    return {row.domain: row.slowness for row in rows}
