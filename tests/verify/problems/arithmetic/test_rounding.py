from __future__ import annotations

from typing import Any

import pytest

from tanemaki.verify.problems.arithmetic.rounding import FAMILY


@pytest.mark.parametrize(
    ("parameters", "value"),
    [
        ({"form": "place", "number": 34567, "place": 3}, 35000),
        ({"form": "place", "number": 34499, "place": 3}, 34000),
        ({"form": "place", "number": 995, "place": 1}, 1000),
        ({"form": "figures", "number": 65432, "place": 3}, 65000),
        ({"form": "least", "rounded": 2300, "place": 2}, 2250),
        ({"form": "greatest", "rounded": 2300, "place": 2}, 2349),
        ({"form": "sum", "first": 3560, "second": 1449, "place": 3}, 5000),
        ({"form": "difference", "first": 3560, "second": 1449, "place": 2}, 2200),
        ({"form": "product", "first": 389, "second": 52, "place": 1}, 20000),
    ],
)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_numbers_are_rounded_to_the_nearest_and_halves_up(
    parameters: dict[str, Any], value: int, method: str
) -> None:
    assert FAMILY.solve(parameters, method).answer == value


def test_the_middle_is_named_as_what_it_is() -> None:
    steps = FAMILY.solve({"form": "place", "number": 250, "place": 2}, "nearer_neighbour").steps
    assert [step.say for step in steps] == ["to_low", "to_high", "middle"]
