from __future__ import annotations

from typing import Any

import pytest

from tanemaki.verify.problems.calendar.elapsed_time import FAMILY
from tanemaki.verify.solvers.calendar.elapsed_time import solve as by_counting


@pytest.mark.parametrize(
    ("parameters", "minutes"),
    [
        ({"form": "span", "start": 560, "end": 875}, 315),
        ({"form": "span", "start": 585, "end": 660}, 75),
        ({"form": "night", "start": 1365, "end": 380, "rest": 45}, 410),
        ({"form": "nights", "start": 1365, "end": 380, "rest": 45, "n_nights": 3}, 1230),
    ],
)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_minutes_are_counted_over_midnight(parameters: dict[str, Any], minutes: int, method: str) -> None:
    assert FAMILY.solve(parameters, method).answer == minutes == by_counting(parameters)
