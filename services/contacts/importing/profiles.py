"""Where people are on social networks and what they speak, as files tell it: addresses, user names, names."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from babel import Locale as Names

from chassis.errors import InvalidInput
from chassis.text import folded
from services.contacts import links
from services.contacts.importing.readers.card import Profile
from services.contacts.links import Language, SocialNetwork

MAX_PROFILES = 20
MAX_LANGUAGES = 20
_HOMES = {
    SocialNetwork.LINKEDIN: "https://www.linkedin.com/in/",
    SocialNetwork.X: "https://x.com/",
    SocialNetwork.FACEBOOK: "https://www.facebook.com/",
    SocialNetwork.INSTAGRAM: "https://www.instagram.com/",
    SocialNetwork.YOUTUBE: "https://www.youtube.com/@",
    SocialNetwork.TIKTOK: "https://www.tiktok.com/@",
    SocialNetwork.XING: "https://www.xing.com/profile/",
    SocialNetwork.GITHUB: "https://github.com/",
    SocialNetwork.BLUESKY: "https://bsky.app/profile/",
}
_KNOWN = links.NETWORK_NAMES | {"other": SocialNetwork.OTHER}
_USER = re.compile(r"@?([\w.\-]{1,100})")
_APPLE = re.compile(r"^(x-apple|x-user|acct):", re.IGNORECASE)
_SEVERAL = re.compile(r"[,;/|]|:::|\bet\b|\band\b")


def social_link(told: Profile) -> dict[str, str] | None:
    """The link of a profile; None where it is of no network: an address of any other site, a name alone."""
    value = _APPLE.sub("", told.value.strip())
    network = network_named(told.network)
    user = _USER.fullmatch(value)
    if user and network in _HOMES and not _is_host(value):
        value = f"{_HOMES[network]}{user[1]}"
    url = _address(value)
    found = links.network_of(url) or network
    if found is None:
        return None
    try:
        return {"network": found.value, "url": links.parse_social_url(url, found, "socialLinks")}
    except InvalidInput:
        return None


def network_named(told: str) -> SocialNetwork | None:
    """A network by the name that a file gives it; OTHER for one that is merely said to be one."""
    words = folded(told).split()
    if not words:
        return None
    return next((_KNOWN[word] for word in words if word in _KNOWN), SocialNetwork.OTHER)


def languages(told: Iterable[str]) -> tuple[list[Language], list[str]]:
    """Languages by their tags or their names in French and English, each once; and what is none."""
    found, left = dict[Language, None](), list[str]()
    for each in (part.strip() for cell in told for part in _SEVERAL.split(cell)):
        language = _language(each)
        if language is not None:
            found.setdefault(language)
        elif each:
            left.append(each)
    return list(found), left


def told_links(profiles: Sequence[Profile]) -> Iterator[tuple[Profile, dict[str, str] | None]]:
    """Each profile with its link, one of an address once."""
    seen = set[str]()
    for each in profiles:
        link = social_link(each)
        if link is None or link["url"].casefold() not in seen:
            yield each, link
        seen |= {link["url"].casefold()} if link else set()


def _is_host(value: str) -> bool:
    return links.network_of(f"https://{value}") is not None


def _address(value: str) -> str:
    """With its scheme; those of networks are asked for by https."""
    told = value if "://" in value else f"https://{value}"
    return re.sub(r"^http://", "https://", told, flags=re.IGNORECASE)


def _language(told: str) -> Language | None:
    try:
        return links.parse_language(told.replace("_", "-"), "languages")
    except InvalidInput:
        return _names().get(folded(told))


@cache
def _names() -> dict[str, Language]:
    found: dict[str, Language] = {}
    for each in ("fr", "en"):
        for tag, name in Names(each).languages.items():
            if re.fullmatch("[a-z]{2,3}", tag):
                found.setdefault(folded(name), Language(tag))
    return found
