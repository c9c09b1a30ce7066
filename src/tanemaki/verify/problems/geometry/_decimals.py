"""Lengths as whole numbers of tenths, hundredths …: exact, and many times faster than fractions."""

from __future__ import annotations

from tanemaki.core.record import Json


def number(value: int, places: int) -> int | str:
    """Return a whole number of 10^-places as problems and keys write it: an ``int``, or a decimal as text.

    >>> number(45, 1), number(40, 1), number(-5, 2)
    ('4.5', 4, '-0.05')
    """
    scale: int = 10**places
    whole, rest = divmod(abs(value), scale)
    if rest == 0:
        return value // scale
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{rest:0{places}d}".rstrip("0")


def tenths(value: Json) -> int:
    """Return a length with at most one decimal in tenths.

    >>> tenths("4.5"), tenths(4)
    (45, 40)
    """
    return value * 10 if isinstance(value, int) else int(str(value).replace(".", ""))
