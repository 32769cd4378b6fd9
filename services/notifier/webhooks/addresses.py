"""Where a request may go: an address is looked at after its name is resolved, and that very address is connected to.

A name that resolves to our own network, at whatever moment, reaches nothing (SSRF, DNS rebinding).
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from urllib.parse import urlsplit

import httpcore

from chassis.errors import InvalidInput

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))  # RFC 6052, RFC 8215
_MOST_URL = 2_000


class AddressRefused(Exception):
    """An address that nothing is sent to; the message says which kind, without telling what is there."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """Every address of a name, as the system resolves it. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def check_address(text: str, allowed: Iterable[Network] = ()) -> str:
    """The address if it is a public one, or within a network that operators allow. Raises AddressRefused."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        raise AddressRefused("not an address") from None
    faces = [address, *_within(address)]
    if any(address in network for network in allowed):
        return text
    if not all(_is_public(face) for face in faces):
        raise AddressRefused("its name leads to an address that is not public")
    return text


def _is_public(address: Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _within(address: Address) -> list[Address]:
    """IPv4 addresses that an IPv6 address leads to."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found: list[Address | None] = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in network for network in _NAT64):
        found.append(ipaddress.IPv4Address(address.packed[-4:]))
    return [each for each in found if each is not None]


def check_url(url: str, *, http: bool = False) -> str:
    """An address that messages can be posted to: https, a host, no user, no fragment. Raises InvalidInput."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidInput("url", "It is no web address: give one such as https://example.com/liant.") from None
    schemes = ("https", "http") if http else ("https",)
    if len(url) > _MOST_URL or not url.isascii() or any(each <= " " or each == "\x7f" for each in url):
        raise InvalidInput("url", f"It has at most {_MOST_URL} characters, in ASCII, without spaces.")
    if parts.scheme not in schemes or not parts.hostname or port == 0:
        raise InvalidInput(
            "url", f"It must begin with {' or '.join(f'{each}://' for each in schemes)} and name a host."
        )
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise InvalidInput("url", "It must hold no user, no password and no fragment: what it is signed with is proof.")
    return url


class Guarded(httpcore.AsyncNetworkBackend):
    """Connects to public addresses only, to exactly the address that was looked at."""

    def __init__(self, allowed: Iterable[Network] = (), resolver: Resolve = resolve) -> None:
        self._allowed, self._resolve = [*allowed], resolver
        self._network = httpcore.AnyIOBackend()

    async def addresses(self, host: str, port: int) -> list[str]:
        """Those of a name. Raises AddressRefused where one of them is not public, OSError where there is none."""
        return [check_address(each, self._allowed) for each in await self._resolve(host, port)]

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """See httpcore. Raises AddressRefused, ConnectError."""
        try:
            found = await self.addresses(host, port)
        except OSError as error:
            raise httpcore.ConnectError(f"the name cannot be resolved: {error}") from error
        if not found:
            raise httpcore.ConnectError("the name has no address")
        return await self._connected(found, port, timeout, socket_options)

    async def _connected(
        self, found: Sequence[str], port: int, seconds: float | None, options: Iterable[httpcore.SOCKET_OPTION] | None
    ) -> httpcore.AsyncNetworkStream:
        for place, address in enumerate(found):
            try:
                stream = await self._network.connect_tcp(address, port, seconds, None, options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if place == len(found) - 1:
                    raise
                continue
            peer = stream.get_extra_info("server_addr")
            check_address(str(peer[0]) if peer else address, self._allowed)
            return stream
        raise httpcore.ConnectError("the name has no address")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's interface
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Never: raises AddressRefused."""
        raise AddressRefused("not a web address")

    async def sleep(self, seconds: float) -> None:
        """See httpcore."""
        await self._network.sleep(seconds)
