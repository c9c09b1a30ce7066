from __future__ import annotations

import pytest

from tanemaki.verify.problems.word_problems.salt_water import FAMILY

MIX = {"first_percent": 3, "first_mass": 200, "second_percent": 8, "second_mass": 300}
KNOWN = [
    ({"form": "thin", "percent": 10, "mass": 200, "added": 50}, 8),
    ({"form": "thin", "percent": 5, "mass": 100, "added": 100}, "2.5"),
    ({"form": "boil", "percent": 6, "mass": 300, "lost": 100}, 9),
    ({"form": "mix", **MIX}, 6),
    ({"form": "mix_and_boil", **MIX, "lost": 100}, "7.5"),
]


@pytest.mark.parametrize(("parameters", "answer"), KNOWN)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_strengths_are_right(parameters: dict[str, object], answer: object, method: str) -> None:
    assert FAMILY.solve(parameters, method).answer == answer


def test_the_mixture_lies_between_by_the_ratio_of_the_masses() -> None:
    steps = FAMILY.solve(KNOWN[3][0], "ratio").steps
    assert [step.equation for step in steps] == [
        "200 + 300 = 500",
        "8 - 3 = 5",
        "5 × 300 ÷ 500 = 3",
        "3 + 3 = 6",
    ]
