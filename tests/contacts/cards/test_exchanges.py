"""Cards exchanged with consent of both, between organizations and with people who have no account."""

import asyncio
from typing import Any

import pytest
import pytest_asyncio

from chassis.auth import Role
from tests.contacts.cards.desk import CONTENT, Side, a_browser, delivered, offered
from tests.contacts.house import House, Office
from tests.contacts.pictures.pictures import a_jpeg
from tests.contacts.pictures.test_photos import given

pytestmark = pytest.mark.usefixtures("nothing_waits")

PAUL = {
    "givenName": "Paul",
    "familyName": "Durand",
    "emails": [{"address": "paul@durand.example"}],
    "phones": [{"number": "0698765432", "kind": "MOBILE"}],
    "company": "Durand SA",
}


@pytest_asyncio.fixture
async def host(office: Office) -> Side:
    return Side(office)


@pytest_asyncio.fixture
async def guest(house: House) -> Side:
    return Side(await house.organization("Durand SA"))


async def proposed(house: House, host: Side, guest: Side, **values: Any) -> tuple[str, str]:
    """The exchange's id on the host's side, and on the guest's."""
    link = await host.a_link(await host.a_card())
    mine = await guest.a_card(content=PAUL)
    done = await guest.exchange("proposeCardExchange", link=f"https://x.example{link['url']}", cardId=mine, **values)
    assert (done["__typename"], done["state"], done["theirs"]) == ("CardExchange", "PROPOSED", None), done
    await delivered(house)
    [theirs] = await host.exchanges()
    return theirs["id"], done["id"]


async def accepted(house: House, host: Side, guest: Side) -> tuple[str, str]:
    theirs, mine = await proposed(house, host, guest)
    await host.exchange("acceptCardExchange", id=theirs)
    await delivered(house)
    return theirs, mine


async def test_both_consent_and_each_finds_the_other_in_its_address_book(house: House, host: Side, guest: Side) -> None:
    await given(guest.office, guest.office.id_of(Role.COLLABORATOR), a_jpeg())
    theirs, _ = await proposed(house, host, guest, note="Enchanté")
    [waiting] = await host.exchanges()
    assert (waiting["side"], waiting["note"], waiting["theirs"]["givenName"]) == ("HOST", "Enchanté", "Paul")
    assert await host.contacts() == await guest.contacts() == []
    done = await host.exchange("acceptCardExchange", id=theirs)
    contact = done["contact"]
    assert (contact["givenName"], contact["origin"], contact["email"]) == (
        "Paul",
        "BUSINESS_CARD",
        "paul@durand.example",
    )
    assert contact["relationshipManager"] == {"id": host.office.id_of(Role.COLLABORATOR)}
    assert "Durand SA" in contact["notes"] and contact["photo"] == {"width": 320}
    await delivered(house)
    [mine] = await guest.exchanges()
    assert (mine["side"], mine["state"]) == ("GUEST", "ACCEPTED")
    assert (mine["contact"]["familyName"], mine["contact"]["origin"]) == ("Lefèvre", "BUSINESS_CARD")
    assert [len(await side.contacts()) for side in (host, guest)] == [1, 1]


async def test_proposing_and_accepting_twice_is_once(house: House, host: Side, guest: Side) -> None:
    link = await host.a_link(await host.a_card())
    mine = await guest.a_card(content=PAUL)
    first = await guest.exchange("proposeCardExchange", link=link["url"], cardId=mine)
    again = await guest.exchange("proposeCardExchange", link=link["url"], cardId=mine)
    assert first["id"] == again["id"]
    await delivered(house)
    [theirs] = await host.exchanges()
    await asyncio.gather(*(host.exchange("acceptCardExchange", id=theirs["id"]) for _ in range(3)))
    await delivered(house)
    assert [len(await side.contacts()) for side in (host, guest)] == [1, 1]


async def test_both_ends_at_once_is_one_exchange_of_both(house: House, host: Side, guest: Side) -> None:
    ours, theirs = await host.a_card(), await guest.a_card(content=PAUL)
    our_link, their_link = await host.a_link(ours), await guest.a_link(theirs)
    await asyncio.gather(
        guest.exchange("proposeCardExchange", link=our_link["url"], cardId=theirs),
        host.exchange("proposeCardExchange", link=their_link["url"], cardId=ours),
    )
    await delivered(house)
    for side in (host, guest):
        assert {each["state"] for each in await side.exchanges()} == {"ACCEPTED"}
        assert len(await side.contacts()) == 1


