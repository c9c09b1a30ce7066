"""Full-width and half-width characters, hiragana and katakana.

The level is the number of conversions: digits, Latin letters, spaces and kana, each in one direction. Source: ours; the
compatibility forms of Unicode, as NFKC folds them, but only where it was asked for.
"""

from __future__ import annotations

import unicodedata

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.family import CodeFamily, Parameters, code

_CONVERSIONS = (
    *("digits_half", "digits_full", "letters_half", "letters_full", "space_half", "space_full"),
    *("kana_kata", "kana_hira", "signs_half", "signs_full", "case_lower", "case_upper"),
)
_RANGES = {
    "digits_half": ('"０" <= letter <= "９"', "chr(ord(letter) - 0xFEE0)"),
    "digits_full": ('"0" <= letter <= "9"', "chr(ord(letter) + 0xFEE0)"),
    "letters_half": ('"Ａ" <= letter <= "Ｚ" or "ａ" <= letter <= "ｚ"', "chr(ord(letter) - 0xFEE0)"),
    "letters_full": ('"A" <= letter <= "Z" or "a" <= letter <= "z"', "chr(ord(letter) + 0xFEE0)"),
    "space_half": ('letter == "\\u3000"', '" "'),
    "space_full": ('letter == " "', '"\\u3000"'),
    "kana_kata": ('"ぁ" <= letter <= "ゖ"', "chr(ord(letter) + 0x60)"),
    "kana_hira": ('"ァ" <= letter <= "ヶ"', "chr(ord(letter) - 0x60)"),
    "signs_half": ('letter in "！？（）"', "chr(ord(letter) - 0xFEE0)"),
    "signs_full": ('letter in "!?()"', "chr(ord(letter) + 0xFEE0)"),
    "case_lower": ('"A" <= letter <= "Z"', "letter.lower()"),
    "case_upper": ('"a" <= letter <= "z"', "letter.upper()"),
}
_PIECES = (
    *(
        "りんご",
        "バナナ",
        "３個",
        "12本",
        "ＡＢＣ",
        "xyz",
        "Ｑ＆Ａ",
        "！",
        "?",
        "（",
        ")",
        "\u3000",
        " ",
        "ゔ",
        "ヴ",
        "２０２６",
    ),
    *("No.7", "ｋｇ", "Cm", "ぁ", "ヶ月", "゛", "ー", "漢字", "é", "😀"),
)


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw as many conversions as the level says and one more, of different kinds."""
    kinds = draw.sample(sorted({one.split("_")[0] for one in _CONVERSIONS}), level + 1)
    chosen = [draw.choose([one for one in _CONVERSIONS if one.startswith(kind)]) for kind in kinds]
    if "case" in kinds:  # nothing would be left to do for it
        chosen = ["letters_half" if one == "letters_full" else one for one in chosen]
    return {"conversions": chosen}


def _ordered(p: Parameters) -> list[str]:
    return sorted(p["conversions"], key=lambda one: (one.startswith("case"), _CONVERSIONS.index(one)))


def rules(p: Parameters) -> tuple[str, ...]:
    """Say what holds."""
    both = {one.split("_")[0] for one in p["conversions"]} >= {"letters", "case"}
    joint = ["case_after"] if both else []
    return (*_ordered(p), *joint, "others")


def way(p: Parameters) -> tuple[str, ...]:
    """Explain the distance of the code points."""
    told = [
        ("kana" if one.startswith("kana") else "width")
        for one in p["conversions"]
        if one[:4] not in ("spac", "case")
    ]
    return (*dict.fromkeys(f"way_{one}" for one in told), "one_by_one")


def source(p: Parameters) -> str:
    """Move each letter by the distance of the two blocks."""
    lines = [
        f"        if {_RANGES[one][0]}:\n            letter = {_RANGES[one][1]}  # @{one}"
        for one in _ordered(p)
    ]
    return code(
        "def fold_width(text: str) -> str:",
        '    """@doc"""',
        "    letters = []",
        "    for letter in text:",
        *lines,
        "        letters.append(letter)",
        '    return "".join(letters)',
    )


def inputs(p: Parameters, draw: Draw) -> list[list[Json]]:
    """Try mixed texts, every kind of character, and nothing."""

    def text(n: int) -> str:
        return "".join(draw.sample(_PIECES, n))

    touched = [piece for piece in _PIECES if expected(p, piece) != piece]
    return [
        [text(3) + draw.choose(touched) + text(2)],
        [draw.choose(touched) + text(3) + draw.choose(touched)],
        ["".join(_PIECES)],
        ["aAzZａＡｚＺ0９9０ 　ぁゖァヶんンーっッ"],
        [""],
        ["@[`{/:／：＠［｀｛「」・。!?()！？（）"],
        [text(12)],
    ]


def expected(p: Parameters, text: str) -> Json:
    """Look every character up by its name."""
    told = text
    for one in _ordered(p):
        told = "".join(_by_name(letter, one) for letter in told)
    return told


def _by_name(letter: str, conversion: str) -> str:
    name = unicodedata.name(letter, "")
    plain = name.removeprefix("FULLWIDTH ")
    kind, to = conversion.split("_")
    latin = plain.startswith(("LATIN SMALL LETTER", "LATIN CAPITAL LETTER")) and plain[-2] == " "
    fits = {
        "digits": plain.startswith("DIGIT "),
        "letters": latin,
        "signs": letter in "!?()！？（）",
        "case": latin and plain == name,
        "space": letter in (" ", "\u3000"),
        "kana": name.startswith(("HIRAGANA LETTER", "KATAKANA LETTER")),
    }[kind]
    if not fits:
        return letter
    if kind == "case":
        return letter.swapcase() if ("SMALL" in name) == (to == "upper") else letter
    if kind == "space":
        return " " if to == "half" else "\u3000"
    if kind == "kana":
        wanted = {"kata": "KATAKANA", "hira": "HIRAGANA"}[to]
        return unicodedata.lookup(f"{wanted} {name.split(' ', 1)[1]}")
    return unicodedata.lookup(plain if to == "half" else f"FULLWIDTH {plain}")


FAMILY = CodeFamily(draw=draw, rules=rules, way=way, source=source, inputs=inputs, expected=expected)
