"""JSON as the journal stores it: orjson, and the standard library for what that refuses (huge integers, lone surrogates)."""

from __future__ import annotations

import json

import orjson

from tanemaki.core.record import Json


def dump(value: Json) -> str:
    """Return compact JSON with sorted keys.

    >>> dump({"い": 1, "あ": 10**30})
    ' {"\\\\u3042":1000000000000000000000000000000,"\\\\u3044":1}'
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    except (orjson.JSONEncodeError, UnicodeDecodeError):
        return " " + json.dumps(value, sort_keys=True, separators=(",", ":"))


def load(text: str | None) -> Json:
    """Return the value that :func:`dump` stored; None for None."""
    if text is None:
        return None
    # what the standard library wrote begins with a space: orjson would make floats of its huge integers
    return json.loads(text) if text.startswith(" ") else orjson.loads(text)
