"""One line of a table in a text file, with quotation marks.

Level 1 names the separator and the quotation mark, level 2 how the mark itself is written, level 3 what an open quotation
is, and what becomes of empty fields. Source: ours; RFC 4180, and what files do that do not follow it.
"""

from __future__ import annotations

import re

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.family import LEVELS, CodeFamily, Parameters, code
from tanemaki.verify.code.pool import WORDS

_MARKS = (",", ";", "|", "/", ":", "+", "&")
_QUOTES = ('"', "'", "$", "%", "*")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw separator and quotation mark, then what else the level names."""
    return {
        "mark": draw.choose(_MARKS),
        "quote": draw.choose(_QUOTES),
        "escape": draw.choose(("doubled", "backslash")) if level > 1 else "none",
        "open": draw.choose(("None", "[]", "rest")) if level == LEVELS else "never",
        "empty": draw.choose(("none", "dropped", "dash")) if level == LEVELS else "kept",
    }


def rules(p: Parameters) -> tuple[str, ...]:
    """Say what holds."""
    parts = ["quote", *([f"escape_{p['escape']}"] if p["escape"] != "none" else [])]
    parts += ["never_open"] if p["open"] == "never" else ["open_rest"] if p["open"] == "rest" else ["open"]
    return (*parts, f"empty_{p['empty']}") if p["empty"] != "kept" else tuple(parts)


def way(p: Parameters) -> tuple[str, ...]:
    """Explain the flag."""
    return ("flag", "last_field", *((f"way_{p['escape']}",) if p["escape"] != "none" else ()))


def _literal(text: str) -> str:
    """Return a text as Python writes it, in double quotes where it can be."""
    return repr(text) if '"' in text else f'"{text}"'


def source(p: Parameters) -> str:
    """Walk through the line with a flag that says whether a quotation is open."""
    quote, mark = _literal(p["quote"]), _literal(p["mark"])
    escape = {
        "doubled": f"        if quoted and line[place : place + 2] == {_literal(p['quote'] * 2)}:",
        "backslash": '        if quoted and sign == "\\\\" and place + 1 < len(line):',
    }.get(p["escape"])
    first = "elif" if escape else "if"
    told = {
        "kept": "fields",
        "none": "[one or None for one in fields]",
        "dropped": "[one for one in fields if one]",
        "dash": '[one or "-" for one in fields]',
    }[p["empty"]]
    inner = "str | None" if p["empty"] == "none" else "str"
    return code(
        f"def split_row(line: str) -> list[{inner}]{' | None' if p['open'] == 'None' else ''}:",
        '    """@doc"""',
        '    fields, field, quoted = [], "", False',
        "    place = 0",
        "    while place < len(line):",
        "        sign = line[place]",
        escape,
        "            place += 1  # @escaped\n            field += line[place]" if escape else None,
        f"        {first} sign == {quote}:",
        "            quoted = not quoted",
        f"        elif sign == {mark} and not quoted:",
        "            fields.append(field)",
        '            field = ""',
        "        else:",
        "            field += sign",
        "        place += 1",
        f"    if quoted:\n        return {p['open']}  # @still_open" if p["open"] in ("None", "[]") else None,
        "    fields.append(field)",
        f"    return {told}",
    )


def inputs(p: Parameters, draw: Draw) -> list[list[Json]]:
    """Try plain fields, separators within quotations, the mark itself, empty fields, an open quotation, and nothing."""
    mark, quote = p["mark"], p["quote"]
    inside = {"doubled": quote * 2, "backslash": f"\\{quote}", "none": ""}[p["escape"]]
    other = "\\\\" if p["escape"] == "backslash" else "\\"

    def field(kind: int) -> str:
        one, two = draw.sample(WORDS, 2)
        return (one, f"{quote}{one}{mark}{two}{quote}", f"{quote}{one} {inside}{two}{quote}", "", f" {one} ")[
            kind
        ]

    def row(*kinds: int) -> str:
        return str(mark.join(map(field, kinds)))

    last = f"{quote}{draw.choose(WORDS)}{mark}{draw.choose(WORDS)}"
    return [
        [row(0, 1, 0)],
        [row(1, 0, 2, 0)],
        [row(0, 3, 0, 3)],
        [row(2, 4, 1)],
        [""],
        [f"{row(0)}{mark}{last}" if p["open"] != "never" else row(3, 3, 1)],
        [f"{quote}{quote}{mark}{quote}{inside}{mark}{other}{quote}{mark}x{quote}y{mark}{quote}z"],
        [row(draw.below(5), 1, 2, draw.below(5), 0)],
    ]


def expected(p: Parameters, line: str) -> Json:
    """Cut the line into whole quotations and single characters."""
    quote, mark = re.escape(p["quote"]), re.escape(p["mark"])
    unit = {"doubled": f"{quote}{quote}|[^{quote}]", "backslash": f"\\\\.|[^{quote}]", "none": f"[^{quote}]"}[
        p["escape"]
    ]
    pieces = re.findall(rf"{quote}(?:{unit})*(?:{quote}|$)|{mark}|.", line, re.DOTALL)
    fields = [""]
    for piece in pieces:
        if piece == p["mark"]:
            fields.append("")
        elif piece[0] != p["quote"]:
            fields[-1] += piece
        else:
            closed = re.fullmatch(rf"{quote}((?:{unit})*){quote}", piece, re.DOTALL)
            if closed is None and p["open"] in ("None", "[]"):
                return {"None": None, "[]": []}[p["open"]]
            body = closed[1] if closed else piece[1:]
            if p["escape"] == "doubled":
                body = body.replace(p["quote"] * 2, p["quote"])
            elif p["escape"] == "backslash":
                body = re.sub(r"\\(.)", r"\1", body, flags=re.DOTALL)
            fields[-1] += body
    if p["empty"] == "dropped":
        return list(filter(None, fields))
    return [one or {"none": None, "dash": "-", "kept": ""}[p["empty"]] for one in fields]


FAMILY = CodeFamily(draw=draw, rules=rules, way=way, source=source, inputs=inputs, expected=expected)
