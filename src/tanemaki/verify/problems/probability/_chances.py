"""How a chance is written: cases over all cases, in lowest terms."""

from __future__ import annotations

from math import gcd


def lowest(cases: int, of: int) -> str:
    """Return a chance as a key writes it.

    >>> lowest(33, 36), lowest(36, 36)
    ('11/12', '1')
    """
    common = gcd(cases, of)
    return f"{cases // common}/{of // common}" if of > common else str(cases // common)


def quotient(cases: int, of: int) -> str:
    """Return the equation of a chance.

    >>> quotient(33, 36), quotient(35, 36)
    ('33/36 = 11/12', '35 ÷ 36 = 35/36')
    """
    low = lowest(cases, of)
    return f"{cases} ÷ {of} = {low}" if low == f"{cases}/{of}" else f"{cases}/{of} = {low}"
