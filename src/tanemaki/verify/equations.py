"""Equations as a solution writes them, worked out exactly: is every part equal to the next one?

Read are whole numbers, decimals, fractions (``3/4`` without spaces is one number), percent, ``+ - × ÷ /``, brackets,
letters (``2x``, ``3(y - 1)``), powers (``x²``, ``2^10``), ``√``, ``n!``, ``C(n, k)``, ``P(n, k)``, ``gcd``, ``lcm``,
``max``, ``min``, ``mod``, and between the parts ``= < > ≤ ≥ ≠`` and ``≈`` (rounded in the last digit that it shows).
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from fractions import Fraction

_TOKEN = re.compile(
    r"\s*(?P<sign>\d+(?:\.\d+)?(?:/\d+(?![\d.]))?%?|gcd|lcm|max|min|mod|[CP](?=\()|[A-Za-zπ]|[-−+×÷*/()!^√,²³⁴])"
)
_RELATION = re.compile(r"\s*([=<>≤≥≠≈])\s*")
_RELATIONS: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
    "≤": operator.le,
    "≥": operator.ge,
    "≠": operator.ne,
}
_POWERS = {"²": 2, "³": 3, "⁴": 4}
_ANY_PI = Fraction(1000003, 318311)
"""π stands for itself: two forms that agree at this odd value are one polynomial in π."""
_LARGEST = 10_000  # bits: no solution has larger numbers, and a power tower would never end
_MOST_DIGITS = 3_000  # of a number as it is written: as many as _LARGEST has


class Unreadable(ValueError):
    """What is no equation of the kind that this module reads."""


def fault_of(equation: str, where: Mapping[str, int | Fraction] | None = None) -> str | None:
    """Return what is wrong with an equation, None where all of its parts agree; ``where`` says what letters are worth.

    Raises ``Unreadable`` for a text that is no equation, or holds a letter that ``where`` does not tell.

    >>> fault_of("3 × (4 + 5) = 3 × 9 = 27"), fault_of("2x + 1 = 7", {"x": 4})
    (None, '2x + 1 = 9 and 7 = 7')
    >>> fault_of("1 - 1/36 = 35/36"), fault_of("C(5, 2) = 5 × 4 ÷ 2 = 10"), fault_of("√2 ≈ 1.41")
    (None, None, None)
    """
    parts = _RELATION.split(equation.strip())
    if len(parts) == 1:
        raise Unreadable(f"no equation: {equation!r}")
    values = [value_of(part, where, rough="≈" in parts) for part in parts[::2]]
    for place, relation in enumerate(parts[1::2]):
        left, right = values[place], values[place + 1]
        shown = parts[2 * place + 2]
        holds = _nearly(left, right, shown) if relation == "≈" else _RELATIONS[relation](left, right)
        if not holds:
            return f"{parts[2 * place]} = {left} and {shown} = {right}"
    return None


def value_of(
    expression: str, where: Mapping[str, int | Fraction] | None = None, *, rough: bool = False
) -> Fraction:
    """Return what an expression is worth. ``rough`` lets a root be one that does not come out even.

    Raises ``Unreadable`` for what cannot be read or worked out.

    >>> value_of("12 ÷ 3/4"), value_of("√144 + 2^3")
    (Fraction(16, 1), Fraction(20, 1))
    """
    tokens, at = [], 0
    while at < len(expression.rstrip()):
        match = _TOKEN.match(expression, at)
        if match is None:
            raise Unreadable(f"what is {expression[at : at + 12]!r} in {expression!r}?")
        tokens.append(match["sign"])
        at = match.end()
    reader = _Reader(tokens, {"π": _ANY_PI, **(where or {})}, rough)
    try:
        value = reader.sum()
    except ZeroDivisionError as error:
        raise Unreadable(f"a division by nought in {expression!r}") from error
    except RecursionError as error:
        raise Unreadable(f"brackets in brackets in brackets: {expression[:12]!r} …") from error
    if reader.at < len(tokens):
        raise Unreadable(f"what is {tokens[reader.at]!r} in {expression!r}?")
    return value


class _Reader:
    """A descent by precedence over the tokens of one expression."""

    def __init__(self, tokens: list[str], where: Mapping[str, int | Fraction], rough: bool) -> None:  # noqa: FBT001 - one place calls it
        self._tokens = tokens
        self._where = where
        self._rough = rough
        self.at = 0

    def sum(self) -> Fraction:
        value = self._product()
        while self._next() in ("+", "-", "−"):
            sign = self._take()
            other = self._product()
            value = _bounded(value + other if sign == "+" else value - other)
        return value

    def _product(self) -> Fraction:
        value = self._signed()
        while True:
            sign = self._next()
            if sign in ("×", "*"):
                self._take()
                value = _bounded(value * self._signed())
            elif sign in ("÷", "/"):
                self._take()
                value = _bounded(value / self._signed())
            elif sign == "mod":
                self._take()
                value %= self._signed()
            else:
                return value

    def _signed(self) -> Fraction:
        if self._next() in ("-", "−"):
            self._take()
            return -self._signed()
        value = self._power()
        # 2x and 3(y - 1): what stands together is multiplied first.
        while (
            self._next() == "(" or (self._next().isalpha() and self._next() != "mod") or self._next() == "√"
        ):
            value = _bounded(value * self._power())
        return value

    def _power(self) -> Fraction:
        value = self._primary()
        while True:
            sign = self._next()
            if sign in _POWERS:
                self._take()
                value = _bounded(value ** _POWERS[sign])
            elif sign == "^":
                self._take()
                exponent = self._signed_power()
                if (
                    exponent.denominator != 1
                    or abs(exponent) * max(1, value.numerator.bit_length()) > _LARGEST
                ):
                    raise Unreadable(f"the power {exponent}")
                value **= exponent.numerator
            elif sign == "!":
                self._take()
                value = Fraction(math.factorial(_whole(value, 200)))
            else:
                return value

    def _signed_power(self) -> Fraction:
        if self._next() in ("-", "−"):
            self._take()
            return -self._primary()
        return self._primary()

    def _primary(self) -> Fraction:
        sign = self._take()
        if sign[0].isdigit():
            if len(sign) > _MOST_DIGITS:
                raise Unreadable(f"a number of {len(sign)} digits")
            number = sign.rstrip("%")
            above, _, below = number.partition("/")
            value = Fraction(above) / (Fraction(below) if below else 1)
            return value / 100 if sign.endswith("%") else value
        if sign == "(":
            value = self.sum()
            self._expect(")")
            return value
        if sign == "√":
            return self._root(self._primary())
        if sign in ("C", "P", "gcd", "lcm", "max", "min"):
            return self._called(sign)
        if sign in self._where:
            return Fraction(self._where[sign])
        raise Unreadable(f"what is {sign!r}?")

    def _called(self, name: str) -> Fraction:
        self._expect("(")
        values = [self.sum()]
        while self._next() == ",":
            self._take()
            values.append(self.sum())
        self._expect(")")
        if name in ("max", "min"):
            return max(values) if name == "max" else min(values)
        numbers = [_whole(value, 10**9) for value in values]
        if name in ("gcd", "lcm"):
            return _bounded(Fraction((math.gcd if name == "gcd" else math.lcm)(*numbers)))
        if len(numbers) != 2:  # noqa: PLR2004 - n and k
            raise Unreadable(f"{name} of {len(numbers)} numbers")
        n, k = numbers
        if (min(k, n - k) if name == "C" else k) * n.bit_length() > _LARGEST:
            raise Unreadable(f"{name}({n}, {k})")
        return Fraction((math.comb if name == "C" else math.perm)(*numbers))

    def _root(self, value: Fraction) -> Fraction:
        if value >= 0:
            root = Fraction(math.isqrt(value.numerator), math.isqrt(value.denominator))
            if root * root == value:
                return root
            if self._rough:
                return Fraction(math.sqrt(value))
        raise Unreadable(f"the root of {value} does not come out even")

    def _next(self) -> str:
        return self._tokens[self.at] if self.at < len(self._tokens) else ""

    def _take(self) -> str:
        sign = self._next()
        if not sign:
            raise Unreadable("it breaks off")
        self.at += 1
        return sign

    def _expect(self, sign: str) -> None:
        if self._take() != sign:
            raise Unreadable(f"no {sign!r} where one is needed")


def _bounded(value: Fraction) -> Fraction:
    """Return the value. Raises ``Unreadable`` for one that no solution has, before it grows on."""
    if value.numerator.bit_length() > _LARGEST or value.denominator.bit_length() > _LARGEST:
        raise Unreadable("a number that is too large")
    return value


def _whole(value: Fraction, most: int) -> int:
    if value.denominator != 1 or not 0 <= value <= most:
        raise Unreadable(f"{value} is no whole number up to {most}")
    return value.numerator


def _nearly(left: Fraction, right: Fraction, shown: str) -> bool:
    _, _, decimals = shown.strip().rstrip("%").partition(".")
    places = len(decimals) + (2 if shown.strip().endswith("%") else 0)
    return abs(left - right) <= Fraction(51, 100 * 10**places)
