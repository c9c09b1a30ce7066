from __future__ import annotations

import pytest

from tanemaki.verify.problems.statistics.table_reading import FAMILY

ROWS = [[10, 20, 30], [40, 15, 5], [12, 12, 12]]
"""Totals 60, 60 and 36; the columns have 62, 47 and 47."""


@pytest.mark.parametrize("method", FAMILY.methods)
def test_a_column_is_added_up(method: str) -> None:
    table = {"scene": "bus", "form": "column_total", "rows": ROWS}
    assert FAMILY.solve({**table, "column": 0}, method).answer == 62
    assert FAMILY.solve({**table, "column": 2}, method).answer == 47


@pytest.mark.parametrize("method", FAMILY.methods)
def test_rows_are_compared(method: str) -> None:
    table = {"scene": "bus", "rows": ROWS}
    assert FAMILY.solve({**table, "form": "row_difference", "pair": [1, 2]}, method).answer == 24
    assert FAMILY.solve({**table, "form": "widest"}, method).answer == 24
