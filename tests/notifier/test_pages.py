"""Links: opened, guessed, expired, prefetched; unsubscribing by POST alone."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio
from sqlalchemy import text
from starlette.applications import Starlette

from chassis.auth import Actor, TokenSigner, TokenVerifier, TrustedIssuer
from chassis.identifiers import format_id, parse_id
from chassis.pages.limiter import WrongTokens
from proto.deals.v1 import messages_pb2 as deals
from services.notifier.links import new_token
from services.notifier.pages import page_routes
from tests.notifier.house import House, an_alert, an_event
from tests.support.smtp import Mailbox


@pytest_asyncio.fixture
async def browser(house: House) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=page_routes(house.database, house.system, house.settings))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://liant.example") as client:
        yield client


async def a_link(house: House, mailbox: Mailbox, *, alert: bool = False, **collaborator: Any) -> tuple[str, str]:
    """The token of a mail that came, and the id of what it is about."""
    paul = await house.collaborator("Paul", **collaborator)
    event, raised = an_event(await house.collaborator("Anne"), paul), an_alert(paul)
    if alert:
        await house.receive(deals.AlertRaised(alert=raised), "alert", parse_id("alert", raised.id))
    else:
        await house.receive(deals.EventCreated(event=event), "event", parse_id("event", event.id))
    async with house.sending():
        await house.settled()
    token = mailbox.mails[0].body().partition("https://liant.example/l/")[2][:22]
    return token, raised.id if alert else event.id


async def changes(house: House) -> str:
    """Everything that a GET could have changed."""
    tables = ("delivery", "link", "preference", "attempt", "cause", "outbox")
    rows = [await house.rows(f"SELECT t::text FROM {table} t ORDER BY 1") for table in tables]
    return str(rows)


async def test_a_link_gives_a_short_lived_token_of_its_collaborator(
    house: House, mailbox: Mailbox, browser: httpx.AsyncClient, tmp_path: Path
) -> None:
    token, event = await a_link(house, mailbox, locale="en", time_zone="America/New_York")
    answer = await browser.post("/links/exchange", json={"token": token})
    told = answer.json()
    assert answer.status_code == 200
    assert told["about"] == {"kind": "event", "id": event}
    assert (told["gateway"], told["locale"]) == ("https://api.liant.example/graphql", "en")
    assert (told["timeZone"], told["expiresIn"]) == ("America/New_York", 900)
    assert house.settings.links_key_file
    jwks = tmp_path / "jwks.json"
    jwks.write_text(json.dumps(TokenSigner.from_file(house.settings.links_key_file, "liant-links").jwks()))
    claims = await TokenVerifier([TrustedIssuer("liant-links", "liant", jwks)]).verify(told["accessToken"])
    actor = Actor.from_claims(claims)
    assert actor.organization == house.organization
    assert format_id("collaborator", actor.collaborator) == told["collaborator"]  # type: ignore[arg-type]  # it is one
    assert claims["exp"] - claims["iat"] == 900


async def test_a_link_opens_as_often_as_it_is_wanted(
    house: House, mailbox: Mailbox, browser: httpx.AsyncClient
) -> None:
    token, _ = await a_link(house, mailbox, alert=True)
    for _ in range(3):
        assert (await browser.post("/links/exchange", json={"token": token})).status_code == 200


async def test_a_scanner_that_gets_every_address_changes_nothing(
    house: House, mailbox: Mailbox, browser: httpx.AsyncClient
) -> None:
    token, _ = await a_link(house, mailbox)
    before = await changes(house)
    for path in (f"/l/{token}", f"/u/{token}", f"/l/{new_token()}"):
        answer = await browser.get(path)
        assert answer.status_code == 200 or path.endswith(new_token())
        assert (await browser.head(path)).status_code == 200
    assert (await browser.get("/links/exchange")).status_code == 405
    assert await changes(house) == before


async def test_the_page_is_the_same_for_a_wrong_token_and_nothing_may_run_in_it(
    house: House, mailbox: Mailbox, browser: httpx.AsyncClient
) -> None:
    token, _ = await a_link(house, mailbox)
    right, wrong = await browser.get(f"/l/{token}"), await browser.get(f"/l/{new_token()}")
    assert (right.status_code, right.content) == (wrong.status_code, wrong.content)
    policy = right.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "connect-src 'self' https://api.liant.example;" in policy
    assert right.headers["referrer-policy"] == "no-referrer"
    assert right.headers["cache-control"] == "no-store"
    assert "<script>" not in right.text
    assert (await browser.get("/page/main.js")).status_code == 200


async def test_wrong_tokens_of_every_kind_get_one_answer(house: House, browser: httpx.AsyncClient) -> None:
    answers = [
        await browser.post("/links/exchange", content=body)
        for body in (
            json.dumps({"token": new_token()}),
            json.dumps({"token": "' OR 1=1 --"}),
            json.dumps({"token": 7}),
            json.dumps([]),
            b"\xff\x00",
            b"",
            b"x" * 5000,
        )
    ]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}
    assert answers[0].json()["error"]["code"] == "LINK_UNKNOWN"


async def test_an_expired_link_says_so(house: House, mailbox: Mailbox, browser: httpx.AsyncClient) -> None:
    token, _ = await a_link(house, mailbox)
    async with house.system.begin() as connection:
        await connection.execute(text("UPDATE link SET expires_at = now() - interval '1 second'"))
    answer = await browser.post("/links/exchange", json={"token": token})
    assert (answer.status_code, answer.json()["error"]["code"]) == (410, "LINK_EXPIRED")
    for path in ("u", "p"):
        page = await browser.get(f"/{path}/{token}", headers={"accept-language": "de, en-GB;q=0.9"})
        assert (page.status_code, "This link has expired" in page.text) == (410, True)
        page = await browser.get(f"/{path}/{token}", headers={"accept-language": "de"})
        assert "Ce lien a expiré" in page.text


async def test_the_link_of_a_disabled_collaborator_opens_no_more(
    house: House, mailbox: Mailbox, browser: httpx.AsyncClient
) -> None:
    token, _ = await a_link(house, mailbox)
    [paul] = await house.rows("SELECT id FROM collaborator WHERE name = 'Paul'")
    await house.collaborator("Paul", id=paul.id, disabled=True)
    assert (await browser.post("/links/exchange", json={"token": token})).status_code == 410


async def test_whoever_guesses_is_slowed_down(house: House, browser: httpx.AsyncClient) -> None:
    answers = [await browser.post("/links/exchange", json={"token": new_token()}) for _ in range(25)]
    codes = [answer.status_code for answer in answers]
    assert codes == [404] * 20 + [429] * 5
    assert answers[-1].json()["error"]["code"] == "TOO_MANY"


def test_the_limiter_forgives_with_time_and_forgets_the_least_recent() -> None:
    now = [0.0]
    wrong = WrongTokens(burst=2, per_minute=60, clock=lambda: now[0])
    wrong.count("a")
    wrong.count("a")
    assert wrong.exhausted("a")
    assert not wrong.exhausted("b")
    now[0] = 1.5
    assert not wrong.exhausted("a")
    for number in range(10_001):
        wrong.count(str(number))
    assert len(wrong._left) == 10_000


async def test_one_click_unsubscribes_and_no_mail_comes_after(
    house: House, mailbox: Mailbox, browser: httpx.AsyncClient
) -> None:
    token, _ = await a_link(house, mailbox)
    header = mailbox.mails[0].message["List-Unsubscribe"]
    assert header == f"<https://liant.example/u/{token}>"
    answer = await browser.post(f"/u/{token}", data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "plus d’e-mails sur les événements" in answer.text
    [paul] = await house.rows("SELECT id FROM collaborator WHERE name = 'Paul'")
    event = an_event(await house.collaborator("Omar"), paul.id)
    await house.receive(deals.EventCreated(event=event), "event", parse_id("event", event.id))
    alert = an_alert(paul.id)
    await house.receive(deals.AlertRaised(alert=alert), "alert", parse_id("alert", alert.id))
    mailbox.clear()
    async with house.sending():
        await house.settled()
    assert [mail.subject.partition(" ")[0] for mail in mailbox.mails] == ["Alerte"]


async def test_unsubscribing_with_a_guessed_token_is_refused(house: House, browser: httpx.AsyncClient) -> None:
    assert (await browser.post(f"/u/{new_token()}")).status_code == 404
    assert await house.rows("SELECT 1 FROM preference") == []
