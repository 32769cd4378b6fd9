"""The picture within a PHOTO property: base64 of 2.1 and 3.0, a data URI of 4.0. A remote one is never fetched."""

import base64
import binascii
import re

from services.contacts.importing.readers.vcard_property import Property

_DATA = re.compile(r"\s*data:[^,]{0,100};base64\\?,", re.IGNORECASE)
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")


def photo_in(found: Property) -> bytes | None:
    """The picture's bytes; empty for one that is too large or cut, None for an address."""
    if not found.raw:
        return b""
    uri = _DATA.match(found.raw)
    encoding = found.types | set(found.parameters.get("ENCODING", ()))
    if uri is None and not encoding & {"base64", "b"}:
        return None
    bare = _NOT_BASE64.sub("", found.raw[uri.end() if uri else 0 :])
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4))
    except binascii.Error:
        return b""
