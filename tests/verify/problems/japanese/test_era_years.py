from __future__ import annotations

import pytest

from tanemaki.verify.problems.japanese.era_years import FAMILY

KNOWN = [
    ({"form": "after", "era": "showa", "year": 39, "later": 57}, 2021),
    ({"form": "after", "era": "meiji", "year": 23, "later": 10}, 1900),
    ({"form": "between", "era": "taisho", "year": 12, "later_era": "heisei", "later_year": 7}, 72),
    (
        {
            "form": "after_between",
            "era": "showa",
            "year": 33,
            "later": 12,
            "later_era": "reiwa",
            "later_year": 2,
        },
        50,
    ),
]
"""The Olympic Games of Tokyo (昭和39年, 2021), the earthquakes of 1923 and 1995, the tower of 1958, the fair of 1970."""


@pytest.mark.parametrize(("parameters", "answer"), KNOWN)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_known_years_are_found(parameters: dict[str, object], answer: int, method: str) -> None:
    assert FAMILY.solve({**parameters, "scene": "hall"}, method).answer == answer
