from __future__ import annotations

import pytest

from tanemaki.core.record import Json, Record
from tanemaki.verify.problems.problem import make, solve
from tanemaki.verify.proved import NotProved, Proved


def row() -> dict[str, Json]:
    found = make("cranes_and_turtles", seed=7, k=3, language="ja")
    way = solve(found, method="equations", style="plain")
    return {
        "family": found.family,
        "level": found.level,
        "parameters": dict(found.parameters),
        "prompt": found.prompt,
        "answer": found.answer,
        "answer_kind": found.kind,
        "method": way.method,
        "solution": way.text,
    }


def test_a_problem_that_comes_out_again_says_who_confirmed_it() -> None:
    assert Proved()(Record("a", (1,), row())) == {"verified_by": "second_solver"}


@pytest.mark.parametrize("field", ["answer", "prompt", "solution"])
def test_a_problem_that_does_not_come_out_ends_the_run(field: str) -> None:
    spoilt = {**row(), field: row()[field].translate(str.maketrans("0123456789", "1234567890"))}
    with pytest.raises(NotProved, match="cranes_and_turtles"):
        Proved()(Record("a", (1,), spoilt))
