"""What happens is seen live, over a WebSocket, by those of the organization and by nobody else."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from liant.documents import document
from liant.http import put_file
from tests.e2e.firm import ZOE, Firm, make
from tests.support.control import until

EVENTS = "subscription { eventCreated { id title deal { title primaryContact { name } } } }"
TIMELINE = """subscription($deal: ID!) {
  timelineChanged(dealId: $deal) { __typename ... on Event { title } ... on Notification { kind } }
}"""

INBOX = "subscription { inboxChanged { unread counts { category unread } } }"
IMPORT = "subscription($id: ID!) { importMoved(id: $id) { state position accounts } }"


@asynccontextmanager
async def following(
    firm: Firm, query: str, cursor: str | None = None, token: str = "", **variables: Any
) -> AsyncIterator[ClientConnection]:
    """A subscription, the administrator's unless a token says whose."""
    url = firm.system.ready["graphql"].replace("http", "ws", 1)
    async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None) as ws:
        await ws.send(
            json.dumps({"type": "connection_init", "payload": {"Authorization": f"Bearer {token or firm.token}"}})
        )
        assert json.loads(await ws.recv())["type"] == "connection_ack"
        payload = {"query": query, "variables": variables, "extensions": {"cursor": cursor} if cursor else {}}
        await ws.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
        await asyncio.sleep(1)  # the consumer at the broker is being made
        yield ws


async def next_of(ws: ClientConnection) -> dict[str, Any]:
    message = json.loads(await asyncio.wait_for(ws.recv(), 20))
    payload: dict[str, Any] = message["payload"]
    assert message["type"] == "next", message
    assert "errors" not in payload, payload
    return payload


async def test_an_event_is_seen_live_with_what_other_services_know_and_missed_ones_by_the_cursor(firm: Firm) -> None:
    async with following(firm, EVENTS) as ws:
        await firm.note("Vu en direct")
        seen = await next_of(ws)
    deal = {"title": "Reprise de l'atelier", "primaryContact": {"name": "Hélène Dupré"}}
    assert {**seen["data"]["eventCreated"], "id": None} == {"id": None, "title": "Vu en direct", "deal": deal}
    await firm.note("Manqué")
    async with following(firm, EVENTS, cursor=seen["extensions"]["cursor"]) as ws:
        assert (await next_of(ws))["data"]["eventCreated"]["title"] == "Manqué"


async def test_a_deals_timeline_is_followed_and_another_deals_is_not_on_it(firm: Firm) -> None:
    other = await make(firm.system, firm.token, "create_deal", title="Autre affaire", primaryContactId=firm.contact)
    async with following(firm, TIMELINE, deal=firm.deal) as ws:
        await firm.note("Ailleurs", dealId=other)
        await firm.note("Ici")
        entries = [await next_of(ws)]
        while entries[-1]["data"]["timelineChanged"].get("title") != "Ici":
            entries.append(await next_of(ws))
    assert "Ailleurs" not in json.dumps(entries)


async def test_an_inbox_is_followed_by_its_owner_and_the_link_of_a_mail_marks_it_read(firm: Firm) -> None:
    system = firm.system
    zoe = system.token(ZOE)
    items = "{ inbox { items(first: 50) { edges { node { title readAt } } } } }"

    async def is_read() -> bool:
        # Of this item: what earlier tests wrote may still come, so that counts tell nothing.
        edges = (await system.data_of(zoe, items))["inbox"]["items"]["edges"]
        (mine,) = [edge["node"] for edge in edges if "Suivi en direct" in edge["node"]["title"]]
        return mine["readAt"] is not None

    async with following(firm, INBOX, token=zoe) as mine, following(firm, INBOX) as other:
        await firm.note("Suivi en direct")
        assert (await next_of(mine))["data"]["inboxChanged"]["unread"] >= 1
        found: list[str] = []

        async def mailed() -> bool:
            found[:] = [
                link
                for mail in await system.mails()
                if "Suivi en direct" in mail["subject"] and ZOE in mail["recipients"]
                for link in mail["links"]
                if "/l/" in link
            ]
            return bool(found)

        await until(mailed, seconds=60, what="the mail came")
        await system.http.get(found[0])
        token = found[0].split("/l/")[1].split("?")[0].split("#")[0]
        assert not await is_read(), "GET reads nothing"
        opened = await system.http.post(f"{system.ready['page']}/links/exchange", json={"token": token})
        assert opened.status_code == 200, opened.text
        await next_of(mine)
        assert await is_read()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(other.recv(), 0.5)


async def test_an_import_is_followed_to_its_end(firm: Firm, tmp_path: Path) -> None:
    file = tmp_path / "carnet.csv"
    file.write_text("Nom;Société\nDurand;Cabinet\nMartin;Cabinet\n")
    begun = await firm.system.data_of(firm.token, document("start_import"), {"input": {"fileName": file.name}})
    id = begun["startImport"]["import"]["id"]
    async with following(firm, IMPORT, id=id) as ws:
        assert (await put_file(begun["startImport"]["uploadUrl"], file)).status == 200
        seen = [await next_import(ws)]
        while seen[-1]["state"] != "READY":
            seen.append(await next_import(ws))
        await firm.system.data_of(firm.token, document("run_import"), {"input": {"id": id, "key": "NONE"}})
        while seen[-1]["state"] != "DONE":
            seen.append(await next_import(ws))
    assert seen[-1] == {"state": "DONE", "position": 2, "accounts": 1}


async def next_import(ws: ClientConnection) -> dict[str, Any]:
    """The import, as it is by the time the message is told."""
    found: dict[str, Any] = (await next_of(ws))["data"]["importMoved"]
    return found
