"""Find the JSON that a model wrote: in a code fence, between sentences, with the punctuation of a Japanese keyboard.

Only the form is forgiven, never the content: what is read stands in the reply, letter for letter. Where two readings are
possible (a key that stands twice, a number that is none, an open bracket) nothing is read, and the model is asked again.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator

from tanemaki.core.errors import shorten
from tanemaki.core.record import Json

_TOKEN = re.compile(
    r"""
      "(?:[^"\\]|\\.)*+(?:"|\Z) | [“”](?:[^”\\]|\\.)*+(?:”|\Z) | ＂(?:[^＂\\]|\\.)*+(?:＂|\Z)
    | '(?:[^'\\]|\\.)*+(?:'|\Z) | [‘’](?:[^’\\]|\\.)*+(?:’|\Z)
    | [A-Za-z]+ | .
    """,
    re.VERBOSE | re.DOTALL,
)
"""A string that is never closed reaches to the end: to look for its end again and again would cost the length squared."""
_QUOTES = "\"“”＂'‘’"
_OPENING = re.compile(r"[{\[｛［]")
_BRACKETS = {"{": "}", "[": "]", "｛": "｝", "［": "］"}
_OUTSIDE = str.maketrans("｛｝［］：，\u3000\u00a0", "{}[]:,  ")
"""What stands between strings, as it is typed with a Japanese keyboard → as JSON wants it."""
_WORDS = {"True": "true", "False": "false", "None": "null"}
_ESCAPE = re.compile(r"\\.|\"", re.DOTALL)


class NotJson(ValueError):
    """The text holds no JSON; the message says why, in words that can be shown to a model."""


def json_values(text: str) -> list[Json]:
    """Return the JSON values that a text holds, in their order; the whole text is one, or else its objects and lists.

    Forgiven are: text around it, code fences, line breaks in strings, trailing commas, single, curly and full-width quotes,
    full-width brackets, colons and commas outside strings, and Python's ``True``, ``False`` and ``None``. Integers keep
    every digit.

    Raises :class:`NotJson` where no value can be read: for keys that stand twice in one object, ``NaN``, numbers beyond
    floating point, and brackets left open, too. What follows an open bracket is inside it and not looked at.
    Cost: one pass.
    Source: ours. Differs: ``json_repair`` closes what was left open and makes values of what is none.

    >>> json_values("はい、こちらです。\\n```json\\n{“名前”：“葛”，“旬”：[7, 8,]}\\n```")
    [{'名前': '葛', '旬': [7, 8]}]
    """
    text = text.strip().removeprefix("\ufeff")
    if not text:
        raise NotJson("the reply is empty")
    try:
        return [_read(text)]
    except NotJson:
        pass
    values: list[Json] = []
    faults: list[NotJson] = []
    for region in _regions(text, faults):
        try:
            values.append(_read_leniently(region))
        except NotJson as fault:
            faults.append(fault)
    if not values:
        raise faults[0] if faults else NotJson("the reply holds no JSON object")
    return values


def _read(text: str) -> Json:
    try:
        value = json.loads(
            text,
            strict=False,  # a line break in a string is no doubt
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_float=_number,
        )
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise NotJson("an escape is half a character") from error
    except json.JSONDecodeError as error:
        raise NotJson(f"not valid JSON: {error.msg} at {shorten(text[error.pos :][:20])}") from error
    except RecursionError as error:
        raise NotJson("brackets are nested too deep") from error
    except NotJson:
        raise
    except ValueError as error:  # an integer of more than 4,300 digits
        raise NotJson("a number has too many digits") from error
    return value


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotJson(f"the key {shorten(twice, 60)} stands twice")
    return found


def _constant(name: str) -> Json:
    raise NotJson(f"{name} is no JSON value")


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise NotJson(f"the number {shorten(digits, 40)} is too large")
    return value


def _regions(text: str, faults: list[NotJson]) -> Iterator[str]:
    """Yield what stands between outermost brackets; note where one is left open, and end there."""
    at = 0
    while (opening := _OPENING.search(text, at)) is not None:
        end = _end_of(text, opening.start())
        if end is None:
            faults.append(NotJson("a bracket is left open, or closed by one of another kind"))
            return
        yield text[opening.start() : end]
        at = end


def _end_of(text: str, at: int) -> int | None:
    """Return where the bracket that opens at ``at`` has been closed; None if it never is."""
    wanted: list[str] = []
    for token in _TOKEN.finditer(text, at):
        said = token[0].translate(_OUTSIDE) if len(token[0]) == 1 else ""
        if said in ("{", "["):
            wanted.append(_BRACKETS[said])
        elif said in ("}", "]"):
            if wanted.pop() != said:
                return None
            if not wanted:
                return token.end()
    return None


def _read_leniently(region: str) -> Json:
    try:
        return _read(region)
    except NotJson as error:
        if "not valid JSON" not in str(error):
            raise
        return _read("".join(_as_json(region)))


def _as_json(region: str) -> list[str]:
    """Return the pieces of a region in JSON's own punctuation, without trailing commas."""
    pieces: list[str] = []
    last = ""
    comma: int | None = None
    for token in _TOKEN.finditer(region):
        said = token[0]
        is_string = said[0] in _QUOTES and len(said) > 1
        said = _as_string(said) if is_string else _WORDS.get(said, said).translate(_OUTSIDE)
        pieces.append(said)
        if said.isspace():
            continue
        if said in ("}", "]") and comma is not None:
            pieces[comma] = ""
        comma = len(pieces) - 1 if said == "," and last not in ("", "{", "[", ",", ":") else None
        last = said
    return pieces


def _as_string(quoted: str) -> str:
    """Return a quoted piece between plain double quotes; what it says stays as it is."""
    if quoted[0] == '"':
        return quoted
    inner = _ESCAPE.sub(
        lambda found: {'"': '\\"', "\\'": "'"}.get(found[0], found[0]),
        quoted[1:-1],
    )
    return f'"{inner}"'
