"""The OpenAI-compatible batch interface: files of requests go up, batches are made of them, files of replies come down.

``POST /files``, ``POST /batches``, ``GET /batches/{id}``, ``GET /files/{id}/content``. A client key stands in the uploaded
file's name and in the batch's metadata, so that a later start finds what an earlier one has sent. Nothing is tried again
here: what fails leaves as a ``ModelError``.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import AsyncIterator, Mapping
from typing import BinaryIO
from urllib.parse import quote

from tanemaki.core.batch import Complaint, RemoteBatch
from tanemaki.core.errors import ModelError
from tanemaki.core.model import Reply, Request
from tanemaki.core.record import Json
from tanemaki.models.faults import Asked, fault_of, malformed, no_json
from tanemaki.models.http import OK, Answer
from tanemaki.models.openai_compatible import OpenAICompatible
from tanemaki.models.wire import parse, read_reply

METADATA_KEY = "tanemaki"
"""Under which name the client key stands in a batch's metadata."""
_CANCELLED = {"canceled": "cancelled", "canceling": "cancelling"}
"""How some services write the states of a batch that was given up."""
_NEVER_DONE = frozenset({"batch_expired", "batch_cancelled", "batch_canceled"})
_GONE = 404
_PAGE = 100


class BatchFiles:
    """The batch interface of the endpoint that a role is bound to."""

    def __init__(self, model: OpenAICompatible) -> None:
        self._model = model

    def path(self, request: Request) -> str:
        """Return the path that answers such a request."""
        return path_of(request)

    def line(self, custom_id: str, request: Request) -> bytes:
        """Return a request as a line of a batch file."""
        return write_line(custom_id, path_of(request), self._model.wire_body(request))

    def read(self, line: Mapping[str, Json], n: int) -> Reply | ModelError | None:
        """Return what a line of a batch's files says of its request."""
        return read_line(line, self._model.asked("/batches"), n)

    async def find(self, key: str) -> RemoteBatch | None:
        """Go through the endpoint's batches, the newest first, for the one with this key."""
        async for entry in self._listed("/batches", {}):
            metadata = entry.get("metadata")
            if isinstance(metadata, Mapping) and metadata.get(METADATA_KEY) == key:
                return _batch_of(entry)
        return None

    async def find_file(self, key: str) -> str | None:
        """Go through the endpoint's batch files for the one with this key."""
        async for entry in self._listed("/files", {"purpose": "batch"}):
            if entry.get("filename") == file_name(key):
                return str(entry["id"])
        return None

    async def upload(self, key: str, lines: BinaryIO) -> str:
        """Send a file of requests."""
        answer = await self._model.http.upload(
            self._model.address("/files"), {"purpose": "batch"}, file_name(key), lines
        )
        return str(_with_id(self._object(answer, "/files"), self._model.asked("/files"))["id"])

    async def create(self, key: str, path: str, file_id: str) -> RemoteBatch:
        """Make a batch; every service has a window of 24 hours."""
        body = {
            "input_file_id": file_id,
            "endpoint": path,
            "completion_window": "24h",
            "metadata": {METADATA_KEY: key},
        }
        answer = await self._model.http.post(self._model.address("/batches"), body)
        return _batch_of(_with_id(self._object(answer, "/batches"), self._model.asked("/batches")))

    async def retrieve(self, batch: str) -> RemoteBatch:
        """Return how far a batch is."""
        path = f"/batches/{quote(batch, safe='')}"
        told = self._object(await self._model.http.get(self._model.address(path)), path)
        return _batch_of(_with_id(told, self._model.asked(path)))

    async def results(self, batch: RemoteBatch) -> AsyncIterator[Mapping[str, Json]]:
        """Fetch each file as a whole, and yield its lines.

        A last line that breaks off is ``cut_body``. Any other that is no JSON object would be none the next time either: it
        is passed over, and its request is one without a reply.
        """
        for file_id in batch.files:
            path = f"/files/{quote(file_id, safe='')}/content"
            with tempfile.TemporaryFile() as file:
                answer = await self._model.http.download(self._model.address(path), file)
                asked = self._model.asked(path)
                if answer.status != OK:
                    raise fault_of(answer, asked)
                file.seek(0)
                for raw in file:
                    line = _line_of(raw)
                    if line is not None:
                        yield line
                    elif raw.strip() and not raw.endswith(b"\n"):
                        raise no_json(Answer(OK, raw, {}), asked)

    async def delete_file(self, file_id: str) -> None:
        """Take a file away."""
        path = f"/files/{quote(file_id, safe='')}"
        answer = await self._model.http.delete(self._model.address(path))
        if answer.status not in (OK, _GONE):
            raise fault_of(answer, self._model.asked(path))

    async def _listed(self, path: str, query: Mapping[str, str]) -> AsyncIterator[Mapping[str, Json]]:
        """Yield every entry of a list that comes in pages."""
        after: str | None = None
        while True:
            asked = {**query, "limit": str(_PAGE), **({} if after is None else {"after": after})}
            said = "&".join(f"{name}={quote(value, safe='')}" for name, value in asked.items())
            page = self._object(await self._model.http.get(self._model.address(f"{path}?{said}")), path)
            data = page.get("data")
            listed = data if isinstance(data, list) else []
            entries = [entry for entry in listed if isinstance(entry, Mapping) and entry.get("id")]
            for entry in entries:
                yield entry
            # a service that knows no paging gives the same page again
            if not page.get("has_more") or not entries or entries[-1]["id"] == after:
                return
            after = str(entries[-1]["id"])

    def _object(self, answer: Answer, path: str) -> Mapping[str, Json]:
        asked = self._model.asked(path)
        if answer.status != OK:
            fault = fault_of(answer, asked)
            if answer.status in (_GONE, 405):
                fault.what = "the endpoint has no batch interface"
                fault.next = f"leave out models.{asked.role}.batch: the requests are then sent one by one"
            raise fault
        return _object_of(answer, asked)


