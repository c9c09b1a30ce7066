"""Numbers in kanji, read or written.

Level 1 goes up to 千, level 2 to 万 and 億 and says what becomes of other text, level 3 knows the formal digits, or a
counter behind the number. Source: ours; the usual Japanese numerals.
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.family import LEVELS, CodeFamily, Parameters, code

_DIGITS, _FORMAL = "〇一二三四五六七八九", "零壱弐参四五六七八九"
_COUNTERS = "円人冊個本枚歳匹台回件点歩階"


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the direction, then what else the level names."""
    form = draw.choose(("read", "write"))
    top = draw.choose(("万", "億")) if level > 1 else draw.choose(("百", "千"))
    return {
        "form": form,
        "top": top,
        "limit": {"百": 999, "千": 9999, "万": 99_999_999, "億": 999_999_999_999}[top],
        "bad": draw.choose(("None", "-1", "0") if form == "read" else ("None", '""', '"?"'))
        if level > 1
        else "",
        "formal": level == LEVELS and bool(draw.below(2)),
        "counter": draw.choose(_COUNTERS) if level == LEVELS else "",
        "one": draw.choose(("bare", "told")) if form == "write" else "both",
    }


def rules(p: Parameters) -> tuple[str, ...]:
    """Say what holds."""
    parts = [f"limit_{p['form']}" if p["bad"] else f"sure_{p['form']}", f"one_{p['one']}"]
    parts += [f"bad_{p['form']}", "large_man" if p["top"] == "万" else "large"] if p["bad"] else []
    parts += [f"formal_{p['form']}"] if p["formal"] else []
    parts += [f"counter_{p['form']}"] if p["counter"] else []
    return tuple(parts)


def way(p: Parameters) -> tuple[str, ...]:
    """Explain blocks of four digits."""
    return (f"way_{p['form']}", *(("way_large",) if p["top"] in "万億" else ()))


def _large(p: Parameters) -> dict[str, int]:
    return {"万": 10**4, **({"億": 10**8} if p["top"] == "億" else {})} if p["top"] in "万億" else {}


def source(p: Parameters) -> str:
    """Read from the left, or write blocks of four digits."""
    maybe = " | None" if p["bad"] == "None" else ""
    small = {"十": 10, "百": 100, **({} if p["top"] == "百" else {"千": 1000})}
    if p["form"] == "read":
        digits = {sign: n for n, sign in enumerate(_DIGITS) if n}
        if p["formal"]:
            digits.update({sign: n for n, sign in enumerate(_FORMAL) if sign in "壱弐参"})
            small = {**small, "拾": 10}
        large = [
            f"        elif sign in {_large(p)!r}:",
            f"            total += (block + digit) * {_large(p)!r}[sign]  # @block",
            "            block = digit = 0",
        ]
        named = [line.replace(repr(_large(p)), "large") for line in large]
        counter = [
            f'    if not text.endswith("{p["counter"]}"):\n        return {p["bad"]}',
            "    text = text[:-1]",
        ]
        return code(
            f"def read_kanji(text: str) -> int{maybe}:",
            '    """@doc"""',
            *(counter if p["counter"] else []),
            f"    if not text:\n        return {p['bad']}" if p["bad"] else None,
            f"    digits = {digits!r}".replace("'", '"'),
            f"    small = {small!r}".replace("'", '"'),
            f"    large = {_large(p)!r}".replace("'", '"') if _large(p) else None,
            "    total = block = digit = 0",
            "    for sign in text:",
            "        if sign in digits:",
            "            digit = digits[sign]",
            "        elif sign in small:",
            "            block += (digit or 1) * small[sign]  # @or_one",
            "            digit = 0",
            *(named if _large(p) else []),
            f"        else:\n            return {p['bad']}" if p["bad"] else None,
            "    return total + block + digit",
        )
    signs = _FORMAL if p["formal"] else _DIGITS
    ten = "拾" if p["formal"] else "十"
    units = f'["", "{ten}", "百", "千"]'
    bare = 'units[place] if digit == "1" and place else digits[int(digit)] + units[place]'
    told = bare if p["one"] == "bare" else "digits[int(digit)] + units[place]"
    tail = f' + "{p["counter"]}"' if p["counter"] else ""
    block = [
        "def write_block(number: int) -> str:",
        '    """@helper"""',
        f'    digits, units = "{signs}", {units}',
        '    text = ""',
        "    for place, digit in enumerate(reversed(str(number))):",
        '        if digit != "0":',
        f"            text = ({told}) + text",
        "    return text",
        "\n",
    ]
    whole = [
        '    text = ""',
        f"    for unit in {['', *_large(p)]!r}:".replace("'", '"'),
        "        number, block = divmod(number, 10000)  # @four",
        "        if block:",
        "            text = write_block(block) + unit + text",
        f"    return text{tail}",
    ]
    return code(
        *block,
        f"def write_kanji(number: int) -> str{maybe}:",
        '    """@doc"""',
        f"    if not 1 <= number <= {p['limit']}:\n        return {p['bad']}" if p["bad"] else None,
        *(whole if _large(p) else [f"    return write_block(number){tail}"]),
    )


