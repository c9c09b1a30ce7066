"""Every sequence of tosses is played."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the share of the sequences whose total is as asked."""
    totals = [p["start"] + sum(moves) for moves in product((p["gain"], -p["loss"]), repeat=p["tosses"])]
    fits = {
        "exactly": [one == p["limit"] for one in totals],
        "at_least": [one >= p["limit"] for one in totals],
        "at_most": [one <= p["limit"] for one in totals],
    }[p["asked"]]
    return str(Fraction(sum(fits), len(totals)))
