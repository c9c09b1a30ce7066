"""The arithmetic that a free text claims, worked out again: units between the numbers, brackets, fractions, chains.

A text is written by somebody: ``12個 × 150円 = 1,800円``, ``$5 x 3 = $15``, ``17 ÷ 5 = 3 あまり 2``, ``2時間 + 30分
= 150分``, ``100 ÷ 3 = 33.3``. What is not certainly a claim about numbers alone is left out: equations with letters, ratios,
a number that is called by another unit which nothing here knows. What cannot be read is not wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tanemaki.text.written_numbers import plain, unit_after
from tanemaki.verify.equations import Unreadable, value_of

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+"
_TOKEN = re.compile(
    rf"(?P<number>(?:[¥$€£][ ]?)?(?:\d+[ ](?=\d+/\d))?(?:{_NUMBER})(?:/\d+(?![\d.,/]))?%?)"
    r"|(?P<unit>\((?:[^\W\d_]|[ ²³/.%]){1,16}\))"
    r"|(?P<relation>=(?![=>])|≈|≒)"
    r"|(?P<sign>[-−+×÷*/()^√²³]|[xX·](?=[ ]?[\d(¥$€£.]))"
    r"|(?P<word>[A-Za-z°µ]+[²³]?(?:/[A-Za-z]+)?|[ぁ-んァ-ヶー一-鿿々]+[²³]?)"
    r"|(?P<other>\S)"
)
_STAR = re.compile(r"(?<=[\w)%])(?P<space>\s{0,3})\*(?=\s{0,3}[\d($¥.])")
_HIDDEN_AFTER = re.compile(r"[□△○◇☆_?π]|[ア-コ]{1,4}(?![ァ-ヶー])|[A-Z]{1,4}\d")  # 6□3, 61アイ
_HIDDEN_BEFORE = re.compile(r"(?:[□△○◇☆_]|(?<![ァ-ヶー])[ア-コ]{1,4}|(?<![A-Za-z])[A-Z]{1,4})$")
_NO_UNIT = re.compile(r"(?:is|are|was|were|be|makes?|gives?|equals?|[a-z])", re.IGNORECASE)
_SIGNS = str.maketrans({"−": "-", "x": "×", "X": "×", "·": "×", "*": "×", "/": "÷"})
_THOUSANDS = re.compile(r"\d,\d{3}")
_REST = re.compile(r"[ ]?(?:あまり|余り|remainder|[Rr]|\.{3}|…|・・・)[ ]?(?P<rest>\d+)")
_OPERATORS = frozenset("-+×÷^")
_OPENS = frozenset("。、,:;.「『\"'<>→・|$!?")
_MOST_UNIT_WORDS = 4  # "red apples in total"
_CONVERSIONS = frozenset(map(Fraction, (7, 10, 12, 24, 60, 100, 1000, 3600, 10_000, 86_400, 1_000_000)))
"""What 40 km/h × 30 min makes besides: an hour has 60 minutes."""
_NEAR = 20  # characters that are looked at beside a number: a line of a model may have a hundred thousand
_ROUNDED = Fraction(51, 100)


@dataclass(frozen=True, slots=True)
class Claim:
    """One equality that a text claims."""

    text: str
    right: bool
    said: str
    """What is wrong: ``12 × 3 makes 36, not 38``; empty where nothing is."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    """``number``, ``sign``, ``relation``, ``word``, ``unit`` (in brackets) or ``other``."""
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of an equality, without units."""

    expression: str
    measures: tuple[tuple[str, Fraction] | None, ...]
    """The unit of each number, where it has one of measure."""
    start: int
    end: int
    is_named: bool = False
    """A word stands behind one of the numbers."""
    rest: int | None = None
    """What is left over: 2 of 3 あまり 2."""

    @property
    def n_signs(self) -> int:
        """How many operators it has."""
        return sum(letter in "+-×÷^²³√" for letter in self.expression.lstrip("-"))


def find_claims(text: str) -> Iterator[Claim]:
    """Yield every equality between numbers that a text claims, in order.

    >>> [(one.text, one.right) for one in find_claims("12個 × 150円 = 1,800円、7 + 5 = 13、2x + 3 = 7")]
    [('12個 × 150円 = 1,800', True), ('7 + 5 = 13', False)]
    >>> [one.said for one in find_claims("3 × (4 + 5) = 3 × 9 = 28")]
    ['', '3 × 9 makes 27, not 28']
    """
    for line in text.splitlines():
        if "=" in line or "＝" in line or "≒" in line or "≈" in line:
            for cell in re.split(r"[\t|]", line.replace("**", "")):
                yield from _claims_of_cell(plain(_STAR.sub(r"\g<space>×", cell)))


def _claims_of_cell(line: str) -> Sequence[Claim]:
    """Return the claims of a line; a comma is one of thousands, or else parts two numbers: 136 × 3,136 × 3 = 408."""
    claims = list(_claims_of(line))
    if all(claim.right for claim in claims) or not _THOUSANDS.search(line):
        return claims
    apart = list(_claims_of(line.replace(",", ", ")))
    return min(claims, apart, key=lambda read: sum(not claim.right for claim in read))


