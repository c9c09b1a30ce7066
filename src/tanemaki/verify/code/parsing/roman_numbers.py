"""Roman numbers, read or written.

Level 1 reads or writes them, level 2 says what becomes of input that is none, level 3 uses other letters, and dots or a
width. Source: ours; the usual subtractive form.
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.family import LEVELS, CodeFamily, Parameters, code

_VALUES = (1000, 500, 100, 50, 10, 5, 1)
_MOST = 3999
_OTHERS = "ABEFGHJKNOPQRSTUWYZabefghjknopqrstuwyz"
_DIGITS = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the direction, then what else the level names."""
    form = draw.choose(("read", "write"))
    letters = draw.sample(_OTHERS, 7) if level == LEVELS else list("MDCLXVI")
    bad = draw.choose(("None", "0", "-1") if form == "read" else ("None", '"0"', '"?"')) if level > 1 else ""
    return {
        "form": form,
        "letters": "".join(letters),
        "table": ", ".join(
            f"`{one}`={value}" for value, one in zip(_VALUES[::-1], letters[::-1], strict=True)
        ),
        "bad": bad,
        "width": draw.between(8, 16) if level == LEVELS and form == "write" else 0,
        "dot": draw.choose((".", "-", " ", "'")) if level == LEVELS and form == "read" else "",
    }


def rules(p: Parameters) -> tuple[str, ...]:
    """Say what holds."""
    usual = p["letters"] == "MDCLXVI"
    parts = ["letters" if usual else "own_letters", f"pairs_{p['form']}"]
    parts += [f"bad_{p['form']}"] if p["bad"] else [f"sure_{p['form']}"]
    parts += ["width"] if p["width"] else []
    parts += ["dot"] if p["dot"] else []
    return tuple(parts) if p["bad"] else tuple(parts[1:])


def way(p: Parameters) -> tuple[str, ...]:
    """Explain the table, and why what was read is written again."""
    return (f"greedy_{p['form']}", "way_pairs", *(("again",) if p["bad"] and p["form"] == "read" else ()))


def source(p: Parameters) -> str:
    """Take the largest piece, again and again."""
    m, d, c, l, x, v, i = p["letters"]  # noqa: E741 - the seven letters by their names
    table = [
        (1000, m),
        (900, c + m),
        (500, d),
        (400, c + d),
        (100, c),
        (90, x + c),
        (50, l),
        (40, x + l),
        (10, x),
    ]
    table += [(9, i + x), (5, v), (4, i + v), (1, i)]
    lines = "    table = [\n" + "".join(f'        ({value}, "{sign}"),\n' for value, sign in table) + "    ]"
    maybe = " | None" if p["bad"] == "None" else ""
    if p["form"] == "write":
        return code(
            f"def to_roman(number: int) -> str{maybe}:",
            '    """@doc"""',
            f"    if not 1 <= number <= {_MOST}:\n        return {p['bad']}" if p["bad"] else None,
            lines,
            '    text = ""',
            "    for value, sign in table:",
            "        text += number // value * sign  # @as_often",
            "        number %= value",
            f"    return text.rjust({p['width']})" if p["width"] else "    return text",
        )
    checked = [
        '    again, left = "", number  # @write_again',
        "    for value, sign in table:",
        "        again += left // value * sign",
        "        left %= value",
        f"    if again != text or not 1 <= number <= {_MOST}:\n        return {p['bad']}",
    ]
    return code(
        f"def from_roman(text: str) -> int{maybe}:",
        '    """@doc"""',
        f'    text = text.replace("{p["dot"]}", "")' if p["dot"] else None,
        lines,
        "    number, rest = 0, text",
        "    for value, sign in table:",
        "        while rest.startswith(sign):  # @as_long",
        "            number += value",
        "            rest = rest[len(sign) :]",
        *(checked if p["bad"] else []),
        "    return number",
    )


def inputs(p: Parameters, draw: Draw) -> list[list[Json]]:
    """Try small and large numbers, fours and nines, the largest, and what is none where that may come."""
    numbers = [draw.between(12, 99), draw.between(101, 999), 4, 1999, draw.between(1000, 3998), _MOST, 949]
    if p["form"] == "write":
        return [[one] for one in ([*numbers[:5], _MOST, 0, _MOST + 1] if p["bad"] else numbers)]
    texts = [_write(p["letters"], one) for one in numbers]
    if p["dot"]:
        texts = [text[:1] + p["dot"] + text[1:] for text in texts]
    m, _, c, _, x, v, i = p["letters"]
    wrong = [i + i + x, v + v, i * 4, i + c, m * 4, x + i + x + i, texts[0] + "?"]
    told = [*texts[:5], *draw.sample(wrong, 2), ""] if p["bad"] else texts
    return [[one] for one in told]


def _write(letters: str, number: int) -> str:
    """Write digit by digit, from a table of the ten digits."""
    found = ""
    of = dict(zip(_VALUES, letters, strict=True))
    for power, digit in zip((1000, 100, 10, 1), f"{number:04}", strict=True):
        found += "".join(of[power * {"i": 1, "v": 5, "x": 10}[sign]] for sign in _DIGITS[int(digit)])
    return found


def expected(p: Parameters, told: int | str) -> Json:
    """Write by digits; read by adding and taking away, and compare with what is written so."""
    bad: Json = {"None": None, "0": 0, "-1": -1, '"0"': "0", '"?"': "?", "": ""}[p["bad"]]
    if isinstance(told, int):
        return f"{_write(p['letters'], told):>{p['width'] or 1}}" if told in range(1, _MOST + 1) else bad
    text = "".join(sign for sign in told if sign != p["dot"])
    of = {letter: value for value, letter in zip(_VALUES, p["letters"], strict=True)}
    if not text or set(text) - set(of):
        return bad
    numbers = [of[letter] for letter in text]
    total = sum(-a if a < b else a for a, b in zip(numbers, [*numbers[1:], 0], strict=True))
    return total if total in range(1, _MOST + 1) and _write(p["letters"], total) == text else bad


FAMILY = CodeFamily(draw=draw, rules=rules, way=way, source=source, inputs=inputs, expected=expected)
