"""The addresses that mails carry; their tokens are `chassis.links`."""

from chassis.links import hash_of, looks_like_token, new_token
from services.notifier.mail.letter import Links

__all__ = ["hash_of", "links_of", "looks_like_token", "new_token"]


def links_of(token: str, public_url: str) -> Links:
    """The addresses that a mail carries."""
    base = public_url.rstrip("/")
    return Links(page=f"{base}/l/{token}", unsubscribe=f"{base}/u/{token}")
