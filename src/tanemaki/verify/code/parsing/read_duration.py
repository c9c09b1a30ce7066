"""Durations such as "1h30m", read as one number.

Level 1 names the units and what is returned, level 2 says what becomes of text that is no duration, level 3 asks for an
order of the units and lets a sign stand in front. Source: ours; the notation of many command lines.
"""

from __future__ import annotations

import re

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.family import LEVELS, CodeFamily, Parameters, code

_SECONDS = {"w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1}
_JAPANESE = {"w": "週", "d": "日", "h": "時間", "m": "分", "s": "秒"}
_UNITS = ("wdh", "dhm", "hms", "dh", "hm", "ms", "wdhm", "dhms", "wd", "wdhms")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw units and the result, then what else the level names."""
    units = draw.choose(_UNITS)
    japanese = draw.below(2) == 1
    signs = [_JAPANESE[one] if japanese else one for one in units]
    wanted = draw.choose([one for one in _SECONDS if _SECONDS[one] <= _SECONDS[units[-1]]])
    return {
        "units": units,
        "signs": signs,
        "shown": " ".join(
            f"`{sign}`={_SECONDS[one] // _SECONDS[wanted]}" for one, sign in zip(units, signs, strict=True)
        ),
        "wanted": wanted,
        "bad": draw.choose(("None", "-1", "0")) if level > 1 else "",
        "ordered": level == LEVELS,
        "front": draw.choose(("+", "~", "P", "")) if level == LEVELS else "",
    }


def rules(p: Parameters) -> tuple[str, ...]:
    """Say what holds."""
    parts = ["units", "wanted"]
    parts += ["bad"] if p["bad"] else ["sure"]
    parts += ["ordered"] if p["ordered"] else ["any_order"]
    parts += ["front"] if p["front"] else []
    return tuple(one for one in parts if p["bad"] or one != "any_order")


def way(p: Parameters) -> tuple[str, ...]:
    """Explain reading from the left."""
    return ("from_left", *(("way_bad",) if p["bad"] else ()), *(("way_ordered",) if p["ordered"] else ()))


def _values(p: Parameters) -> dict[str, int]:
    """Return sign → value in the unit that is wanted, from the largest."""
    return {
        sign: _SECONDS[one] // _SECONDS[p["wanted"]] for one, sign in zip(p["units"], p["signs"], strict=True)
    }


def source(p: Parameters) -> str:
    """Cut the text with a pattern, and compare what was cut with the whole."""
    table = ", ".join(f'"{sign}": {value}' for sign, value in _values(p).items())
    pieces = "|".join(sorted(p["signs"], key=len, reverse=True))
    ordered = [
        "    order = [units[sign] for _, sign in found]",
        f"    if order != sorted(set(order), reverse=True):\n        return {p['bad']}  # @out_of_order",
    ]
    return code(
        "import re\n\n",
        f"def read_duration(text: str) -> int{' | None' if p['bad'] == 'None' else ''}:",
        '    """@doc"""',
        f'    text = text.removeprefix("{p["front"]}")' if p["front"] else None,
        f"    units = {{{table}}}",
        f'    found = re.findall(r"([0-9]+)({pieces})", text)',
        f'    if not found or "".join(n + sign for n, sign in found) != text:\n        return {p["bad"]}  # @not_all'
        if p["bad"]
        else None,
        *(ordered if p["ordered"] else []),
        "    return sum(int(n) * units[sign] for n, sign in found)",
    )


def inputs(p: Parameters, draw: Draw) -> list[list[Json]]:
    """Try one unit and all, units in another order and twice, noughts, and what is no duration where that may come."""
    signs = p["signs"]

    def text(chosen: list[str], most: int = 40) -> str:
        return "".join(f"{draw.between(1, most)}{sign}" for sign in chosen)

    fine = [
        text(signs),
        p["front"] + text(draw.sample(signs, 1)),
        text([signs[-1]], 5000),
        f"0{signs[0]}007{signs[-1]}",
    ]
    turned = text(signs[::-1])
    twice = text([signs[0], signs[0]])
    if not p["bad"]:
        return [[one] for one in (*fine, turned, twice, text(draw.sample(signs, 2)))]
    wrong = [
        "",
        "12",
        signs[0],
        f"{text(signs)} ",
        f"1.5{signs[0]}",
        f"x{text(signs)}",
        f"-3{signs[-1]}",
        "5y",
        "３" + signs[0],
    ]
    strange = next((one for one in (*_SECONDS, *_JAPANESE.values()) if one not in signs), "y")
    return [[one] for one in (*fine, turned, twice, f"7{strange}{text(signs)}", *draw.sample(wrong, 1))]


def expected(p: Parameters, text: str) -> Json:
    """Read digit by digit."""
    bad: Json = {"None": None, "-1": -1, "0": 0, "": 0}[p["bad"]]
    values = _values(p)
    if p["front"] and text[:1] == p["front"]:
        text = text[1:]
    total, last = 0, None
    while text:
        digits = re.match("[0-9]*", text)
        number = digits[0] if digits else ""
        sign = next((one for one in values if text[len(number) :].startswith(one)), None)
        if not number or sign is None:
            return bad
        if p["ordered"] and last is not None and values[sign] >= last:
            return bad
        last = values[sign]
        total += int(number) * last
        text = text[len(number) + len(sign) :]
    return bad if last is None else total


FAMILY = CodeFamily(draw=draw, rules=rules, way=way, source=source, inputs=inputs, expected=expected)
