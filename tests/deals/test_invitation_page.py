"""The page of an invitation, as the contact who is invited and their mail's scanners see it."""

import html
from datetime import timedelta
from typing import Any

import httpx

from chassis.database import utc_now
from chassis.identifiers import parse_id
from tests.deals.house import Office
from tests.deals.quotes.desk import post, seen


def page_of(office: Office, event: str, contact: str, purpose: str = "invitation", days: float = 1) -> str:
    """The path that the notifier puts in the mail."""
    key = office.house.tools.office.key
    assert key is not None
    ids = (office.organization, parse_id("event", event), parse_id("contact", contact))
    return f"/i/{key.pass_for(purpose, ids, int((utc_now() + timedelta(days=days)).timestamp()))}"


async def attendee(office: Office, event: str) -> Any:
    """What the event says of its only attendee, and its version and revision."""
    query = "query($id: ID!) { event(id: $id) { version attendees { answer answeredAt } } }"
    told = (await office.data(query, id=event))["event"]
    return told["attendees"][0]["answer"], told["version"]


async def get(office: Office, path: str) -> httpx.Response:
    """The page."""
    return await office.house.client.get(path)


async def test_a_contact_says_that_they_come_and_may_think_again(office: Office) -> None:
    contact, deal = await office.a_contact(), await office.a_deal()
    event = await office.an_appointment(dealId=deal, contactIds=[contact], place="12 rue des Lices <b>")
    path = page_of(office, event, contact)
    for method in ("GET", "HEAD"):
        assert (await office.house.client.request(method, f"{path}?answer=accept")).status_code == 200
    assert await attendee(office, event) == ("NONE", 1), "looking changes nothing"
    page = await get(office, path)
    assert "Viendrez-vous" in seen(page) and "12 rue des Lices <b>" in html.unescape(seen(page))
    assert "<b>" not in page.text and "Toiture de la boulangerie" not in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    done = await post(office, path, answer="accept")
    assert (done.status_code, "votre venue est notée" in seen(done)) == (200, True)
    await post(office, path, answer="accept")
    assert await attendee(office, event) == ("ACCEPTED", 2), "twice is once"
    await post(office, path, answer="decline")
    assert await attendee(office, event) == ("DECLINED", 3)
    assert (await post(office, path, answer="whatever")).status_code == 422
    query = """query($id: ID!) { deal(id: $id) { timeline(kinds: [NOTIFICATION]) { edges { node {
      ... on Notification { kind actor { id } cause changes { field after } } } } } } }"""
    facts = [e["node"] for e in (await office.data(query, id=deal))["deal"]["timeline"]["edges"]]
    (answered, *_) = [one for one in facts if one["kind"] == "invitation_answered"]
    assert (answered["actor"], answered["cause"]) == (None, "page of invitations")
    assert {"field": "contact_id", "after": contact} in answered["changes"]


async def test_a_link_that_is_forged_over_or_for_somebody_else_opens_nothing(office: Office) -> None:
    contact, other = await office.a_contact(), await office.a_contact()
    event = await office.an_appointment(contactId=contact, contactIds=[contact])
    good = page_of(office, event, contact)
    for path, status in (
        (good[:-1] + ("A" if good[-1] != "A" else "B"), 404),
        (page_of(office, event, contact, purpose="ticket"), 404),
        ("/i/é", 404),
        (page_of(office, event, contact, days=-1), 410),
        (page_of(office, event, other), 410),
    ):
        for answer in (await get(office, path), await post(office, path, answer="accept")):
            assert answer.status_code == status, path
    assert (await attendee(office, event))[0] == "NONE"


async def test_an_appointment_that_was_cancelled_is_answered_no_more(office: Office) -> None:
    contact = await office.a_contact()
    event = await office.an_appointment(contactId=contact, contactIds=[contact])
    await office.do("cancelEvent", id=event, reason="Pluie")
    path = page_of(office, event, contact)
    page = await post(office, path, answer="accept")
    assert (page.status_code, "a été annulé" in seen(page)) == (409, True)
    assert "<form" not in (await get(office, path)).text
