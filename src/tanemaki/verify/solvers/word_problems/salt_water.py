"""The solution is poured out gram by gram, each gram with its percentage, and the mean of the grams is taken."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the mean strength of all grams; what boils away leaves the rest of them what it held."""
    if "mass" in p:
        grams = [p["percent"]] * p["mass"] + [0] * p.get("added", 0)
    else:
        grams = [p["first_percent"]] * p["first_mass"] + [p["second_percent"]] * p["second_mass"]
    mean = Fraction(sum(grams), len(grams[p.get("lost", 0) :]))
    return mean.numerator if mean.denominator == 1 else str(float(mean))
