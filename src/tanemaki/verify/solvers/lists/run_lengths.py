"""A regular expression finds the runs, and writes them in the other way."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the string, packed or written out."""
    if p["form"] == "pack":
        return re.sub(r"(.)\1*", lambda run: f"{run[1]}{len(run[0])}", p["text"])
    return re.sub(r"(\D)(\d)", lambda code: code[1] * int(code[2]), p["text"])