def _claims_of(line: str) -> Iterator[Claim]:
    tokens = [_Token(str(found.lastgroup), found.group(), *found.span()) for found in _TOKEN.finditer(line)]
    for at, token in enumerate(tokens):
        if token.kind != "relation":
            continue
        left, right = _left_of(tokens, at, line), _right_of(tokens, at, line)
        said = _said(left, right, is_rough=token.text != "=") if left and right else None
        if left and right and said is not None:
            yield Claim(line[left.start : right.end].strip(), not said, said)


def _left_of(tokens: Sequence[_Token], at: int, line: str) -> _Side | None:
    """Return what stands before a relation, as far as it is numbers; None where it is not, or may be a part of more."""
    taken: list[_Token] = []
    depth, wants_number, place = 0, True, at - 1
    while place >= 0:
        token = tokens[place]
        if wants_number:
            n_words = 0
            while place >= 0 and tokens[place].kind in ("word", "unit") and n_words <= _MOST_UNIT_WORDS:
                if _NO_UNIT.fullmatch(tokens[place].text) and not _is_unit(tokens[place], line):
                    return None
                n_words += 1
                place -= 1
            token = tokens[place]
            if place < 0 or not (token.kind == "number" or token.text in (")", "²", "³")):
                return None
            depth += token.text == ")"
            wants_number = token.kind != "number"
        elif token.text == "(" and depth:
            depth -= 1
        elif token.text in ("-", "−", "+", "*", "×", "÷", "/", "^", "x", "X", "·"):
            before = tokens[place - 1] if place else None
            if before is not None and before.kind == "other" and before.text not in _OPENS:
                return None  # 14π × 3
            if before is None or before.kind in ("other", "relation") or before.text == "(":
                if token.text not in ("-", "−", "+", "*"):
                    return None
                if not (before and before.text == "(" and depth) and token.end != taken[-1].start:
                    break  # the dot of a list
            else:
                wants_number = True
        elif token.text != "√":
            break
        taken.append(token)
        place -= 1
    if wants_number or depth or not taken or _is_glued(tokens, place, taken[-1]):
        return None
    return _side(taken[::-1], line)


def _is_unit(token: _Token, line: str) -> bool:
    """Whether a single letter is a unit: the m of 5 m, not the x of 5 x."""
    unit = unit_after(line, token.start)
    return len(token.text) == 1 and unit is not None and unit[2] == token.end


def _is_glued(tokens: Sequence[_Token], place: int, first: _Token) -> bool:
    """Whether a number belongs to what stands before it: 15:30, A4, 3,4."""
    if place < 0:
        return False
    before = tokens[place]
    if before.kind == "number":
        return True
    if before.end != first.start:
        return False
    return (
        before.text in (":", ".", ",", "~", "#", "=") and (place == 0 or tokens[place - 1].kind == "number")
    ) or (before.kind == "word" and before.text.isascii())


def _right_of(tokens: Sequence[_Token], at: int, line: str) -> _Side | None:
    """Return what stands behind a relation, as far as it is numbers."""
    taken: list[_Token] = []
    depth, wants_number, place, rest = 0, True, at + 1, None
    while place < len(tokens):
        token = tokens[place]
        if wants_number:
            if token.kind == "number":
                wants_number = False
            elif token.text in ("-", "−", "√", "("):
                depth += token.text == "("
            elif (
                not taken
                or taken[-1].text in ("×", "÷", "x", "^")
                or (token.kind == "word" and len(token.text) == 1)
            ):
                return None
            else:
                taken.pop()
                wants_number = False
                break
        elif token.kind in ("word", "unit"):
            if _goes_on(tokens, place):
                place += 1
                continue
            break
        elif token.text == ")" and depth:
            depth -= 1
        elif token.kind == "sign" and token.text not in ("(", ")", "√"):
            wants_number = token.text not in ("²", "³")
        else:
            break
        taken.append(token)
        place += 1
    if wants_number or depth or not taken:
        return None
    after = line[taken[-1].end : taken[-1].end + 2 * _NEAR]
    if re.match(r":\d", after):
        return None
    unit = re.match(r"[ ]?[^\W\d_]{0,4}", after)
    if found := _REST.match(after, unit.end() if unit else 0) or _REST.match(after):
        rest = int(found["rest"])
    return _side(taken, line, rest)


def _goes_on(tokens: Sequence[_Token], place: int) -> bool:
    """Whether words are a unit in the middle of an expression: 8 red apples - 2."""
    for ahead in range(place, min(place + _MOST_UNIT_WORDS + 1, len(tokens) - 1)):
        token = tokens[ahead]
        if token.kind == "sign":
            follows = tokens[ahead + 1]
            return token.text in _OPERATORS | {"×", "*", "/", "x", "−"} and (
                follows.kind == "number" or follows.text == "("
            )
        if token.kind not in ("word", "unit"):
            return False
    return False


