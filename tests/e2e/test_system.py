"""The whole path: mutations at the gateway, e-mails in the mailbox, and what happens when parts are away."""

import asyncio
import contextlib
import os
import re
from collections import Counter
from itertools import permutations
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import TextClause, text

from chassis.auth import Actor
from chassis.bus import DEAD_STREAM, dead_letter_headers
from chassis.database import Database
from chassis.dead_letters import DEAD_SUBJECTS
from chassis.identifiers import parse_id
from chassis.messages import ORGANIZATION
from liant.commands.doctor import Asked, access_to, examine
from liant.commands.token import token
from liant.doctor.parts import connect
from liant.doctor.reconciling import reconcile
from liant.supervisor.supervisor import Supervisor
from liant.system import environment, parts
from liant.system.access import Access
from liant.system.folder import DataFolder
from liant.system.keys import Keys
from liant.system.layout import SERVICES, Layout
from services.notifier.model import NotifierBase
from tests.e2e.firm import JAMES, KARIM, ZOE, Firm, make
from tests.e2e.system import System
from tests.support.control import until

DEAD_LETTERS = """{ deadLetters(filter: {state: {eq: WAITING}}) { edges { node { id aboutId } } } }"""
REPLAY = """mutation ($items: [DeadLetterInput!]!) { replayDeadLetters(input: {items: $items}) {
  ... on DeadLetterResultBatch { results { ... on DeadLetter { state } ... on Error { code message } } }
  ... on Error { code message } } }"""
QUICK = ("deals-worker", "notifier-worker", "nats")
EVERY = (
    "contacts-web",
    "contacts-worker",
    "deals-web",
    "deals-worker",
    "notifier-web",
    "notifier-worker",
    "gateway",
    "mailbox",
    "nats",
    "postgres",
)
# A mail that was within DATA when one of these died is sent again with the same Message-ID: one for each connection.
DOUBTFUL = {"notifier-worker", "mailbox", "postgres"}
CONNECTIONS = 4


async def titles_of(system: System, wanted: list[str], seconds: float = 60) -> Counter[tuple[str, str]]:
    """How often each (recipient, title) came, once every wanted title reached its three recipients."""
    counted: Counter[tuple[str, str]] = Counter()

    async def all_there() -> bool:
        counted.clear()
        for mail in await system.mails():
            for title in wanted:
                if re.search(rf"{re.escape(title)}(?!\d)", mail["subject"]):
                    counted.update((recipient, title) for recipient in mail["recipients"])
        return len(counted) >= 3 * len(wanted)

    await until(all_there, seconds=seconds, what=f"3 mails for each of {len(wanted)} events")
    return counted


async def test_an_event_is_mailed_once_to_each_collaborator_and_not_to_its_author(firm: Firm) -> None:
    await firm.note("Premier échange")
    counted = await titles_of(firm.system, ["Premier échange"])
    assert counted == {(KARIM, "Premier échange"): 1, (ZOE, "Premier échange"): 1, (JAMES, "Premier échange"): 1}


async def test_the_link_of_a_mail_opens_a_page(firm: Firm) -> None:
    mail = next(mail for mail in await firm.system.mails() if "Premier échange" in mail["subject"])
    link = next(link for link in mail["links"] if link.startswith(firm.system.ready["page"]))
    answer = await firm.system.http.get(link)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


async def test_a_repeated_mutation_is_one_event(firm: Firm) -> None:
    first, second = [await firm.note("Une seule fois", idempotencyKey="e2e-once") for _ in range(2)]
    assert first == second
    assert set((await titles_of(firm.system, ["Une seule fois"])).values()) == {1}


async def test_no_token_and_a_token_of_another_key_are_refused(firm: Firm, tmp_path: Any) -> None:
    foreign = Keys.of(tmp_path).token({"sub": firm.ids[ZOE], "org": firm.system.ready["organization"]}, 60)
    for headers in ({}, {"Authorization": f"Bearer {foreign}"}, {"Authorization": "Bearer x"}):
        answer = await firm.system.http.post(
            firm.system.ready["graphql"], json={"query": "{ me { id } }"}, headers=headers
        )
        assert answer.status_code == 401
        assert answer.json()["errors"][0]["extensions"]["code"]


