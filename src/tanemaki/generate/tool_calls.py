"""What is right about a tool call and about the answer that follows it: decided from the schemas and the results alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from tanemaki.core.record import Json
from tanemaki.core.structured import Schema, WrongSchema
from tanemaki.core.verdict import Reject
from tanemaki.generate.tool_set import Tool
from tanemaki.text.normalise import normalise
from tanemaki.text.numerals import show
from tanemaki.text.quantities import find_quantities, unsaid

_MOST_KNOWN = 60  # numbers of which pairs are added, subtracted and multiplied; more than a few results hold
_WORD_CHARS = 2  # a shorter text of a result stands in any answer


@dataclass(frozen=True, slots=True)
class Call:
    """A call that fits its tool."""

    tool: Tool
    arguments: Mapping[str, Json]

    @property
    def key(self) -> str:
        """Equal calls have equal keys."""
        return f"{self.tool.name} {json.dumps(self.arguments, sort_keys=True, ensure_ascii=False)}"

    def wire(self, call_id: str) -> dict[str, Json]:
        """Return the call in OpenAI's form, the arguments as a JSON text."""
        told = json.dumps(self.arguments, ensure_ascii=False)
        return {"id": call_id, "type": "function", "function": {"name": self.tool.name, "arguments": told}}


def read_call(call: Mapping[str, Json], offered: Sequence[Tool]) -> Call | Reject:
    """Return what a model called, or why nobody can run it: ``unknown_tool``, ``bad_arguments``.

    Arguments are a JSON text or an object. One that the schema does not name is wrong, unless the schema says otherwise.

    >>> weather = Tool(
    ...     "weather", "", {"type": "object", "properties": {"町": {"type": "string"}}, "required": ["町"]}
    ... )
    >>> read_call({"function": {"name": "weather", "arguments": '{"町": 3}'}}, [weather])
    Reject(reason='bad_arguments', measured='町 must be string', limit=None, note='weather({"町": 3})')
    """
    function = call.get("function")
    function = function if isinstance(function, Mapping) else {}
    name, given = str(function.get("name")), function.get("arguments")
    tool = next((one for one in offered if one.name == name), None)
    if tool is None:
        return Reject("unknown_tool", name, ", ".join(one.name for one in offered))
    told = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
    note = f"{name}({told})"[:300]
    try:
        arguments = json.loads(told or "{}")
        Schema.of(tool.parameters).check(arguments)
    except (json.JSONDecodeError, WrongSchema) as error:
        return Reject("bad_arguments", str(error)[:200], None, note)
    if not isinstance(arguments, dict):
        return Reject("bad_arguments", "no object", None, note)
    unnamed = sorted(arguments.keys() - tool.parameters.get("properties", {}).keys())
    if unnamed and "additionalProperties" not in tool.parameters:
        return Reject("bad_arguments", f"{unnamed[0]} is no argument of it", None, note)
    return Call(tool, arguments)


def ignores(answer: str, result: Json) -> bool:
    """Return whether an answer holds nothing of a result: none of its texts, numbers, dates or times.

    >>> (
    ...     ignores("明日は雨でしょう。", {"sky": "晴れ", "high_c": 24}),
    ...     ignores("最高は24度です。", {"sky": "晴れ", "high_c": 24}),
    ... )
    (True, False)
    """
    said = normalise(answer)
    numbers = {one.value for one in find_quantities(answer)}
    leaves = list(_leaves(result))
    for leaf in leaves:
        text = normalise(str(leaf))
        if len(text) >= _WORD_CHARS and text in said:
            return False
        for one in find_quantities(str(leaf)):
            parts = {
                one.value,
                one.value.removeprefix("2000-"),
                "--" + one.value[5:] if one.kind == "date" else "",
            }
            if numbers & parts:
                return False
    return bool(leaves)


def unfounded(answer: str, known: Sequence[str]) -> list[str]:
    """Return the numbers of an answer that neither stand in the known texts nor follow from two of theirs.

    Sum, difference and product of two known numbers are allowed: an answer may add up prices.

    >>> unfounded("二人で3,000円、送料は480円です。", ['{"price_yen": 1500}', "2人です。"])
    ['480円']
    """
    said = [one for text in known for one in find_quantities(text)]
    values = list(dict.fromkeys(Decimal(one.value) for one in said if one.kind in ("number", "percent")))[
        :_MOST_KNOWN
    ]
    derived = {show(made) for a, b in combinations(values, 2) for made in (a + b, abs(a - b), a * b)}
    derived |= {show(2 * value) for value in values}
    return [one.text for one in unsaid(find_quantities(answer), said) if one.value not in derived]


def _leaves(value: Json) -> Iterator[Json]:
    if isinstance(value, Mapping):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _leaves(one)
    elif value is not None and not isinstance(value, bool):
        yield value