def _line_of(raw: bytes) -> Mapping[str, Json] | None:
    """Return the object that a line of a file holds; None where it holds none."""
    try:
        found = parse(Answer(OK, raw, {}))
    except ValueError:
        return None
    return found if isinstance(found, Mapping) else None


def _with_id(told: Mapping[str, Json], asked: Asked) -> Mapping[str, Json]:
    """Return what was told if it says what it is called. Without a name nobody could ever ask for it."""
    if not told.get("id"):
        raise malformed("what came has no id", told, asked)
    return told


def _object_of(answer: Answer, asked: Asked) -> Mapping[str, Json]:
    try:
        found = parse(answer)
    except ValueError as error:
        raise no_json(answer, asked) from error
    if not isinstance(found, Mapping):
        raise malformed("what came is not an object", found, asked)
    return found


def file_name(key: str) -> str:
    """Return the name under which a batch's requests are uploaded.

    >>> file_name("5f2a")
    'tanemaki-5f2a.jsonl'
    """
    return f"tanemaki-{key}.jsonl"


def path_of(request: Request) -> str:
    """Return the path that answers such a request as batch files name it: from ``/v1`` on, wherever the endpoint lies."""
    return "/v1/chat/completions" if request.prompt is None else "/v1/completions"


def write_line(custom_id: str, path: str, body: Mapping[str, Json]) -> bytes:
    """Return a line of a batch file. Raises ``ModelError`` with fault ``bad_request`` for what is no JSON.

    >>> write_line("1-ab", "/v1/completions", {"model": "m", "prompt": "種"}).decode()
    '{"custom_id":"1-ab","method":"POST","url":"/v1/completions","body":{"model":"m","prompt":"種"}}\\n'
    """
    import orjson

    line = {"custom_id": custom_id, "method": "POST", "url": path, "body": body}
    try:
        return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError as error:
        raise ModelError(
            "the request cannot be written as JSON", fault="bad_request", got=f"{error}"[:200]
        ) from error


def read_line(line: Mapping[str, Json], asked: Asked, n: int) -> Reply | ModelError | None:
    """Return the reply that a line of an output file holds, its fault, or None where the request was never worked on.

    Services tell a failed request by the response's status, by ``error``, or (vLLM) by both with the body left empty.

    >>> asked = Asked("writer", "m", "http://localhost/v1")
    >>> read_line({"custom_id": "1", "error": {"code": "batch_expired", "message": "too late"}}, asked, 1)
    """
    response, error = line.get("response"), line.get("error")
    if isinstance(error, Mapping) and error.get("code") in _NEVER_DONE:
        return None
    status = response.get("status_code", OK) if isinstance(response, Mapping) else OK
    body = response.get("body") if isinstance(response, Mapping) else None
    if error or status != OK:
        if not isinstance(status, int) or status == OK:
            code = error.get("code") if isinstance(error, Mapping) else None
            status = code if isinstance(code, int) else 500
        return fault_of(Answer(status, json.dumps(body or {"error": error}).encode(), {}), asked)
    try:
        return read_reply(body, asked, n)
    except ModelError as fault:
        return fault


def _batch_of(entry: Mapping[str, Json]) -> RemoteBatch:
    errors = entry.get("errors")
    listed = errors.get("data") if isinstance(errors, Mapping) else None
    files = (entry.get("output_file_id"), entry.get("error_file_id"))
    return RemoteBatch(
        id=str(entry.get("id", "")),
        status=_CANCELLED.get(str(entry.get("status")), str(entry.get("status"))),
        files=tuple(str(file) for file in files if file),
        complaints=[
            Complaint(str(one.get("code") or ""), str(one.get("message") or ""), _number(one.get("line")))
            for one in listed or ()
            if isinstance(one, Mapping)
        ],
    )


def _number(value: Json) -> int | None:
    told = str(value)
    return int(told) if told.isascii() and told.isdigit() else None