async def test_declining_and_taking_back_leave_nothing(house: House, host: Side, guest: Side) -> None:
    theirs, mine = await proposed(house, host, guest)
    done = await host.exchange("declineCardExchange", id=theirs)
    assert (done["state"], done["theirs"]) == ("DECLINED", None)
    await delivered(house)
    assert [each["state"] for each in await guest.exchanges()] == ["DECLINED"]
    refused = await host.exchange("acceptCardExchange", id=theirs)
    assert refused["__typename"] == "WrongState"
    second = Side(await house.organization("Autre"))
    theirs, mine = await proposed(house, second, guest)
    await guest.exchange("endCardExchange", id=mine)
    await delivered(house)
    [gone] = await second.exchanges()
    assert (gone["state"], gone["theirs"], gone["endedByThem"]) == ("WITHDRAWN", None, True)
    assert await host.contacts() == await second.contacts() == await guest.contacts() == []


async def test_accepting_while_the_other_takes_back_ends_without_a_share(house: House, host: Side, guest: Side) -> None:
    theirs, mine = await proposed(house, host, guest)
    await guest.exchange("endCardExchange", id=mine)
    await host.exchange("acceptCardExchange", id=theirs)
    await delivered(house)
    assert [(await side.exchanges())[0]["state"] for side in (host, guest)] == ["REVOKED", "WITHDRAWN"]
    assert await guest.contacts() == []


async def test_a_changed_card_is_offered_to_its_holders(house: House, host: Side, guest: Side) -> None:
    _, mine = await accepted(house, host, guest)
    [told] = await guest.exchanges()
    await guest.office.do("updateContact", {"id": told["contact"]["id"], "emails": [{"address": "z@perso.example"}]})
    changed = {**CONTENT, "familyName": "Moreau", "phones": [{"number": "0611111111", "kind": "MOBILE"}]}
    [ours] = [(await host.exchanges())[0]["ours"]["id"]]
    await host.do("updateBusinessCard", "", id=ours, content=changed)
    await delivered(house)
    [offer] = await guest.exchanges()
    assert offer["update"]["familyName"] == "Moreau" and offer["contact"]["familyName"] == "Lefèvre"
    taken = await guest.exchange("takeCardUpdate", id=mine)
    assert (taken["update"], taken["contact"]["familyName"]) == (None, "Moreau")
    assert taken["contact"]["phones"] == [{"number": "+33611111111"}]
    assert (await guest.exchange("takeCardUpdate", id=mine))["__typename"] == "WrongState"


@pytest.mark.parametrize("who", ["host", "guest"])
async def test_either_ends_it_and_hears_no_more(house: House, host: Side, guest: Side, who: str) -> None:
    theirs, mine = await accepted(house, host, guest)
    ender, other, id = (host, guest, theirs) if who == "host" else (guest, host, mine)
    await ender.exchange("endCardExchange", id=id)
    await delivered(house)
    [told] = await other.exchanges()
    assert (told["state"], told["endedByThem"]) == ("REVOKED", True)
    assert told["contact"]["cardExchanges"] == [{"state": "REVOKED", "endedByThem": True}]
    await ender.do("updateBusinessCard", "", id=(await ender.exchanges())[0]["ours"]["id"], content=PAUL)
    await delivered(house)
    assert (await other.exchanges())[0]["update"] is None


async def test_ones_own_house_a_wrong_link_and_a_colleague_are_refused(house: House, host: Side, guest: Side) -> None:
    card = await host.a_card()
    link = await host.a_link(card)
    assert (await host.exchange("proposeCardExchange", link=link["url"], cardId=card))["__typename"] == "WrongState"
    mine = await guest.a_card(content=PAUL)
    wrong = await guest.exchange("proposeCardExchange", link="https://x.example/c/nothing", cardId=mine)
    assert (wrong["__typename"], wrong["path"]) == ("NotFound", ["link"])
    done = await guest.exchange("proposeCardExchange", link=link["url"], cardId=mine)
    await delivered(house)
    [theirs] = await host.exchanges()
    ada = await host.a_card(Role.ADMIN)
    assert (await host.exchange("acceptCardExchange", id=theirs["id"], cardId=ada))["__typename"] == "Forbidden"
    assert (await host.exchange("acceptCardExchange", id=done["id"]))["__typename"] == "NotFound"


