"""A faithful OpenAI-compatible server on loopback, whose faults and latencies are drawn from the requests.

In a thread, for one test::

    with Server(reply=lambda body: "はい。") as server:
        settings = ModelSettings(endpoint=server.url, name="tane")

As a process of its own, for tests that kill what talks to it (``ServerProcess``, or by hand)::

    python tests/support/server.py --port 8123 --latency-ms 5 40 --fault 429 0.1 --script replies.py

``GET /stats`` counts requests by content, ``GET /captured`` lists every body. A draw is named by the server's seed, the
request's content and how often that content came, so the same requests meet the same faults in whatever order they come.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import runpy
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from aiohttp import web

TESTS = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[:0] = [str(TESTS), str(TESTS.parent / "src")]

from support import replies  # noqa: E402 - run as a script, the path is not known before
from support.batch_service import BatchBehaviour, BatchService  # noqa: E402 - the same
from tanemaki.core.seeding import Draw  # noqa: E402 - the same

FAULTS = ("429", "500", "reset", "hang", "cut", "html")
Reply = Callable[[dict[str, Any]], replies.Said]


@dataclass
class Behaviour:
    """What the server is like."""

    reply: Reply | None = None
    """Says the reply to a body; None is a few drawn sentences."""
    models: tuple[str, ...] = ("tane",)
    owned_by: str = "support"
    key: str | None = None
    """The key that requests must carry."""
    latency_s: tuple[float, float] = (0.0, 0.0)
    faults: Mapping[str, float] = field(default_factory=dict)
    """Fault → share of the tries that meet it."""
    faults_once: bool = False
    """Only the first try of a content meets a fault."""
    poison: float = 0.0
    """Share of the contents that always end with 500."""
    seed: int = 0
    retry_after: str = "0"
    context: int = 8192
    """Tokens of prompt and reply together."""
    slots: int | None = None
    """Requests at once; one more is refused with 429."""
    queues: bool = False
    """One more than the slots waits for its turn instead."""
    ignores: frozenset[str] = frozenset()
    """Keys of the body that are accepted and have no effect."""
    refuses: frozenset[str] = frozenset()
    """Keys of the body that are an error."""
    under: str = "/v1"
    """Where the paths begin."""
    captures: bool = True
    batches: BatchBehaviour = field(default_factory=BatchBehaviour)
    """What goes wrong with batch files."""


class Service:
    """The application: what was asked, and what is answered."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.captured: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.by_content: Counter[str] = Counter()
        self.met: Counter[str] = Counter()
        self.in_flight = 0
        self.in_flight_peak = 0
        self.in_work = 0
        """Requests that have a slot."""
        self.in_work_peak = 0
        self._slot = asyncio.Semaphore(behaviour.slots or 1)
        self.batches = BatchService(behaviour.batches, self._answer_in_batch)

    def application(self) -> web.Application:
        application = web.Application(client_max_size=64 * 2**20)
        under = self.behaviour.under
        application.router.add_get(f"{under}/models", self._models)
        application.router.add_post(f"{under}/chat/completions", self._complete)
        application.router.add_post(f"{under}/completions", self._complete)
        self.batches.mount(application.router, under)
        application.router.add_get("/stats", self._stats)
        application.router.add_get("/captured", self._captured)
        return application

    def stats(self) -> dict[str, Any]:
        return {
            "requests": self.by_content.total(),
            "by_content": dict(self.by_content),
            "faults": dict(self.met),
            "in_flight": self.in_flight,
            "in_flight_peak": self.in_flight_peak,
        }

    async def _stats(self, _: web.Request) -> web.Response:
        return web.json_response(self.stats())

    async def _captured(self, _: web.Request) -> web.Response:
        return web.json_response(self.captured)

    async def _models(self, request: web.Request) -> web.Response:
        self.headers.append(dict(request.headers))
        if not self._is_allowed(request):
            return _error(401, "Incorrect API key provided", "invalid_api_key")
        entry = {"object": "model", "created": 0, "owned_by": self.behaviour.owned_by}
        listed = [
            {"id": name, **entry, "max_model_len": self.behaviour.context} for name in self.behaviour.models
        ]
        return web.json_response({"object": "list", "data": listed})

    def _is_allowed(self, request: web.Request) -> bool:
        key = self.behaviour.key
        return key is None or request.headers.get("Authorization") == f"Bearer {key}"

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        self.headers.append(dict(request.headers))
        self.in_flight += 1
        self.in_flight_peak = max(self.in_flight, self.in_flight_peak)
        try:
            return await self._answer(request)
        finally:
            self.in_flight -= 1

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        try:
            body = json.loads(await request.read())
        except ValueError:
            return _error(400, "the body is not JSON", "invalid_request_error")
        name = replies.hash_of(body)
        attempt = self.by_content[name]
        self.by_content[name] += 1
        if self.behaviour.captures:
            self.captured.append(body)
        refused = self._refused(request, body)
        if refused is not None:
            return refused
        low, high = self.behaviour.latency_s
        if high > 0:
            wait = low + (high - low) * Draw("latency", self.behaviour.seed, name, attempt).uniform()
            await self._work(wait)
        fault = self._fault(name, attempt)
        if fault is not None:
            self.met[fault] += 1
            return await self._fail(fault, request, body)
        if body.get("stream"):
            return await self._stream(request, body)
        return web.json_response(self._completion(body))

    async def _work(self, seconds: float) -> None:
        if not self.behaviour.queues:
            await asyncio.sleep(seconds)
            return
        async with self._slot:
            self.in_work += 1
            self.in_work_peak = max(self.in_work, self.in_work_peak)
            await asyncio.sleep(seconds)
            self.in_work -= 1

    def _refused(self, request: web.Request, body: dict[str, Any]) -> web.Response | None:
        is_chat = request.path.endswith("/chat/completions")
        if not self._is_allowed(request):
            sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
            return _error(401, f"Incorrect API key provided: {sent}", "invalid_api_key")
        behaviour = self.behaviour
        if behaviour.slots is not None and not behaviour.queues and self.in_flight > behaviour.slots:
            return _error(
                429, "every slot is taken", "rate_limit", {"Retry-After": self.behaviour.retry_after}
            )
        if body.get("model") not in self.behaviour.models:
            return _error(404, f"The model `{body.get('model')}` does not exist.", "model_not_found")
        for key in sorted(self.behaviour.refuses & set(body)):
            return _error(
                400,
                f"Unsupported parameter: '{key}' is not supported with this model.",
                "unsupported_parameter",
            )
        if is_chat and not (isinstance(body.get("messages"), list) and body["messages"]):
            return _error(400, "messages must be a list with at least one message", "invalid_request_error")
        if not is_chat and not isinstance(body.get("prompt"), str):
            return _error(400, "prompt must be a text", "invalid_request_error")
        n_prompt = replies.prompt_tokens(body)
        if n_prompt + (body.get("max_tokens") or 0) > self.behaviour.context:
            return _error(
                400,
                f"This model's maximum context length is {self.behaviour.context} tokens. However, your prompt has "
                f"{n_prompt} tokens.",
                "context_length_exceeded",
            )
        return None

    def _answer_in_batch(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Return status and body of a request that came in a batch file."""
        name = replies.hash_of(body)
        attempt = self.by_content[name]
        self.by_content[name] += 1
        if self.behaviour.captures:
            self.captured.append(body)
        if body.get("model") not in self.behaviour.models:
            return 404, {"error": {"message": f"The model `{body.get('model')}` does not exist."}}
        fault = self._fault(name, attempt)
        if fault is not None:
            self.met[fault] += 1
            return int(fault), {"error": {"message": f"{path} stumbled", "code": "server_error"}}
        return 200, self._completion(body)

    def is_poisoned(self, name: str) -> bool:
        """Whether a content, by its name, always ends with 500."""
        return Draw("poison", self.behaviour.seed, name).uniform() < self.behaviour.poison

    def _fault(self, name: str, attempt: int) -> str | None:
        if self.is_poisoned(name):
            return "500"
        if attempt and self.behaviour.faults_once:
            return None
        draw = Draw("fault", self.behaviour.seed, name, attempt).uniform()
        for fault, share in self.behaviour.faults.items():
            if draw < share:
                return fault
            draw -= share
        return None

    async def _fail(self, fault: str, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        if fault == "429":
            return _error(429, "slow down", "rate_limit", {"Retry-After": self.behaviour.retry_after})
        if fault == "500":
            return _error(500, "the engine stumbled", "server_error")
        if fault == "html":
            return web.Response(text="<!DOCTYPE html><title>gateway</title>", content_type="text/html")
        if fault == "hang":
            await asyncio.Event().wait()
        raw = json.dumps(self._completion(body)).encode()
        if fault == "cut":
            response = web.StreamResponse(headers={"Content-Length": str(len(raw))})
            response.content_type = "application/json"
            await response.prepare(request)
            await response.write(raw[: len(raw) // 2])
            # What was written must be on its way before the connection is torn down.
            await asyncio.sleep(0)
        assert request.transport is not None
        if fault == "reset":
            request.transport.abort()
        else:
            request.transport.close()
        return web.Response()

    def _completion(self, body: dict[str, Any]) -> dict[str, Any]:
        is_chat = "messages" in body
        heard = {key: value for key, value in body.items() if key not in self.behaviour.ignores}
        chosen = [self._choice(heard, i) for i in range(heard.get("n") or 1)]
        n_prompt, n_said = replies.prompt_tokens(body), sum(c.n_thought + len(c.tokens) for c in chosen)
        return {
            "id": f"cmpl-{replies.hash_of(body)}",
            "object": "chat.completion" if is_chat else "text_completion",
            "created": 0,
            "model": body["model"],
            "choices": [_choice_on_wire(choice, heard, i) for i, choice in enumerate(chosen)],
            "usage": {
                "prompt_tokens": n_prompt,
                "completion_tokens": n_said,
                "total_tokens": n_prompt + n_said,
            },
        }

    def _choice(self, body: dict[str, Any], index: int) -> replies.Choice:
        reply = self.behaviour.reply
        said = replies.default_reply(body, index) if reply is None else reply(body)
        return replies.choice_of(said, body)

    async def _stream(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        whole = self._completion(body)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        is_chat = "messages" in body
        head = {key: whole[key] for key in ("id", "created", "model")}
        head["object"] = "chat.completion.chunk" if is_chat else "text_completion"

        async def send(choices: list[dict[str, Any]], **more: Any) -> None:
            chunk = {**head, "choices": choices, **more}
            await response.write(b"data: " + json.dumps(chunk, ensure_ascii=False).encode() + b"\n\n")

        for choice in whole["choices"]:
            index = choice["index"]
            for token in replies.tokens_of(choice["message"]["content"] or "" if is_chat else choice["text"]):
                piece = {"delta": {"role": "assistant", "content": token}} if is_chat else {"text": token}
                await send([{"index": index, **piece, "finish_reason": None}])
            end: dict[str, Any] = {"delta": {}} if is_chat else {"text": ""}
            await send([{"index": index, **end, "finish_reason": choice["finish_reason"]}])
        if (body.get("stream_options") or {}).get("include_usage"):
            await send([], usage=whole["usage"])
        await response.write(b"data: [DONE]\n\n")
        return response


def _choice_on_wire(choice: replies.Choice, body: dict[str, Any], index: int) -> dict[str, Any]:
    wire: dict[str, Any] = {"index": index, "finish_reason": choice.finish_reason, "logprobs": None}
    if "messages" in body:
        wire["message"] = {"role": "assistant", **choice.message}
        if body.get("logprobs"):
            wire["logprobs"] = replies.chat_logprobs(choice, body.get("top_logprobs") or 0)
    else:
        wire["text"] = choice.text
        if isinstance(body.get("logprobs"), int):
            wire["logprobs"] = replies.raw_logprobs(choice, body["logprobs"])
    return wire


def _error(status: int, message: str, code: str, headers: Mapping[str, str] | None = None) -> web.Response:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    return web.json_response({"error": error}, status=status, headers=headers)


async def start(service: Service, port: int = 0) -> tuple[web.AppRunner, int]:
    """Serve on loopback; return what stops it, and the port."""
    runner = web.AppRunner(service.application(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner, runner.addresses[0][1]


class Server:
    """The server in a thread of this process; what happened is in ``service``."""

    def __init__(self, **behaviour: Any) -> None:
        self.service = Service(Behaviour(**behaviour))
        self._ready: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event, int]] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._loop, self._stop, self.port = self._ready.result(timeout=30)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(timeout=30)

    @property
    def root(self) -> str:
        """The address without ``/v1``."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The base address of the OpenAI form."""
        return self.root + self.service.behaviour.under

    @property
    def captured(self) -> list[dict[str, Any]]:
        """Every body that was sent to a completion path, in order of arrival."""
        return self.service.captured

    async def _serve(self) -> None:
        runner, port = await start(self.service)
        stop = asyncio.Event()
        self._ready.set_result((asyncio.get_running_loop(), stop, port))
        await stop.wait()
        await runner.cleanup()


class ServerProcess:
    """The server as a process of its own, which outlives what is killed beside it. Arguments are those of the script."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), *self._arguments],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        assert self._process.stdout is not None
        self.root = self._process.stdout.readline().strip()
        self.url = f"{self.root}/v1"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.communicate(timeout=30)


def _parsed(arguments: list[str] | None) -> tuple[Behaviour, int]:
    parser = argparse.ArgumentParser(
        description="An OpenAI-compatible server for tests. Its address is its first line."
    )
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--model", action="append", help="a model's name; may be repeated")
    parser.add_argument("--key", help="the key that requests must carry")
    parser.add_argument("--latency-ms", type=float, nargs=2, default=(0.0, 0.0), metavar=("LOW", "HIGH"))
    parser.add_argument(
        "--fault", nargs=2, action="append", default=[], metavar=("KIND", "SHARE"), help=str(FAULTS)
    )
    parser.add_argument("--faults-once", action="store_true", help="only first tries meet faults")
    parser.add_argument("--poison", type=float, default=0.0, help="share of the contents that always fail")
    parser.add_argument("--retry-after", default="0", help="what a 429 asks for, in seconds")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--slots", type=int)
    parser.add_argument("--context", type=int, default=8192)
    parser.add_argument(
        "--script", type=Path, help="a Python file whose function reply(body) says the replies"
    )
    read = parser.parse_args(arguments)
    unknown = {kind for kind, _ in read.fault} - set(FAULTS)
    if unknown:
        parser.error(f"unknown fault {sorted(unknown)}, one of {FAULTS}")
    behaviour = Behaviour(
        reply=runpy.run_path(str(read.script))["reply"] if read.script else None,
        models=tuple(read.model or ("tane",)),
        key=read.key,
        latency_s=(read.latency_ms[0] / 1000, read.latency_ms[1] / 1000),
        faults={kind: float(share) for kind, share in read.fault},
        faults_once=read.faults_once,
        poison=read.poison,
        retry_after=read.retry_after,
        seed=read.seed,
        slots=read.slots,
        context=read.context,
    )
    return behaviour, read.port


async def _main(arguments: list[str] | None = None) -> None:
    behaviour, wanted = _parsed(arguments)
    runner, port = await start(Service(behaviour), wanted)
    sys.stdout.write(f"http://127.0.0.1:{port}\n")
    sys.stdout.flush()
    try:
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    try:
        asyncio.run(_main())
    except KeyboardInterrupt:
        sys.exit(130)
