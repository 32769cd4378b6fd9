"""Ports for parts that are started, killed and started again at the same address."""

import random
import socket
import sys
from pathlib import Path

_EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
_held: dict[int, socket.socket] = {}


class NoFreePort(Exception):
    """Every port that was tried is taken."""

    def __init__(self, tried: int) -> None:
        super().__init__(f"None of {tried} ports tried on 127.0.0.1 is free: stop a few servers, then retry.")


class PortTaken(Exception):
    """The port asked for is somebody else's."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} is taken on 127.0.0.1: ask for another with --port, or leave it to liant.")


def take(port: int) -> int:
    """Like `reserve`, of exactly this port. Raises PortTaken."""
    if _is_free(port) and _hold(port):
        return port
    raise PortTaken(port)


def reserve(preferred: int | None = None, attempts: int = 200) -> int:
    """A port free on 127.0.0.1 that no other `reserve` on this machine gives while this process lives.

    Taken below the range that the kernel hands to outgoing connections: one of those could otherwise
    sit on a part's port in the moment between its end and its restart. Raises NoFreePort.
    """
    highest = _lowest_ephemeral() - 1
    candidates = [preferred] if preferred else []
    candidates += random.sample(range(10_240, highest), attempts)
    for port in candidates:
        if _is_free(port) and _hold(port):
            return port
    raise NoFreePort(len(candidates))


def release(port: int) -> None:
    """Let others have the port."""
    if holder := _held.pop(port, None):
        holder.close()


def _lowest_ephemeral() -> int:
    try:
        return max(int(_EPHEMERAL.read_text().split()[0]), 11_264)
    except (OSError, ValueError):
        return 32_768  # Linux's default, also below every other system's range


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _hold(port: int) -> bool:
    if sys.platform != "linux":
        return True
    # An abstract socket is a lock that the kernel drops with the process that holds it.
    holder = socket.socket(socket.AF_UNIX)
    try:
        holder.bind(f"\0liant-port-{port}")
    except OSError:
        holder.close()
        return False
    _held[port] = holder
    return True
