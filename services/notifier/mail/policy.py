"""The policy under which a message becomes bytes."""

from email.header import Header
from email.headerregistry import Address
from email.policy import EmailPolicy
from typing import Any

# Their value is one token, or tokens between spaces: the standard library would encode a long one (RFC 2047), which
# no reader decodes there.
_TOKENS = frozenset(
    {
        "message-id",
        "in-reply-to",
        "references",
        "list-unsubscribe",
        "list-unsubscribe-post",
        "list-id",
        "auto-submitted",
    }
)
_LONGEST_LINE = 998  # RFC 5322 2.1.1, without CRLF


class MailPolicy(EmailPolicy):
    """CRLF, seven bits, and headers folded here. Raises ValueError for one that no line can hold.

    The standard library's folding breaks tokens, and loses spaces beside long runs of other scripts.
    """

    def fold(self, name: str, value: Any) -> str:
        """A header as text."""
        if name.lower() in _TOKENS:
            return self._line(name, str(value))
        if name.lower() == "subject":
            return self._line(name, _encoded(str(value), len(name) + 2, self.linesep))
        if hasattr(value, "addresses"):
            mailboxes = [_mailbox(address, len(name) + 2, self.linesep) for address in value.addresses]
            return self._line(name, f",{self.linesep} ".join(mailboxes))
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        """A header as bytes."""
        return self.fold(name, value).encode("ascii")

    def _line(self, name: str, text: str) -> str:
        folded = f"{name}: {text}"
        for line in folded.split(self.linesep):
            if len(line) > _LONGEST_LINE or not line.isascii() or not line.isprintable():
                raise ValueError(f"The header {name} cannot stand on its lines.")
        return folded + self.linesep


def _mailbox(address: Address, before: int, linesep: str) -> str:
    name = address.display_name
    if not name:
        return str(address.addr_spec)
    if not _is_plain(name):
        return f"{_encoded(name, before, linesep)}{linesep} <{address.addr_spec}>"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{address.addr_spec}>'


def _encoded(text: str, before: int, linesep: str) -> str:
    return text if _is_plain(text) else Header(text, "utf-8", header_name="x" * (before - 2)).encode(linesep=linesep)


def _is_plain(text: str) -> bool:
    # "=?" would be read as an encoded word.
    return text.isascii() and "=?" not in text


POLICY = MailPolicy(linesep="\r\n", cte_type="7bit", utf8=False, raise_on_defect=False)
