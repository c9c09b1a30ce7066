"""What an answer that is no reply means: which class of fault, whether to try again, and what the user can do.

Pure functions over status, headers and body. Servers word the same thing in many ways; where a status alone does not tell,
the words of vLLM, SGLang, llama.cpp, Ollama, OpenAI, Azure and OpenRouter are looked for.

What the server says is quoted in ``got``, with every secret that was sent masked: some servers repeat the key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tanemaki.core.errors import ModelError, ModelFault
from tanemaki.core.record import Json
from tanemaki.models.http import Answer

_WORDED = frozenset({400, 402, 403, 404, 413, 422, 429, 500})
"""Statuses whose words are looked at; the others mean one thing."""
_REFUSED = frozenset({400, 422})
_TOO_LONG = frozenset({400, 413, 422, 500})
_UNKNOWN = frozenset({400, 404, 422})
_FILTERED = frozenset({400, 403})
_NO_CREDIT = 402
_NO_KEY = frozenset({401, 403})
_BUSY = frozenset({429, 503, 529})
_GAVE_UP = frozenset({408, 504, 524})
_SERVER = frozenset({409, 425, *range(500, 600)})
_MOVED = range(300, 400)
_NO_PATH = frozenset({404, 405})
_ERRORS = range(400, 600)
LONGEST_WAIT_S = 3600.0
"""Longest ``Retry-After`` that is obeyed as it stands: a longer one is a quota of days, a slip, or nonsense."""
_NUMBER = re.compile(r"\d+(\.\d+)?")
_QUOTABLE = 8
"""Characters from which on a piece of a secret is told from an ordinary word."""
_CONTEXT = re.compile(
    r"maximum context length|context[ _](size|length|window)|exceeds? the (available|model'?s?) context|n_ctx|"
    r"prompt is too long|input is too long|too many (input )?tokens|maximum (input|model) length|max_model_len",
    re.IGNORECASE,
)
_NO_MODEL = re.compile(
    r"model\b[^.]{0,120}?\b(not found|does not exist|not exist|unknown|not available|not supported|no such)|"
    r"model_not_found|unknown model|invalid model|no such model|pull the model",
    re.IGNORECASE,
)
_PARAMETER = re.compile(
    r"(?:unsupported|unknown|unrecognized|unrecognised|unexpected|invalid|extra|not permitted|not supported)"
    r"[^'\"`]{0,60}['\"`]([A-Za-z_][\w.]{0,60})['\"`]",
    re.IGNORECASE,
)
_FILTER = re.compile(
    r"content[_ ](filter|policy|management)|moderation|flagged|responsible ?ai", re.IGNORECASE
)
_NO_MONEY = re.compile(
    r"insufficient[_ ](quota|credits?|balance|funds)|exceeded your current quota", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who was asked, as messages show it."""

    role: str
    name: str
    where: str
    """The address, without secrets."""
    secrets: Collection[str] = ()
    is_chat: bool = True
    key_env: str | None = None
    """Name of the variable that holds the key."""

    def __repr__(self) -> str:
        return f"Asked(role={self.role!r}, name={self.name!r}, where={self.where!r})"


def fault_of(answer: Answer, asked: Asked, now: datetime | None = None) -> ModelError:
    """Return the error that an answer with a status other than 200 stands for.

    ``now`` is what a ``Retry-After`` that names a date is measured against; None is the present.
    """
    words = said(answer.body)
    status = answer.status
    quoted = f"{status}: {mask(words, asked.secrets)}"[:300] if words else f"{status} without a message"
    return _from_words(status, words, quoted, asked) or _from_status(answer, quoted, asked, now)


def fault_in_body(error: Json, asked: Asked) -> ModelError:
    """Return the error of a body that says ``error`` although its status was 200, as gateways do once they have begun."""
    code = error.get("code") if isinstance(error, Mapping) else None
    status = code if isinstance(code, int) and code in _ERRORS else 500
    return fault_of(Answer(status, json.dumps({"error": error}).encode(), {}), asked)


