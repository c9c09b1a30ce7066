"""Hours and minutes as an expression in minutes, without a nought at its end."""

from __future__ import annotations


def minutes_of(hours: str | int, minutes: int, less: int = 0) -> str:
    """Return the expression of hours and minutes, with minutes that are taken away.

    >>> minutes_of(21, 40), minutes_of(8, 0), minutes_of("(24 - 21)", 0, 50)
    ('21 × 60 + 40', '8 × 60', '(24 - 21) × 60 - 50')
    """
    more = f" + {minutes}" if minutes else ""
    return f"{hours} × 60{more} - {less}" if less else f"{hours} × 60{more}"
