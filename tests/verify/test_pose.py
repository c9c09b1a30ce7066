from __future__ import annotations

from collections import Counter

import pytest

from support.context import ScriptedContext, in_order
from tanemaki.core.errors import SetupError
from tanemaki.core.prompt import Texts
from tanemaki.core.record import Record
from tanemaki.verify.pose import Pose

ROW = Record("a", (1,), {"number": 1})


def context(record_id: str = "a", *, language: str = "ja", seed: int = 0) -> ScriptedContext:
    return ScriptedContext(Texts(language, {}, {}), in_order([]), step="pose", record_id=record_id, seed=seed)


def test_a_record_gets_a_problem_its_answer_and_a_solution() -> None:
    fields = Pose(("cranes_and_turtles",))(ROW, context())
    assert set(fields) == set(Pose(()).writes)
    assert fields["family"] == "cranes_and_turtles"
    assert fields["answer"] in fields["solution"].splitlines()[-1]
    assert fields["n_steps"] >= 4


def test_what_it_gets_depends_on_the_record_and_the_seed_alone() -> None:
    step = Pose(("cranes_and_turtles",))
    one, again = step(ROW, context()), step(ROW, context())
    assert one == again
    assert step(ROW, context("b"))["prompt"] != one["prompt"]
    assert step(ROW, context(seed=1))["prompt"] != one["prompt"]


def test_levels_and_styles_are_those_that_were_named() -> None:
    step = Pose(("cranes_and_turtles",), levels=(2, 5), styles=("short", "dialogue"))
    rows = [step(ROW, context(str(k))) for k in range(60)]
    assert Counter(row["level"] for row in rows).keys() == {2, 3}  # the family has three levels
    assert {row["style"] for row in rows} == {"short", "dialogue"}
    assert {row["method"] for row in rows} == {"assume_all_one", "equations"}


def test_there_are_no_problems_in_other_languages() -> None:
    with pytest.raises(SetupError, match="no problems in this language"):
        Pose(("cranes_and_turtles",))(ROW, context(language="fr"))