def _from_words(status: int, words: str, quoted: str, asked: Asked) -> ModelError | None:
    """Return the error that the server's words tell more exactly than its status."""
    if status not in _WORDED:
        return None
    if _NO_MONEY.search(words) or status == _NO_CREDIT:
        return _error(
            asked,
            "the account has no credit left",
            "unauthorised",
            quoted,
            ends_run=True,
            next=f"top it up, or bind {asked.role!r} to another endpoint; the run can be resumed",
        )
    if status in _TOO_LONG and _CONTEXT.search(words):
        return _error(
            asked,
            "the prompt is longer than the model's context",
            "context_overflow",
            quoted,
            next="shorten what goes into the prompt, or serve the model with more context; "
            "raising max_tokens will not help",
        )
    if status in _FILTERED and _FILTER.search(words):
        return _error(asked, "the provider's filter refused the request", "content_refused", quoted)
    if status in _UNKNOWN and _NO_MODEL.search(words):
        return _error(
            asked,
            f"the endpoint has no model {asked.name!r}",
            "unknown_model",
            quoted,
            ends_run=True,
            next=f"check models.{asked.role}.name",
        )
    named = _PARAMETER.search(words) if status in _REFUSED else None
    if named:
        return _error(
            asked,
            f"the endpoint does not take {named[1]!r}",
            "bad_request",
            quoted,
            next=f"leave it out of the sampling or extra_body of {asked.role!r}"
            + (" (send_seed: false)" if named[1] == "seed" else ""),
        )
    return None


def _from_status(answer: Answer, quoted: str, asked: Asked, now: datetime | None) -> ModelError:
    status = answer.status
    if status in _NO_KEY:
        what = "the key was refused" if asked.secrets else "the endpoint wants a key"
        return _error(
            asked,
            what,
            "unauthorised",
            quoted,
            ends_run=True,
            next=f"put a valid key into the environment variable {asked.key_env}"
            if asked.key_env
            else f"name the environment variable that holds the key under models.{asked.role}.key_env",
        )
    if status in _BUSY:
        error = _error(asked, "the endpoint is overloaded", "overloaded", quoted, retryable=True)
        error.retry_after_s = retry_after_s(answer.headers, now)
        return error
    if status in _GAVE_UP:
        return _error(asked, "the endpoint gave the request up", "timeout", quoted, retryable=True)
    if status in _SERVER:
        return _error(asked, "the server failed", "server", quoted, retryable=True)
    if status in _MOVED:
        return _error(
            asked,
            "the address sends on to another one",
            "bad_request",
            f"{status}, to {mask(answer.headers.get('location', 'nowhere'), asked.secrets)[:150]!r}",
            ends_run=True,
            next=f"write the final address under models.{asked.role}.endpoint",
        )
    if status in _NO_PATH:
        what = (
            "the address does not answer chat requests"
            if asked.is_chat
            else "the endpoint has no raw completion"
        )
        return _error(
            asked,
            what,
            "bad_request",
            quoted,
            ends_run=True,
            next=f"does models.{asked.role}.endpoint end in /v1?"
            if asked.is_chat
            else f"take 'raw' out of the capabilities of {asked.role!r}, or bind another endpoint",
        )
    return _error(asked, "the endpoint refused the request", "bad_request", quoted)


def no_json(answer: Answer, asked: Asked) -> ModelError:
    """Return the error of a body that should have been JSON and is not: a page, or a cut text."""
    start = answer.body[:300].decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
    if start.startswith("<"):
        return _error(
            asked,
            "the address speaks HTML, is the /v1 missing?",
            "malformed",
            f"{answer.status}: {mask(start, asked.secrets)[:120]!r}",
            next=f"check models.{asked.role}.endpoint; a proxy or a login page may stand between",
        )
    quoted = f"{len(answer.body)} bytes: {mask(start, asked.secrets)[:120]!r}"
    if start.startswith("{") and not answer.body.rstrip().endswith(b"}"):
        return _error(asked, "the reply's body ended early", "cut_body", quoted, retryable=True)
    return _error(asked, "the reply is not JSON", "malformed", quoted, retryable=True)


