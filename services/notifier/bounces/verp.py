"""Envelope senders of one delivery each (VERP): what comes back to one names its delivery, and nobody can make one up.

`bounces+01h455vb4pex5vsknk084sn02q-mr4wk6tn7qg2c5ya@mail.example.org`: the delivery's id, and what only the key makes
of it. Both in an alphabet without case, since relays may change the case of an address.
"""

import base64
import hmac
import re
from uuid import UUID

from chassis.errors import InvalidId
from chassis.identifiers import format_id, parse_id
from chassis.links import LinkKey

_KIND = "delivery"
_SEAL_BYTES = 10
_LOCAL = re.compile(r"([0-9a-z]{26})-([0-9a-z]{16})")
_LONGEST_LOCAL = 64  # RFC 5321 4.5.3.1.1


class Verp:
    """Makes and reads the envelope senders of one address, `name@domain`. Raises ValueError for one too long."""

    def __init__(self, address: str, key: LinkKey) -> None:
        name, _, self._domain = address.rpartition("@")
        if not name or not self._domain:
            raise ValueError(f"{address} is no address of the form name@domain")
        self._name, self._key = name, key
        longest = len(self._local(UUID(int=0)))
        if longest > _LONGEST_LOCAL:
            raise ValueError(f"{address} is {longest - _LONGEST_LOCAL} characters too long before its @ for bounces")
        tagged = f"{re.escape(name)}\\+({_LOCAL.pattern})@{re.escape(self._domain)}"
        self._address = re.compile(f"(?<![\\w.+-]){tagged}(?![\\w.-])", re.IGNORECASE | re.ASCII)

    def sender(self, delivery: UUID) -> str:
        """The envelope sender of a delivery's mail."""
        return f"{self._local(delivery)}@{self._domain}"

    def delivery_in(self, text: str) -> UUID | None:
        """The delivery of the first address of ours in a text; None where none is, or where it is forged."""
        for found in self._address.finditer(text):
            delivery = self._read(found[1].lower())
            if delivery is not None:
                return delivery
        return None

    def _read(self, tag: str) -> UUID | None:
        suffix, _, seal = tag.partition("-")
        try:
            delivery = parse_id(_KIND, f"{_KIND}_{suffix}")
        except InvalidId:
            return None
        return delivery if hmac.compare_digest(seal, self._seal(delivery)) else None

    def _local(self, delivery: UUID) -> str:
        return f"{self._name}+{format_id(_KIND, delivery).removeprefix(_KIND + '_')}-{self._seal(delivery)}"

    def _seal(self, delivery: UUID) -> str:
        sealed = self._key.seal(b"bounce", delivery.bytes)[:_SEAL_BYTES]
        return base64.b32encode(sealed).decode().lower()
