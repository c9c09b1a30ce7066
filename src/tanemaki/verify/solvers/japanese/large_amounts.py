"""The amounts are written out in yen; the last eight and the last four digits of the result are cut off."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the amount as newspapers write it."""
    signs = (p.get("times", 1), 1, -1)
    yen = str(sum(sign * int(f"{amount}0000") for sign, amount in zip(signs, p["amounts"], strict=False)))
    oku, man = yen[:-8].lstrip("0"), yen[-8:-4].lstrip("0")
    return (f"{oku}億" if oku else "") + (f"{man}万" if man else "")
