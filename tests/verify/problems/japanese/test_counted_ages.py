from __future__ import annotations

import pytest

from tanemaki.verify.problems.japanese.counted_ages import FAMILY

KNOWN = [
    ({"form": "age", "people": [0], "born": 2000, "asked": 2000}, 1),
    ({"form": "age", "people": [0], "born": 1990, "asked": 2024}, 35),
    # Whoever was born in 1966 becomes sixty in 2026: the sixty-first year, and the year of 還暦.
    (
        {
            "form": "celebration",
            "people": [0],
            "era": "showa",
            "year": 41,
            "celebrated": "kanreki",
            "asked": 2020,
        },
        6,
    ),
    (
        {
            "form": "together",
            "people": [0, 1],
            "era": "showa",
            "year": 60,
            "other_era": "heisei",
            "other_year": 12,
            "asked": 2025,
        },
        67,
    ),
]


@pytest.mark.parametrize(("parameters", "answer"), KNOWN)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_everybody_is_one_at_birth(parameters: dict[str, object], answer: int, method: str) -> None:
    assert FAMILY.solve(parameters, method).answer == answer