def inputs(p: Parameters, draw: Draw) -> list[list[Json]]:
    """Try small numbers, ones before units, noughts within, large ones, and what is none where that may come."""
    most = p["limit"]
    numbers = [draw.between(21, 99), draw.between(101, 999), 10, 111, draw.between(most // 10, most), 305, 1]
    if _large(p):
        numbers = [draw.between(1001, 9999), draw.between(10_001, most), 11_111, 10_000_000, most - 1, 20_305]
        numbers += [100_000_001] if p["top"] == "億" else [90_000]
    if p["form"] == "write":
        return [[one] for one in ([*numbers[:6], 0, most + 1] if p["bad"] else numbers)]
    texts = [_written(p, one, told=bool(draw.below(2)), formal=bool(draw.below(2))) for one in numbers]
    if not p["bad"]:
        return [[one] for one in texts]
    wrong = ["", "三百x", "12", "十 五", f"二{'兆' if p['top'] == '億' else '億'}", "百円玉"]
    wrong += [_written({**p, "counter": ""}, 25, told=True, formal=False)] if p["counter"] else []
    return [[one] for one in (*texts[:6], *draw.sample(wrong, 2))]


def _written(p: Parameters, number: int, *, told: bool, formal: bool) -> str:
    """Write with f-strings: eight or twelve digits, each with its unit."""
    signs, ten = (_FORMAL, "拾") if formal and p["formal"] else (_DIGITS, "十")
    text = ""
    for block, unit in zip((f"{number:012}"[k : k + 4] for k in (0, 4, 8)), ("億", "万", ""), strict=True):
        part = "".join(
            ("" if digit == "1" and own and not told else signs[int(digit)]) + own
            for digit, own in zip(block, ("千", "百", ten, ""), strict=True)
            if digit != "0"
        )
        text += part + unit if part else ""
    return text + str(p["counter"])


def expected(p: Parameters, told: int | str) -> Json:
    """Write with every digit's own unit; read with the value of what stands behind a sign."""
    bad: Json = {"None": None, "-1": -1, "0": 0, '""': "", '"?"': "?", "": 0}[p["bad"]]
    if isinstance(told, int):
        if not 1 <= told <= p["limit"]:
            return bad
        return _written(p, told, told=p["one"] == "told", formal=True)
    text = told
    if p["counter"]:
        if not text or text[-1] != p["counter"]:
            return bad
        text = text[: len(text) - 1]
    for formal, usual in zip("壱弐参拾", "一二三十", strict=True):
        text = text.replace(formal, usual) if p["formal"] else text
    known = set(_DIGITS[1:]) | set("十百") | ({"千"} if p["top"] != "百" else set()) | set(_large(p))
    if not text or set(text) - known:
        return bad
    total = 0
    for name, value in (("億", 10**8), ("万", 10**4), ("", 1)):
        block, found, rest = text.partition(name) if name else (text, "x", "")
        if not found:
            continue
        for unit, size in (("千", 1000), ("百", 100), ("十", 10)):
            before, has, after = block.partition(unit)
            if has:
                total += value * size * (_DIGITS.index(before) if before else 1)
                block = after
        total += value * (_DIGITS.index(block) if block else 0)
        text = rest
    return total


FAMILY = CodeFamily(draw=draw, rules=rules, way=way, source=source, inputs=inputs, expected=expected)
