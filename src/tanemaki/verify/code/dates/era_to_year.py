"""Japanese years, read as years of the common era.

Level 1 reads the name of an era and a year, level 2 knows the first year by its name and refuses what is none, level 3 reads
abbreviations, full-width digits or a month behind. Source: ours; the eras since Meiji by their first years.
"""

from __future__ import annotations

import re
from functools import cache

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.family import LEVELS, CodeFamily, Parameters, code

_ERAS = {
    "明治": (1868, 45, "M"),
    "大正": (1912, 15, "T"),
    "昭和": (1926, 64, "S"),
    "平成": (1989, 31, "H"),
    "令和": (2019, 0, "R"),
}
"""Name → the first year, how many years it had (0: it goes on), and its letter."""
_NAMES = tuple(_ERAS)


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the eras that are known, then what else the level names."""
    first = draw.between(0, 3)
    eras = _NAMES[first : first + draw.between(2, 5)]
    ended = [era for era in eras if _ERAS[era][1]]
    result = draw.choose(("year", "text", "gap")) if level > 1 else "year"
    return {
        "eras": list(eras),
        "ends": "、".join(f"{era}{_ERAS[era][1]}年" for era in ended),
        "gone": f"{ended[-1]}{_ERAS[ended[-1]][1] + 6}年",
        "example": f"{draw.choose(eras)}{draw.between(2, 14)}年",
        "table": "、".join(f"{era} {_ERAS[era][0]}年" for era in eras),
        "table_en": ", ".join(f"{era} {_ERAS[era][0]}" for era in eras),
        "result": result,
        "base": draw.choose((1900, 1945, 1950, 1970, 2000, 2025)) if result == "gap" else 0,
        "bad": draw.choose(("None", "-1", "0")) if level > 1 else "",
        "limits": level > 1 and bool(draw.below(2)),
        "letters": level == LEVELS and bool(draw.below(2)),
        "wide": level == LEVELS,
    }


def rules(p: Parameters) -> tuple[str, ...]:
    """Say what holds."""
    parts = ["eras", f"result_{p['result']}", "first_year"]
    parts += ["bad"] if p["bad"] else ["sure"]
    parts += [_limits(p)] if p["bad"] else []
    parts += ["letters"] if p["letters"] else []
    parts += ["wide"] if p["wide"] else []
    return tuple(parts)


def _limits(p: Parameters) -> str:
    if not p["limits"]:
        return "no_limits"
    return "limits_open" if "令和" in p["eras"] else "limits"


def way(p: Parameters) -> tuple[str, ...]:
    """Explain the year before the first."""
    return ("offset", *(("pattern",) if p["bad"] else ()), *(("way_limits",) if p["limits"] else ()))


def source(p: Parameters) -> str:
    """Match the whole text, and add."""
    table = ", ".join(f'"{era}": {_ERAS[era][0]}' for era in p["eras"])
    names = "|".join(p["eras"])
    short = ""
    if p["letters"]:
        short = ", ".join(f'"{_ERAS[era][2]}": "{era}"' for era in p["eras"])
        names += "|[" + "".join(_ERAS[era][2] for era in p["eras"]) + "]"
    longest = ", ".join(f'"{era}": {_ERAS[era][1]}' for era in p["eras"] if _ERAS[era][1])
    digits = "[0-9０-９]" if p["wide"] else "[0-9]"
    ends = "年" if not p["letters"] else "年?"
    told = {"year": "year", "text": 'f"{year}年"', "gap": f"year - {p['base']}"}[p["result"]]
    gives = {"text": "str"}.get(p["result"], "int") + {"None": " | None"}.get(p["bad"], "")
    if p["result"] == "text" and p["bad"] in ("-1", "0"):
        gives = "str | int"
    return code(
        "import re\n\n",
        f"def era_to_year(text: str) -> {gives}:",
        '    """@doc"""',
        f"    first_years = {{{table}}}",
        f"    letters = {{{short}}}" if p["letters"] else None,
        f"    last_years = {{{longest}}}" if p["limits"] else None,
        f'    match = re.fullmatch(r"({names})(元|{digits}{{1,2}}){ends}", text)',
        f"    if not match:\n        return {p['bad']}" if p["bad"] else None,
        "    era, number = match.groups()",
        "    era = letters.get(era, era)" if p["letters"] else None,
        '    n = 1 if number == "元" else int(number)  # @first',
        f"    if not 1 <= n <= last_years.get(era, 99):\n        return {p['bad']}"
        if p["limits"]
        else f"    if n == 0:\n        return {p['bad']}"
        if p["bad"]
        else None,
        "    year = first_years[era] + n - 1  # @minus_one",
        f"    return {told}",
    )


def inputs(p: Parameters, draw: Draw) -> list[list[Json]]:
    """Try each era, first years, last years and the ones after them, and what is no year where that may come."""
    eras = p["eras"]

    def told(era: str, n: int | str) -> str:
        wide = p["wide"] and draw.below(2)
        number = "".join(chr(ord(one) + 0xFEE0) for one in str(n)) if wide and isinstance(n, int) else str(n)
        if p["letters"] and draw.below(2):
            return f"{_ERAS[era][2]}{number}" + draw.choose(("", "年"))
        return f"{era}{number}" + ("年" if not p["letters"] else draw.choose(("", "年")))

    fine = [told(draw.choose(eras), draw.between(2, 14)) for _ in range(3)]
    fine += [told(eras[0], "元"), told(eras[-1], 1), told(eras[0], _ERAS[eras[0]][1])]
    if not p["bad"]:
        return [[one] for one in (*fine, told(eras[-1], 9))]
    last = next(era for era in eras if _ERAS[era][1])
    wrong = [
        "",
        "慶応3年",
        f"{eras[0]}年",
        f"{eras[0]}十年",
        f"{eras[0]}0年",
        f" {eras[0]}3年",
        f"{eras[0]}123年",
        f"{eras[0]}3年5月",
    ]
    others = [f"{era}{draw.between(2, 14)}年" for era in _NAMES if era not in eras] or ["慶応3年"]
    return [
        [one]
        for one in (*fine[1:5], f"{last}{_ERAS[last][1] + 1}年", *draw.sample(wrong, 2), draw.choose(others))
    ]


def expected(p: Parameters, text: str) -> Json:
    """List every text that is a year."""
    bad: Json = {"None": None, "-1": -1, "0": 0, "": 0}[p["bad"]]
    folded = text.translate({0xFF10 + n: str(n) for n in range(10)}) if p["wide"] else text
    if re.search("[^0-9]0+$|^0|[０-９]", folded) and not p["wide"]:
        return bad
    year = _all_years(tuple(p["eras"]), p["limits"], p["letters"]).get(folded)
    if year is None:
        return bad
    return {"year": year, "text": f"{year}年", "gap": year - p["base"]}[p["result"]]


@cache
def _all_years(eras: tuple[str, ...], limits: bool, letters: bool) -> dict[str, int]:  # noqa: FBT001 - a key of the cache
    """Return every way to write a year, with the year of the common era."""
    found = {}
    for era in eras:
        begin, length, letter = _ERAS[era]
        for n in range(1, (length if limits and length else 99) + 1):
            for name in (era, letter) if letters else (era,):
                for number in (str(n), f"{n:02}", *(["元"] if n == 1 else [])):
                    for end in ("年", "") if letters else ("年",):
                        found[f"{name}{number}{end}"] = begin - 1 + n
    return found


FAMILY = CodeFamily(draw=draw, rules=rules, way=way, source=source, inputs=inputs, expected=expected)
