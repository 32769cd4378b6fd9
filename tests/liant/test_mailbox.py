"""The mailbox process: SMTP in, JSON and pages out, faults on demand."""

import re
import smtplib
from asyncio import to_thread
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from liant.embedded.mailbox.reading import read
from liant.embedded.mailbox.server import EmbeddedMailbox
from liant.embedded.mailbox.store import Envelope, StoredMail
from liant.ports import reserve
from services.notifier.mail.headers import mailbox_header
from tests.support.control import LocalProcess


class Running:
    """A mailbox process and a client of its pages."""

    def __init__(self, folder: Path) -> None:
        self.server = EmbeddedMailbox(folder, reserve(), reserve())
        self.process = LocalProcess(self.server.launch(), self.server.answers)
        self.http = httpx.AsyncClient(base_url=self.server.url)

    async def send(self, subject: str = "Bonjour", html: str = "<p>Bonjour</p>") -> None:
        await to_thread(self._send, subject, html)

    def _send(self, subject: str, html: str) -> None:
        message = EmailMessage()
        message["Subject"], message["From"], message["To"] = subject, "liant@example.com", "Zoë <zoe@example.com>"
        message.set_content("Voir https://liant.example/p/abc?x=1 puis\nhttps://liant.example/p/abc?x=1")
        message.add_alternative(html, subtype="html")
        message.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="invitation.ics")
        with smtplib.SMTP("127.0.0.1", self.server.smtp_port, timeout=5) as client:
            client.send_message(message)


@pytest_asyncio.fixture(scope="module")
async def process(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    running = Running(tmp_path_factory.mktemp("mailbox"))
    await running.process.start()
    yield running
    await running.http.aclose()
    await running.process.stop()


@pytest_asyncio.fixture
async def box(process: Running) -> Running:
    await process.http.delete("/messages")
    await process.http.delete("/faults")
    return process


async def test_a_mail_is_read_with_its_accents_links_and_attachments(box: Running) -> None:
    await box.send("Rendez-vous avec Zoë Lefèvre, à l'étude")
    [mail] = (await box.http.get("/messages")).json()
    assert mail["subject"] == "Rendez-vous avec Zoë Lefèvre, à l'étude"
    assert mail["recipients"] == ["zoe@example.com"]
    assert mail["links"] == ["https://liant.example/p/abc?x=1"]
    assert [part["filename"] for part in mail["attachments"]] == ["invitation.ics"]


async def test_after_gives_only_newer_mails(box: Running) -> None:
    await box.send("un")
    [first] = (await box.http.get("/messages")).json()
    await box.send("deux")
    newer = (await box.http.get("/messages", params={"after": first["number"]})).json()
    assert [mail["subject"] for mail in newer] == ["deux"]


async def test_a_page_shows_the_subject_and_escapes_it(box: Running) -> None:
    await box.send("<script>alert(1)</script> é")
    page = (await box.http.get("/")).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; é" in page
    assert "<script>" not in page


async def test_the_html_part_is_served_without_rights(box: Running) -> None:
    await box.send(html="<html><head><title>x</title></head><body><script>alert(1)</script></body></html>")
    [mail] = (await box.http.get("/messages")).json()
    answer = await box.http.get(f"/messages/{mail['number']}/html")
    assert answer.headers["content-security-policy"].startswith("sandbox allow-popups ")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert '<head><base target="_blank">' in answer.text


async def test_a_fault_refuses_as_many_mails_as_asked(box: Running) -> None:
    assert (await box.http.post("/faults", json={"reply": "550 5.1.1 unknown", "count": 2})).status_code == 202
    for _ in range(2):
        with pytest.raises(smtplib.SMTPDataError, match="unknown"):
            await box.send()
    await box.send()
    assert len((await box.http.get("/messages")).json()) == 1


@pytest.mark.parametrize("fault", [{"reply": "hello"}, {"reply": "250 a\r\nb"}, {"hang": -1}, {"other": 1}])
async def test_a_fault_that_is_none_is_refused(box: Running, fault: dict[str, object]) -> None:
    assert (await box.http.post("/faults", json=fault)).status_code == 400


async def test_a_host_that_is_not_this_machine_is_refused(box: Running) -> None:
    assert (await box.http.get("/messages", headers={"Host": "evil.example"})).status_code == 400


async def test_what_was_accepted_survives_a_kill(box: Running) -> None:
    await box.send("gardé")
    await box.process.kill()
    await box.process.start()
    [mail] = (await box.http.get("/messages")).json()
    assert mail["subject"] == "gardé"
    await box.send("suivant")
    assert len((await box.http.get("/messages", params={"after": mail["number"]})).json()) == 1


async def test_the_gallery_shows_each_mail_in_both_languages_sizes_and_schemes(box: Running) -> None:
    names = re.findall(r'href="/previews/([^"/]+)"', (await box.http.get("/previews")).text)
    assert {"alert.fr", "alert.en", "event_appointment.changed.fr", "quote.en", "sign_in.fr"} <= set(names)
    page = (await box.http.get("/previews/alert.fr")).text
    assert re.findall(r"width: (\d+)px; height: 48rem; color-scheme: (\w+)", page) == [
        (width, scheme) for scheme in ("light", "dark") for width in ("800", "375")
    ]
    mail = await box.http.get("/previews/alert.fr/html")
    assert "Prendre en charge" in mail.text and "sandbox" in mail.headers["content-security-policy"]
    assert (await box.http.get("/previews/none.fr")).status_code == 404


async def test_an_unknown_mail_is_not_found(box: Running) -> None:
    assert (await box.http.get("/messages/999999")).status_code == 404


def test_a_long_accented_name_is_read_as_it_was_written() -> None:
    names = [("Amélie Roussel · Cabinet Lefèvre & Associés de l’Étoile", "liant@cabinet.example")]
    source = mailbox_header("From", names).encode("ascii") + b"X-Odd: =?nowhere?b?w6k=?=\r\n\r\nBonjour\r\n"
    assert source.count(b"=?utf-8?b?") > 1
    told = dict(read(StoredMail(1, Envelope("", [], "2026-11-25T15:00:00Z"), source)).headers)
    assert told["From"] == f"{names[0][0]} <{names[0][1]}>"
    assert told["X-Odd"] == "=?nowhere?b?w6k=?="
