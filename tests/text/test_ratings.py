"""The table of what is a rating and what is none."""

from __future__ import annotations

import pytest

from tanemaki.text.ratings import read_rating


@pytest.mark.parametrize(
    ("said", "rating"),
    [
        ("点数：4", 4),
        ("理由です。\n点数：４", 4),
        ("理由です。\n**点数：** 4点", 4),
        ("点数: 5/5", 5),
        ("点数：5点満点中3点", 3),
        ("点数：5点満点中、3", 3),
        ("点数：四", 4),
        ("点数：2。", 2),
        ("【点数】: 1".replace("【点数】", "点数"), 1),
        ("点数：4\n点数：４", 4),
        ("点数：3点/5点", 3),
        # faults 13 and 14 and their relatives: another scale, halves, ranges, sentences, nothing
        ("点数：1/10", None),
        ("点数：10", None),
        ("点数：0", None),
        ("点数：6", None),
        ("点数：3.5", None),
        ("点数：3-4", None),
        ("点数：3〜4", None),
        ("点数：4 か 5", None),
        ("点数：とても良い", None),
        ("点数：", None),
        ("点数は4です。", None),
        ("この答えの点数：4", None),
        ("点数：2\n点数：4", None),
        ("よい答えです。", None),
        ("4", None),
        ("", None),
        ("点数：45", None),
        ("点数：-4", None),
    ],
)
def test_a_rating_is_the_whole_of_its_line_or_there_is_none(said: str, rating: int | None) -> None:
    """Fault 13: "1/10" became 10. Fault 14: a missing score became the middle one."""
    assert read_rating(said, "点数：", 1, 5) == rating


@pytest.mark.parametrize(
    ("said", "rating"),
    [
        ("Good.\nScore: 4", 4),
        ("score: 4 out of 5", 4),
        ("**Score:** 3/5.", 3),
        ("Score: 4.5", None),
        ("Score: 1/10", None),
        ("Score: 10", None),
        ("Score: four", None),
        ("I would give a score of 4.", None),
        ("Scored: 4", None),
    ],
)
def test_english_ratings_are_read_in_the_same_way(said: str, rating: int | None) -> None:
    assert read_rating(said, "Score:", 1, 5) == rating


def test_the_scale_is_the_one_that_was_asked_for() -> None:
    assert read_rating("Score: 10/10", "Score:", 1, 10) == 10
    assert read_rating("Score: 8/10", "Score:", 1, 10) == 8
    assert read_rating("Score: 4/5", "Score:", 1, 10) is None