def _side(taken: Sequence[_Token], line: str, rest: int | None = None) -> _Side | None:
    pieces: list[str] = []
    measures: list[tuple[str, Fraction] | None] = []
    for token in taken:
        if token.kind != "number":
            pieces.append(token.text.translate(_SIGNS))
            continue
        bare = token.text.strip("¥$€£ ").replace(",", "")
        bare = f"0{bare}" if bare.startswith(".") else bare
        unit = unit_after(line, token.end)
        letter = re.match(r"[A-Za-z](?![A-Za-z/²³])", line[token.end : token.end + _NEAR])
        if letter and (unit is None or unit[2] != token.end + 1):
            return None  # 2x
        if _HIDDEN_AFTER.match(line, token.end) or _HIDDEN_BEFORE.search(
            line[max(0, token.start - _NEAR) : token.start]
        ):
            return None
        whole, space, part = bare.partition(" ")
        pieces.append(f"({whole} + {part})" if space else bare)
        measures.append((unit[0], unit[1]) if unit else None)
    is_named = any(
        re.match(r"[ ]?[^\W\d_]", line[token.end : token.end + _NEAR])
        for token in taken
        if token.kind == "number"
    )
    return _Side(" ".join(pieces), tuple(measures), taken[0].start, taken[-1].end, is_named, rest)


def _said(left: _Side, right: _Side, *, is_rough: bool) -> str | None:
    """Return what is wrong with an equality, an empty text where nothing is, None where it claims nothing for certain."""
    try:
        one, other = value_of(left.expression, rough=True), value_of(right.expression, rough=True)
    except Unreadable:
        return None
    wrong = f"{left.expression} makes {_shown(one)}, not {_shown(other)}"
    if right.rest is not None:
        divided = re.fullmatch(r"(\d+) ÷ (\d+)", left.expression)
        if divided is None:
            return None
        quotient, rest = divmod(int(divided[1]), int(divided[2]))
        return "" if other == quotient and right.rest == rest else f"{wrong}, {rest} is left over"
    kinds = set(left.measures) | set(right.measures)
    if left.n_signs == right.n_signs == 0 and (
        left.is_named or right.is_named or not re.search("[/%]", left.expression + right.expression)
    ):
        return _converted(left, right, one, other)
    if _agree(left, right, one, other, is_rough=is_rough):
        return ""
    if "%" in left.expression and re.search(r"[+-] [\d.]+%", left.expression):
        return None  # 1200 - 20% means several things
    if len(kinds) > 1 and (_in_one_unit(left, right) or _is_conversion(one, other)):
        return ""
    return wrong


def _agree(left: _Side, right: _Side, one: Fraction, other: Fraction, *, is_rough: bool) -> bool:
    if one == other or (right.expression.endswith("%") and one == other * 100):
        return True
    _, _, decimals = right.expression.rstrip("%").rpartition(" ")[2].partition(".")
    places = len(decimals) + (2 if right.expression.endswith("%") else 0)
    is_divided = bool(re.search("[÷%√]", left.expression)) or ("/" in left.expression and not left.n_signs)
    may_be_rounded = (bool(decimals) or is_rough or is_divided) and not right.n_signs
    return may_be_rounded and "/" not in right.expression and abs(one - other) <= _ROUNDED / 10**places


def _converted(left: _Side, right: _Side, one: Fraction, other: Fraction) -> str | None:
    """Return what is wrong with 1時間 = 60分; None where a unit is not known, or both are the same."""
    units_of = [side.measures[0] for side in (left, right) if len(side.measures) == 1]
    if len(units_of) < 2 or units_of[0] is None or units_of[1] is None or units_of[0][0] != units_of[1][0]:  # noqa: PLR2004
        return None
    if units_of[0] == units_of[1] or units_of[0][0] in ("month", "year", "day"):
        return None
    is_right = one * units_of[0][1] == other * units_of[1][1]
    return "" if is_right else f"{left.expression} is not {right.expression} in the other unit"


def _in_one_unit(left: _Side, right: _Side) -> bool:
    """Return whether both sides agree when every number is turned into one unit: 2時間 + 30分 = 150分."""
    known = [*left.measures, *right.measures]
    if any(unit is None or known[0] is None or unit[0] != known[0][0] for unit in known):
        return False
    if any(letter in "×÷^²³√" for letter in left.expression + right.expression):
        return False
    return value_of(_in_factors(left)) == value_of(_in_factors(right))


def _in_factors(side: _Side) -> str:
    """Return a side's expression with every number times what its unit is worth."""
    parts = re.split(r"([\d.]+(?:/\d+)?)", side.expression)
    factors = [str(unit[1]) for unit in side.measures if unit]
    for place, factor in zip(range(1, len(parts), 2), factors, strict=False):
        parts[place] = f"({parts[place]} × ({factor}))"
    return "".join(parts)


def _is_conversion(one: Fraction, other: Fraction) -> bool:
    return bool(other) and (one / other in _CONVERSIONS or (bool(one) and other / one in _CONVERSIONS))


def _shown(value: Fraction) -> str:
    return str(value) if value.denominator < 1000 else f"{float(value):.4g}"  # noqa: PLR2004 - what a reader takes in
