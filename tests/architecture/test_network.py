"""The guard that keeps every test on this machine."""

from __future__ import annotations

import socket

import pytest

REFUSED = "tests reach nothing but this machine"


@pytest.mark.parametrize("address", ["192.0.2.1", "8.8.8.8", "0:0:0:0:0:ffff:c000:201"])
def test_a_connection_to_another_machine_is_refused(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as one, pytest.raises(RuntimeError, match=REFUSED):
        one.connect((address, 9))


def test_a_name_is_not_looked_up() -> None:
    with pytest.raises(RuntimeError, match=REFUSED):
        socket.getaddrinfo("example.invalid", 80)


def test_loopback_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        with socket.create_connection(address) as one:
            assert one.getpeername() == address
