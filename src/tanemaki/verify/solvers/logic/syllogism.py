"""Every set of traits that one person may have is tried against the rules."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return yes or no where all possible people agree about what is asked, else unknown."""
    traits = sorted({one for _, *of in p["rules"] for one in of})
    seen = set()
    for holds in product((True, False), repeat=len(traits)):
        person = dict(zip(traits, holds, strict=True))
        obeys = all(not person[one] or person[two] == (kind == "all") for kind, one, two in p["rules"])
        if obeys and person[p["told"]] == p["holds"]:
            seen.add(person[p["asked"]])
    return "unknown" if len(seen) > 1 else "yes" if True in seen else "no"
