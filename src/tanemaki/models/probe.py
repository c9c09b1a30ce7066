"""What an endpoint can really do: asked, not believed.

Many servers accept a parameter and ignore it. So each probe asks something whose obeyed reply cannot be mistaken, and tells
``ignored`` from ``refused``. All of them together cost about a dozen requests of at most 64 tokens.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Protocol

from tanemaki.core.errors import ModelError, SetupError, TanemakiError
from tanemaki.core.model import Capability, Model, Reply, Request, Sampling
from tanemaki.core.record import Json
from tanemaki.core.schema_probe import COLOUR_SCHEMA, Finding, schema_finding, schema_question

_TOOL = {
    "type": "function",
    "function": {
        "name": "note_colour",
        "description": "Note the colour that was named.",
        "parameters": COLOUR_SCHEMA,
    },
}
_ASK = "Name a colour."
_WANDER = "Write ten random words."


class Probed(Model, Protocol):
    """A model that can list what its endpoint serves."""

    async def models(self) -> list[Mapping[str, Json]]:
        """Return what the endpoint says of its models."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What was found."""

    name: str
    error: TanemakiError | None = None
    """Why nothing could be asked, or the first call failed; None if the endpoint answers."""
    listed: tuple[str, ...] = ()
    """Models that the endpoint lists."""
    server: str = ""
    """What the endpoint says of itself (``vllm``, ``llamacpp`` …); empty if it says nothing."""
    n_context: int | None = None
    """Tokens of context, where the endpoint tells."""
    latency_s: float | None = None
    """Seconds for a reply of one token."""
    findings: Mapping[Capability, Finding] = field(default_factory=dict)
    thinks: bool = False
    """A plain question was answered with thinking."""

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What was found to work."""
        return frozenset(name for name, finding in self.findings.items() if finding == "yes")


async def probe(model: Probed) -> Probe:
    """Open the model and find out what its endpoint can do. The caller closes it.

    Faults of the endpoint are in the result, not raised.
    """
    try:
        await model.open()
        began = perf_counter()
        first = await model.reply(_request(_ASK, 1))
        latency_s = perf_counter() - began
    except (ModelError, SetupError) as error:
        return Probe(model.name, error=error)
    listed = await _listed(model)
    entry = next((entry for entry in listed if str(entry["id"]).startswith(model.name)), {})
    wandering = await _found(_seed(model))
    findings: dict[Capability, Finding] = {"chat": "yes", "seed": wandering}
    probes: dict[Capability, Awaitable[Finding]] = {
        "raw": _raw(model),
        "n": _several(model),
        "logprobs": _logprobs(model),
        "min_p": _min_p(model, seed_works=wandering == "yes"),
        "json_schema": _json_schema(model),
        "tools": _tools(model),
    }
    for name, asked in probes.items():
        findings[name] = await _found(asked)
    return Probe(
        model.name,
        listed=tuple(str(entry["id"]) for entry in listed),
        server=str(entry.get("owned_by", "")),
        n_context=_context(entry),
        latency_s=latency_s,
        findings=findings,
        thinks=first.thinking is not None,
    )


def _request(text: str, max_tokens: int, temperature: float = 0.0, **more: Any) -> Request:
    sampling = Sampling(temperature=temperature, max_tokens=max_tokens, min_p=more.pop("min_p", None))
    return Request([{"role": "user", "content": text}], sampling=sampling, **more)


async def _listed(model: Probed) -> list[Mapping[str, Json]]:
    try:
        return await model.models()
    except ModelError:  # an endpoint need not list its models; that it answers is known
        return []


async def _found(asked: Awaitable[Finding]) -> Finding:
    try:
        return await asked
    except ModelError as error:
        return "refused" if error.fault in ("bad_request", "server") else "unclear"


async def _seed(model: Model) -> Finding:
    one, same, other = [_said(await model.reply(_request(_WANDER, 16, 1.5, seed=seed))) for seed in (7, 7, 8)]
    if one != same:
        return "ignored"
    return "yes" if one != other else "unclear"


async def _min_p(model: Model, *, seed_works: bool) -> Finding:
    """With ``min_p`` 1 only the likeliest token is left, so that different seeds must say the same."""
    one, other = [
        _said(await model.reply(_request(_WANDER, 16, 1.5, seed=seed, min_p=1.0))) for seed in (7, 8)
    ]
    if one != other:
        return "ignored"
    return "yes" if seed_works else "unclear"


async def _raw(model: Model) -> Finding:
    reply = await model.reply(
        Request(prompt="one two three four", sampling=Sampling(temperature=0, max_tokens=4))
    )
    return "yes" if reply.text.strip() else "unclear"


async def _several(model: Model) -> Finding:
    try:
        reply = await model.reply(_request(_WANDER, 4, 1.0, n=2))
    except ModelError as error:
        if error.ends_run and "2 replies were asked for" in error.what:
            return "ignored"
        raise
    return "yes" if len(reply.others) == 1 else "ignored"


async def _logprobs(model: Model) -> Finding:
    reply = await model.reply(_request(_ASK, 4, logprobs=2))
    return "yes" if reply.logprobs else "ignored"


async def _json_schema(model: Model) -> Finding:
    return schema_finding(await model.reply(schema_question(64)))


async def _tools(model: Model) -> Finding:
    reply = await model.reply(_request(_ASK, 64, tools=[_TOOL], extra={"tool_choice": "required"}))
    if reply.tool_calls:
        return "yes"
    return "unclear" if reply.was_cut else "ignored"


def _said(reply: Reply) -> tuple[str, str | None]:
    return reply.text, reply.thinking


def _context(entry: Mapping[str, Json]) -> int | None:
    meta = entry.get("meta")
    told = [entry.get(key) for key in ("max_model_len", "context_length", "context_window")]
    told.append(meta.get("n_ctx") if isinstance(meta, Mapping) else None)
    return next((value for value in told if isinstance(value, int)), None)
