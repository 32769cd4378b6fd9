"""A letter as the bytes of one message (RFC 5322), ready for DATA."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from uuid import UUID

from chassis.identifiers import format_id
from services.notifier.mail.addresses import Undeliverable, ascii_address
from services.notifier.mail.blanks import Blanked
from services.notifier.mail.headers import mailbox_header, text_header, token_header
from services.notifier.mail.invitation import invitation
from services.notifier.mail.letter import Kind, Letter
from services.notifier.mail.mime import base64_part, multipart, text_part
from services.notifier.mail.people import Person
from services.notifier.mail.plain import beginning, cleaned, one_line
from services.notifier.mail.rendering import Rendered, render
from services.notifier.mail.translations import known_locale

_NAME_LENGTH = 80


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
    ascii_address(letter.recipient.email)  # before the work of writing it
    return Form.of(letter, sender).mail(letter.id, letter.recipient.name, letter.recipient.email, now)


@dataclass(frozen=True)
class Form:
    """A letter as whoever has these reasons and this language reads it, but for the name, the address and the token.

    Where the letter's links were made of a `blank`, each reader's own token stands in its place.
    """

    letter: Letter
    sender: Sender
    subject: str
    rest: Blanked

    @classmethod
    def of(cls, letter: Letter, sender: Sender, blank: str = "") -> "Form":
        """Write it once, for as many as read the same."""
        letter = replace(cleaned(letter), cut=beginning(letter.description)[1])
        rendered = render(letter)
        head = [
            mailbox_header("From", [(one_line(_from(letter), _NAME_LENGTH), sender.address)]),
            text_header("Subject", rendered.subject),
            *_thread(letter, sender),
            *(_automatic(letter, sender) if not letter.kind.outside or letter.kind is Kind.CAMPAIGN else ()),
            *_reply_to(letter.writer),
            token_header("Content-Language", known_locale(letter.recipient.locale)),
            "MIME-Version: 1.0\r\n",
        ]
        rest = "".join(head).encode("ascii") + _body(letter, rendered, sender)
        return cls(letter, sender, rendered.subject, Blanked.of(rest, blank))

    def mail(self, id: UUID, name: str, email: str, now: datetime, token: str = "") -> Mail:
        """For one reader. Raises Undeliverable."""
        recipient = ascii_address(email)
        message_id = f"<{format_id('delivery', id)}@{self.sender.domain}>"
        own = [
            *_readers(self.letter, one_line(name, _NAME_LENGTH), recipient),
            token_header("Date", format_datetime(now)),
            token_header("Message-ID", message_id),
        ]
        return Mail(recipient, message_id, self.subject, "".join(own).encode("ascii") + self.rest.filled(token))


def _readers(letter: Letter, name: str, recipient: str) -> list[str]:
    """Each reader gets a mail of their own; of a message, they see who else does."""
    own = (name, recipient)
    if letter.message is None:
        return [mailbox_header("To", [own])]
    to, copies = _others(letter.message.to, recipient), _others(letter.message.copies, recipient)
    is_copy = recipient in map(_known, letter.message.copies)
    found = [mailbox_header("To", to if is_copy and to else [own, *to])]
    if copies or is_copy:
        found.append(mailbox_header("Cc", [own, *copies] if is_copy and to else copies))
    return found


def _others(people: Iterable[Person], recipient: str) -> list[tuple[str, str]]:
    found = {_known(person): person.name for person in people}
    return [(one_line(name, _NAME_LENGTH), email) for email, name in found.items() if email and email != recipient]


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


def _thread(letter: Letter, sender: Sender) -> list[str]:
    root = f"<{letter.thread}@{sender.domain}>"
    return [token_header("In-Reply-To", root), token_header("References", root)]


def _automatic(letter: Letter, sender: Sender) -> list[str]:
    told = [
        token_header("Auto-Submitted", "auto-generated"),  # RFC 3834
        token_header("List-ID", f"<{letter.kind.partition('_')[0]}s.{sender.domain}>"),  # RFC 2919
    ]
    if letter.links.unsubscribe:
        told.append(token_header("List-Unsubscribe", f"<{letter.links.unsubscribe}>"))
        told.append(token_header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))  # RFC 8058
    return told


def _reply_to(writer: Person | None) -> list[str]:
    address = _known(writer) if writer else ""
    return [mailbox_header("Reply-To", [(one_line(writer.name, _NAME_LENGTH), address)])] if writer and address else []


def _body(letter: Letter, rendered: Rendered, sender: Sender) -> bytes:
    to_read = (text_part("plain", rendered.text), text_part("html", rendered.html))
    found = invitation(letter, sender.domain, sender.address)
    if found is None:
        return multipart("alternative", *to_read)
    # Outlook and Gmail read the alternative, other clients the attachment.
    calendar, file = found.content.encode(), 'Content-Disposition: attachment; filename="invite.ics"'
    told = base64_part(f'text/calendar; charset="utf-8"; method={found.method}', calendar)
    return multipart("mixed", multipart("alternative", *to_read, told), base64_part("application/ics", calendar, file))
