"""What holds for every test: no connection beyond loopback, and properties that are tried the same way each time."""

from __future__ import annotations

import ipaddress
import sys
from typing import Any

from hypothesis import settings

# No deadline: the machine may be busy. Derandomised: a failure on one machine is a failure on every other.
settings.register_profile("tanemaki", deadline=None, derandomize=True)
settings.load_profile("tanemaki")


class BeyondLoopback(RuntimeError):
    """A test tried to reach another machine."""


def is_loopback(host: object) -> bool:
    """Whether a host is this machine; a name other than localhost would have to be looked up, and is not."""
    if host in (None, "", "localhost", b"localhost"):
        return True
    shown = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    try:
        address = ipaddress.ip_address(shown)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def guard(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse connections and look-ups that leave this machine. Audit events cannot be switched off by the tested code."""
    if event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if not is_loopback(host):
        raise BeyondLoopback(f"{event} to {host!r}: tests reach nothing but this machine")


sys.addaudithook(guard)
