"""Judges as steps of a recipe: fields are written, rows without a score are rejected by name or kept without one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from support.context import Asked, Script, ScriptedContext, walk
from support.judging import VALUES, always_first, longer, shared_texts
from tanemaki.core.errors import RecipeError
from tanemaki.core.recipe import Recipe
from tanemaki.core.record import Record
from tanemaki.core.step import spec_of
from tanemaki.core.verdict import Reject
from tanemaki.judge.both_orders import BothOrders
from tanemaki.judge.pairwise import Pairwise
from tanemaki.judge.scoring import Compare, Score
from tanemaki.judge.single import Single

ROW = Record("a", (1,), VALUES["ja"])


def done(step: Score | Compare, script: Script) -> object:
    return asyncio.run(step(ROW, ScriptedContext(shared_texts("ja"), script)))


def test_a_score_is_written_with_its_rationale_and_parts() -> None:
    assert done(Score(Single()), lambda _: "手順が具体的。\n[[8]]") == {
        "single": 8.0,
        "single_rationale": "手順が具体的。",
        "single_parts": {},
    }


def test_a_row_without_a_score_is_rejected_by_the_reason() -> None:
    said = "点は付けられません。"
    assert done(Score(Single()), lambda _: said) == Reject(
        "no_verdict", said, "1 to 10, higher is better", repr(said)
    )


def test_a_row_without_a_score_is_kept_without_one_where_that_is_wanted() -> None:
    """Fault 14: no score is None, with its reason; no value in the middle."""
    step = Score(Single(), keep_unscored=True)
    assert step.reasons == ()
    assert done(step, lambda _: "N/A") == {
        "single": None,
        "single_rationale": "N/A",
        "single_parts": {"why": "not_applicable"},
    }


def test_a_row_of_which_another_judge_knew_already_is_not_judged_again() -> None:
    step = Score(Single(), unless="right")
    assert step.reads == ("prompt", "answer", "right")
    captured: list[Asked] = []
    for right, score in ((1.0, None), (0.0, None), (None, 8.0)):
        context = ScriptedContext(shared_texts("ja"), lambda _: "手順が具体的。\n[[8]]", captured)
        told = asyncio.run(step(ROW.with_fields(right=right), context))
        assert isinstance(told, dict)
        assert told["single"] == score
        assert set(told) == set(step.writes)
    assert len(captured) == 1


def test_a_comparison_is_written_and_rejects_nothing() -> None:
    step = Compare(BothOrders(Pairwise()))
    assert step.reasons == ()
    fields = done(step, longer)
    assert isinstance(fields, dict)
    assert (fields["winner"], fields["comparison"]["score"], fields["comparison"]["why"]) == (
        "first",
        1.0,
        None,
    )
    fields = done(step, always_first)
    assert isinstance(fields, dict)
    assert (fields["winner"], fields["comparison"]["why"]) == (None, "order_dependent")
    assert [one["winner"] for one in fields["comparison"]["verdicts"]] == ["first", "second"]


@pytest.mark.parametrize("judge", [Pairwise(), BothOrders(Pairwise())])
def test_a_tie_is_a_tie_whoever_says_it(judge: Pairwise | BothOrders) -> None:
    fields = done(Compare(judge), lambda _: "[[C]]")
    assert isinstance(fields, dict)
    assert fields["winner"] == "tie"
    rejected = done(Compare(judge, verified_only=True), lambda _: "[[C]]")
    assert isinstance(rejected, Reject)
    assert rejected.reason == "tie"


def test_a_comparison_asked_once_lists_its_one_verdict() -> None:
    fields = done(Compare(Pairwise()), lambda _: "具体的。\n[[B]]")
    assert isinstance(fields, dict)
    told = {"condition": "asked", "repeat": 0, "said": "B", "why": None, "winner": "second"}
    assert fields["comparison"]["verdicts"] == [{**told, "rationale": "具体的。"}]


def test_only_verified_comparisons_are_kept_where_that_is_wanted() -> None:
    """Fault 19: what is skipped carries no chosen side, because it is no row of the dataset."""
    step = Compare(BothOrders(Pairwise()), verified_only=True)
    assert set(step.reasons) == {*BothOrders(Pairwise()).reasons, "tie"}
    rejected = done(step, always_first)
    assert isinstance(rejected, Reject)
    assert rejected.reason == "order_dependent"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Score(Single(), fields={"promt": "instruction"}), "does not read 'promt'"),
        (lambda: Compare(Single()), "does not compare two answers"),
        (lambda: Compare(Pairwise(), fields={"answer": "x"}), "does not read 'answer'"),
    ],
)
def test_a_step_that_does_not_fit_its_judge_is_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        make()


def test_both_are_steps_of_a_recipe_that_fits_together() -> None:
    recipe = Recipe(
        needs=("prompt", "answer", "a", "b"),
        steps=(Score(Single()), Compare(BothOrders(Pairwise()), first="a", second="b")),
        name="judged",
    )
    texts = {language: shared_texts(language) for language in ("ja", "en")}
    recipe.check(texts)
    assert [spec_of(step).name for step in recipe.steps] == ["single", "pairwise"]
    row = Record("a", (1,), {"prompt": "葛とは？", "answer": "豆。", "a": "豆の仲間。", "b": "草。"})

    end = asyncio.run(
        walk(recipe, texts["ja"], row, lambda asked: "[[7]]" if asked.step == "single" else longer(asked))
    )
    assert end.reject is None
    assert (end.record["single"], end.record["winner"]) == (7.0, "first")
