"""Every counter is tried: the numbers of the things that a second table gives to it are added up."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json

_LIVING = {"hiki": {"dog", "cat", "frog", "goldfish"}, "tou": {"cow", "elephant", "horse"}}
_LIVING |= {"wa": {"crow", "sparrow", "swan"}, "nin": {"doctor", "pupil", "teacher"}}
_FLAT_OR_LONG = {"mai": {"coin", "handkerchief", "leaf", "photograph", "plate", "stamp"}}
_FLAT_OR_LONG |= {"hon": {"bottle", "carrot", "needle", "pencil", "tree", "umbrella"}}
_OTHERS = {"satsu": {"album", "dictionary", "magazine", "notebook", "picture_book"}, "ken": {"house", "shop"}}
_OTHERS |= {"dai": {"bicycle", "car", "piano", "television"}, "chaku": {"coat", "dress", "suit"}}
_OTHERS |= {"hai": {"coffee", "soup", "tea"}, "ko": {"apple", "egg", "eraser", "rice_ball"}}


def solve(p: Mapping[str, Json]) -> Json:
    """Return the counter that most things share, and how many they are."""
    best: list[Json] = []
    most = 1
    for counter, things in (_LIVING | _FLAT_OR_LONG | _OTHERS).items():
        numbers = [number for thing, number in p["things"] if thing in things]
        if len(numbers) > most:
            best, most = [counter, sum(numbers)], len(numbers)
    return best
