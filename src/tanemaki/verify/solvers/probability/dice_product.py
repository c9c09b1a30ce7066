"""Every outcome is thrown."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from math import prod

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the share of the outcomes whose product is as asked."""
    sides = [p[name] for name in ("sides_1", "sides_2", "sides_3") if name in p]
    is_multiple = [prod(thrown) % p["divisor"] == 0 for thrown in product(*(range(1, n + 1) for n in sides))]
    n = is_multiple.count(p["asked"] == "multiple")
    return str(Fraction(n, len(is_multiple)))
