from __future__ import annotations

import pytest

from tanemaki.verify.problems.statistics.frequency_table import FAMILY

TABLE = {"scene": "score", "start": 40, "width": 10, "counts": [4, 6, 16, 10, 4]}
"""Forty scores: the products are 180 + 330 + 1040 + 750 + 340 = 2640, and values number 20 and 21 lie between 60 and 70."""


@pytest.mark.parametrize(
    ("form", "answer"),
    [({"form": "relative", "asked": 1}, "0.15"), ({"form": "median"}, 65), ({"form": "mean"}, 66)],
)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_a_table_of_forty_scores_is_summed_up(form: dict[str, object], answer: object, method: str) -> None:
    assert FAMILY.solve({**TABLE, **form}, method).answer == answer


def test_the_mean_may_lie_below_the_assumed_one() -> None:
    low = {**TABLE, "form": "mean", "counts": [16, 10, 10, 3, 1]}
    # (-2) × 16 - 10 + 3 + 2 = -37; 65 - 37 × 10 ÷ 40 = 55.75
    assert FAMILY.solve(low, "assumed_mean").answer == FAMILY.solve(low, "definition").answer == "55.75"
