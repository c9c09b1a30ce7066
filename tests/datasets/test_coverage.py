"""Coverage: counts by hand, empty cells, and questions about fields that are not there."""

from __future__ import annotations

import pytest

from tanemaki.core.errors import SetupError
from tanemaki.datasets.coverage import coverage

ROWS = [
    {"unit": "九九", "level": "子ども", "format": "JSON"},
    {"unit": "九九", "level": "大人", "format": "JSON"},
    {"unit": "小数", "level": "大人", "format": "YAML"},
]
BY = ("unit", "level", "format")


def test_cells_are_counted_by_any_fields() -> None:
    told = coverage(ROWS, BY)
    assert told.cells == {
        ("九九", "子ども", "JSON"): 1,
        ("九九", "大人", "JSON"): 1,
        ("小数", "大人", "YAML"): 1,
    }
    assert told.counts("format") == {("JSON",): 2, ("YAML",): 1}
    assert told.counts("level", "unit")["大人", "小数"] == 1


def test_empty_cells_are_those_that_no_row_has() -> None:
    told = coverage(ROWS, BY, {"unit": ["分数", "九九"]})
    assert told.empty("unit") == [("分数",)]
    assert told.empty("unit", "format") == [
        ("分数", "JSON"),
        ("分数", "YAML"),
        ("九九", "YAML"),
        ("小数", "JSON"),
    ]


def test_no_rows_leave_everything_known_empty() -> None:
    told = coverage([], ("unit",), {"unit": ["九九"]})
    assert (told.empty("unit"), told.cells) == ([("九九",)], {})


def test_a_table_has_a_line_a_value_and_zeros() -> None:
    assert coverage(ROWS, BY).table("unit", "format") == "unit\tJSON\tYAML\n九九\t2\t0\n小数\t0\t1"


def test_an_unknown_field_is_answered_with_the_nearest() -> None:
    with pytest.raises(SetupError) as caught:
        coverage(ROWS, BY).counts("levels")
    assert caught.value.next == "did you mean 'level'?"
