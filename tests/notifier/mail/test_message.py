"""The bytes of a message, read back by another parser than the one that wrote them."""

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from services.notifier.mail.addresses import Undeliverable
from services.notifier.mail.letter import Kind, Letter, Links, Topic
from services.notifier.mail.message import Sender, compose
from services.notifier.mail.people import Person, Recipient
from services.notifier.mail.plain import one_line
from services.notifier.mail.preview import sample, samples

NOW = datetime(2026, 11, 24, 15, 0, 5, tzinfo=UTC)
SENDER = Sender("liant@cabinet.example", "liant.cabinet.example")
EVIL = "a\r\nBcc: evil@x.example\n\x00\u2028X-Evil: 1\u202e\u2066\x85\x0bz"


def read(letter: Letter) -> EmailMessage:
    return email.message_from_bytes(compose(letter, SENDER, NOW).content, policy=email.policy.default)


def part(message: EmailMessage, content_type: str) -> EmailMessage:
    found = [piece for piece in message.walk() if piece.get_content_type() == content_type]
    assert len(found) == 1
    return found[0]


def test_every_header_of_an_automatic_mail_is_there() -> None:
    message = read(sample(Kind.EVENT_NOTE))
    assert message["From"] == "Anne Lefèvre · Liant <liant@cabinet.example>"
    assert message["To"] == "Claire Dubois <claire@cabinet.example>"
    assert message["Reply-To"] == "Anne Lefèvre <anne@cabinet.example>"
    assert message["Subject"] == "Note : Appel de Mme Garnier · Reprise de la comptabilité"
    assert message["Date"].datetime == NOW
    assert re.fullmatch(r"<delivery_[0-9a-z]{26}@liant\.cabinet\.example>", message["Message-ID"])
    assert message["In-Reply-To"] == message["References"] == "<deal_01jdqjw00070080000000000g2@liant.cabinet.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-ID"] == "<events.liant.cabinet.example>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Content-Language"] == "fr"


def test_a_long_unsubscribe_address_is_not_encoded() -> None:
    address = "https://a-very-long-name-of-a-host-for-liant.cabinet.example/u/" + "A" * 60
    letter = replace(sample(Kind.EVENT_NOTE), links=Links("https://x.example/l/a", address))
    content = compose(letter, SENDER, NOW).content
    assert f"\r\nList-Unsubscribe: <{address}>\r\n".encode() in content
    assert b"Message-ID: =?" not in content


def test_the_same_letter_has_the_same_message_id() -> None:
    letter = sample(Kind.ALERT)
    later = datetime(2026, 11, 25, tzinfo=UTC)
    assert compose(letter, SENDER, NOW).message_id == compose(letter, SENDER, later).message_id


@pytest.mark.parametrize(("name", "letter"), [pytest.param(*pair, id=pair[0]) for pair in samples()])
def test_every_mail_is_complete_small_and_seven_bit(name: str, letter: Letter) -> None:
    content = compose(letter, SENDER, NOW).content
    assert len(content) < 100_000
    assert content.isascii()
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    message = email.message_from_bytes(content, policy=email.policy.default)
    outside = letter.kind.outside
    for body in (part(message, "text/plain"), part(message, "text/html")):
        bare = letter.kind in (Kind.QUOTE_REQUEST, Kind.MESSAGE, Kind.APPOINTMENT_WITHDRAWN)
        assert (letter.links.page in body.get_content()) is not bare
        assert (letter.links.unsubscribe in body.get_content()) is (not outside or letter.kind is Kind.CAMPAIGN)
        if letter.kind not in (Kind.INVITATION, Kind.SIGN_IN, *OF_NO_DEAL):
            assert ("Reprise de la comptabilité" in body.get_content()) is not outside
            assert ("Anne Lefèvre" if outside else "Hélène Garnier") in body.get_content()
    html = part(message, "text/html").get_content()
    assert not re.search("<img|<link|@import|url[(]", html)  # nothing is fetched by reading it