async def test_two_organizations_see_nothing_of_each_other(firm: Firm) -> None:
    system = firm.system
    layout = Layout.load(DataFolder(system.data))
    names = ("--organization", "Étude Voisine", "--admin-name", "Paul Voisin", "--admin-email", "paul@voisine.example")
    [lines] = await Supervisor(lambda part, line: None).run([parts.bootstrap(layout, *names)])
    ids = next(line for line in lines if line.startswith("{"))
    organization, collaborator = re.findall(r'"(organization_\w+|collaborator_\w+)"', ids)
    paul = layout.keys.token({"sub": collaborator, "org": organization, "role": "ADMIN"}, 600)
    seen = await system.data_of(paul, "{ contacts { totalCount } collaborators { edges { node { email } } } }")
    assert seen["contacts"]["totalCount"] == 0
    assert [edge["node"]["email"] for edge in seen["collaborators"]["edges"]] == ["paul@voisine.example"]
    reached = await system.data_of(
        paul,
        "query($c: ID!, $d: ID!) { contact(id: $c) { id } deal(id: $d) { id } }",
        {"c": firm.contact, "d": firm.deal},
    )
    assert reached == {"contact": None, "deal": None}
    with pytest.raises(AssertionError, match=r"NotFound|No contact"):
        await make(system, paul, "create_deal", title="Volée", primaryContactId=firm.contact)


async def test_a_collaborator_of_later_gets_a_token_and_doctor_finds_all_well(firm: Firm) -> None:
    system, email = firm.system, "lea.tardy@cabinet-lefevre.example"
    made = await make(system, firm.token, "create_collaborator", name="Léa Tardy", email=email, role="READER")
    lea = await asyncio.to_thread(token, system.data, email, 600)
    assert (await system.data_of(lea, "{ me { id role } }"))["me"] == {"id": made, "role": "READER"}
    found = await examine(Access.embedded(system.data), Asked(mail_to="ops@client.example", reconcile=True, seconds=60))
    assert [finding for finding in found if finding.fault] == []
    assert [finding.part for finding in found if finding.address == "message" and finding.seconds] == [
        f"{one} → {other}" for one, other in permutations(("contacts", "deals", "notifier"), 2)
    ]
    assert found[-1].note.startswith("250 ")


async def test_what_a_stream_lost_is_published_again_and_handled_once(firm: Firm) -> None:
    access = Access.embedded(firm.system.data)
    bus = await connect(access.migrate)
    [*_, last] = [each async for each in bus.replay("LIANT_CONTACTS", ["liant.contacts.v1.>"])]
    await bus.forget("LIANT_CONTACTS", last.sequence)
    again = {each.service: each.again for each in await reconcile(access)}
    assert again == {"contacts": 1, "deals": 0, "notifier": 0}
    [*_, back] = [each async for each in bus.replay("LIANT_CONTACTS", ["liant.contacts.v1.>"])]
    await bus.close()
    assert (back.headers["ce-id"], back.payload) == (last.headers["ce-id"], last.payload)
    assert {each.again for each in await reconcile(access)} == {0}


async def test_a_dead_letter_is_sent_again_by_its_sender_through_the_gateway(firm: Firm) -> None:
    """As if the notifier had given up on an event's message: what it says then is missing, and comes."""
    system, access = firm.system, Access.embedded(firm.system.data)
    event = (await firm.note("À rejouer"))["data"]["writeNote"]["id"]
    await titles_of(system, ["À rejouer"])
    migrate, notifier = await connect(access.migrate), await connect(access.settings["notifier"])
    events = migrate.replay("LIANT_DEALS", ["liant.deals.v1.event.created"])
    [message] = [each async for each in events if each.headers["liant-aggregate"] == event]
    handled = text("DELETE FROM inbox WHERE message_id = :id").bindparams(id=UUID(message.headers["ce-id"]))
    assert await _rows_of_notifier(access, message.headers[ORGANIZATION], handled) == 1
    headers = dead_letter_headers(message, service="notifier", stream="LIANT_DEALS", error="KeyError: 'x'")
    await notifier.publish(f"liant.dead.notifier.{message.subject}", message.payload, headers)

    async def waiting() -> list[str]:
        data = await system.data_of(firm.token, DEAD_LETTERS)
        return [edge["node"]["id"] for edge in data["deadLetters"]["edges"] if edge["node"]["aboutId"] == event]

    async def listed() -> bool:
        return bool(await waiting())

    await until(listed, seconds=60, what="the dead letter is listed")
    items = [{"id": id} for id in await waiting()]
    [done] = (await system.data_of(firm.token, REPLAY, {"items": items}))["replayDeadLetters"]["results"]
    assert done == {"state": "REPLAYED"}
    again = text("SELECT 1 FROM inbox WHERE message_id = :id").bindparams(id=UUID(message.headers["ce-id"]))

    async def handled_again() -> bool:
        return await _rows_of_notifier(access, message.headers[ORGANIZATION], again) == 1

    await until(handled_again, seconds=60, what="the notifier handles it")

    async def off_the_stream() -> bool:
        return not [each async for each in migrate.replay(DEAD_STREAM, [DEAD_SUBJECTS])]

    await until(off_the_stream, seconds=60, what="it is a dead letter no more")
    assert set((await titles_of(system, ["À rejouer"])).values()) == {1}, "nobody is told twice"
    await asyncio.gather(migrate.close(), notifier.close())


