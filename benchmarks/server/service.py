"""What the endpoint says: chat and raw completions in the OpenAI form, whole or as an event stream, and its model."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from typing import Any

import orjson

from benchmarks.server.desk import Desk, Job
from benchmarks.server.draws import MARK, fault, is_poisoned, latency_s, n_words, units
from benchmarks.server.wire import Connection

_TEXT = (
    "the of and a to in is that it for was on are with they at be this have from or had by but what all were when we "
    "there can an your which their if do will each about how up out them then many some so would other into more two "
    "harbour meadow lantern seed furrow orchard kettle bridge answer reason measure season market paper river window"
)
_WORDS = tuple(_TEXT.split())
_MODELS = b'{"object":"list","data":[{"id":"bench","object":"model","created":0,"owned_by":"bench","max_model_len":32768}]}'
_N_EVENTS = 8


class Service:
    """Answers requests of one endpoint."""

    def __init__(self, desk: Desk, on_death: Callable[[], None]) -> None:
        self._desk = desk
        self._on_death = on_death

    def ask(self, connection: Connection, path: bytes, body: bytes) -> None:
        """Take one request."""
        if path.endswith(b"/completions"):
            self._complete(connection, body, is_chat=path.endswith(b"/chat/completions"))
        elif path.endswith(b"/models"):
            connection.answer(200, _MODELS)
        else:
            connection.answer(404, b'{"error":{"message":"nothing is here","code":"not_found"}}')

    def _complete(self, connection: Connection, raw: bytes, *, is_chat: bool) -> None:
        desk, behaviour = self._desk, self._desk.behaviour
        found = MARK.search(raw)
        row = found[1] if found else blake2b(raw, digest_size=12).hexdigest().encode()
        attempt = desk.arrive(row)
        try:
            body: dict[str, Any] = orjson.loads(raw)
        except orjson.JSONDecodeError:
            self._fail(connection, "bad_json", 400)
            return
        drawn = units(behaviour.seed, row, attempt)
        met = "poison" if is_poisoned(behaviour, row) else fault(behaviour, drawn, attempt)
        if met is None and behaviour.refuses and desk.is_full:
            met = "overloaded"
        if met is not None and self._meet(connection, met):
            return
        most = body.get("max_completion_tokens") or body.get("max_tokens")
        words = n_words(behaviour, drawn, most)
        job = Job(row, len(raw) // 4, words, latency_s(behaviour, drawn), _nothing)
        if body.get("stream"):
            job.done = lambda job: self._end_stream(connection, job, is_chat=is_chat)
            connection.begin_stream()
        else:
            is_cut = most is not None and words == most
            job.done = lambda job: self._reply(connection, job, met, is_chat=is_chat, is_cut=is_cut)
        connection.on_lost = lambda: desk.abort(job)
        desk.admit(job)

    def _meet(self, connection: Connection, met: str) -> bool:
        """Let the request meet a fault; False where its reply comes first."""
        self._desk.books.faults[met] += 1
        if met in ("cut", "malformed"):
            return False
        if met == "overloaded":
            wait = b"Retry-After: %g\r\n" % self._desk.behaviour.retry_after_s
            self._desk.leave()
            connection.answer(429, b'{"error":{"message":"slow down","code":"rate_limit_exceeded"}}', wait)
        elif met == "reset":
            self._desk.leave()
            connection.drop()
        elif met == "hang":
            connection.on_lost = self._desk.leave
        else:
            self._desk.leave()
            connection.answer(500, b'{"error":{"message":"the engine stumbled","code":"server_error"}}')
        return True

    def _fail(self, connection: Connection, name: str, status: int) -> None:
        self._desk.books.faults[name] += 1
        self._desk.leave()
        connection.answer(status, b'{"error":{"message":"no JSON","code":"invalid_request_error"}}')

    def _reply(
        self, connection: Connection, job: Job, met: str | None, *, is_chat: bool, is_cut: bool
    ) -> None:
        body = _body(job, is_chat=is_chat, is_cut=is_cut)
        if met == "malformed":
            body = body[: len(body) // 2]
        elif met is None:
            self._desk.pay(job)
        connection.answer(200, body, cut=met == "cut")
        self._die_if_due()

    def _end_stream(self, connection: Connection, job: Job, *, is_chat: bool) -> None:
        self._desk.pay(job)
        for event in _events(job, is_chat=is_chat):
            connection.send_event(event)
        connection.end_stream()
        self._die_if_due()

    def _die_if_due(self) -> None:
        books, due = self._desk.books, self._desk.behaviour.die_after
        if due and books.answered >= due and not books.died_at:
            books.died_at = time.monotonic()
            self._on_death()


def _nothing(_: Job) -> None:
    """Stand in until it is known what the job's end is."""


@cache
def _filler(n: int, variant: int) -> bytes:
    drawn = (blake2b(b"%d|%d" % (variant, i), digest_size=2).digest() for i in range(n))
    return " ".join(_WORDS[int.from_bytes(two, "little") % len(_WORDS)] for two in drawn).encode()


def text_of(row: bytes, n: int) -> bytes:
    """Return a reply of ``n`` words that belongs to the row: ``r0123abcd harbour … Score: 4``."""
    digest = blake2b(row, digest_size=8).hexdigest()
    if n < 4:
        return b"r%s" % digest.encode()
    drawn = int(digest[:4], 16)
    return b"r%s %s. Score: %d" % (digest.encode(), _filler(n - 3, drawn % 64), 1 + drawn % 5)


def _body(job: Job, *, is_chat: bool, is_cut: bool) -> bytes:
    text, n_in, n_out = text_of(job.row, job.n_words), job.prompt_tokens, job.n_words
    said = b'"message":{"role":"assistant","content":"%s"}' % text if is_chat else b'"text":"%s"' % text
    return (
        b'{"id":"cmpl-%s","object":"%s","created":0,"model":"bench","choices":[{"index":0,%s,"logprobs":null,'
        b'"finish_reason":"%s"}],"usage":{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d}}'
    ) % (
        *(job.row, b"chat.completion" if is_chat else b"text_completion", said),
        *(b"length" if is_cut else b"stop", n_in, n_out, n_in + n_out),
    )


def _events(job: Job, *, is_chat: bool) -> list[bytes]:
    words = text_of(job.row, job.n_words).decode().split(" ")
    size = max(1, -(-len(words) // _N_EVENTS))
    head = {
        "id": f"cmpl-{job.row.decode()}",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "bench",
    }
    events = []
    for at in range(0, len(words), size):
        piece = (" " if at else "") + " ".join(words[at : at + size])
        said = {"delta": {"role": "assistant", "content": piece}} if is_chat else {"text": piece}
        events.append(orjson.dumps({**head, "choices": [{"index": 0, **said, "finish_reason": None}]}))
    end = {"index": 0, "delta": {}, "finish_reason": "stop"}
    usage = {"prompt_tokens": job.prompt_tokens, "completion_tokens": job.n_words}
    events.append(orjson.dumps({**head, "choices": [end]}))
    events.append(orjson.dumps({**head, "choices": [], "usage": usage}))
    return [*events, b"[DONE]"]
