"""New Years are counted one by one: everybody is one at birth, and a year older at each of them."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json

_BEGAN = {"showa": 1926, "heisei": 1989}
_CELEBRATED = {"kanreki": 61, "koki": 70, "kiju": 77, "sanju": 80, "beiju": 88, "sotsuju": 90, "hakuju": 99}


def solve(p: Mapping[str, Json]) -> Json:
    """Return the age, the years to go or the sum of two ages."""
    born = p["born"] if "born" in p else _BEGAN[p["era"]] + p["year"] - 1
    if p["form"] == "celebration":
        year, age = born, 1
        while age < _CELEBRATED[p["celebrated"]]:
            year, age = year + 1, age + 1
        return year - p["asked"]
    found = _age(born, p["asked"])
    if p["form"] == "together":
        found += _age(_BEGAN[p["other_era"]] + p["other_year"] - 1, p["asked"])
    return found


def _age(born: int, asked: int) -> int:
    return 1 + sum(1 for year in range(asked + 1) if year > born)
