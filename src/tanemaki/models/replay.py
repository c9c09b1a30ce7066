"""Answer again what was answered before: recorded exchanges, known by what was asked.

The file is JSON lines of ``{"model": name, "request": body, "reply": reply}``; ``Recorder`` writes it. Two requests that
ask the same of the same model, whatever ``max_tokens`` says, get the same reply; of several recorded for one request the
first holds, so that a run does not depend on which of its rows asked first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import SequenceMatcher
from pathlib import Path

from tanemaki.config.schema import ModelSettings
from tanemaki.core.errors import ModelError, SetupError, shorten
from tanemaki.core.model import Capability, Model, Reply, Request
from tanemaki.core.record import Json
from tanemaki.core.seeding import hex_id
from tanemaki.models.json_lines import read_json_lines
from tanemaki.models.openai_compatible import ALL
from tanemaki.models.scripted import last_text

_LOOKED_THROUGH = 2_000
"""Recorded requests that are compared when one is missing: enough to show the likely slip, in well under a second."""


class Replay:
    """A model that answers from recorded exchanges.

    Without ``name`` it takes the name of the recorded model. Raises ``SetupError`` for a file that is missing, empty or
    misspelt, or that holds several models and ``name`` does not say which.
    Cost: memory for 100 bytes an exchange; replies stay in the file.
    """

    def __init__(self, path: Path, *, name: str | None = None) -> None:
        self._path = path
        offsets: dict[str, dict[str, int]] = {}
        for place, at, read in read_json_lines(path):
            if not {"model", "request", "reply"} <= set(read):
                raise SetupError(
                    "a line is not a recorded exchange",
                    where=place,
                    got=shorten(read),
                    next='each line holds "model", "request" and "reply"',
                )
            offsets.setdefault(read["model"], {}).setdefault(_hash(read["model"], read["request"]), at)
        if name is None and len(offsets) == 1:
            name = next(iter(offsets))
        if name is None or name not in offsets:
            raise SetupError(
                "the file holds no exchange of this model" if offsets else "the file holds no exchanges",
                where=str(path),
                got=f"name {name!r}, recorded {sorted(offsets)!r}",
                next="name one of the recorded models",
            )
        self._name = name
        self._offsets = offsets[name]

    @property
    def name(self) -> str:
        """The recorded model's name."""
        return self._name

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Everything: what was not recorded is refused request by request."""
        return ALL

    async def open(self) -> None:
        """Do nothing: the file was read already."""

    async def reply(self, request: Request) -> Reply:
        """Return the recorded reply. Raises ``ModelError`` (``bad_request``) naming the nearest recorded prompt."""
        at = self._offsets.get(_hash(self._name, request.to_wire()))
        if at is None:
            raise self._not_recorded(request)
        return Reply.from_json(self._read(at)["reply"])

    async def close(self) -> None:
        """Do nothing: no file is kept open."""

    def _read(self, at: int) -> Mapping[str, Json]:
        with self._path.open("rb") as file:
            file.seek(at)
            read: Mapping[str, Json] = json.loads(file.readline())
            return read

    def _not_recorded(self, request: Request) -> ModelError:
        asked = last_text(request)
        matcher = SequenceMatcher(b=asked[:2_000], autojunk=False)
        best, best_text = 0.0, None
        for at in list(self._offsets.values())[:_LOOKED_THROUGH]:
            text = last_text(_request_of(self._read(at)["request"]))
            matcher.set_seq1(text[:2_000])
            if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best:
                best, best_text = matcher.quick_ratio(), text
        if best_text == asked:
            hint = "the prompt was recorded, with other messages before it, another seed or other sampling"
        else:
            hint = f"nearest recorded: {shorten(best_text, 120)}"
        return ModelError(
            "this request was not recorded",
            fault="bad_request",
            where=f"{self._path.name}, model {self._name}",
            got=shorten(asked, 120),
            next=hint,
        )


class Recorder:
    """A model that passes every request on and writes each exchange down, for ``Replay``.

    A failed call is not recorded. The file is appended to, a line an exchange.
    """

    def __init__(self, model: Model, path: Path) -> None:
        self._model = model
        self._path = path

    @property
    def name(self) -> str:
        """The name of the model that is recorded."""
        return self._model.name

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Those of the model that is recorded."""
        return self._model.capabilities

    async def open(self) -> None:
        """Open the model that is recorded."""
        await self._model.open()

    async def reply(self, request: Request) -> Reply:
        """Ask the model, and write the exchange down before returning its reply."""
        reply = await self._model.reply(request)
        exchange = {"model": self.name, "request": request.to_wire(), "reply": reply.to_json()}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(exchange, ensure_ascii=False) + "\n")
        return reply

    async def close(self) -> None:
        """Close the model that is recorded."""
        await self._model.close()


def from_settings(role: str, settings: ModelSettings, base: Path) -> Replay:  # noqa: ARG001
    """Return the model of a role of ``kind: replay``. Raises ``SetupError``."""
    return Replay(base / (settings.file or ""), name=settings.name)


def _hash(model: str, body: Mapping[str, Json]) -> str:
    """Return the hash of what a body asks of a model, without ``max_tokens``."""
    kept = {key: value for key, value in body.items() if key != "max_tokens"}
    return hex_id(model, json.dumps(kept, ensure_ascii=False, sort_keys=True), length=32)


def _request_of(body: Mapping[str, Json]) -> Request:
    return Request(messages=body.get("messages", ()), prompt=body.get("prompt"))
