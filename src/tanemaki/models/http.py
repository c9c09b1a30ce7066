"""The one file that knows aiohttp: JSON goes out, a status and the bytes of the body come back.

Everything that can go wrong on the way (no connection, a broken one, no answer in time, a body that ends early) leaves here
as a ``ModelError``. What an answer *says* is judged in ``tanemaki.models.faults``.

Headers and proxies may hold secrets. They are in no message and in no ``repr``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tanemaki.core.errors import ModelError, SetupError, shorten
from tanemaki.core.record import Json

if TYPE_CHECKING:
    import aiohttp

OK = 200
CONNECT_S = 30.0
"""Seconds until a connection that does not come about is given up; an answer may take far longer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    """Names in lower case."""


@dataclass(slots=True)
class Http:
    """A pool of connections that are kept open, as many as there may be requests in flight.

    ``proxy`` None takes the proxy of the environment (``HTTPS_PROXY``, ``NO_PROXY`` …), never for this machine itself.
    """

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    connections: int = 16
    timeout_s: float = 600
    proxy: str | None = field(default=None, repr=False)
    _session: aiohttp.ClientSession | None = field(default=None, init=False, repr=False)

    async def get(self, url: str) -> Answer:
        """Fetch an address."""
        return await self._call("GET", url, None)

    async def post(self, url: str, body: Mapping[str, Json]) -> Answer:
        """Send a JSON body. Raises ``ModelError`` with fault ``bad_request`` if it cannot be written as JSON."""
        import orjson

        try:
            raw = orjson.dumps(body)
        except (
            TypeError
        ) as error:  # a lone surrogate, an integer above 64 bits, an object that is no JSON value
            raise ModelError(
                "the request cannot be written as JSON", fault="bad_request", got=f"{error}"[:200]
            ) from error
        return await self._call("POST", url, raw)

    async def close(self) -> None:
        """Close every connection. May be called twice."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _call(self, method: str, url: str, raw: bytes | None) -> Answer:
        import aiohttp

        where = shown(url)
        try:
            async with self._opened().request(
                method, url, data=raw, proxy=self._proxy_for(url), allow_redirects=False
            ) as answer:
                headers = {name.lower(): value for name, value in answer.headers.items()}
                return Answer(answer.status, await answer.read(), headers)
        except TimeoutError as error:
            raise _timed_out(error, where, self.timeout_s) from error
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
            raise SetupError("the address is not an http or https one", got=shorten(where)) from error
        except aiohttp.ClientPayloadError as error:
            raise ModelError(
                "the reply's body ended early", fault="malformed", retryable=True, where=where
            ) from error
        except aiohttp.ClientConnectorError as error:
            raise ModelError(
                "the server cannot be reached",
                fault="transport",
                retryable=True,
                where=where,
                got=_reason(error.os_error),
                next="is it running, and is the endpoint's address right?",
            ) from error
        except (aiohttp.ClientError, OSError) as error:
            raise ModelError(
                "the connection broke before the reply had come",
                fault="transport",
                retryable=True,
                where=where,
                got=type(error).__name__,
            ) from error

    def _opened(self) -> aiohttp.ClientSession:
        import aiohttp

        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self.connections, keepalive_timeout=30, ttl_dns_cache=300
                ),
                timeout=aiohttp.ClientTimeout(
                    total=self.timeout_s, sock_connect=min(CONNECT_S, self.timeout_s)
                ),
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
