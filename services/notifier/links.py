"""Tokens of the links in mails: random, stored only as a hash."""

import re
import secrets
from hashlib import sha256

from services.notifier.mail.letter import Links

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def new_token() -> str:
    """22 characters that hold 128 random bits."""
    return secrets.token_urlsafe(16)


def looks_like_token(text: str) -> bool:
    """Whether it is worth looking up."""
    return _TOKEN.fullmatch(text) is not None


def hash_of(token: str) -> bytes:
    """What is stored. No salt: the token is random, and is looked up by it."""
    return sha256(token.encode()).digest()


def links_of(token: str, public_url: str) -> Links:
    """The addresses that a mail carries."""
    base = public_url.rstrip("/")
    return Links(page=f"{base}/l/{token}", unsubscribe=f"{base}/u/{token}")
