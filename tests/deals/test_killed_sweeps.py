"""A replica killed within a turn: another takes the turn, and the alerts are those of a run without it."""

import asyncio
import signal
import sys
from collections import Counter
from datetime import timedelta
from typing import Any

from proto.deals.v1 import messages_pb2 as pb
from tests.deals.house import House, Office
from tests.deals.sweeper import POINTS
from tests.deals.test_alerts import alerts

DEALS, DAYS = 5, 3
TIMELINE = (
    """query($id: ID!) { deal(id: $id) { timeline(kinds: [ALERT]) { edges { node { ... on Alert { id } } } } } }"""
)


async def killed(office: Office, point: str) -> int:
    """How a replica that dies at a point ended."""
    settings = office.house.running.settings
    told = (settings.database_url, settings.database_system_url, office.organization, DAYS)
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.deals.sweeper",
        point,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
    )
    await child.communicate("\n".join(map(str, told)).encode())
    return child.returncode or 0


async def test_killed_anywhere_in_a_turn_it_leaves_what_a_turn_without_it_finds(house: House, office: Office) -> None:
    other = await house.organization("Jumelle")
    deals = [await office.a_deal(ownerId=None) for _ in range(DEALS)]
    for _ in range(DEALS):
        await other.a_deal(ownerId=None)
    ended = {point: await killed(office, point) for point in POINTS}
    assert set(ended.values()) == {-signal.SIGKILL}, ended
    for each in (office, other):
        await each.sweep_once(timedelta(days=DAYS), audited=True)
    found, expected = await alerts(office), await alerts(other)
    assert _figures(found) == _figures(expected) != Counter()
    told = [message.alert.id for message in await office.told(pb.AlertRaised, len(found))]
    assert sorted(told) == sorted(one["id"] for one in found)
    placed = [
        edge["node"]["id"]
        for deal in deals
        for edge in (await office.data(TIMELINE, id=deal))["deal"]["timeline"]["edges"]
    ]
    assert sorted(placed) == sorted(told)


def _figures(found: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    return Counter((one["rule"], one["status"]) for one in found)
