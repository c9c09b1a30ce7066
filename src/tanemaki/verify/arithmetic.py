"""The sums that a text writes out, done again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, DivisionByZero, InvalidOperation

from tanemaki.text.normalise import nfkc
from tanemaki.text.numerals import DIGITS, read_numeral, show

_TERM = rf"[¥$€£]?{DIGITS}(?:[ \t]?°?[^\W\d_]{{1,12}}|[ \t]?%)?"
_OPERATOR = r"[-+*/×÷−x]"
_SUM = re.compile(
    rf"(?<![\d.,])(?P<left>{_TERM}(?:[ \t]*{_OPERATOR}[ \t]*\(?{_TERM}\)?){{1,20}})[ \t]*=[ \t]*"
    rf"(?P<right>[-−]?[¥$€£]?{DIGITS})"
)
_PIECE = re.compile(rf"{DIGITS}%?|{_OPERATOR}|[()]")
_SIGNS = str.maketrans({"×": "*", "x": "*", "÷": "/", "−": "-"})
_ROUNDED = Decimal("0.51")  # of the last digit shown: a result may be rounded either way


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum as it is written, and what it really makes."""

    text: str
    stated: str
    """The result that the text states, in canonical form."""
    right: bool


def find_sums(text: str) -> Iterator[Sum]:
    """Yield the sums of a text: numbers with units between ``+ - × ÷`` and an equals sign with a number after it.

    A result may be rounded in the last digit that it shows. Brackets around more than one number are not read.

    Source: ours.

    >>> [(s.stated, s.right) for s in find_sums("12個 × 150円 = 1,800円、100 ÷ 3 = 33.3、7 + 5 = 13")]
    [('1800', True), ('33.3', True), ('13', False)]
    """
    for match in _SUM.finditer(nfkc(text)):
        value = _value(_PIECE.findall(_without_units(match["left"])))
        told = match["right"].replace("−", "-").lstrip("¥$€£")
        stated = -read_numeral(told.lstrip("-¥$€£")) if told.startswith("-") else read_numeral(told)
        if value is not None:
            shown = Decimal(1).scaleb(int(stated.as_tuple().exponent))
            yield Sum(match.group(), show(stated), abs(value - stated) <= _ROUNDED * min(shown, Decimal(1)))


def _without_units(left: str) -> str:
    return re.sub(r"(?<=\d)[ \t]?(?!x[ \t\d(])°?[^\W\d_]{1,12}", "", left)


def _value(pieces: list[str]) -> Decimal | None:
    """Return what numbers and operators make, products first; None for what cannot be read."""
    terms: list[Decimal] = []
    operator = "+"
    for piece in pieces:
        sign = piece.translate(_SIGNS)
        if sign in ("(", ")"):
            continue
        if sign in "+-*/":
            operator = sign
            continue
        number = read_numeral(piece.rstrip("%")) / (100 if piece.endswith("%") else 1)
        try:
            if operator in "+-":
                terms.append(number if operator == "+" else -number)
            elif operator == "*":
                terms[-1] *= number
            else:
                terms[-1] /= number
        except (DivisionByZero, InvalidOperation):
            return None
    return sum(terms, Decimal(0)) if terms else None
