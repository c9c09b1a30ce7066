"""A scoring judge as a comparing one: the better score wins, whichever direction is good, and nothing unread ever does."""

from __future__ import annotations

import math
from typing import Any

import pytest

from support.context import Asked
from support.judging import opinion_of
from tanemaki.core.errors import RecipeError, SetupError
from tanemaki.core.model import Reply
from tanemaki.core.record import Json
from tanemaki.judge.by_name import KINDS, judge_of
from tanemaki.judge.by_score import ByScore
from tanemaki.judge.pairwise import Pairwise, compares
from tanemaki.judge.single import Single

GOOD = "葛粉を水で溶き"


@pytest.mark.parametrize(
    ("good", "other", "score"),
    [("[[9]]", "[[2]]", 1.0), ("[[2]]", "[[9]]", 0.0), ("[[7]]", "[[7]]", 0.5)],
)
def test_the_better_score_wins_and_equal_ones_are_a_tie(good: str, other: str, score: float) -> None:
    opinion = opinion_of(ByScore(Single()), lambda asked: good if GOOD in asked.text else other)
    assert opinion.score == score
    assert opinion.parts["scores"] == [float(good[2]), float(other[2])]


@pytest.mark.parametrize("unread", ["どちらとも言えません。", "[[11]]", "[[3]] いや [[8]]", ""])
def test_an_answer_without_a_score_is_no_comparison(unread: str) -> None:
    """Fault 14: what has no score never counts as a middle one."""
    opinion = opinion_of(ByScore(Single()), lambda asked: "[[9]]" if GOOD in asked.text else unread)
    assert opinion.score is None
    assert opinion.why in Single().reasons
    assert opinion.parts["scores"] == [9.0, None]


def test_a_judge_that_compares_already_is_refused() -> None:
    with pytest.raises(RecipeError, match="the judge scores no single answer"):
        ByScore(Pairwise())


def verdict_with(mass: dict[str, float], text: str = "理由。[[A]]") -> Reply:
    tops = [{"token": token, "logprob": math.log(share)} for token, share in mass.items()]
    at = {"token": "A", "logprob": math.log(mass["A"]), "top_logprobs": tops}
    before: list[Json] = [
        {"token": token, "logprob": 0.0, "top_logprobs": []} for token in ("A", "は理由。", "[[")
    ]
    after = [{"token": "]]", "logprob": 0.0, "top_logprobs": []}]
    return Reply(text, logprobs={"content": [*before, at, *after]})


def test_the_mass_on_the_legal_letters_is_read_at_the_verdict_and_not_at_another_a() -> None:
    opinion = opinion_of(
        Pairwise(logprobs=True),
        lambda _: verdict_with({"A": 0.5, "B": 0.2, " C": 0.1, "ど": 0.2}, "Aは理由。[[A]]"),
    )
    assert opinion.parts["legal_mass"] == pytest.approx(0.8)


def test_both_orders_tell_the_mean_mass_of_what_told_one() -> None:
    def said(asked: Asked) -> Reply:
        first = asked.text.index(GOOD) < asked.text.index("お湯で。")
        return verdict_with({"A": 0.9, "ど": 0.1}) if first else Reply("[[B]]")

    opinion = opinion_of(judge_of("pairwise", "ja", logprobs=True), said)
    assert opinion.score == 1.0
    assert opinion.parts["legal_mass"] == pytest.approx(0.9)


def test_without_log_probabilities_nothing_is_said_of_mass() -> None:
    assert "legal_mass" not in opinion_of(Pairwise(), lambda _: "[[A]]").parts
    assert "legal_mass" not in opinion_of(Pairwise(logprobs=True), lambda _: "[[A]]").parts


@pytest.mark.parametrize("kind", KINDS)
def test_every_judge_is_made_by_its_name_and_asks_the_role_that_it_is_given(kind: str) -> None:
    judge = judge_of(kind, "ja", of="strict")
    assert set(judge.roles) == {"strict"}
    assert compares(judge) == (kind == "pairwise")


@pytest.mark.parametrize(
    ("kind", "options", "told"),
    [
        ("pairwize", {}, "did you mean 'pairwise'?"),
        ("single", {"repeats": 3}, "the judge 'single' has no repeats"),
        ("rubric", {"reference": True}, "leave it out, or take pairwise or single"),
        ("pairwise", {"repeats": 0}, "repeats goes from 1 to 32"),
        ("pairwise", {"repeats": 33}, "repeats goes from 1 to 32"),
    ],
)
def test_what_a_judge_does_not_have_is_refused(kind: str, options: dict[str, Any], told: str) -> None:
    with pytest.raises(SetupError) as caught:
        judge_of(kind, "ja", **options)
    assert told in str(caught.value)
