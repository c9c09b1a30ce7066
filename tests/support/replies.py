"""What the test server says: replies, tokens and log-probabilities that depend on the request's body and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tanemaki.core.seeding import Draw, hex_id

Body = Mapping[str, Any]
Said = str | Mapping[str, Any]
"""A reply: its text, or a message (``content``, ``tool_calls`` …), with ``finish_reason`` if wanted."""

_WORDS = {
    "ja": "春の種は土の中で静かに水を待つ。 畑では朝から鍬の音が響く。 祖母は豆の植え方を教えてくれた。",
    "en": "A seed waits in the soil for rain and then for light. The old farmer counts rows before breakfast. Beans climb.",
}
_JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龯]")
_TOKEN = re.compile(r"\s*[ぁ-んァ-ヶ一-龯]{1,2}|\s*[A-Za-z]{1,5}|\s*\d{1,3}|\s*\S|\s+")


def tokens_of(text: str) -> list[str]:
    """Return the pieces that count as tokens here; together they are the text."""
    return _TOKEN.findall(text)


def hash_of(body: Body) -> str:
    """Return the name of a request: equal bodies have equal names, whatever the order of their keys."""
    return hex_id(json.dumps(body, sort_keys=True, ensure_ascii=False))


def default_reply(body: Body, index: int = 0) -> Said:
    """Return a few sentences in the language of the request, drawn from messages, seed and index of the choice."""
    asked = body.get("messages", body.get("prompt", ""))
    schema = _schema(body)
    draw = Draw(
        "reply", json.dumps(asked, sort_keys=True, ensure_ascii=False), int(body.get("seed") or 0), index
    )
    if schema is not None:
        return json.dumps(_value(schema, draw), ensure_ascii=False)
    if body.get("tools") and body.get("tool_choice") != "none":
        return {"content": None, "tool_calls": [_call(body["tools"][0], draw)]}
    language = "ja" if _JAPANESE.search(json.dumps(asked, ensure_ascii=False)) else "en"
    sentences = re.findall(r"[^。.]+[。.]", _WORDS[language])
    return "".join(draw.sample(sentences, 2)).strip() + f" ({draw.below(10**6)})"


def _schema(body: Body) -> Mapping[str, Any] | None:
    wanted = body.get("response_format") or {}
    if wanted.get("type") == "json_object":
        return {"type": "object"}
    if wanted.get("type") != "json_schema":
        return None
    schema: Mapping[str, Any] = wanted["json_schema"]["schema"]
    return schema


def _call(tool: Mapping[str, Any], draw: Draw) -> dict[str, Any]:
    function = tool["function"]
    arguments = json.dumps(_value(function.get("parameters", {"type": "object"}), draw), ensure_ascii=False)
    call = {"name": function["name"], "arguments": arguments}
    return {"id": f"call_{draw.below(10**9)}", "type": "function", "function": call}


def _value(schema: Mapping[str, Any], draw: Draw) -> Any:
    """Return a value that obeys the schema (the part of the language that the tests use)."""
    if "enum" in schema:
        return draw.choose(schema["enum"])
    kind = schema.get("type", "object")
    if kind == "object":
        return {name: _value(inner, draw) for name, inner in schema.get("properties", {}).items()}
    if kind == "array":
        return [_value(schema.get("items", {"type": "string"}), draw)]
    plain = {
        "string": "種",
        "integer": draw.below(100),
        "number": draw.below(100) / 4,
        "boolean": True,
        "null": None,
    }
    return plain[kind]


@dataclass(frozen=True)
class Choice:
    """One reply, cut where the request says."""

    message: Mapping[str, Any]
    tokens: Sequence[str]
    finish_reason: str
    n_thought: int = field(default=0)

    @property
    def text(self) -> str:
        return "".join(self.tokens)


def choice_of(said: Said, body: Body) -> Choice:
    """Return the choice that a reply becomes: ended at a stop text, cut at the token limit (thinking counts)."""
    message = {"content": said} if isinstance(said, str) else dict(said)
    finish = message.pop("finish_reason", None)
    content = message.get("content")
    text = content if isinstance(content, str) else ""
    stops = [body["stop"]] if isinstance(body.get("stop"), str) else body.get("stop") or []
    text = text[: min((at for stop in stops if (at := text.find(stop)) >= 0), default=len(text))]
    thought = tokens_of(str(message.get("reasoning_content") or ""))
    tokens = tokens_of(text)
    limit = body.get("max_tokens") or body.get("max_completion_tokens") or 10**9
    if len(thought) + len(tokens) > limit:
        finish = "length"
        thought, tokens = thought[:limit], tokens[: max(0, limit - len(thought))]
        if "reasoning_content" in message:
            message["reasoning_content"] = "".join(thought)
    if isinstance(content, str):
        message["content"] = "".join(tokens)
    return Choice(
        message, tokens, finish or ("tool_calls" if message.get("tool_calls") else "stop"), len(thought)
    )


def chat_logprobs(choice: Choice, n_top: int) -> dict[str, Any]:
    """Return log-probabilities in the form of chat replies."""
    return {"content": [_token_entry(token, i, n_top) for i, token in enumerate(choice.tokens)]}


def _token_entry(token: str, place: int, n_top: int) -> dict[str, Any]:
    draw = Draw("logprob", token, place)
    first = -draw.uniform()
    top = [_entry(token, first)] + [_entry(f"{token}{i}", first - i) for i in range(1, n_top)]
    return {**_entry(token, first), "top_logprobs": top[:n_top]}


def _entry(token: str, logprob: float) -> dict[str, Any]:
    return {"token": token, "logprob": round(logprob, 6), "bytes": list(token.encode())}


def raw_logprobs(choice: Choice, n_top: int) -> dict[str, Any]:
    """Return log-probabilities in the older form of raw completion."""
    entries = [_token_entry(token, i, n_top) for i, token in enumerate(choice.tokens)]
    offsets = [sum(map(len, choice.tokens[:i])) for i in range(len(choice.tokens))]
    return {
        "tokens": list(choice.tokens),
        "token_logprobs": [entry["logprob"] for entry in entries],
        "top_logprobs": [
            {top["token"]: top["logprob"] for top in entry["top_logprobs"]} for entry in entries
        ],
        "text_offset": offsets,
    }


def prompt_tokens(body: Body) -> int:
    """Return the tokens of the prompt: those of its texts, and four for each message as a chat template adds."""
    if "prompt" in body:
        return len(tokens_of(str(body["prompt"])))
    return sum(4 + len(tokens_of(str(message.get("content") or ""))) for message in body.get("messages", ()))
