"""Addresses on the web, and languages: values that cannot be wrong once parsed. Parsers raise InvalidInput."""

import re
from enum import StrEnum
from typing import NewType
from urllib.parse import SplitResult, urlsplit

from babel import Locale

from chassis import text
from chassis.errors import InvalidInput

Url = NewType("Url", str)
Language = NewType("Language", str)
MAX_URL = 500
MAX_TAG = 35
_HOST = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_TAG = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?", re.IGNORECASE)
_LANGUAGES = frozenset(Locale("en").languages)


class SocialNetwork(StrEnum):
    """Where somebody is found."""

    LINKEDIN = "LINKEDIN"
    X = "X"
    FACEBOOK = "FACEBOOK"
    INSTAGRAM = "INSTAGRAM"
    YOUTUBE = "YOUTUBE"
    TIKTOK = "TIKTOK"
    XING = "XING"
    GITHUB = "GITHUB"
    BLUESKY = "BLUESKY"
    MASTODON = "MASTODON"
    OTHER = "OTHER"


NETWORK_NAMES = {each.value.casefold(): each for each in SocialNetwork if each is not SocialNetwork.OTHER}
NETWORK_NAMES["twitter"] = SocialNetwork.X
"""What networks are called, in lower case."""
HOSTS = {
    SocialNetwork.LINKEDIN: ("linkedin.com", "lnkd.in"),
    SocialNetwork.X: ("x.com", "twitter.com"),
    SocialNetwork.FACEBOOK: ("facebook.com", "fb.com", "fb.me"),
    SocialNetwork.INSTAGRAM: ("instagram.com",),
    SocialNetwork.YOUTUBE: ("youtube.com", "youtu.be"),
    SocialNetwork.TIKTOK: ("tiktok.com",),
    SocialNetwork.XING: ("xing.com",),
    SocialNetwork.GITHUB: ("github.com",),
    SocialNetwork.BLUESKY: ("bsky.app",),
}


def parse_social_url(value: str, network: SocialNetwork, field: str) -> Url:
    """An https address of that network; any host for MASTODON and OTHER."""
    url, host = _parsed(value, field, ("https",))
    hosts = HOSTS.get(network, ())
    if hosts and not any(host == each or host.endswith(f".{each}") for each in hosts):
        raise InvalidInput(field, f"Not an address of {network.value}: it begins with https://{hosts[0]}/.")
    return url


def network_of(url: str) -> SocialNetwork | None:
    """The network that an address is of, if it is one of those known."""
    host = urlsplit(url).hostname or ""
    known = HOSTS.items()
    return next((one for one, hosts in known if any(host == h or host.endswith(f".{h}") for h in hosts)), None)


def parse_website(value: str, field: str) -> Url:
    """A company's site, http or https; https where no scheme is told: www.port.example."""
    told = value.strip()
    return _parsed(told if "://" in told else f"https://{told}", field, ("https", "http"))[0]


def parse_web_url(value: str, field: str) -> Url:
    """Any address on the web, with its scheme."""
    return _parsed(value, field, ("https", "http"))[0]


def domain_of(url: Url) -> str:
    """The host without its www."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def parse_language(value: str, field: str) -> Language:
    """A language (BCP 47) that people speak, in its usual case: fr, pt-BR, zh-Hant."""
    found = _TAG.fullmatch(value.strip()[: MAX_TAG + 1])
    if not found or found[1].lower() not in _LANGUAGES:
        raise InvalidInput(field, "Not a language; write it as fr, en-GB or zh-Hant (BCP 47).")
    parts = (found[1].lower(), (found[2] or "").title(), (found[3] or "").upper())
    return Language("-".join(filter(None, parts)))


def _parsed(value: str, field: str, schemes: tuple[str, ...]) -> tuple[Url, str]:
    told = text.line(value, field, most=MAX_URL)
    parts = _split(told)
    host = _ascii(parts.hostname or "") if parts else ""
    if parts is None or parts.scheme not in schemes or not _HOST.fullmatch(host):
        raise InvalidInput(field, f"Not an address on the web; write it as {schemes[0]}://www.port.example/…")
    if parts.username is not None or parts.password is not None:
        raise InvalidInput(field, "An address with a name or a password in it is not kept.")
    port = f":{parts.port}" if parts.port else ""
    return Url(parts._replace(netloc=f"{host}{port}").geturl()), host


def _split(told: str) -> SplitResult | None:
    if re.search(r"[\s\\<>\"`{}|^]", told):
        return None
    try:
        parts = urlsplit(told)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode().lower()
    except UnicodeError:
        return ""
