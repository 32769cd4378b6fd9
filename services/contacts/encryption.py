"""Bank details at rest: AES-256-GCM, bound to the account they belong to."""

import base64
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
KEY_BYTES = 32


class Undecipherable(Exception):
    """None of the keys opens what is stored: a key was lost, or the row was tampered with."""


class Cipher:
    """Encrypts with the first of its keys, decrypts with any: put a new key on the first line to change keys."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = [AESGCM(key) for key in keys]

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Read keys of 32 bytes in base64, one a line. Raises ValueError for a file that holds none, or a bad one."""
        keys = [base64.b64decode(line, altchars=b"-_", validate=True) for line in path.read_text().split()]
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError(f"{path} must hold keys of {KEY_BYTES} bytes in URL-safe base64, one a line")
        return cls(keys)

    def encrypt(self, text: str, owner: UUID) -> bytes:
        """The nonce and the sealed text; it opens for the same owner only."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._keys[0].encrypt(nonce, text.encode(), owner.bytes)

    def decrypt(self, sealed: bytes, owner: UUID) -> str:
        """What was sealed for this owner. Raises Undecipherable."""
        nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        for key in self._keys:
            try:
                return key.decrypt(nonce, body, owner.bytes).decode()
            except InvalidTag:
                continue
        raise Undecipherable(f"bank details of {owner}")


def new_key() -> str:
    """A line for a key file."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()
