"""What tests may not do: talk to the network beyond this machine."""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest


class NoNetworkError(AssertionError):
    """A test tried to reach beyond this machine."""


def is_here(address: Any) -> bool:
    """Say whether a socket's address is on this machine: a file's path, or loopback."""
    if not isinstance(address, tuple):
        return True
    host = address[0]
    if host in {"", "localhost", None}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def checked(address: Any) -> None:
        if not is_here(address):
            msg = f"A test wanted to reach {address!r}. Tests talk to this machine only: use a fake server on 127.0.0.1."
            raise NoNetworkError(msg)

    def guarded(self: socket.socket, address: Any) -> None:
        checked(address)
        return connect(self, address)

    def guarded_ex(self: socket.socket, address: Any) -> int:
        checked(address)
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *rest: Any, **named: Any) -> Any:
        checked((host.decode() if isinstance(host, bytes) else host, 0))
        return look_up(host, *rest, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        patch.setattr(socket.socket, "connect_ex", guarded_ex)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield
