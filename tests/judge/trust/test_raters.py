"""Several opinions on the same pairs: every two of them, and all together, where one of them is silent, too."""

from __future__ import annotations

import pytest

from support.judged import judged, oracle, pairs
from tanemaki.core.seeding import Draw
from tanemaki.judge.rank_correlation import spearman
from tanemaki.judge.trust.compared import read_rows
from tanemaki.judge.trust.held import held
from tanemaki.judge.trust.labels import against_labels
from tanemaki.judge.trust.raters import agreement_of


def test_every_two_opinions_are_compared_where_both_have_one() -> None:
    first = {"1": "first", "2": "second", "3": "tie", "4": "first"}
    second = {"1": "first", "2": "second", "3": "first"}
    third = {"3": "tie", "4": "second"}
    told = agreement_of({"甲": first, "乙": second, "丙": third})
    assert told.n_items == 4
    assert [(one.first, one.second, one.percent.n_items) for one in told.between] == [
        ("甲", "乙", 3),
        ("甲", "丙", 2),
        ("乙", "丙", 1),
    ]
    assert told.between[0].percent.value == pytest.approx(2 / 3)
    # Cohen: observed 2/3; chance (1/3)(2/3) + (1/3)(1/3) + (1/3)·0 = 1/3.
    assert told.between[0].kappa.value == pytest.approx(0.5)
    assert told.fleiss.n_items == 1, "only the third pair has all opinions"


def test_labels_that_hold_by_a_judge_that_errs_are_corrected() -> None:
    """A judge that is right in nine of ten settled pairs, on a set in which a fifth of the labels is wrong."""
    turn = {"first": "second", "second": "first"}
    noisy = [
        {**row, "label": turn[row["label"]] if Draw("wrong", k).uniform() < 0.2 else row["label"]}
        for k, row in enumerate(pairs(600))
    ]
    truth = {row["prompt"]: row["label"] for row in pairs(600)}
    said = [{**row, "label": truth[row["prompt"]]} for row in noisy]
    spoken = judged(said, oracle(0.25), "松")
    rows = read_rows({**row, "label": one["label"]} for row, one in zip(spoken, noisy, strict=True))
    known = against_labels(read_rows(judged(pairs(400), oracle(0.25), "竹")))
    told = held(rows, "松", known)
    assert told.said.value is not None
    assert told.noise.value is not None
    assert told.noise.low is not None
    assert told.noise.high is not None
    assert told.noise.low < 0.2 < told.noise.high
    assert told.noise.value + (told.corrected.value or 0) == pytest.approx(1)
    assert told.models == ()


def test_models_win_the_pairs_that_they_are_in() -> None:
    rows = judged(pairs(40), oracle(), "松")
    named = [
        {**row, "first_model": "a" if row["label"] == "first" else "b", "second_model": "c"} for row in rows
    ]
    told = {one.model: one.said for one in held(read_rows(named), "松", None).models}
    assert (told["a"].value, told["b"].value) == (1.0, 0.0)
    assert told["c"].n == 40
    same = [{**row, "first_model": "a", "second_model": "a"} for row in rows]
    assert held(read_rows(same), "松", None).models == (), "a model against itself wins nothing"


def test_spearman_is_that_of_the_worked_example() -> None:
    """The example of the encyclopedia's article on it: IQ and hours of television, -29/165."""
    iq = (106, 100, 86, 101, 99, 103, 97, 113, 112, 110)
    hours = (7, 27, 2, 50, 28, 29, 20, 12, 6, 17)
    assert spearman(zip(iq, hours, strict=True)).value == pytest.approx(-29 / 165)
    assert spearman([(1, 2), (2, 4), (3, 9)]).value == pytest.approx(1)
    assert spearman([(1, 1), (1, 2), (2, 2), (2, 2), (None, 3)]).value == pytest.approx(0.57735, abs=1e-5)


@pytest.mark.parametrize(
    ("units", "reason"),
    [([], "no_pairs"), ([(1, 2)], "no_pairs"), ([(1, 2), (1, 3)], "one_label"), ([(1,)], "not_two_raters")],
)
def test_without_two_different_scores_there_is_no_rank_correlation(
    units: list[tuple[int, ...]], reason: str
) -> None:
    assert spearman(units).reason == reason
