"""Every whole number is tried until the shares of sample and whole are the same."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the estimate."""
    if p["form"] == "part":
        return next(part for part in count() if part * p["sample"] == p["marked"] * p["whole"])
    samples = p["samples"] if "samples" in p else [p["sample"]]
    marks = p["marks"] if "marks" in p else [p["marked"]]
    drawn, marked = sum(samples), sum(marks)
    return next(n for n in count() if (n + p["added"]) * marked == drawn * p["added"])