OF_NO_DEAL = (Kind.WEBHOOK_DISABLED, Kind.PUBLICATION, Kind.CAMPAIGN, Kind.TEST, Kind.DIGEST)


def display_name(content: bytes) -> str:
    """By the legacy parser: that of the default policy keeps blanks between encoded words (against RFC 2047 6.2)."""
    name, _ = parseaddr(str(email.message_from_bytes(content)["To"]))
    return str(make_header(decode_header(name)))


@given(st.text(max_size=300), st.text(max_size=90))
def test_whatever_users_write_headers_stay_whole(title: str, name: str) -> None:
    letter = replace(
        sample(Kind.EVENT_APPOINTMENT),
        title=title,
        author=Person(name, "anne@cabinet.example"),
        recipient=Recipient(name, "claire@cabinet.example", "fr", "Europe/Paris"),
    )
    mail = compose(letter, SENDER, NOW)
    message = email.message_from_bytes(mail.content, policy=email.policy.default)
    assert message["Subject"] == mail.subject
    assert [address.addr_spec for address in message["To"].addresses] == ["claire@cabinet.example"]
    assert display_name(mail.content) == one_line(name, 80)
    assert [address.addr_spec for address in message["From"].addresses] == ["liant@cabinet.example"]
    assert message["List-Unsubscribe"] == f"<{letter.links.unsubscribe}>"


def test_nothing_is_injected_through_any_field() -> None:
    letter = replace(
        sample(Kind.EVENT_APPOINTMENT),
        title=EVIL,
        description=EVIL + "<script>alert(1)</script>",
        organization=EVIL,
        author=Person(EVIL, "anne@cabinet.example"),
        topic=Topic(EVIL, EVIL, EVIL, EVIL),
        recipient=Recipient(EVIL, "claire@cabinet.example", "fr", "Europe/Paris"),
    )
    message = read(letter)
    assert message["Bcc"] is None
    assert message["X-Evil"] is None
    for header, value in message.items():
        assert not re.search("[\r\n\x00\u2028\u202e\u2066\x85\x0b]", value), header
    html = part(message, "text/html").get_content()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    calendar = Calendar.from_ical(part(message, "text/calendar").get_content())
    assert [component.name for component in calendar.walk()].count("VEVENT") == 1
    assert "\u202e" not in message.as_string()


def test_a_huge_description_is_cut() -> None:
    letter = replace(sample(Kind.EVENT_NOTE), description="é<\n" * 1_700_000)
    assert len(compose(letter, SENDER, NOW).content) < 100_000
    for body in (part(read(letter), "text/plain"), part(read(letter), "text/html")):
        assert "Lire le texte entier dans Liant" in body.get_content()
    assert "Lire le texte entier" not in part(read(sample(Kind.EVENT_NOTE)), "text/plain").get_content()


@pytest.mark.parametrize(
    ("address", "sent_to"),
    [
        ("claire@société.example", "claire@xn--socit-esab.example"),
        ("claire.dubois+x@cabinet.example", "claire.dubois+x@cabinet.example"),
        ("a" * 64 + "@cabinet.example", "a" * 64 + "@cabinet.example"),
    ],
)
def test_an_international_domain_is_written_in_ascii(address: str, sent_to: str) -> None:
    letter = replace(sample(Kind.EVENT_NOTE), recipient=Recipient("Claire", address, "fr", "Europe/Paris"))
    assert compose(letter, SENDER, NOW).recipient == sent_to


@pytest.mark.parametrize(
    "address",
    ["a" * 65 + "@cabinet.example", "hélène@cabinet.example", "no at", "a@b@c.example", "", "a\r\n@b.example"],
)
def test_an_address_that_smtp_cannot_carry_is_undeliverable(address: str) -> None:
    letter = replace(sample(Kind.EVENT_NOTE), recipient=Recipient("Claire", address, "fr", "Europe/Paris"))
    with pytest.raises(Undeliverable):
        compose(letter, SENDER, NOW)
