from __future__ import annotations

import pytest

from support.context import ScriptedContext, in_order
from tanemaki.core.errors import RecipeError
from tanemaki.core.prompt import Texts
from tanemaki.core.record import Record
from tanemaki.core.step import Context
from tanemaki.core.verdict import Reject
from tanemaki.verify.mixed import Mixed, Part

ROW = Record("a", (1,), {"number": 1})


def context(record_id: str = "a") -> ScriptedContext:
    return ScriptedContext(Texts("ja", {}, {}), in_order([]), step="mixed", record_id=record_id)


class Drawn:
    """Write a number that is drawn."""

    reads = ()

    def __init__(self, name: str) -> None:
        self.name = name
        self.writes = {name: "integer", "prompt": "text", "solution": "text"}

    def __call__(self, record: Record, context: Context) -> dict[str, object]:
        return {self.name: context.draw().below(10**6), "prompt": f"{self.name}？", "solution": "はい"}


def test_a_record_goes_through_the_steps_of_its_kind_alone() -> None:
    step = Mixed((Part("one", 1, (Drawn("first"),)), Part("two", 0, (Drawn("second"),))))
    made = step(ROW, context())
    assert made["kind"] == "one"
    assert made["second"] is None
    assert made["messages"] == [
        {"role": "user", "content": "first？"},
        {"role": "assistant", "content": "はい"},
    ]
    assert set(made) == set(step.writes) == {"kind", "first", "second", "prompt", "solution", "messages"}


def test_steps_of_a_part_do_not_share_their_draws() -> None:
    made = Mixed((Part("one", 1, (Drawn("first"), Drawn("second"))),))(ROW, context())
    assert made["first"] != made["second"]


def test_every_kind_comes_up() -> None:
    step = Mixed((Part("one", 1, (Drawn("first"),)), Part("two", 3, (Drawn("second"),))))
    kinds = [step(ROW, context(str(k)))["kind"] for k in range(400)]
    assert 60 < kinds.count("one") < 140


def test_a_mixture_without_weights_or_with_a_rejecting_step_is_a_fault_of_the_recipe() -> None:
    with pytest.raises(RecipeError, match="weights of 0 or more"):
        Mixed((Part("one", 0, (Drawn("first"),)),))
    with pytest.raises(RecipeError, match="weights of 0 or more"):
        Mixed((Part("one", 2, (Drawn("first"),)), Part("two", -1, (Drawn("second"),))))

    class Spoilt:
        """Reject whatever comes."""

        name = "spoilt"
        reads = ()
        reasons = ("spoilt",)

        def __call__(self, record: Record) -> Reject:
            return Reject("spoilt", 1)

    with pytest.raises(RecipeError, match="rejected a record"):
        Mixed((Part("one", 1, (Spoilt(),)),))(ROW, context())
