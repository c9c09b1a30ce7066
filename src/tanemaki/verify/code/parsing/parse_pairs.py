"""Lines of the form "key=value".

Level 1 names the separator and which of two equal keys counts, level 2 comments, level 3 what becomes of values that are
numbers, and of lines without a separator. Source: ours; the common part of ``.env`` and ``.ini`` files.
"""

from __future__ import annotations

import re

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.family import LEVELS, CodeFamily, Parameters, code
from tanemaki.verify.code.pool import WORDS

_MARKS = ("=", ":", "->", "|", "=>")
_COMMENTS = ("#", ";", "//", "%", "--")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the separator and what equal keys mean, then what else the level names."""
    return {
        "mark": draw.choose(_MARKS),
        "equal": draw.choose(("last", "first", "list")),
        "comment": draw.choose(_COMMENTS) if level > 1 else "",
        "numbers": draw.choose(("int", "text")) if level == LEVELS else "none",
        "bare": draw.choose(("skip", "empty", "true")) if level == LEVELS else "none",
    }


def rules(p: Parameters) -> tuple[str, ...]:
    """Say what holds."""
    parts = ["mark", f"equal_{p['equal']}", "blank"]
    parts += ["comment"] if p["comment"] else []
    parts += ["numbers_int"] if p["numbers"] == "int" else ["numbers_text"] if p["numbers"] == "text" else []
    parts += [f"bare_{p['bare']}"] if p["bare"] != "none" else []
    return tuple(parts)


def way(p: Parameters) -> tuple[str, ...]:
    """Explain partition."""
    return ("partition", f"way_{p['equal']}", *(("way_int",) if p["numbers"] == "int" else ()))


def source(p: Parameters) -> str:
    """Cut each line at its first separator."""
    mark = p["mark"]
    found = "found" if p["bare"] in ("skip", "true") else "_"
    bare = {
        "skip": "        if not found:\n            continue  # @no_mark",
        "empty": None,
        "true": '        if not found:\n            value = "true"  # @no_mark',
        "none": None,
    }[p["bare"]]
    store = {
        "last": "        pairs[key] = value",
        "first": "        pairs.setdefault(key, value)",
        "list": "        pairs.setdefault(key, []).append(value)",
    }[p["equal"]]
    skipped = f'not line or line.startswith("{p["comment"]}")' if p["comment"] else "not line"
    return code(
        "def parse_pairs(text: str) -> dict:",
        '    """@doc"""',
        "    pairs = {}",
        "    for line in text.splitlines():",
        "        line = line.strip()",
        f"        if {skipped}:",
        "            continue",
        f'        key, {found}, value = line.partition("{mark}")  # @first_mark',
        bare,
        "        key, value = key.strip(), value.strip()",
        "        if value.isascii() and value.isdigit():\n            value = int(value)"
        if p["numbers"] == "int"
        else None,
        store,
        "    return pairs",
    )


def inputs(p: Parameters, draw: Draw) -> list[list[Json]]:
    """Try plain lines, equal keys, separators in values, empty values, spaces, comments, and nothing."""
    mark, comment = p["mark"], p["comment"]

    def line(key: str | None = None, *, space: str = "") -> str:
        value = draw.choose(
            (draw.choose(WORDS), str(draw.between(0, 999)), f"{draw.choose(WORDS)} {draw.between(1, 9)}")
        )
        return f"{key or draw.choose(WORDS)}{space}{mark}{space}{value}"

    same = draw.choose(WORDS)
    remark = f"{comment} {draw.choose(WORDS)} {mark} 1" if comment else ""
    inner = f"{draw.choose(WORDS)}{mark}{draw.choose(WORDS)}{comment}{draw.choose(WORDS)}"
    bare = draw.choose(WORDS) if p["bare"] != "none" else line()
    return [
        [
            "\n".join(
                [line(), remark, line(same), line(same)] if comment else [line(), line(same), line(same)]
            )
        ],
        ["\n".join([bare, line(space=" "), line()])],
        ["\n".join([f"  {line(space='  ')}  ", "", inner, f"{inner}{mark}1", f"{same}{mark}", "   "])],
        [
            f"{same}{mark}1\n{same}{mark}007\n{same}{mark}-5\n{same}{mark}1.5\n{same}{mark}\n{bare}\nx{mark}１２"
        ],
        [""],
        [f"\n{remark}\n{line()}\n   {remark}\n{bare}\n{line(bare)}\n"],
        ["\n".join(line(draw.choose(("a", "b", "c")), space=" ") for _ in range(9))],
    ]


def expected(p: Parameters, text: str) -> Json:
    """Match each line with a pattern."""
    pattern = re.compile(rf"\s*(?P<key>.*?)\s*(?:(?P<mark>{re.escape(p['mark'])})\s*(?P<value>.*?))?\s*")
    seen: dict[str, list[Json]] = {}
    for line in text.split("\n"):
        match = pattern.fullmatch(line)
        if match is None or not line.strip() or (p["comment"] and line.lstrip().startswith(p["comment"])):
            continue
        value: Json = match["value"] or ""
        if match["mark"] is None:
            if p["bare"] == "skip":
                continue
            value = "true" if p["bare"] == "true" else ""
        if p["numbers"] == "int" and re.fullmatch("[0-9]+", value):
            value = int(value)
        seen[match["key"]] = [*seen.get(match["key"], []), value]
    place = {"last": -1, "first": 0}.get(p["equal"])
    return {key: values if place is None else values[place] for key, values in seen.items()}


FAMILY = CodeFamily(draw=draw, rules=rules, way=way, source=source, inputs=inputs, expected=expected)
