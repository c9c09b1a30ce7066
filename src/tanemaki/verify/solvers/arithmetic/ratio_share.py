"""The parts are dealt out round after round until nothing is left, or until one has as much more as is told."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import count

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the share that is asked, or the whole."""
    ratio = [Fraction(one) for one in p["ratios"][0]]
    if p["form"] == "chain":
        one, two = p["ratios"][1]
        ratio.append(ratio[1] * two / one)
    while any(one.denominator > 1 for one in ratio):
        smallest = max(one.denominator for one in ratio)
        ratio = [one * smallest for one in ratio]
    turns = [one.numerator for one in ratio]
    held = [0] * len(turns)
    for _ in count():
        if p["form"] == "whole":
            if held[0] - held[1] == p["given"]:
                return sum(held)
        elif sum(held) == p["given"]:
            return held["abc".index(p["asked"])]
        held = [mine + turn for mine, turn in zip(held, turns, strict=True)]
    raise AssertionError
