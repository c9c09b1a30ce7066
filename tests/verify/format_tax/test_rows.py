"""Rows of the probe are read whole, or refused with what is missing."""

from __future__ import annotations

from typing import Any

import pytest

from tanemaki.core.errors import DataError
from tanemaki.verify.format_tax.rows import read_rows

ROW: dict[str, Any] = {
    "prompt": "足の数は44本です。鶴は何匹いますか。",
    "options": ["14匹", "13匹", "12匹", "10匹", "24匹"],
    "right_place": 3,
    "strict_choice": 4,
    "strict_why": None,
    "strict_obeyed": True,
    "free_choice": 3,
    "free_why": None,
    "reasoned_choice": None,
    "reasoned_why": "cut",
    "reasoned_obeyed": False,
}


def test_a_row_is_right_where_the_right_place_was_chosen() -> None:
    (one,) = read_rows([ROW])
    assert [one.is_right(way) for way in ("strict", "free", "reasoned")] == [False, True, False]
    assert (one.by_way["reasoned"].place, one.by_way["reasoned"].why) == (None, "cut")
    assert (one.by_way["strict"].obeyed, one.by_way["free"].obeyed) == (True, None)
    assert (one.model, one.mass, one.probable) == ("model", None, None)


@pytest.mark.parametrize("shares", [{"3": 0.5, "4": 0.25}, '{"3": 0.5, "4": 0.25}'])
def test_probabilities_come_as_json_or_as_its_text(shares: Any) -> None:
    (one,) = read_rows([{**ROW, "model_name": "種", "option_shares": shares, "probable_choice": 3}])
    assert (one.model, one.probable, one.mass) == ("種", 3, 0.75)


@pytest.mark.parametrize("column", ["prompt", "options", "right_place", "strict_choice", "reasoned_obeyed"])
def test_a_missing_column_is_named_with_the_row(column: str) -> None:
    with pytest.raises(DataError, match=f"lacks the column '{column}'") as error:
        read_rows([ROW, {key: value for key, value in ROW.items() if key != column}])
    assert "row 2" in str(error.value)


@pytest.mark.parametrize("value", [0, 6, "3", True, 2.0])
def test_a_place_that_is_none_is_refused(value: Any) -> None:
    with pytest.raises(DataError, match="a place from 1 to 5"):
        read_rows([{**ROW, "strict_choice": value}])


def test_a_row_without_a_right_option_is_refused() -> None:
    with pytest.raises(DataError, match="has a right option"):
        read_rows([{**ROW, "right_place": None}])
