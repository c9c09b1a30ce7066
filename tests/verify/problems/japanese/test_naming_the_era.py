from __future__ import annotations

import pytest

from tanemaki.verify.problems.japanese.naming_the_era import FAMILY

KNOWN = [
    ({"form": "western", "western": 1945, "later": 19}, ["showa", "39"]),
    ({"form": "western", "western": 1970, "later": 20}, ["heisei", "2"]),
    ({"form": "era", "era": "meiji", "year": 33, "later": 13}, ["taisho", "2"]),
    ({"form": "era", "era": "showa", "year": 60, "later": 39}, ["reiwa", "6"]),
    ({"form": "day", "era": "showa", "year": 64, "month": 1, "day": 6, "days": 1}, ["showa", "64"]),
    ({"form": "day", "era": "showa", "year": 64, "month": 1, "day": 6, "days": 2}, ["heisei", "1"]),
    ({"form": "day", "era": "heisei", "year": 31, "month": 4, "day": 1, "days": 29}, ["heisei", "31"]),
    ({"form": "day", "era": "heisei", "year": 31, "month": 4, "day": 1, "days": 30}, ["reiwa", "1"]),
    ({"form": "day", "era": "taisho", "year": 15, "month": 12, "day": 20, "days": 12}, ["showa", "2"]),
    ({"form": "day", "era": "meiji", "year": 45, "month": 7, "day": 1, "days": 31}, ["taisho", "1"]),
]
"""The last days of each era and the first ones of the next, from the edicts."""


@pytest.mark.parametrize(("parameters", "answer"), KNOWN)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_years_and_days_are_named_in_their_era(
    parameters: dict[str, object], answer: list[str], method: str
) -> None:
    assert FAMILY.solve({**parameters, "scene": "school"}, method).answer == answer