def malformed(what: str, body: Json, asked: Asked) -> ModelError:
    """Return the error of a JSON body that is no reply; the same request may get a whole one."""
    return _error(asked, what, "malformed", mask(repr(body), asked.secrets)[:200], retryable=True)


def _error(
    asked: Asked,
    what: str,
    fault: ModelFault,
    got: str,
    *,
    retryable: bool = False,
    ends_run: bool = False,
    next: str | None = None,  # noqa: A002 - the label of the message's fourth line
) -> ModelError:
    where = f"model {asked.role} ({asked.name}) at {asked.where}"
    return ModelError(
        what, fault=fault, retryable=retryable, ends_run=ends_run, where=where, got=got, next=next
    )


def said(body: bytes) -> str:
    """Return the words of an error's body: its message where it is JSON of a known form, else its beginning.

    >>> said(b'{"error": {"message": "model not found", "code": "model_not_found"}}')
    'model not found (model_not_found)'
    """
    import orjson

    try:
        read = orjson.loads(body)
    except orjson.JSONDecodeError:
        return " ".join(body[:300].decode("utf-8", "replace").split())
    error = read.get("error", read) if isinstance(read, Mapping) else read
    if not isinstance(error, Mapping):
        return str(error)[:1000]
    words = next((error[key] for key in ("message", "detail", "error", "msg") if error.get(key)), error)
    extra = [str(error[key]) for key in ("code", "type", "param") if isinstance(error.get(key), str)]
    return f"{words} ({', '.join(extra)})"[:1000] if extra else str(words)[:1000]


def retry_after_s(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return for how long the server asks to wait, in seconds; None where it does not say.

    ``Retry-After`` holds seconds or an HTTP date; ``retry-after-ms`` is read as well. A date is measured against the
    server's own clock where it tells it, and nobody waits for longer than an hour without asking again.

    >>> retry_after_s({"retry-after": "20"})
    20.0
    >>> retry_after_s(
    ...     {"retry-after": "Wed, 21 Oct 2026 07:28:10 GMT"}, datetime(2026, 10, 21, 7, 28, tzinfo=UTC)
    ... )
    10.0
    """
    in_ms = headers.get("retry-after-ms", "").strip()
    if _NUMBER.fullmatch(in_ms):
        return min(float(in_ms) / 1000, LONGEST_WAIT_S)
    value = headers.get("retry-after", "").strip()
    if _NUMBER.fullmatch(value):
        return min(float(value), LONGEST_WAIT_S)
    date = _date(value)
    if date is None:
        return None
    present = now or _date(headers.get("date", "")) or datetime.now(UTC)
    return min(max(0.0, (date - present).total_seconds()), LONGEST_WAIT_S)


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    return date if date.tzinfo is not None else date.replace(tzinfo=UTC)


def mask(words: str, secrets: Collection[str]) -> str:
    """Return the words without the secrets, and without pieces of one as servers quote them (``sk-ab****yz``).

    >>> mask("Incorrect API key provided: sk-ab*****wxyz.", ["sk-abcdefghijklmnopqrstuvwxyz"])
    'Incorrect API key provided: (hidden)'
    """
    for secret in sorted(secrets, key=len, reverse=True):
        words = words.replace(secret, "(hidden)")
        bare = secret.removeprefix("Bearer ").strip()
        if len(bare) >= _QUOTABLE:
            head, tail = re.escape(bare[:4]), re.escape(bare[-4:])
            words = words.replace(bare, "(hidden)")
            words = re.sub(rf"\S*(?:{head}|\*\S*{tail})\S*", "(hidden)", words)
    return words
