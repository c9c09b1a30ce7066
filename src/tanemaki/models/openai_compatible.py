"""The one wire format: any server that speaks the OpenAI form of chat and raw completion.

vLLM, SGLang, llama.cpp, Ollama, LM Studio and most hosted services do. What they do differently is small and lies
here: where ``/v1`` begins, what the token limit is called, which of them ignore what.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

from tanemaki.config.schema import ModelSettings
from tanemaki.core.errors import ModelError, SetupError, nearest, shorten
from tanemaki.core.model import Capability, Reply, Request
from tanemaki.core.record import Json
from tanemaki.core.strict_schema import strict_format
from tanemaki.models.faults import Asked, fault_of, no_json
from tanemaki.models.http import OK, Answer, Http, shown
from tanemaki.models.wire import listed_models, parse, read_reply

ALL: frozenset[Capability] = frozenset(get_args(Capability)) - {"embeddings"}
_LACKING: dict[str, frozenset[Capability]] = {
    "openai": frozenset({"raw", "min_p"}),
    "library": frozenset({"n", "min_p"}),
}
"""What a server that is known by how it lists its models does not offer; Ollama lists its own as ``library``'s."""
MOST_CONNECTIONS = 4096
"""Never fewer than there are requests: how many are in flight is the engine's to say. A second try of one that hangs, and
the question whether the endpoint is there at all, must not wait for a connection behind those that hang."""
OBEDIENT = frozenset({"vllm", "sglang", "llamacpp"})
"""Servers that hold every model to a JSON schema, as it stands: they constrain what may be drawn."""


class OpenAICompatible:
    """A model behind an OpenAI-compatible endpoint.

    ``endpoint`` may be written with or without ``/v1``. What the endpoint can do is taken to be everything, less what is
    known of the kind of server that ``open`` finds, unless ``capabilities`` says otherwise; ``tanemaki.models.probe``
    tells what is true.

    Raises ``SetupError`` for a variable that is named and not set.
    """

    def __init__(self, role: str, settings: ModelSettings) -> None:
        self._role = role
        self._settings = settings
        self._name = settings.name or ""
        self._base = _trimmed(settings.endpoint or "")
        self._secrets, headers = _headers(role, settings)
        self._http = Http(headers, MOST_CONNECTIONS, settings.timeout_s, settings.proxy)
        self._sent_as = settings.sent_as
        self._capabilities = ALL if settings.capabilities is None else frozenset(settings.capabilities)
        self._kind = ""
        self._askeds: dict[tuple[str, bool], Asked] = {}
        self.timed = True
        """Give a request up after ``timeout_s``; False where the engine does, with one timer for all."""

    def __repr__(self) -> str:
        return f"OpenAICompatible(role={self._role!r}, name={self._name!r}, endpoint={shown(self._base)!r})"

    @property
    def name(self) -> str:
        """The model's name, as the run file gives it."""
        return self._name

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What the run file says or, after ``open``, what is known of this kind of server."""
        return self._capabilities

    @property
    def presumed(self) -> frozenset[Capability]:
        """Capabilities that it is only taken to have: what rests on one is worth a probe before."""
        known = self._settings.capabilities is not None or self._kind in OBEDIENT
        return frozenset() if known else frozenset({"json_schema"})

    @property
    def endpoint(self) -> str:
        """The base address, as messages may show it."""
        return shown(self._base)

    @property
    def http(self) -> Http:
        """The connections to the endpoint."""
        return self._http

    def address(self, path: str) -> str:
        """Return the address of a path of the endpoint, once ``open`` has found where they begin."""
        return self._base + path

    async def open(self) -> None:
        """Find out where the endpoint's paths begin, and whether it has the model.

        An endpoint that lists no models, or refuses to list them, is taken as it is. Raises ``ModelError`` (which ends the
        run) if nothing answers, the key is refused, or the model is not among those listed.
        """
        models = await self._find_models()
        self._check_name(models)
        entry = next((entry for entry in models if _is_named(self._sent_as, str(entry["id"]))), {})
        self._kind = "openai" if _is_openai(self._base) else str(entry.get("owned_by", ""))
        if self._settings.capabilities is None:
            self._capabilities = ALL - _LACKING.get(self._kind, frozenset())

    async def models(self) -> list[Mapping[str, Json]]:
        """Return what the endpoint says of its models: ``id`` and whatever else each kind of server tells."""
        return await self._models_at(self._base)

    async def _models_at(self, base: str) -> list[Mapping[str, Json]]:
        answer = await self._http.get(f"{base}/models")
        asked = self.asked("/models", base=base)
        if answer.status != OK:
            raise fault_of(answer, asked)
        return listed_models(self._parsed(answer, asked))

    async def reply(self, request: Request) -> Reply:
        """Send one request and read its reply. Raises ``ModelError``; never tries again on its own."""
        path = "/chat/completions" if request.prompt is None else "/completions"
        asked = self.asked(path, is_chat=request.prompt is None)
        answer = await self._http.post(self._base + path, self.wire_body(request), timed=self.timed)
        if answer.status != OK:
            fault = fault_of(answer, asked)
            if fault.fault == "unknown_model":
                await self._name_the_nearest(fault)
            raise fault
        return read_reply(self._parsed(answer, asked), asked, request.n)

    async def close(self) -> None:
        """Close the connections. May be called twice."""
        await self._http.close()

    def wire_body(self, request: Request) -> dict[str, Json]:
        """Return the body as it is sent: the request's, the model's name, and the run file's ``extra_body`` over both."""
        body = {"model": self._sent_as, **request.to_wire()}
        if not self._settings.send_seed:
            body.pop("seed", None)
        if self._kind == "openai" and "messages" in body and "max_tokens" in body:
            body["max_completion_tokens"] = body.pop("max_tokens")
        if self._kind == "llamacpp" and "repetition_penalty" in body:
            body["repeat_penalty"] = body.pop("repetition_penalty")
        if request.response_format is not None and self._kind not in OBEDIENT:
            body["response_format"] = strict_format(request.response_format)
        body.update(self._settings.extra_body)
        return body

    def asked(self, path: str, *, is_chat: bool = True, base: str | None = None) -> Asked:
        """Return who is asked at a path, as messages show it."""
        url = (base or self._base) + path
        found = self._askeds.get((url, is_chat))
        if found is None:
            found = self._askeds[url, is_chat] = Asked(
                self._role, self._name, shown(url), self._secrets, is_chat, self._settings.key_env
            )
        return found

    def _parsed(self, answer: Answer, asked: Asked) -> Json:
        try:
            return parse(answer)
        except ValueError as error:
            raise no_json(answer, asked) from error

    async def _find_models(self) -> list[Mapping[str, Json]]:
        """Return what ``/models`` lists, and settle on the base address under which it was found.

        An endpoint is opened again to see whether it is there, while requests go to it: until then it stays where it was.
        """
        bases = _possible_bases(self._base)
        faults: list[ModelError] = []
        for base in bases:
            try:
                models = await self._models_at(base)
            except ModelError as fault:
                if fault.fault in ("transport", "timeout") or (
                    fault.fault == "unauthorised" and "401" in (fault.got or "")
                ):
                    fault.retryable, fault.ends_run = False, True
                    raise
                faults.append(fault)
            else:
                self._base = base
                return models
        self._base = bases[0]
        html = next((fault for fault in faults if "HTML" in fault.what), None)
        if html is not None:
            html.ends_run = True
            raise html
        return []

    def _check_name(self, models: list[Mapping[str, Json]]) -> None:
        ids = [str(entry["id"]) for entry in models]
        if ids and not any(_is_named(self._sent_as, listed) for listed in ids):
            fault = ModelError(
                f"the endpoint has no model {self._sent_as!r}",
                fault="unknown_model",
                ends_run=True,
                where=f"models.{self._role}.name, at {self.endpoint}",
            )
            raise _with_nearest(fault, self._sent_as, ids)

    async def _name_the_nearest(self, fault: ModelError) -> None:
        try:
            ids = [str(entry["id"]) for entry in await self.models()]
        except ModelError:  # the first fault tells more than that the list cannot be had either
            return
        _with_nearest(fault, self._sent_as, ids)


