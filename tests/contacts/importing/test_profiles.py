"""Social networks and spoken languages: read from every file that tells them, completed, taken back, written again."""

from typing import Any

import pytest

from services.contacts.importing.profiles import languages, social_link
from services.contacts.importing.readers.card import Profile
from tests.contacts.importing.books import card, cards
from tests.contacts.importing.jobs import Desk

LINKEDIN = "https://www.linkedin.com/in/zoe"


@pytest.mark.parametrize(
    ("value", "network", "url"),
    [
        (LINKEDIN, "", LINKEDIN),
        ("http://linkedin.com/in/zoe", "", "https://linkedin.com/in/zoe"),
        ("fr.linkedin.com/in/zoe", "LinkedIn Profile", "https://fr.linkedin.com/in/zoe"),
        ("zoe", "linkedin", LINKEDIN),
        ("@zoe", "Twitter", "https://x.com/zoe"),
        ("x-apple:zoe.l", "facebook", "https://www.facebook.com/zoe.l"),
        ("https://piaille.example/@zoe", "mastodon", "https://piaille.example/@zoe"),
        ("https://www.flickr.example/zoe", "social", "https://www.flickr.example/zoe"),
    ],
)
def test_a_profile_is_a_link_by_its_address_or_its_user_name(value: str, network: str, url: str) -> None:
    found = social_link(Profile(value, network))
    assert found is not None
    assert found["url"] == url


@pytest.mark.parametrize("value", ["https://zoe.example", "zoe.example", "zoe", "", "javascript:alert(1)", "https://"])
def test_any_other_site_and_a_mere_name_are_no_link(value: str) -> None:
    assert social_link(Profile(value)) is None


def test_languages_are_known_by_tag_and_by_name() -> None:
    found = languages(["fr-FR; EN", "Allemand, Portuguese et espagnol", "pt_BR", "klingonais", "fr-FR"])
    assert found == (["fr-FR", "en", "de", "pt", "es", "pt-BR"], ["klingonais"])


VCARDS = {
    "Apple": card(
        "N:Lefèvre;Zoé",
        "X-SOCIALPROFILE;type=linkedin;x-user=zoe:http://www.linkedin.com/in/zoe",
        "X-SOCIALPROFILE;type=twitter:https://twitter.com/zoe",
        "item1.URL:https://www.facebook.com/zoe",
        "item1.X-ABLabel:_$!<HomePage>!$_",
    ),
    "RFC 9554": card(
        "N:Lefèvre;Zoé",
        "SOCIALPROFILE;SERVICE-TYPE=LinkedIn;PREF=1:https://www.linkedin.com/in/zoe",
        "SOCIALPROFILE;SERVICE-TYPE=Twitter;VALUE=text:zoe",
        "URL:http://facebook.com/zoe",
        "LANG;PREF=2:en",
        "LANG;PREF=1:fr",
        version="4.0",
    ),
    "Android": card("N:Lefèvre;Zoé", "URL:www.linkedin.com/in/zoe", "X-TWITTER:zoe", "X-FACEBOOK:zoe", version="2.1"),
}


@pytest.mark.parametrize("program", VCARDS)
def test_vcards_tell_profiles_in_many_ways(program: str) -> None:
    [zoe] = cards(VCARDS[program])
    hosts = [(social_link(each) or {}).get("network") for each in zoe.profiles]
    assert sorted(map(str, hosts)) == ["FACEBOOK", "LINKEDIN", "X"]
    assert zoe.languages == (["fr", "en"] if program == "RFC 9554" else [])
    assert zoe.language == ("fr" if program == "RFC 9554" else None)
    assert zoe.details == []


ROWS = {
    "GOOGLE": "First Name,Last Name,E-mail 1 - Value,Website 1 - Label,Website 1 - Value,Languages\n"
    "Zoé,Lefèvre,zoe@example.fr,LinkedIn,www.linkedin.com/in/zoe,French; de\n",
    "LINKEDIN": "First Name,Last Name,URL,Email Address,Company,Position,Connected On,Langues parlées\n"
    "Zoé,Lefèvre,https://www.linkedin.com/in/zoe,zoe@example.fr,,,12 Nov 2024,fr ::: de\n",
    "OUTLOOK": "Prénom;Nom;Adresse de messagerie;Page Web;Langue;Langues\n"
    "Zoé;Lefèvre;zoe@example.fr;http://www.linkedin.com/in/zoe;français;fr, allemand\n",
    "FREE": "Prénom;Nom;Mail;Profil LinkedIn;Langue;Langues parlées\nZoé;Lefèvre;zoe@example.fr;zoe;FR;fr/de\n",
}


@pytest.mark.parametrize("program", ROWS)
async def test_columns_become_links_and_languages_once_and_are_taken_back(desk: Desk, program: str) -> None:
    already = {"network": "GITHUB", "url": "https://github.com/zoe"}
    await desk.office.a_contact(emails=[{"address": "zoe@example.fr"}], socialLinks=[already], languages=["fr"])
    before = await shown(desk)
    done = await desk.done(ROWS[program], key="EMAIL")
    [zoe] = after = await shown(desk)
    assert done["source"] == program
    assert zoe["socialLinks"] == [already, {"network": "LINKEDIN", "url": LINKEDIN}]
    assert (zoe["languages"], zoe["notes"]) == (["fr", "de"], None)
    assert (await desk.done(ROWS[program], key="EMAIL"))["unchanged"] == 1
    assert await shown(desk) == after
    await desk.act("revertImport", id=done["id"])
    await desk.work()
    assert await shown(desk) == before


@pytest.mark.parametrize("format", ["CSV", "VCARD"])
async def test_what_was_exported_is_read_as_the_same(desk: Desk, format: str) -> None:
    links = [
        {"network": "LINKEDIN", "url": LINKEDIN},
        {"network": "MASTODON", "url": "https://piaille.example/@zoe,;x"},
        {"network": "OTHER", "url": "https://ailleurs.example/zoe"},
    ]
    mail = [{"address": "zoe@example.fr"}]
    made: dict[str, Any] = {"emails": mail, "socialLinks": links, "languages": ["fr", "pt-BR"], "language": "fr"}
    await desk.office.a_contact(**made)
    before, text = await shown(desk), await desk.download("exportContacts", format=format)
    done = await desk.done(text, key="EMAIL")
    assert (done["unchanged"], done["problemCount"]) == (1, 0)
    other = Desk(await desk.office.house.organization("Ailleurs"))
    await other.done(text)
    assert await shown(other) == before


async def test_a_site_that_is_of_no_network_stays_in_the_notes(desk: Desk) -> None:
    id = await desk.ready("Prénom;Nom;Site web;Langues\nZoé;Lefèvre;https://zoe.example;klingonais\n")
    [entry] = (await desk.shown(id, "preview { socialLinks { url } languages notes } "))["preview"]
    assert entry == {
        "socialLinks": [], "languages": [], "notes": "Site web: https://zoe.example\nLangue: klingonais",
    }  # fmt: skip


async def shown(desk: Desk) -> list[dict[str, Any]]:
    """Contacts with what is told here."""
    query = """{ contacts(first: 50) { edges { node {
        givenName familyName language languages socialLinks { network url } notes } } } }"""
    return [edge["node"] for edge in (await desk.office.data(query))["contacts"]["edges"]]
