"""The batch interface of the test server: files, batches that go through their states, files of replies.

A batch moves on by one state each time somebody looks at it, so that nothing depends on time. Replies come in another order
than the requests. What goes wrong is said beforehand, by the number of the batch (from 1, in the order of their making).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tanemaki.core.seeding import Draw, hex_id

Answer = Callable[[str, dict[str, Any]], tuple[int, dict[str, Any]]]
"""From the path and the body of a request to the status and the body of its reply."""
STATES = ("validating", "in_progress", "finalizing")


@dataclass
class BatchBehaviour:
    """What goes wrong with batches."""

    expires: Mapping[int, float] = field(default_factory=dict)
    """Number of a batch → share of its requests that is done when its time is over."""
    fails: Mapping[int, list[dict[str, Any]]] = field(default_factory=dict)
    """Number of a batch → the errors for which it is refused."""
    loses: frozenset[int] = frozenset()
    """Numbers of batches whose first answer to their maker is lost: they are made, and the connection breaks."""
    cuts_file: frozenset[int] = frozenset()
    """Numbers of batches whose replies break off in the middle when they are fetched for the first time."""
    drops: frozenset[int] = frozenset()
    """Numbers of batches whose files of replies are gone before anybody fetched them."""
    hides: Mapping[int, int] = field(default_factory=dict)
    """Number of a batch → looks at which it is not known yet."""
    page: int = 100
    """Most entries of one page of a list."""


class BatchService:
    """The routes, and everything that lies behind them."""

    def __init__(self, behaviour: BatchBehaviour, answer: Answer) -> None:
        self.behaviour = behaviour
        self._answer = answer
        self.files: dict[str, dict[str, Any]] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.requests: list[dict[str, Any]] = []
        """Every line of every batch that was made, in order."""
        self.calls: Counter[str] = Counter()
        """Method and route → how often it was called."""
        self._looks: Counter[str] = Counter()
        self.accepts = True
        """False: batches stay in progress until it is set."""
        self.on_look: Callable[[int], object] = lambda _: None
        """Called, in the server's thread, whenever somebody looks after a batch, with how often that was."""

    @property
    def custom_ids(self) -> Counter[str]:
        """How often each request was in a batch."""
        return Counter(line["custom_id"] for line in self.requests)

    def mount(self, router: web.UrlDispatcher, under: str) -> None:
        """Add the routes below a path."""
        routes: Iterable[tuple[str, str, Callable[[web.Request], Awaitable[web.StreamResponse]]]] = (
            ("POST", "/files", self._add_file),
            ("GET", "/files", self._list_files),
            ("GET", "/files/{id}", self._file),
            ("GET", "/files/{id}/content", self._content),
            ("DELETE", "/files/{id}", self._delete),
            ("POST", "/batches", self._make),
            ("GET", "/batches", self._list_batches),
            ("GET", "/batches/{id}", self._look),
            ("POST", "/batches/{id}/cancel", self._cancel),
        )
        for method, path, handler in routes:
            router.add_route(method, under + path, self._counted(f"{method} {path}", handler))

    def _counted(
        self, name: str, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def counted(request: web.Request) -> web.StreamResponse:
            self.calls[name] += 1
            return await handler(request)

        return counted

    async def _add_file(self, request: web.Request) -> web.Response:
        form = await request.post()
        file = form["file"]
        assert isinstance(file, web.FileField)
        if form.get("purpose") != "batch":
            return _error(400, "purpose must be batch")
        return web.json_response(self._keep(file.filename, file.file.read(), "batch"))

    def _keep(self, name: str, content: bytes, purpose: str) -> dict[str, Any]:
        file_id = f"file-{len(self.files) + 1:06d}"
        about = {"id": file_id, "object": "file", "bytes": len(content), "created_at": len(self.files)}
        about |= {"filename": name, "purpose": purpose, "status": "processed"}
        self.files[file_id] = {"about": about, "content": content}
        return about

    async def _list_files(self, request: web.Request) -> web.Response:
        purpose = request.query.get("purpose")
        listed = [file["about"] for file in self.files.values()]
        return self._page(request, [one for one in listed if purpose in (None, one["purpose"])])

    async def _file(self, request: web.Request) -> web.Response:
        found = self.files.get(request.match_info["id"])
        return _error(404, "no such file") if found is None else web.json_response(found["about"])

    async def _content(self, request: web.Request) -> web.StreamResponse:
        found = self.files.get(request.match_info["id"])
        if found is None:
            return _error(404, "no such file")
        if not found.pop("cut", False):
            return web.Response(body=found["content"], content_type="application/jsonl")
        raw = found["content"]
        response = web.StreamResponse(headers={"Content-Length": str(len(raw))})
        await response.prepare(request)
        await response.write(raw[: raw.index(b"\n") + 20])
        assert request.transport is not None
        request.transport.close()
        return response

    async def _delete(self, request: web.Request) -> web.Response:
        file_id = request.match_info["id"]
        if self.files.pop(file_id, None) is None:
            return _error(404, "no such file")
        return web.json_response({"id": file_id, "object": "file", "deleted": True})

    async def _make(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        file = self.files.get(asked.get("input_file_id"))
        if file is None or asked.get("completion_window") != "24h":
            return _error(400, "input_file_id or completion_window is wrong")
        number = len(self.batches) + 1
        batch: dict[str, Any] = {
            "id": f"batch_{number:06d}",
            "object": "batch",
            "endpoint": asked["endpoint"],
            "input_file_id": asked["input_file_id"],
            "completion_window": "24h",
            "created_at": number,
            "metadata": asked.get("metadata"),
            "status": "validating",
            "output_file_id": None,
            "error_file_id": None,
            "errors": None,
        }
        self.batches[batch["id"]] = batch
        lines = [json.loads(line) for line in file["content"].splitlines()]
        assert all(line["url"] == asked["endpoint"] and line["method"] == "POST" for line in lines)
        if number not in self.behaviour.fails:
            self.requests += lines
        batch["request_counts"] = {"total": len(lines), "completed": 0, "failed": 0}
        if number in self.behaviour.loses:
            assert request.transport is not None
            request.transport.abort()
        return web.json_response(batch)

    async def _list_batches(self, request: web.Request) -> web.Response:
        return self._page(request, list(reversed(self.batches.values())))

    def _page(self, request: web.Request, entries: list[dict[str, Any]]) -> web.Response:
        ids = [entry["id"] for entry in entries]
        start = ids.index(request.query["after"]) + 1 if "after" in request.query else 0
        end = start + min(int(request.query.get("limit", 20)), self.behaviour.page)
        shown = entries[start:end]
        ends = {"first_id": shown[0]["id"], "last_id": shown[-1]["id"]} if shown else {}
        return web.json_response({"object": "list", "data": shown, **ends, "has_more": end < len(entries)})

    async def _look(self, request: web.Request) -> web.Response:
        batch = self.batches.get(request.match_info["id"])
        if batch is None:
            return _error(404, "no such batch")
        self.on_look(self.calls["GET /batches/{id}"])
        self._looks[batch["id"]] += 1
        if self._looks[batch["id"]] <= self.behaviour.hides.get(batch["created_at"], 0):
            return _error(404, "no such batch")
        if batch["status"] == "cancelling":
            self._end(batch, "cancelled", 0.5)
        elif batch["status"] in STATES and (self.accepts or batch["status"] != "in_progress"):
            self._move_on(batch)
        return web.json_response(batch)

    def _move_on(self, batch: dict[str, Any]) -> None:
        number = batch["created_at"]
        place = STATES.index(batch["status"]) + 1
        if number in self.behaviour.fails:
            batch["status"] = "failed"
            batch["errors"] = {"object": "list", "data": self.behaviour.fails[number]}
        elif place < len(STATES):
            batch["status"] = STATES[place]
        else:
            share = self.behaviour.expires.get(number)
            self._end(batch, "completed" if share is None else "expired", 1.0 if share is None else share)

    def _end(self, batch: dict[str, Any], status: str, share: float) -> None:
        content = self.files[batch["input_file_id"]]["content"]
        lines = [json.loads(line) for line in content.splitlines()]
        done: list[dict[str, Any]] = []
        failed: list[dict[str, Any]] = []
        for i, line in enumerate(Draw("order", batch["id"]).sample(lines, len(lines))):
            if i >= share * len(lines):
                error = {
                    "code": f"batch_{status}",
                    "message": f"This request was not done: the batch {status}.",
                }
                failed.append(
                    {"id": f"r{i}", "custom_id": line["custom_id"], "response": None, "error": error}
                )
                continue
            code, body = self._answer(line["url"], line["body"])
            response = {"status_code": code, "request_id": hex_id(line["custom_id"]), "body": body}
            told = {"id": f"r{i}", "custom_id": line["custom_id"], "response": response, "error": None}
            (done if code == 200 else failed).append(told)
        batch["status"] = status
        batch["request_counts"] = {"total": len(lines), "completed": len(done), "failed": len(failed)}
        for key, entries in (("output_file_id", done), ("error_file_id", failed)):
            if entries:
                raw = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries).encode()
                about = self._keep(f"{batch['id']}_{key}.jsonl", raw, "batch_output")
                self.files[about["id"]]["cut"] = batch["created_at"] in self.behaviour.cuts_file
                batch[key] = about["id"]
                if batch["created_at"] in self.behaviour.drops:
                    del self.files[about["id"]]

    async def _cancel(self, request: web.Request) -> web.Response:
        batch = self.batches.get(request.match_info["id"])
        if batch is None:
            return _error(404, "no such batch")
        if batch["status"] in STATES:
            batch["status"] = "cancelling"
        return web.json_response(batch)


def _error(status: int, message: str) -> web.Response:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": None}
    return web.json_response({"error": error}, status=status)
