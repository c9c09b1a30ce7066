"""What a field's declared type allows, and the form in which messages are stored.

Sources find the types of a user's columns with :func:`kind_of`; sources and datasets refuse what :func:`misfit` names.
Messages are stored as structures of texts (:func:`to_stored`), because a column of Parquet has one type: what does not fit
into the usual keys goes into one JSON text, so that nothing is lost and a chat template sees only what it knows.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping

from tanemaki.core.record import FieldType, Json, Message

INT64 = 1 << 63
"""First integer that a signed 64-bit column cannot hold."""
EXACT = 1 << 53
"""Integers up to this one are exact as floating-point numbers."""


def misfit(value: Json, kind: FieldType) -> str | None:
    """Return in words why a field of type ``kind`` cannot hold ``value``; None if it can. None fits every type.

    >>> misfit("七", "integer"), misfit(7, "integer"), misfit(None, "texts")
    ('a text instead of an integer', None, None)
    """
    if value is None:
        return None
    match kind:
        case "text":
            return None if isinstance(value, str) else f"{_called(value)} instead of a text"
        case "boolean":
            return None if isinstance(value, bool) else f"{_called(value)} instead of true or false"
        case "integer":
            return _integer_misfit(value)
        case "number":
            return _number_misfit(value)
        case "texts":
            return _list_misfit(value, "texts")
        case "messages":
            return _list_misfit(value, "messages")
    return _json_misfit(value)


def _called(value: Json) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, int):
        return "an integer"
    if isinstance(value, float):
        return "a number"
    if isinstance(value, list | tuple):
        return "a list"
    return "an object" if isinstance(value, Mapping) else f"a {type(value).__name__}"


def _integer_misfit(value: Json) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return f"{_called(value)} instead of an integer"
    return None if -INT64 <= value < INT64 else "an integer beyond 64 bits"


def _number_misfit(value: Json) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{_called(value)} instead of a number"
    if isinstance(value, int) and abs(value) > EXACT:
        return "an integer that a number column would round"
    return None


def _list_misfit(value: Json, of: str) -> str | None:
    if not isinstance(value, list | tuple):
        return f"{_called(value)} instead of a list of {of}"
    if of == "messages":
        return next((fault for fault in map(message_fault, value) if fault), None)
    return next((f"a list with {_called(part)} in it" for part in value if not isinstance(part, str)), None)


def _json_misfit(value: Json) -> str | None:
    if value is None or isinstance(value, str | int):
        return None
    if isinstance(value, float):
        return None if math.isfinite(value) else f"{value}, which JSON cannot say"
    if isinstance(value, list | tuple):
        return next((fault for fault in map(_json_misfit, value) if fault), None)
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in value):
            return "an object with a key that is not a text"
        return next((fault for fault in map(_json_misfit, value.values()) if fault), None)
    return f"{_called(value)}, which is not JSON"


def message_fault(message: Json) -> str | None:
    """Return in words why this is not a message in the OpenAI form; None if it is.

    >>> message_fault({"role": "user", "content": "こんにちは"})
    >>> message_fault({"from": "human", "value": "こんにちは"})
    'a message without a role'
    """
    if not isinstance(message, Mapping):
        return f"{_called(message)} instead of a message"
    role = message.get("role")
    if not isinstance(role, str) or not role:
        return "a message without a role"
    if "content" not in message and not message.get("tool_calls"):
        return "a message without content"
    content = message.get("content")
    if content is not None and not isinstance(content, str | list | tuple):
        return f"a message whose content is {_called(content)}"
    return _json_misfit(message)


def kind_of(values: Iterable[Json]) -> FieldType:
    """Return the narrowest type that holds every value as it is; ``json`` if none does, or if there is no value.

    >>> kind_of([1, None, 2]), kind_of([1, 2.5]), kind_of(["〇一", 1]), kind_of([None])
    ('integer', 'number', 'json', 'json')
    """
    left: list[FieldType] = ["boolean", "integer", "number", "text", "texts", "messages"]
    seen = False
    for value in values:
        if value is None or (type(value) is str and left == ["text"]):
            continue
        left = [kind for kind in left if misfit(value, kind) is None]
        if not left:
            return "json"
        seen = seen or value != []
    return left[0] if seen else "json"


_USUAL = frozenset({"role", "content", "name", "tool_calls", "tool_call_id"})


def to_stored(message: Message) -> dict[str, Json]:
    """Return the message in the stored form: texts only, keys without a value left out.

    ``content`` is always a text or None: of a list of parts it is the texts of the parts. ``tool_calls`` have the wire
    form, ``arguments`` as a JSON text. Whatever that form cannot say is kept whole in ``extra``, a JSON object.

    >>> to_stored({"role": "user", "content": [{"type": "text", "text": "これは何？"}]})["extra"]
    '{"content": [{"type": "text", "text": "これは何？"}]}'
    """
    extra = {key: value for key, value in message.items() if key not in _USUAL and value is not None}
    stored: dict[str, Json] = {"role": message["role"], "content": message.get("content")}
    if isinstance(stored["content"], list | tuple):
        extra["content"] = stored["content"]
        stored["content"] = "".join(_text_of(part) for part in stored["content"])
    for key in ("name", "tool_call_id"):
        value = message.get(key)
        if isinstance(value, str):
            stored[key] = value
        elif value is not None:
            extra[key] = value
    calls = message.get("tool_calls")
    if calls:
        stored["tool_calls"] = (
            [_stored_call(call) for call in calls] if isinstance(calls, list | tuple) else []
        )
        if stored["tool_calls"] != calls:
            extra["tool_calls"] = calls
    if extra:
        stored["extra"] = json.dumps(extra, ensure_ascii=False)
    return stored


def _text_of(part: Json) -> str:
    text = part.get("text") if isinstance(part, Mapping) else part
    return text if isinstance(text, str) else ""


def _stored_call(call: Json) -> dict[str, Json]:
    call = call if isinstance(call, Mapping) else {}
    function = call.get("function")
    function = function if isinstance(function, Mapping) else {}
    arguments = function.get("arguments")
    if arguments is not None and not isinstance(arguments, str):
        arguments = json.dumps(arguments, ensure_ascii=False)
    return {
        "id": _text_or_none(call.get("id")),
        "type": _text_or_none(call.get("type")),
        "function": {"name": _text_or_none(function.get("name")), "arguments": arguments},
    }


def _text_or_none(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def from_stored(stored: Mapping[str, Json]) -> Message:
    """Return the message that :func:`to_stored` stored, as a reader of Parquet gives it back (absent keys as None).

    >>> from_stored({"role": "user", "content": "はい", "tool_calls": None, "extra": '{"weight": 0}'})
    {'role': 'user', 'content': 'はい', 'weight': 0}
    """
    kept = {"role", "content"}
    message = {key: value for key, value in stored.items() if key in kept or value is not None}
    extra = message.pop("extra", None)
    if isinstance(extra, str):
        message.update(json.loads(extra))
    return message
