"""Everybody has a place on a line of fractions; whoever is let in stands half-way between two others."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the numbers from the front to the back."""
    at = {number: Fraction(place) for place, number in enumerate(p["line"])}
    for name, *arguments in p["changes"]:
        order = sorted(at, key=lambda number: at[number])
        if name == "come":
            at[arguments[0]] = at[order[-1]] + 1
        elif name == "served":
            del at[order[0]]
        elif name == "leave":
            del at[arguments[0]]
        elif name == "let_in":
            behind = order[arguments[1] - 1]
            ahead = order[arguments[1] - 2]
            at[arguments[0]] = (at[ahead] + at[behind]) / 2
        else:
            one, other = (order[place - 1] for place in arguments)
            at[one], at[other] = at[other], at[one]
    return sorted(at, key=lambda number: at[number])