def from_settings(role: str, settings: ModelSettings, base: Path) -> OpenAICompatible:  # noqa: ARG001
    """Return the model of a role of ``kind: openai``, at its first endpoint. Raises ``SetupError``."""
    return OpenAICompatible(role, settings.each()[0])


def _with_nearest(fault: ModelError, name: str, ids: list[str]) -> ModelError:
    near = nearest(name, ids) or nearest(name.lower(), [listed.rpartition("/")[2].lower() for listed in ids])
    full = next((listed for listed in ids if near and listed.lower().endswith(near.lower())), near)
    fault.got = f"models listed there: {shorten(sorted(ids))}"
    fault.next = f"did you mean {full!r}?" if full else "take one of the names listed"
    return fault


def _is_named(name: str, listed: str) -> bool:
    """Tell whether a listed id is the model that was named: Ollama adds a tag, Gemini's endpoint a folder."""
    return listed in (name, f"{name}:latest", f"models/{name}")


def _is_openai(base: str) -> bool:
    return (urlsplit(base).hostname or "").endswith(("api.openai.com", "openai.azure.com"))


def _trimmed(endpoint: str) -> str:
    base = endpoint.strip().rstrip("/")
    for ending in ("/chat/completions", "/completions", "/models"):
        base = base.removesuffix(ending)
    return base


def _possible_bases(base: str) -> list[str]:
    """Return where the paths may begin, the likeliest first."""
    path = urlsplit(base).path
    if re.search(r"/v\d+[a-z0-9]*(/|$)", path):
        return [base]
    return [f"{base}/v1", base] if not path else [base, f"{base}/v1"]


def _headers(role: str, settings: ModelSettings) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the values that must never be shown, and the headers to send."""
    named = {header: _from_environment(role, header, name) for header, name in settings.headers_env.items()}
    secrets = list(named.values())
    if settings.key_env:
        key = _from_environment(role, "key_env", settings.key_env)
        secrets.append(key)
        named["Authorization"] = f"Bearer {key}"
    return (*secrets, *settings.headers.values()), {**settings.headers, **named}


def _from_environment(role: str, key: str, name: str) -> str:
    value = os.environ.get(name, "").strip()
    if value and value.isascii() and value.isprintable():
        return value
    near = nearest(name, [known for known in os.environ if known.endswith(("KEY", "TOKEN"))])
    where = f"models.{role}.key_env" if key == "key_env" else f"models.{role}.headers_env, header {key!r}"
    raise SetupError(
        f"the environment variable {name} " + ("holds what no header can hold" if value else "is not set"),
        where=where,
        next=f"export {name}=…" + (f", or did you mean {near}?" if near and not value else ""),
    )
