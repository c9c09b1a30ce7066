"""A scripted model behind a real connection: what it says goes over HTTP, where one try in ten ends with 429 or 500."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

from support.replies import default_reply
from support.server import Server
from tanemaki.config.schema import ModelSettings
from tanemaki.core.model import Model, Reply, Request, Sampling
from tanemaki.core.schema_probe import schema_question
from tanemaki.models import open_model
from tanemaki.models.scripted import Scripted


@contextmanager
def over_http(model: Scripted) -> Iterator[Model]:
    """Yield a model that asks a server, which answers as ``model`` does."""

    def said(body: Mapping[str, Any]) -> dict[str, Any]:
        drawn = {one.name: body[one.name] for one in fields(Sampling) if one.name in body}
        asked = Request(
            sampling=Sampling(**{**drawn, "stop": tuple(body.get("stop", ()))}),
            messages=body.get("messages", ()),
            prompt=body.get("prompt"),
            seed=body.get("seed"),
            tools=body.get("tools", ()),
            response_format=body.get("response_format"),
        )
        if asked.messages == schema_question(1).messages:
            return {
                "content": str(default_reply(body))
            }  # the engine asks whether the server obeys schemas: it does
        reply = _answer_of(model, asked)
        calls = {"tool_calls": list(reply.tool_calls)} if reply.tool_calls else {}
        return {"content": reply.text, **calls, "finish_reason": reply.finish_reason}

    # Where a reply ends, the scripted model says.
    ends = frozenset({"max_tokens", "stop"})
    with Server(reply=said, faults={"429": 0.05, "500": 0.05}, ignores=ends) as server:
        settings = ModelSettings(endpoint=server.url, name="tane")
        yield open_model("writer", settings, Path())


def _answer_of(model: Scripted, request: Request) -> Reply:
    """Run the model's coroutine here, inside the server's loop: it waits for nothing but its turn."""
    work = model.reply(request)
    while True:
        try:
            work.send(None)
        except StopIteration as ended:
            reply: Reply = ended.value
            return reply
