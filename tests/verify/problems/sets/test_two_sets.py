from __future__ import annotations

import pytest

from tanemaki.verify.problems.sets.two_sets import FAMILY

TOLD = {"first": 20, "second": 15, "total": 40}
"""Of forty people 20 are in one set and 15 in the other; 7 are in both and 12 in neither."""


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("form", "known", "answer"),
    [
        ("union", {"both": 7}, 28),
        ("neither", {"both": 7}, 12),
        ("both", {"neither": 12}, 7),
        ("exactly_one", {"neither": 12}, 21),
    ],
)
def test_the_regions_of_two_sets_are_counted(
    form: str, known: dict[str, int], answer: int, method: str
) -> None:
    assert FAMILY.solve({**TOLD, **known, "form": form}, method).answer == answer


def test_the_diagram_is_filled_region_by_region() -> None:
    steps = FAMILY.solve({**TOLD, "both": 7, "form": "union"}, "diagram").steps
    assert [step.equation for step in steps] == ["20 - 7 = 13", "15 - 7 = 8", "13 + 7 + 8 = 28"]
