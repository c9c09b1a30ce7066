"""The seven regions are laid out as lists of people; an unknown triple intersection is tried in every size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the size of what is asked for, by counting in how many sets each person is."""
    pairs = ("first_second", "second_third", "third_first")
    for three in [p["all"]] if "all" in p else range(1 + min(p[pair] for pair in pairs)):
        sets: dict[str, set[tuple[str, int]]] = {"first": set(), "second": set(), "third": set()}
        for name in sets:
            sets[name] |= {("all", k) for k in range(three)}
        for pair in pairs:
            for name in pair.split("_"):
                sets[name] |= {(pair, k) for k in range(p[pair] - three)}
        for name, people in sets.items():
            people |= {(name, k) for k in range(p[name] - len(people))}
        times = Counter(person for people in sets.values() for person in people)
        outside = p.get("total", 0) - len(times)
        fits = all(len(people) == p[name] for name, people in sets.items())
        if fits and outside == p.get("none", outside):
            return {
                "union": len(times),
                "none": outside,
                "exactly_one": sum(1 for n in times.values() if n == 1),
            }[p["form"]]
    return None