async def test_a_visitor_without_an_account_offers_a_card_and_follows_the_answer(house: House, host: Side) -> None:
    link = await host.a_link(await host.a_card())
    async with a_browser(house) as visitor:
        sent = await offered(visitor, link["url"], given_name="Paul", phone="0698765432", message="Bonjour")
        assert sent.status_code == 303
        page = sent.headers["location"]
        assert "Elle attend une réponse" in (await visitor.get(page)).text
        assert (await visitor.get(f"{page}/card.vcf")).status_code == 404
        [waiting] = await host.exchanges()
        assert (waiting["withoutAccount"], waiting["note"]) == (True, "Bonjour")
        done = await host.exchange("acceptCardExchange", id=waiting["id"])
        assert (done["contact"]["email"], done["contact"]["origin"]) == ("paul@visite.example", "BUSINESS_CARD")
        shown = await visitor.get(page)
        assert "Zoé Lefèvre" in shown.text
        assert "FN:Zoé Lefèvre" in (await visitor.get(f"{page}/card.vcf")).text
        assert (await visitor.post(page)).status_code == 303
        assert "Échange terminé" in (await visitor.get(page)).text
    [ended] = await host.exchanges()
    assert (ended["state"], ended["endedByThem"]) == ("REVOKED", True)


async def test_what_a_visitor_takes_back_is_forgotten(house: House, host: Side) -> None:
    link = await host.a_link(await host.a_card())
    async with a_browser(house) as visitor:
        page = (await offered(visitor, link["url"])).headers["location"]
        assert (await visitor.get(page)).status_code == 200
        [waiting] = await host.exchanges()
        assert waiting["state"] == "PROPOSED"  # looking changed nothing
        await visitor.post(page)
    [gone] = await host.exchanges()
    assert (gone["state"], gone["theirs"], gone["note"]) == ("WITHDRAWN", None, None)


async def test_the_same_form_sent_twice_is_one_proposal(house: House, host: Side) -> None:
    link = await host.a_link(await host.a_card())
    token = "A" * 22
    async with a_browser(house) as visitor:
        pages = [await offered(visitor, link["url"], token=token) for _ in range(2)]
    assert [each.headers["location"] for each in pages] == [f"/x/{token}"] * 2
    assert len(await host.exchanges()) == 1


@pytest.mark.parametrize(("fields", "told"), [
    ({"consent": ""}, "Cochez la case"),
    ({"email": ""}, "Donnez une adresse e-mail ou un téléphone"),
    ({"email": "pas une adresse"}, "n’en est pas une"),
    ({"phone": "12"}, "n’existe pas"),
    ({"family_name": ""}, "Donnez un prénom ou un nom"),
    ({"family_name": "x" * 10_000}, "200 caractères"),
    ({"message": "x" * 2000}, "1 000 caractères"),
    ({"token": "court"}, "Le formulaire a expiré"),
])  # fmt: skip
async def test_a_form_that_is_wrong_says_what_and_keeps_what_was_typed(
    house: House, host: Side, fields: dict[str, str], told: str
) -> None:
    link = await host.a_link(await host.a_card())
    async with a_browser(house) as visitor:
        answer = await offered(visitor, link["url"], **{"company": "Visite & <b>", **fields})
    assert answer.status_code == 422
    assert told in answer.text and "Visite &amp; &lt;b&gt;" in answer.text
    assert await host.exchanges() == []


async def test_programs_that_fill_in_everything_and_floods_are_stopped(house: House, host: Side) -> None:
    link = await host.a_link(await host.a_card())
    async with a_browser(house) as visitor:
        assert (await offered(visitor, link["url"], website="https://spam.example")).status_code == 303
        assert await host.exchanges() == []
        codes = [(await offered(visitor, link["url"], email=f"v{n}@x.example")).status_code for n in range(8)]
    assert codes.count(303) == 5 and codes[-1] == 422
    async with a_browser(house, "203.0.113.5") as visitor:
        codes = [(await offered(visitor, link["url"], email="one@x.example")).status_code for _ in range(5)]
    assert codes.count(303) == 3, "an address has three open proposals at a card"
