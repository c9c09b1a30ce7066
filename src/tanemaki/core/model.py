"""The model contract: a request goes in, a reply comes out.

The wire form is the OpenAI-compatible one, so requests hold ``messages`` (or a raw ``prompt``) and the sampling
parameters under their usual names. What a model *thought* is kept apart from what it *said*: ``thinking`` never enters a
later turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, Protocol

from tanemaki.core.record import Json, Message

FinishReason = Literal["stop", "length", "tool_calls", "content_filter", "unknown"]

Capability = Literal["chat", "raw", "n", "seed", "logprobs", "min_p", "json_schema", "tools", "embeddings"]
"""What an endpoint may or may not offer; ``raw`` is completion of a plain prompt."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How tokens are drawn. None leaves the endpoint's own default; zero means zero.

    >>> Sampling(temperature=0.7).over(Sampling(temperature=0.2, max_tokens=256))
    ... # doctest: +NORMALIZE_WHITESPACE
    Sampling(temperature=0.7, top_p=None, top_k=None, min_p=None, max_tokens=256, stop=(),
    frequency_penalty=None, presence_penalty=None, repetition_penalty=None)
    """

    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    max_tokens: int | None = None
    """Longest reply in tokens, thinking included."""
    stop: tuple[str, ...] = ()
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    repetition_penalty: float | None = None

    def __hash__(self) -> int:
        """Return a hash of what differs most often: it is looked up twice for every call."""
        return hash((self.temperature, self.max_tokens, self.stop))

    def over(self, weaker: Sampling) -> Sampling:
        """Return these values, and ``weaker``'s where this says nothing."""
        names = self.__dataclass_fields__
        chosen = {}
        for name in names:
            mine = getattr(self, name)
            chosen[name] = getattr(weaker, name) if mine in (None, ()) else mine
        return Sampling(**chosen)

    def to_wire(self) -> dict[str, Json]:
        """Return what is set, under the names of the wire format."""
        return dict(_sampling_wire(self))


@lru_cache(maxsize=256)
def _sampling_wire(sampling: Sampling) -> dict[str, Json]:
    wire = {name: getattr(sampling, name) for name in Sampling.__dataclass_fields__}
    wire["stop"] = list(sampling.stop)
    return {name: value for name, value in wire.items() if value not in (None, [])}


@dataclass(slots=True)
class Request:
    """What goes to a model. Exactly one of ``messages`` and ``prompt`` is given."""

    messages: Sequence[Message] = ()
    prompt: str | None = None
    """Raw completion: the text as it stands, no chat template."""
    sampling: Sampling = field(default_factory=Sampling)
    n: int = 1
    """Replies wanted in one call; ``Reply.others`` holds the second and later ones."""
    seed: int | None = None
    tools: Sequence[Mapping[str, Any]] = ()
    response_format: Mapping[str, Any] | None = None
    logprobs: int | None = None
    """Alternatives per token whose log-probability is wanted (0 to 20)."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Further keys of the body, sent as they are (``chat_template_kwargs`` …)."""

    def to_wire(self) -> dict[str, Json]:
        """Return the body of the call without the model's name."""
        body: dict[str, Json] = {}
        if self.prompt is None:
            body["messages"] = list(self.messages)
        else:
            body["prompt"] = self.prompt
        body.update(_sampling_wire(self.sampling))
        if self.n != 1:
            body["n"] = self.n
        if self.seed is not None:
            body["seed"] = self.seed
        if self.tools:
            body["tools"] = list(self.tools)
        if self.response_format is not None:
            body["response_format"] = dict(self.response_format)
        if self.logprobs is not None:
            if self.prompt is None:
                body["logprobs"] = True
                body["top_logprobs"] = self.logprobs
            else:
                body["logprobs"] = self.logprobs
        body.update(self.extra)
        return body


@dataclass(slots=True)
class Usage:
    """Tokens as the server counted them; None where it did not say."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    """Thinking included."""


@dataclass(slots=True)
class Reply:
    """What came back. ``text`` never holds thinking, and is empty where the model only called tools."""

    text: str
    finish_reason: FinishReason = "stop"
    thinking: str | None = None
    tool_calls: Sequence[Mapping[str, Any]] = ()
    usage: Usage = field(default_factory=Usage)
    logprobs: Json = None
    model: str = ""
    """The name the server gave; falls back to the one that was asked."""
    others: tuple[Reply, ...] = ()
    """Second and later replies of a request with ``n`` above 1."""
    parsed: Any = field(default=None, compare=False)
    """What the text says in the form that the step asked for; read from the text each time, and not stored."""

    @property
    def was_cut(self) -> bool:
        """The reply ended because it reached ``max_tokens``."""
        return self.finish_reason == "length"

    @property
    def cut_while_thinking(self) -> bool:
        """The reply was cut before the model said anything."""
        return self.was_cut and not self.text.strip() and bool(self.thinking)

    def filled_context(self, max_tokens: int | None) -> bool:
        """Return whether it was cut by the model's context: before ``max_tokens``, so that raising it will not help.

        Told only where the server counts tokens, of a request for one reply.

        >>> Reply("", "length", usage=Usage(3900, 196)).filled_context(max_tokens=1024)
        True
        """
        used = self.usage.completion_tokens
        if used is None or max_tokens is None:
            return False
        return self.was_cut and not self.others and used < max_tokens

    def named(self, model: str) -> Reply:
        """Return this reply as one of the model of this name."""
        return Reply(
            *(self.text, self.finish_reason, self.thinking, self.tool_calls, self.usage, self.logprobs),
            model=model,
            others=self.others,
            parsed=self.parsed,
        )

    def to_json(self) -> dict[str, Json]:
        """Return what the journal stores."""
        stored: dict[str, Json] = {
            "text": self.text,
            "finish_reason": self.finish_reason,
            "model": self.model,
        }
        if self.thinking is not None:
            stored["thinking"] = self.thinking
        if self.tool_calls:
            stored["tool_calls"] = list(self.tool_calls)
        stored["usage"] = [self.usage.prompt_tokens, self.usage.completion_tokens]
        if self.logprobs is not None:
            stored["logprobs"] = self.logprobs
        if self.others:
            stored["others"] = [other.to_json() for other in self.others]
        return stored

    @classmethod
    def from_json(cls, stored: Mapping[str, Json]) -> Reply:
        """Return the reply that :meth:`to_json` stored.

        >>> reply = Reply("答えは3です。", thinking="1+2=3", usage=Usage(12, 9))
        >>> Reply.from_json(reply.to_json()) == reply
        True
        """
        prompt_tokens, completion_tokens = stored.get("usage", (None, None))
        return cls(
            text=stored["text"],
            finish_reason=stored["finish_reason"],
            thinking=stored.get("thinking"),
            tool_calls=tuple(stored.get("tool_calls", ())),
            usage=Usage(prompt_tokens, completion_tokens),
            logprobs=stored.get("logprobs"),
            model=stored.get("model", ""),
            others=tuple(cls.from_json(other) for other in stored.get("others", ())),
        )


class Model(Protocol):
    """Something that answers a request."""

    @property
    def name(self) -> str:
        """The model's name as it is sent and as lineage records it; never an address."""

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What it can do, as far as it is known before the first call."""

    async def open(self) -> None:
        """Get ready: connect, start a server, check that the model is there. Raises ``ModelError`` or ``SetupError``."""

    async def reply(self, request: Request) -> Reply:
        """Answer one request. Raises ``ModelError`` with its ``fault``; never retries on its own."""

    async def close(self) -> None:
        """Give everything back. May be called twice."""
