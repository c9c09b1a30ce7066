"""A cipher that shifts letters along the alphabet.

Level 1 names the shift and which way it goes, level 2 what becomes of other characters, level 3 shifts digits, too, or
changes the shift from letter to letter. Source: ours; the cipher of Caesar, as Suetonius tells it.
"""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.family import LEVELS, CodeFamily, Parameters, code
from tanemaki.verify.code.pool import WORDS


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw shift and direction, then what else the level names."""
    return {
        "shift": draw.between(1, 12),
        "direction": draw.choose(("forward", "backward")),
        "others": draw.choose(("keep", "drop", "dots")) if level > 1 else "none",
        "more": draw.choose(("digits", "grows", "alternates")) if level == LEVELS else "none",
    }


def rules(p: Parameters) -> tuple[str, ...]:
    """Say what holds."""
    parts = ["shift", "wrap_only" if p["others"] == "none" else "wrap"]
    parts += [f"others_{p['others']}{'_digits' * (p['more'] == 'digits')}"] if p["others"] != "none" else []
    parts += [f"more_{p['more']}"] if p["more"] != "none" else []
    return tuple(parts)


def way(p: Parameters) -> tuple[str, ...]:
    """Explain the remainder."""
    return ("modulo", *((f"way_{p['more']}",) if p["more"] != "none" else ()))


def source(p: Parameters) -> str:
    """Work with the place of a letter in the alphabet."""
    sign = "+" if p["direction"] == "forward" else "-"
    shift = str(p["shift"]) if p["more"] in ("none", "digits") else "shift"
    step = {
        "grows": "            shift += 1  # @grows",
        "alternates": "            shift = -shift  # @alternates",
    }.get(p["more"])
    digits = (
        '        elif "0" <= letter <= "9":\n'
        f"            letters.append(str((int(letter) {sign} {p['shift']}) % 10))  # @digits"
    )
    others = {
        "keep": "        else:\n            letters.append(letter)",
        "dots": '        else:\n            letters.append(".")',
    }
    return code(
        "def shift_letters(text: str) -> str:",
        '    """@doc"""',
        "    letters = []",
        f"    shift = {p['shift']}" if shift == "shift" else None,
        "    for letter in text:",
        '        if "a" <= letter <= "z" or "A" <= letter <= "Z":',
        '            first = ord("a") if letter.islower() else ord("A")',
        f"            place = (ord(letter) - first {sign} {shift}) % 26  # @around",
        "            letters.append(chr(first + place))",
        step,
        digits if p["more"] == "digits" else None,
        others.get(p["others"]),
        '    return "".join(letters)',
    )


def inputs(p: Parameters, draw: Draw) -> list[list[Json]]:
    """Try words, both ends of the alphabet, capitals, signs between, a long text, and nothing."""
    plain = p["others"] == "none"

    def text(n: int) -> str:
        words = [draw.choose((word, word.capitalize(), word.upper())) for word in draw.sample(WORDS, n)]
        told = "".join(words) if plain else " ".join(words)
        return told if plain else told + draw.choose(("!", " 2026", "?", ", 7.", " é", "あ"))

    return [
        [text(1)],
        [text(2)],
        [ascii_lowercase + ascii_uppercase],
        ["zZaAyYbBmMnN" if plain else "zZ-aA 9090 yY/bB_89 mM"],
        [""],
        [text(3)],
        [text(9)],
    ]


def expected(p: Parameters, text: str) -> Json:
    """Walk along the alphabet letter by letter."""
    found = ""
    seen = 0
    for letter in text:
        ring = next((one for one in (ascii_lowercase, ascii_uppercase) if letter in one), "")
        n = p["shift"]
        if ring:
            n = {"grows": n + seen, "alternates": -n if seen % 2 else n}.get(p["more"], n)
            seen += 1
        elif p["more"] == "digits" and letter in "0123456789":
            ring = "0123456789"
        if not ring:
            found += {"keep": letter, "dots": ".", "drop": "", "none": ""}[p["others"]]
            continue
        ring = ring if p["direction"] == "forward" else ring[::-1]
        turned = ring if n >= 0 else ring[::-1]
        for _ in range(abs(n)):
            letter = turned[turned.index(letter) + 1 - len(turned)]  # noqa: PLW2901 - it walks
        found += letter
    return found


FAMILY = CodeFamily(draw=draw, rules=rules, way=way, source=source, inputs=inputs, expected=expected)
