"""The way to a server that does not speak as it should: whatever comes back is an answer or a fault with its class."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from tanemaki.core.errors import ModelError
from tanemaki.models.http import Answer, Http

OK = b"HTTP/1.1 200 OK\r\n"
BODY = b'{"choices": []}'


async def _speak(raw: bytes, *, endless: bytes = b"", most_bytes: int = 1 << 16) -> Answer:
    """Ask a server that says these bytes to everybody, and then others for as long as somebody listens."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(16)
        writer.write(raw)
        try:
            while endless:
                writer.write(endless)
                await writer.drain()
        except ConnectionError:
            return
        writer.close()

    server = await asyncio.start_server(say, "127.0.0.1", 0)
    http = Http(timeout_s=20, most_bytes=most_bytes)
    try:
        port = server.sockets[0].getsockname()[1]
        return await http.post(f"http://127.0.0.1:{port}/v1/chat/completions", {})
    finally:
        await http.close()
        server.close()


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", "transport"),
        (b"\x00\xff\x00\r\n\r\n", "transport"),
        (BODY, "transport"),
        (b"HTTP/1.1 abc OK\r\n\r\n", "transport"),
        (OK + b"Content-Length: -5\r\n\r\nabc", "transport"),
        (OK + b"X: " + b"a" * 200_000 + b"\r\n\r\n", "transport"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc", "transport"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n10\r\nabc", "cut_body"),
        (OK + b"Content-Length: 90\r\n\r\nabc", "cut_body"),
        (OK + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", "cut_body"),
    ],
)
def test_a_server_out_of_its_form_is_a_fault_that_may_pass(raw: bytes, fault: str) -> None:
    with pytest.raises(ModelError) as raised:
        asyncio.run(_speak(raw))
    assert (raised.value.fault, raised.value.retryable) == (fault, True)


@pytest.mark.parametrize(
    "raw",
    [
        OK + b"Transfer-Encoding: chunked\r\n\r\n",
        OK + b"Connection: close\r\n\r\n",
        b"HTTP/1.1 500 No\r\nConnection: close\r\n\r\n",
    ],
)
def test_an_answer_that_does_not_end_is_given_up(raw: bytes) -> None:
    endless = b"1000\r\n" + b" " * 4096 + b"\r\n"
    with pytest.raises(ModelError) as raised:
        asyncio.run(_speak(raw, endless=endless))
    assert (raised.value.fault, raised.value.got) == ("malformed", "more than 65,536 bytes")


def test_an_answer_that_says_that_it_is_too_long_is_not_read() -> None:
    with pytest.raises(ModelError, match="does not end"):
        asyncio.run(_speak(OK + b"Content-Length: 1000000000000\r\n\r\n", endless=b" " * 4096))


def test_an_answer_that_swells_when_it_is_unpacked_is_given_up() -> None:
    packed = gzip.compress(b" " * (1 << 20))
    head = OK + f"Content-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode()
    with pytest.raises(ModelError, match="does not end"):
        asyncio.run(_speak(head + packed))


@pytest.mark.parametrize("head", [b"Connection: close", b"Content-Length: 15", b"Transfer-Encoding: chunked"])
def test_a_body_is_read_whole_however_its_length_is_told(head: bytes) -> None:
    body = b"f\r\n" + BODY + b"\r\n0\r\n\r\n" if b"chunked" in head else BODY
    assert asyncio.run(_speak(OK + head + b"\r\n\r\n" + body)).body == BODY
