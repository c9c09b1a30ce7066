"""Rows of a table in turn."""

from __future__ import annotations

import pytest

from support.context import ScriptedContext, in_order
from tanemaki.core.errors import DataError
from tanemaki.core.prompt import Texts
from tanemaki.core.record import Record
from tanemaki.generate.pick_in_turn import PickInTurn

TEXTS = Texts("ja", {}, {"units": tuple({"unit": f"単元{k}", "grade": str(k)} for k in range(7))})


def picked(number: object, shuffle: int = 0, record_id: str = "a", seed: int = 0) -> str:
    step = PickInTurn("unit", table="units", also={"grade": "grade"}, shuffle=shuffle)
    context = ScriptedContext(TEXTS, in_order([]), record_id=record_id, seed=seed)
    found = step(Record(record_id, (1,), {"number": number}), context)
    assert found["unit"] == f"単元{found['grade']}"
    return str(found["unit"])


@pytest.mark.parametrize("turn", range(5))
def test_every_row_comes_once_in_each_turn(turn: int) -> None:
    assert {picked(7 * turn + k) for k in range(1, 8)} == {f"単元{k}" for k in range(7)}


def test_turns_and_shuffles_differ_in_their_order() -> None:
    orders = {
        tuple(picked(7 * turn + k, shuffle) for k in range(1, 8)) for turn in range(4) for shuffle in range(4)
    }
    assert len(orders) == 16


def test_the_row_hangs_on_the_number_alone() -> None:
    assert picked(11, record_id="a") == picked(11, record_id="b", seed=9)


@pytest.mark.parametrize("number", [0, -1, 1.5, "1", None, True])
def test_what_is_no_number_is_named(number: object) -> None:
    with pytest.raises(DataError, match="the field 'number' is no whole number from 1"):
        picked(number)
