"""Guest after guest says yes or no, and a choice is given up as soon as a condition is broken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tanemaki.core.record import Json

_FORBIDDEN = {
    "if": {"yn"},
    "unless": {"nn"},
    "either": {"nn"},
    "not_both": {"yy"},
    "one_of": {"yy", "nn"},
    "alike": {"yn", "ny"},
}
"""What the two guests of a condition may not say together."""


def solve(p: Mapping[str, Json]) -> Json:
    """Return the number of ways in which all can answer."""
    return _ways({}, "abcd"[: len(p["people"])], p["conditions"])


def _ways(said: dict[str, str], waiting: str, conditions: Sequence[Sequence[str]]) -> int:
    for kind, one, two in conditions:
        if one in said and two in said and said[one] + said[two] in _FORBIDDEN[kind]:
            return 0
    if not waiting:
        return 1
    return sum(_ways({**said, waiting[0]: answer}, waiting[1:], conditions) for answer in "yn")
