"""A fraction that ends, as keys write it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tanemaki.core.record import Json


def said(value: Fraction) -> Json:
    """Return an ``int``, or a decimal as text."""
    if value.denominator == 1:
        return value.numerator
    return format(Decimal(value.numerator) / Decimal(value.denominator), "f")