async def _rows_of_notifier(access: Access, organization: str, statement: TextClause) -> int:
    """How many rows of an organization a statement touches."""
    database = Database(str(access.settings["notifier"].database_url), NotifierBase, "test")
    async with database.unit_of_work(Actor.system(parse_id("organization", organization))) as work:
        found: Any = await work.session.execute(statement)
    await database.close()
    return int(found.rowcount)


async def test_of_a_deployed_system_doctor_finds_all_well(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = Layout.load(DataFolder(firm.system.data))
    told = {**environment.of_job(layout, "contacts")}
    for setting in ("URL", "USER", "PASSWORD"):
        monkeypatch.setenv(f"LIANT_MIGRATE_NATS_{setting}", told[f"LIANT_CONTACTS_NATS_{setting}"])
    for name in SERVICES:
        for setting, value in environment.of_service(layout, name).items():
            monkeypatch.setenv(setting, value)
    access = access_to(Path("nowhere"), [f"deals-web={layout.url('deals-web')}"])
    found = await examine(access, Asked(seconds=60))
    assert [finding for finding in found if finding.fault] == []
    assert {"deals-web", "database of deals", "nats as notifier", "smtp"} <= {finding.part for finding in found}


async def test_a_subgraph_that_is_down_costs_only_its_own_fields(firm: Firm) -> None:
    system = firm.system
    query = "query($d: ID!) { deal(id: $d) { title owner { name } } }"
    old = await system.kill("contacts-web")
    partial = await system.ask(firm.token, query, {"d": firm.deal})
    assert partial["data"]["deal"]["title"] == "Reprise de l'atelier"
    assert partial["data"]["deal"]["owner"] is None or partial["data"]["deal"]["owner"]["name"] is None
    assert partial["errors"][0]["path"][:2] == ["deal", "owner"]
    assert partial["errors"][0]["extensions"]["code"]
    await system.wait_for_restart("contacts-web", old)

    async def whole() -> bool:
        return "errors" not in await system.ask(firm.token, query, {"d": firm.deal})

    await until(whole, seconds=20, what="the gateway uses the subgraph again")


async def test_with_smtp_down_the_event_is_there_and_its_mails_come_later(firm: Firm) -> None:
    old = await firm.system.kill("mailbox")
    answer = await firm.note("SMTP en panne")
    assert answer["data"]["writeNote"]["id"].startswith("event_")
    await firm.system.wait_for_restart("mailbox", old)
    assert set((await titles_of(firm.system, ["SMTP en panne"])).values()) == {1}


async def test_every_mail_comes_once_while_parts_are_killed(firm: Firm) -> None:
    system = firm.system
    killed = EVERY if os.environ.get("LIANT_E2E") == "full" else QUICK
    stop = asyncio.Event()
    writer = asyncio.create_task(_write_until(stop, firm))
    for part in killed:
        await asyncio.sleep(0.5)
        await system.wait_for_restart(part, await system.kill(part))
    stop.set()
    written = await writer
    assert len(written) >= 2 * len(killed)
    counted = await titles_of(system, written, seconds=90)
    await asyncio.sleep(2)
    counted = await titles_of(system, written)
    repeated = {what: times for what, times in counted.items() if times > 1}
    assert sum(times - 1 for times in repeated.values()) <= CONNECTIONS * len(DOUBTFUL & set(killed)), repeated
    assert await _distinct_messages(system, written) == 3 * len(written)


async def _write_until(stop: asyncio.Event, firm: Firm) -> list[str]:
    """Titles of acknowledged events: each is tried with its own key until the gateway says that it is there."""
    written: list[str] = []
    while not stop.is_set():
        title = f"Sous les coups {len(written) + 1}"
        answer = None
        while not answer:
            with contextlib.suppress(httpx.TransportError, KeyError, TypeError, ValueError):
                answer = (await firm.note(title, idempotencyKey=title))["data"]["writeNote"]["id"]
            await asyncio.sleep(0.15)
        written.append(title)
    return written


async def _distinct_messages(system: System, written: list[str]) -> int:
    subjects = re.compile(r"Sous les coups \d+")
    mails = [mail for mail in await system.mails() if subjects.search(mail["subject"])]
    return len({dict(mail["headers"])["Message-ID"] for mail in mails})
