"""Read JSON that somebody else wrote, so that what was read can be written, compared and shown without an accident."""

from __future__ import annotations

import json
import math

from tanemaki.core.record import Json

DEEPEST = 100
"""Lists within lists: more would end in ``RecursionError`` where values are compared or shown."""


def json_value(text: str) -> Json:
    """Return the value of a JSON text.

    Raises ``ValueError`` for what is no JSON, and for values that would do harm later: ``NaN``, infinities, integers of more
    than 4,300 digits, half characters, and more than :data:`DEEPEST` levels.

    >>> json_value('[1, {"a": null}]')
    [1, {'a': None}]
    """
    try:
        value: Json = json.loads(text, parse_constant=_constant, parse_float=_number)
    except RecursionError:
        raise ValueError("nested too deep") from None
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for one in level if isinstance(one, list | dict) for inner in _inside(one)]
        if not level:
            break
    else:
        raise ValueError("nested too deep")
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("a string holds half a character") from None
    return value


def _inside(value: list[Json] | dict[str, Json]) -> list[Json]:
    return list(value.values()) if isinstance(value, dict) else value


def _constant(name: str) -> Json:
    raise ValueError(f"{name} is no JSON value")


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number is too large")
    return value
