"""HTTP/1.1 by hand: requests with a ``Content-Length``, connections that are kept open, answers in one write."""

from __future__ import annotations

import re
from asyncio import BaseTransport, Protocol, Transport
from collections.abc import Callable
from typing import cast

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection:[ \t]*close", re.IGNORECASE)
_EXPECT = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)
_REASONS = {
    200: b"OK",
    400: b"Bad Request",
    404: b"Not Found",
    429: b"Too Many Requests",
    500: b"Server Error",
}


class Connection(Protocol):
    """One connection of a client; ``ask`` is called with (connection, path, body) for one request after the other."""

    __slots__ = ("_ask", "_buffer", "_busy", "_closing", "_members", "on_lost", "transport")

    def __init__(self, ask: Callable[[Connection, bytes, bytes], None], members: set[Connection]) -> None:
        self._ask = ask
        self._members = members
        self._buffer = b""
        self._busy = False
        self._closing = False
        self.on_lost: Callable[[], None] | None = None
        """Called when the client goes before it has its answer."""
        self.transport: Transport | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        """Join the others."""
        self.transport = cast("Transport", transport)
        self._members.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's signature
        """Leave."""
        self.transport = None
        self._members.discard(self)
        lost, self.on_lost = self.on_lost, None
        if lost is not None:
            lost()

    def data_received(self, data: bytes) -> None:
        """Collect; hand over what is whole."""
        self._buffer = self._buffer + data if self._buffer else data
        while not self._busy and self._next():
            pass

    def _next(self) -> bool:
        buffer = self._buffer
        end = buffer.find(b"\r\n\r\n")
        if end < 0 or self.transport is None:
            return False
        head = buffer[:end]
        found = _LENGTH.search(head)
        total = end + 4 + (int(found[1]) if found else 0)
        if len(buffer) < total:
            if _EXPECT.search(head):
                self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            return False
        self._buffer = buffer[total:]
        self._closing = _CLOSE.search(head) is not None
        self._busy = True
        self._ask(self, head.split(b" ", 2)[1].partition(b"?")[0], buffer[end + 4 : total])
        return True

    def answer(self, status: int, body: bytes, more: bytes = b"", *, cut: bool = False) -> None:
        """Send an answer; ``cut`` sends half of its body and closes."""
        self.on_lost = None
        if self.transport is None:
            return
        head = b"HTTP/1.1 %d %s\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n" % (
            *(status, _REASONS[status], more, len(body)),
        )
        self.transport.write(head + (body[: len(body) // 2] if cut else body))
        self._ended(close=cut)

    def begin_stream(self) -> None:
        """Send the head of an event stream; its end is the connection's."""
        if self.transport is not None:
            self.transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
            )

    def send_event(self, data: bytes) -> None:
        """Send one event."""
        if self.transport is not None:
            self.transport.write(b"%x\r\ndata: %s\n\n\r\n" % (len(data) + 8, data))

    def end_stream(self) -> None:
        """End the event stream."""
        self.on_lost = None
        if self.transport is not None:
            self.transport.write(b"0\r\n\r\n")
            self._ended(close=False)

    def _ended(self, *, close: bool) -> None:
        if close or self._closing:
            assert self.transport is not None
            self.transport.close()
            return
        self._busy = False
        if self._buffer:
            self.data_received(b"")

    def drop(self) -> None:
        """Break the connection."""
        self.on_lost = None
        if self.transport is not None:
            self.transport.abort()
