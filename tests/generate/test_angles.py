"""What is drawn before a question: kinds without putting back, turns, and whether there is an answer."""

from __future__ import annotations

import pytest

from support.context import ScriptedContext
from tanemaki.core.errors import RecipeError
from tanemaki.core.prompt import Texts
from tanemaki.core.record import Children, Record
from tanemaki.generate.angles import Angles

ROWS = tuple(
    {"kind": kind, "wanted": f"{kind}を尋ねる", "weight": weight}
    for kind, weight in (("事実", "3"), ("理由", "1"), ("手順", "0"))
)


def context(name: str, rows: tuple[dict[str, str], ...] = ROWS) -> ScriptedContext:
    return ScriptedContext(Texts("ja", {}, {"kinds": rows}), lambda _: "", record_id=name)


RECORD = Record("a", (1,), {"text": "葛湯"})


def test_kinds_are_not_put_back_until_none_is_left_and_weight_zero_never_comes() -> None:
    for k in range(30):
        made = Angles("kind", "kinds", n=4)(RECORD, context(f"r{k}"))
        assert isinstance(made, Children)
        kinds = [fields["kind"] for fields in made.fields]
        assert sorted(kinds) == ["事実", "事実", "理由", "理由"]
        assert {kinds[0], kinds[1]} == {"事実", "理由"}


def test_the_turns_of_a_row_ask_for_different_things() -> None:
    step = Angles("kind", "kinds", turns_min=2, turns_max=2)
    for k in range(30):
        made = step(RECORD, context(f"r{k}"))
        assert not isinstance(made, Children)
        assert sorted(made["kinds"]) == ["事実", "理由"]
        assert made["wanted"] == [f"{kind}を尋ねる" for kind in made["kinds"]]
        assert (made["kind"], made["turns"]) == (made["kinds"][0], 2)


def test_a_single_kind_may_come_again() -> None:
    made = Angles("kind", "kinds", turns_min=3, turns_max=3)(RECORD, context("r", ROWS[:1]))
    assert not isinstance(made, Children)
    assert made["kinds"] == ["事実"] * 3


@pytest.mark.parametrize(("share", "answerable"), [(0.0, True), (1.0, False)])
def test_the_share_decides_whether_there_is_an_answer(share: float, *, answerable: bool) -> None:
    made = Angles("kind", "kinds", unanswerable_share=share)(RECORD, context("r"))
    assert not isinstance(made, Children)
    assert made["answerable"] is answerable


def test_a_table_without_weight_is_refused() -> None:
    with pytest.raises(RecipeError, match="no row with a weight above 0"):
        Angles("kind", "kinds")(RECORD, context("r", ROWS[2:]))
