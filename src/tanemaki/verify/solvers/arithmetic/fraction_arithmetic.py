"""Every number is measured in tiny equal parts, and only whole numbers of parts are reckoned with."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the value in lowest terms."""
    parts = p["expression"].split(" ")
    terms = [[Fraction(parts[0])]]
    for sign, number in zip(parts[1::2], parts[2::2], strict=True):
        value = Fraction(number)
        if sign in "×÷":
            terms[-1].append(value if sign == "×" else 1 / value)
        else:
            terms.append([value if sign == "+" else -value])
    tiny = 1
    for term in terms:
        for factor in term:
            tiny *= factor.denominator
    total = 0
    for term in terms:
        count = tiny
        for factor in term:
            count = count // factor.denominator * factor.numerator
        total += count
    value = Fraction(total, tiny)
    return value.numerator if value.denominator == 1 else str(value)
