"""Answers that agree are kept, whatever they are written in; those that do not are rejected with their votes."""

from __future__ import annotations

import asyncio

import pytest

from support.context import ScriptedContext, in_order
from tanemaki.core.errors import RecipeError
from tanemaki.core.prompt import Texts
from tanemaki.core.record import Record
from tanemaki.core.step import spec_of
from tanemaki.core.verdict import Reject
from tanemaki.verify.agreed import Agreed, elected, vote_of


@pytest.mark.parametrize(
    ("texts", "answer", "n_agreed"),
    [
        (["答え：3/4", "The answer is 0.75.", "\\boxed{\\frac{3}{4}}"], "3/4", 3),
        (["答え：12匹", "答え：十二匹", "答え：13匹"], "12", 2),
        (["答え：さくら", "答えはさくらです。", "答え：けんた"], "さくら", 2),
    ],
)
def test_what_most_say_is_kept_in_whatever_form(texts: list[str], answer: str, n_agreed: int) -> None:
    found = elected(texts, 2)
    assert not isinstance(found, Reject)
    assert (found["agreed_answer"], found["n_agreed"], found["n_answers"]) == (answer, n_agreed, 3)


@pytest.mark.parametrize(
    ("texts", "k", "rejected"),
    [
        (["答え：1", "答え：2", "答え：3"], 2, Reject("disagreed", 1, 2, "1: 1; 2: 1; 3: 1")),
        (["答え：1", "答え：1", "答え：2", "答え：2"], 2, Reject("disagreed", 2, 2, "1: 2; 2: 2")),
        (["答え：1", "答え：1", "答え：2"], 3, Reject("disagreed", 2, 3, "1: 2; 2: 1")),
        (
            ["分かりますか。", "答え：1\n答え：2", "答え：1"],
            2,
            Reject("too_few_answers", 1, 2, "of 3 answers"),
        ),
        (["2 + 3 = 6\n答え：5", "1 + 1 = 3\n答え：5"], 2, Reject("wrong_line", 0, 2, "5")),
    ],
)
def test_what_is_not_agreed_on_is_named(texts: list[str], k: int, rejected: Reject) -> None:
    assert elected(texts, k) == rejected


def test_of_those_that_agree_the_shortest_with_right_sums_is_kept() -> None:
    texts = ["2 + 3 = 6\n答え：5", "2 + 3 = 5\n答え：5個です", "2と3を足すと、2 + 3 = 5\n答え：5個です"]
    found = elected(texts, 2)
    assert not isinstance(found, Reject)
    assert found["response"] == texts[1]


def test_hedged_numbers_are_other_votes_than_sure_ones() -> None:
    assert vote_of("答え：約12匹") != vote_of("答え：12匹")


def test_words_have_a_vote_only_where_they_are_marked() -> None:
    assert [vote_of(text) for text in ("Let us think.", "考えてみましょう。", "Sakura")] == [None, None, None]
    assert [vote_of(text) for text in ("Answer: Sakura", "So there are 7.", "7個です。")] == [
        "sakura",
        "7",
        "7",
    ]
    assert elected(["Let us think."] * 3, 2) == Reject("too_few_answers", 0, 2, "of 3 answers")


def test_the_step_gathers_the_children_of_a_question() -> None:
    step = Agreed(k=2)
    assert (spec_of(step).kind, spec_of(step).reads) == ("group", ("answer",))
    children = [
        Record(f"c{n}", (1, n), {"answer": f"答え：{said}"}) for n, said in enumerate(("7", "七", "8"), 1)
    ]
    found = asyncio.run(
        step(Record("a", (1,), {}), children, ScriptedContext(Texts("ja", {}, {}), in_order([])))
    )
    assert not isinstance(found, Reject)
    assert found["agreed_answer"] == "7"


def test_a_vote_of_one_is_refused() -> None:
    with pytest.raises(RecipeError, match="two or more"):
        Agreed(k=1)


def test_a_try_that_shows_its_sums_goes_before_a_bare_answer() -> None:
    tries = ["答え：440円", "80 × 7 = 560\n1000 - 560 = 440\n答え：440円", "答え：440円です。"]
    found = elected(tries, 2)
    assert not isinstance(found, Reject)
    assert found["response"] == tries[1]
