"""By the library's reading of bases, and by counting up digit by digit where a number is to be written."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the digits, or the value, as one number."""
    base = p["base"]
    if p["form"] == "read":
        return int(str(p["written"]), base)
    value = p["number"] if p["form"] == "write" else int(str(p["first"]), base) + int(str(p["second"]), base)
    high = 1
    while base**high <= value:
        high += 1
    found = 0
    for power in range(high - 1, -1, -1):
        digit = next(d for d in range(base - 1, -1, -1) if (found_value := d * base**power) <= value)
        value -= found_value
        found = 10 * found + digit
    return found
