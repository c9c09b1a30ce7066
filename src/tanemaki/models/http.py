"""The one file that knows aiohttp: JSON goes out, a status and the bytes of the body come back.

Everything that can go wrong on the way (no connection, a broken one, no answer in time, a body that ends early) leaves here
as a ``ModelError``. What an answer *says* is judged in ``tanemaki.models.faults``.

Headers and proxies may hold secrets. They are in no message and in no ``repr``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

from tanemaki.core.errors import ModelError, SetupError, shorten
from tanemaki.core.record import Json

if TYPE_CHECKING:
    import aiohttp

OK = 200
MOST_BYTES = 256 * 2**20
"""Longest body of an answer: far above any reply, and below what would fill the memory of a small machine."""
CONNECT_S = 30.0
"""Seconds until a connection that does not come about is given up; an answer may take far longer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    """Names in lower case; empty for a plain 200, whose headers nobody reads."""


@dataclass(slots=True)
class Http:
    """A pool of connections that are kept open, as many as there may be requests in flight.

    ``proxy`` None takes the proxy of the environment (``HTTPS_PROXY``, ``NO_PROXY`` …), never for this machine itself.
    """

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    connections: int = 16
    timeout_s: float = 600
    proxy: str | None = field(default=None, repr=False)
    most_bytes: int = MOST_BYTES
    """Longest body that is read into memory."""
    _session: aiohttp.ClientSession | None = field(default=None, init=False, repr=False)
    _untimed: aiohttp.ClientTimeout | None = field(default=None, init=False, repr=False)
    _proxies: dict[str, str | None] = field(default_factory=dict, init=False, repr=False)
    """The proxy of each address that was asked; an endpoint has a handful of them."""

    async def get(self, url: str) -> Answer:
        """Fetch an address."""
        return await self._call("GET", url, None)

    async def post(self, url: str, body: Mapping[str, Json], *, timed: bool = True) -> Answer:
        """Send a JSON body. Raises ``ModelError`` with fault ``bad_request`` if it cannot be written as JSON.

        Without ``timed`` the caller gives the request up himself: a timer of its own for each costs 20 µs.
        """
        import orjson

        try:
            raw = orjson.dumps(body)
        except (
            TypeError
        ) as error:  # a lone surrogate, an integer above 64 bits, an object that is no JSON value
            raise ModelError(
                "the request cannot be written as JSON", fault="bad_request", got=f"{error}"[:200]
            ) from error
        return await self._call("POST", url, raw, timed=timed)

    async def delete(self, url: str) -> Answer:
        """Take away what lies at an address."""
        return await self._call("DELETE", url, None)

    async def upload(self, url: str, fields: Mapping[str, str], name: str, file: BinaryIO) -> Answer:
        """Send a file as a form of several parts; it is read piece by piece. The time-out is that of a standstill."""
        import aiohttp

        form = aiohttp.FormData(fields)
        form.add_field("file", file, filename=name, content_type="application/jsonl")
        parts = form()
        with _told(shown(url), self.timeout_s):
            async with self._opened().post(
                url,
                data=parts,
                headers={"Content-Type": parts.content_type},
                proxy=self._proxy_for(url),
                allow_redirects=False,
                timeout=self._standstill(),
            ) as answer:
                return await _read(answer, self.most_bytes)

    async def download(self, url: str, file: BinaryIO) -> Answer:
        """Fetch a long body into a file, piece by piece; the answer's own body is empty unless the status is an error."""
        with _told(shown(url), self.timeout_s):
            async with self._opened().get(
                url, proxy=self._proxy_for(url), allow_redirects=False, timeout=self._standstill()
            ) as answer:
                if answer.status != OK:
                    return await _read(answer, self.most_bytes)
                async for piece in answer.content.iter_chunked(1 << 18):
                    file.write(piece)
                return Answer(answer.status, b"", {})

    def _standstill(self) -> aiohttp.ClientTimeout:
        import aiohttp

        connect_s = min(CONNECT_S, self.timeout_s)
        return aiohttp.ClientTimeout(sock_connect=connect_s, sock_read=self.timeout_s)

    async def close(self) -> None:
        """Close every connection. May be called twice."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _call(self, method: str, url: str, raw: bytes | None, *, timed: bool = True) -> Answer:
        import aiohttp

        proxy = self._proxies.get(url, "")
        if proxy == "":
            proxy = self._proxies[url] = self._proxy_for(url)
        session = self._opened()
        timeout = session.timeout if timed else self._untimed
        try:
            async with session.request(
                method, url, data=_payload(raw), proxy=proxy, allow_redirects=False, timeout=timeout
            ) as answer:
                return await _read(answer, self.most_bytes)
        except (aiohttp.ClientError, OSError) as error:
            raise _meaning(error, shown(url), self.timeout_s) from error

    def _opened(self) -> aiohttp.ClientSession:
        import aiohttp

        if self._session is None:
            connect_s = min(CONNECT_S, self.timeout_s)
            self._untimed = aiohttp.ClientTimeout(sock_connect=connect_s)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self.connections, keepalive_timeout=30, ttl_dns_cache=300
                ),
                timeout=aiohttp.ClientTimeout(total=self.timeout_s, sock_connect=connect_s),
                headers={"Content-Type": "application/json", "Accept": "application/json", **self.headers},
                cookie_jar=aiohttp.DummyCookieJar(),
                # A reply's headers are read by us alone; some gateways send very long ones.
                max_field_size=65_536,
            )
        return self._session

    def _proxy_for(self, url: str) -> str | None:
        host = urlsplit(url).hostname or ""
        if self.proxy is not None:
            return self.proxy
        if host in ("localhost", "::1") or host.startswith("127."):
            return None
        # aiohttp's own trust_env would read ~/.netrc as well, and send what it finds there.
        from urllib.request import getproxies, proxy_bypass

        return None if proxy_bypass(host) else getproxies().get(urlsplit(url).scheme)


def _payload(raw: bytes | None) -> aiohttp.BytesPayload | None:
    """Return the body as aiohttp would wrap it; it looks for the right wrapper for longer than the wrapping takes."""
    import aiohttp

    return None if raw is None else aiohttp.BytesPayload(raw, content_type="application/json")


async def _read(answer: aiohttp.ClientResponse, most: int) -> Answer:
    length = answer.content_length
    is_bounded = length is not None and length <= most and "Content-Encoding" not in answer.headers
    body = await (answer.read() if is_bounded else _read_up_to(answer, most))
    if answer.status == OK:
        return Answer(OK, body, {})
    return Answer(answer.status, body, {name.lower(): value for name, value in answer.headers.items()})


async def _read_up_to(answer: aiohttp.ClientResponse, most: int) -> bytes:
    """Read a body whose length nobody said, or that grows when it is unpacked."""
    body = bytearray()
    async for piece in answer.content.iter_chunked(1 << 18):
        body += piece
        if len(body) > most:
            raise ModelError(
                "the answer does not end",
                fault="malformed",
                where=shown(str(answer.url)),
                got=f"more than {most:,} bytes",
            )
    return bytes(body)


@contextmanager
def _told(where: str, timeout_s: float) -> Iterator[None]:
    """Turn whatever goes wrong on the way into a ``ModelError`` that says so."""
    import aiohttp

    try:
        yield
    except (aiohttp.ClientError, OSError) as error:
        raise _meaning(error, where, timeout_s) from error


def _meaning(error: Exception, where: str, timeout_s: float) -> ModelError | SetupError:
    """Return what an error of the way means for the call."""
    import aiohttp

    if isinstance(error, TimeoutError):
        return _timed_out(error, where, timeout_s)
    if isinstance(error, aiohttp.InvalidURL | aiohttp.NonHttpUrlClientError):
        return SetupError("the address is not an http or https one", got=shorten(where))
    if isinstance(error, aiohttp.ClientPayloadError):
        return ModelError("the reply's body ended early", fault="cut_body", retryable=True, where=where)
    if isinstance(error, aiohttp.ClientConnectorError):
        return ModelError(
            "the server cannot be reached",
            fault="transport",
            retryable=True,
            where=where,
            got=_reason(error.os_error),
            next="is it running, and is the endpoint's address right?",
        )
    return ModelError(
        "the connection broke before the reply had come",
        fault="transport",
        retryable=True,
        where=where,
        got=type(error).__name__,
    )


def _reason(error: OSError) -> str:
    """Return what the system says, without the address that Python adds; look-ups have negative numbers of their own."""
    number = error.errno or 0
    return os.strerror(number) if number > 0 else f"{error.strerror or error}"[:200]


def _timed_out(error: TimeoutError, where: str, timeout_s: float) -> ModelError:
    import aiohttp

    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return ModelError(
            "no connection came about in time",
            fault="transport",
            retryable=True,
            where=where,
            got=f"nothing for {min(CONNECT_S, timeout_s):g} s",
            next="is the endpoint's address right, and does a proxy stand between?",
        )
    return ModelError(
        "no reply came in time",
        fault="timeout",
        retryable=True,
        where=where,
        got=f"nothing for {timeout_s:g} s",
        next="raise timeout_s, or lower concurrency if the server is crowded",
    )


def shown(url: str) -> str:
    """Return an address as messages may show it: without user, password, query and fragment.

    >>> shown("https://user:secret@example.com:8443/v1/models?key=secret")
    'https://example.com:8443/v1/models'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
