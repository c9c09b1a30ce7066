from __future__ import annotations

from typing import Any

import pytest

from tanemaki.verify.problems.arithmetic.ratio_share import FAMILY


@pytest.mark.parametrize(
    ("parameters", "value"),
    [
        ({"form": "share", "ratios": [[5, 3]], "given": 4000, "asked": "a"}, 2500),
        ({"form": "share", "ratios": [[5, 3]], "given": 4000, "asked": "b"}, 1500),
        ({"form": "whole", "ratios": [[5, 3]], "given": 600}, 2400),
        ({"form": "chain", "ratios": [[2, 3], [4, 5]], "given": 350, "asked": "a"}, 80),
        ({"form": "chain", "ratios": [[2, 3], [4, 5]], "given": 350, "asked": "c"}, 150),
    ],
)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_shares_keep_their_ratio(parameters: dict[str, Any], value: int, method: str) -> None:
    assert FAMILY.solve(parameters, method).answer == value


def test_two_ratios_are_joined_at_the_person_they_share() -> None:
    parameters = {"form": "chain", "ratios": [[2, 3], [4, 5]], "given": 350, "asked": "b"}
    steps = FAMILY.solve(parameters, "one_part").steps
    assert [step.equation for step in steps] == [
        "3 × 4 = 4 × 3 = 12",
        "2 × 4 = 8",
        "5 × 3 = 15",
        "8 + 12 + 15 = 35",
        "350 ÷ 35 = 10",
        "10 × 12 = 120",
    ]


def test_a_single_x_is_written_without_its_one() -> None:
    steps = FAMILY.solve({"form": "whole", "ratios": [[9, 8]], "given": 24}, "equation").steps
    assert [step.equation for step in steps if step.equation] == [
        "9x - 8x = x = 24",
        "9x + 8x = 17x = 17 × 24 = 408",
    ]
