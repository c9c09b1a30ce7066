"""Prompts: Markdown texts with named slots, one file per language.

A prompt file starts with a comment line that is not sent. Slots are written ``{{ field }}`` and filled in one pass, so
that braces in the prompt or in the data do no harm. A line that is exactly ``[system]``, ``[user]`` or ``[assistant]``
starts a message (worked examples are earlier turns); without such a line the whole text is one user message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from tanemaki.core.errors import RecipeError, nearest
from tanemaki.core.record import Json, Message
from tanemaki.core.seeding import hex_id

_SLOT = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
_ROLE = re.compile(r"^\[(system|user|assistant)\]\s*$", re.MULTILINE)
_COMMENT = re.compile(r"\A\ufeff?\s*<!--.*?-->\s*", re.DOTALL)


def show_value(value: Json) -> str:
    """Return a field's value as a prompt shows it: texts as they are, lists a line each, dialogues with their roles.

    >>> show_value([{"role": "user", "content": "東京の天気は？"}])
    'user: 東京の天気は？'
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "\n".join(show_value(part) for part in value)
    if isinstance(value, Mapping):
        if "role" in value and ("content" in value or value.get("tool_calls")):
            return f"{value['role']}: {show_turn(value)}"
        return "\n".join(f"{name}: {show_value(part)}" for name, part in value.items())
    return str(value)


def show_turn(message: Mapping[str, Json]) -> str:
    """Return what a message says: its content, then a line for each tool that it calls.

    >>> call = {"function": {"name": "weather", "arguments": '{"city": "Tokyo"}'}}
    >>> show_turn({"role": "assistant", "content": None, "tool_calls": [call]})
    'weather({"city": "Tokyo"})'
    """
    said = show_value(message.get("content"))
    calls = [show_call(call) for call in message.get("tool_calls") or ()]
    return "\n".join([said, *calls] if said else calls)


def show_call(call: Json) -> str:
    """Return the call of a tool as a line: the tool's name and, in brackets, its arguments."""
    called = call.get("function") if isinstance(call, Mapping) else None
    if not isinstance(called, Mapping) or "name" not in called:
        return show_value(call)
    return f"{called['name']}({show_value(called.get('arguments'))})"


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt in one language.

    >>> prompt = Prompt("question", "ja", "[system]\\n問題を作ります。\\n[user]\\n{{ persona }}向けに一問。")
    >>> prompt.render({"persona": "{{ topic }}が好きな人"})[1]["content"]
    '{{ topic }}が好きな人向けに一問。'
    """

    name: str
    language: str
    text: str
    """The file's text without its comment line."""
    path: str = ""
    """Where it was read, for messages; never part of the data."""

    @classmethod
    def parse(cls, name: str, language: str, raw: str, path: str = "") -> Prompt:
        """Return the prompt that a file's text holds."""
        return cls(name, language, _COMMENT.sub("", raw.replace("\r\n", "\n")).strip(), path)

    @property
    def slots(self) -> frozenset[str]:
        """Names of the fields it needs."""
        return frozenset(_SLOT.findall(self.text))

    @property
    def hash(self) -> str:
        """Hash of the text; changes when the prompt is edited."""
        return hex_id("prompt", self.text)

    def render(self, values: Mapping[str, Json]) -> list[Message]:
        """Return the messages with every slot filled. Raises ``RecipeError`` for a slot without a value."""
        return [
            {
                "role": role,
                "content": "".join(
                    [piece if at % 2 == 0 else self._value(piece, values) for at, piece in enumerate(pieces)]
                ),
            }
            for role, pieces in _messages(self.text)
        ]

    def _value(self, name: str, values: Mapping[str, Json]) -> str:
        try:
            value = values[name]
        except KeyError:
            near = nearest(name, values)
            raise RecipeError(
                f"prompt {self.name!r} ({self.language}) has a slot {{{{ {name} }}}} without a field",
                where=self.path or None,
                got=f"fields: {', '.join(sorted(values))}",
                next=f"did you mean {{{{ {near} }}}}?"
                if near
                else "rename the slot, or write the field before",
            ) from None
        return value if isinstance(value, str) else show_value(value)


@lru_cache(maxsize=256)
def _messages(text: str) -> list[tuple[str, list[str]]]:
    """Return role and content of a prompt's messages; every second piece of a content is the name of a slot."""
    parts = _ROLE.split(text)
    told = zip(["user", *parts[1::2]], [parts[0], *parts[2::2]], strict=True)
    return [(role, _SLOT.split(content.strip())) for role, content in told if content.strip()]


Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Texts:
    """What a recipe's folder says in one language: its prompts and its tables."""

    language: str
    prompts: Mapping[str, Prompt]
    tables: Mapping[str, tuple[Row, ...]]
    """Rows of each TSV file, by file name without ending."""

    def table_hash(self, name: str) -> str:
        """Hash of a table's rows; changes when the table is edited."""
        cells = [cell for row in self.tables[name] for pair in row.items() for cell in pair]
        return hex_id("table", *cells)
