"""Sums of terms as algebra writes them."""

from __future__ import annotations

from fractions import Fraction


def terms(*parts: tuple[int | Fraction, str]) -> str:
    """Return a sum of coefficients with their letters; what is nought is left out, one is not written.

    >>> terms((3, "x"), (-1, "y"), (0, ""), (Fraction(7, 2), "z")), terms((-2, "x"), (5, "")), terms((0, ""))
    ('3x - y + (7/2)z', '-2x + 5', '0')
    """
    text = ""
    for factor, letter in parts:
        if not factor:
            continue
        size = -factor if factor < 0 else factor
        shown = "" if size == 1 and letter else f"({size})" if size.denominator != 1 and letter else str(size)
        if text:
            text += f" - {shown}{letter}" if factor < 0 else f" + {shown}{letter}"
        else:
            text = f"-{shown}{letter}" if factor < 0 else f"{shown}{letter}"
    return text or "0"


def in_brackets(n: int | Fraction) -> str:
    """Return a number as it stands behind a sign: a negative one in brackets.

    >>> in_brackets(-3), in_brackets(4)
    ('(-3)', '4')
    """
    return f"({n})" if n < 0 else str(n)
