"""The wheels are turned degree by degree (in steps of 15): every pair of positions is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tanemaki.core.record import Json

_STEP = 15


def solve(p: Mapping[str, Json]) -> Json:
    """Return the share of the pairs of positions whose numbers are as asked."""
    first, second = (
        [n for n, angle in p[key] for _ in range(0, angle, _STEP)] for key in ("first", "second")
    )
    pairs = [(one, two) for one in first for two in second]
    if p["form"] == "larger":
        fits = [one > two for one, two in pairs]
    elif p["form"] == "exactly":
        fits = [one + two == p["limit"] for one, two in pairs]
    else:
        fits = [one + two >= p["limit"] for one, two in pairs]
    return str(Fraction(sum(fits), len(pairs)))
