from __future__ import annotations

import pytest

from tanemaki.verify.problems.japanese.zodiac_years import FAMILY

KNOWN = [
    ({"form": "near", "known": 2024, "animal": "dragon", "asked": 2030}, "dog"),
    ({"form": "far", "known": 2024, "animal": "dragon", "asked": 1966}, "horse"),
    ({"form": "far", "known": 2026, "animal": "horse", "asked": 1990}, "horse"),
    (
        {"form": "era", "known": 2026, "animal": "horse", "era": "showa", "year": 39, "western": 1964},
        "dragon",
    ),
]
"""1966 was the 丙午, the year of the horse in which few were born; 1964 a year of the dragon."""


@pytest.mark.parametrize(("parameters", "answer"), KNOWN)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_known_years_have_their_animals(parameters: dict[str, object], answer: str, method: str) -> None:
    assert FAMILY.solve({**parameters, "scene": "card", "people": [0]}, method).answer == answer
