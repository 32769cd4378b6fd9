"""A letter as the bytes of one message (RFC 5322), ready for DATA."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from chassis.identifiers import format_id
from services.notifier.mail.addresses import Undeliverable, ascii_address
from services.notifier.mail.invitation import invitation
from services.notifier.mail.letter import Kind, Letter, Person
from services.notifier.mail.plain import beginning, cleaned, one_line
from services.notifier.mail.policy import POLICY
from services.notifier.mail.rendering import Rendered, render
from services.notifier.mail.translations import known_locale


@dataclass(frozen=True)
class Sender:
    """From whom the system writes: an address, and the domain of its message ids and calendar UIDs."""

    address: str
    domain: str


@dataclass(frozen=True)
class Mail:
    """One message to one address, as bytes with CRLF; the same letter always gives the same `message_id`."""

    recipient: str
    message_id: str
    subject: str
    content: bytes


def compose(letter: Letter, sender: Sender, now: datetime) -> Mail:
    """Write the letter. Raises Undeliverable where the recipient's address cannot be mailed to."""
    letter = replace(cleaned(letter), cut=beginning(letter.description)[1])
    recipient = ascii_address(letter.recipient.email)
    rendered = render(letter)
    message = EmailMessage(policy=POLICY)
    message["From"] = _address(_from(letter), sender.address)
    _readers(message, letter, recipient)
    message["Subject"] = rendered.subject
    message["Date"] = format_datetime(now)
    _thread(message, letter, sender)
    if not letter.kind.outside or letter.kind is Kind.CAMPAIGN:
        _automatic(message, letter, sender)
    _reply_to(message, letter.writer)
    _parts(message, letter, rendered, sender)
    message["Content-Language"] = known_locale(letter.recipient.locale)  # last: setting the parts clears it
    return Mail(recipient, message["Message-ID"], rendered.subject, message.as_bytes())


def _readers(message: EmailMessage, letter: Letter, recipient: str) -> None:
    """Each reader gets a mail of their own; of a message, they see who else does."""
    own = _address(letter.recipient.name, recipient)
    to = _others(letter.message.to, recipient) if letter.message else []
    copies = _others(letter.message.copies, recipient) if letter.message else []
    is_copy = letter.message is not None and recipient in map(_known, letter.message.copies)
    message["To"] = to if is_copy and to else [own, *to]
    if copies or is_copy:
        message["Cc"] = [own, *copies] if is_copy and to else copies


def _others(people: Iterable[Person], recipient: str) -> list[Address]:
    found = {_known(person): person.name for person in people}
    return [_address(name, email) for email, name in found.items() if email and email != recipient]


def _known(person: Person) -> str:
    """The address that a header can carry; empty where there is none."""
    try:
        return ascii_address(person.email) if person.email else ""
    except Undeliverable:
        return ""


def _from(letter: Letter) -> str:
    """Colleagues see that Liant writes; a contact sees who writes to them, and for whom."""
    if letter.kind.outside:
        return f"{letter.writer.name} · {letter.organization}" if letter.writer else letter.organization
    return " · ".join(filter(None, (_writer(letter), "Liant")))


def _writer(letter: Letter) -> str:
    return letter.writer.name if letter.writer else letter.organization


def _thread(message: EmailMessage, letter: Letter, sender: Sender) -> None:
    root = f"<{letter.thread}@{sender.domain}>"
    message["Message-ID"] = f"<{format_id('delivery', letter.id)}@{sender.domain}>"
    message["In-Reply-To"] = root
    message["References"] = root


def _automatic(message: EmailMessage, letter: Letter, sender: Sender) -> None:
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834
    message["List-ID"] = f"<{letter.kind.partition('_')[0]}s.{sender.domain}>"  # RFC 2919
    if letter.links.unsubscribe:
        message["List-Unsubscribe"] = f"<{letter.links.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058


def _reply_to(message: EmailMessage, writer: Person | None) -> None:
    if writer and (address := _known(writer)):
        message["Reply-To"] = _address(writer.name, address)


def _address(name: str, email: str) -> Address:
    local, _, domain = email.rpartition("@")
    return Address(one_line(name, 80), local, domain)


def _parts(message: EmailMessage, letter: Letter, rendered: Rendered, sender: Sender) -> None:
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    found = invitation(letter, sender.domain, sender.address)
    if found is None:
        return
    # Outlook and Gmail read the alternative, other clients the attachment.
    message.add_alternative(found.content, subtype="calendar", params={"method": found.method}, cte="base64")
    message.add_attachment(found.content.encode(), "application", "ics", filename="invite.ics")
