"""Aspects with their alarm, and deductions that must add up."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from support.context import Asked
from support.judging import opinion_of
from tanemaki.core.errors import RecipeError
from tanemaki.core.judging import Scale
from tanemaki.judge.aspects import ASPECTS, Aspects, describe
from tanemaki.judge.rubric import Criterion, Rubric, Sheet, read_sheet

TEN, FIVE = Scale(1, 10), Scale(1, 5)
TITLES = {"指示への忠実さ": "instruction_following", "誠実さ": "honesty", "正しさ": "truthfulness"} | {
    "役立ち": "helpfulness",
    "総合": "overall",
}
SHEET = Sheet((Criterion("誤り", 3, "誤っている。"), Criterion("余計な文", 1, "要らない文がある。")))


def saying(ratings: Mapping[str, str]) -> Callable[[Asked], str]:
    """Rate the aspects that the prompts ask for."""

    def say(asked: Asked) -> str:
        (title,) = (name for name in TITLES if f"観点：{name}（" in asked.text)
        return f"{title}の理由。\n[[{ratings[TITLES[title]]}]]"

    return say


def test_every_aspect_is_asked_apart_and_the_overall_rating_is_the_score() -> None:
    captured: list[Asked] = []
    ratings = dict(zip((*ASPECTS, "overall"), "54324", strict=True))
    opinion = opinion_of(Aspects(), saying(ratings), "ja", captured)
    assert len(captured) == 5
    assert opinion.score == 4.0
    assert opinion.rationale == "総合の理由。"
    assert opinion.parts["aspects"] == dict(zip(ASPECTS, (5.0, 4.0, 3.0, 2.0), strict=True))
    assert (opinion.parts["overall"], opinion.parts["mean"], opinion.parts["alarm"]) == (4.0, 3.5, False)
    assert opinion_of(Aspects(overall=False), saying(ratings)).score == 3.5


def test_an_aspect_that_does_not_apply_is_left_out_and_no_middle_value() -> None:
    ratings = dict(zip((*ASPECTS, "overall"), ("5", "N/A", "N/A", "4", "5"), strict=True))
    parts = opinion_of(Aspects(), saying(ratings)).parts
    assert (parts["aspects"]["honesty"], parts["mean"]) == (None, 4.5)
    assert parts["whys"] == {"honesty": "not_applicable", "truthfulness": "not_applicable"}
    nothing = opinion_of(Aspects(overall=False), lambda _: "[[N/A]]")
    assert (nothing.score, nothing.why) == (None, "not_applicable")
    assert opinion_of(Aspects(), saying(ratings | {"overall": "N/A"})).why == "not_applicable"


def test_one_aspect_that_cannot_be_read_leaves_no_score_and_names_itself() -> None:
    ratings = dict(zip((*ASPECTS, "overall"), ("5", "4", "10", "4", "5"), strict=True))
    opinion = opinion_of(Aspects(), saying(ratings))
    assert (opinion.score, opinion.why) == (None, "off_scale")
    assert opinion.parts["whys"] == {"truthfulness": "off_scale"}


def test_the_alarm_sounds_where_overall_and_aspects_lie_apart() -> None:
    """Fault 13's trace in published data: an overall 10 beside aspects of 1."""
    ratings = dict(zip((*ASPECTS, "overall"), "11115", strict=True))
    assert opinion_of(Aspects(), saying(ratings)).parts["alarm"] is True


def test_an_unknown_aspect_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(RecipeError, match="no aspect 'honestly'") as found:
        Aspects(aspects=("honestly",))
    assert found.value.next == "did you mean 'honesty'?"
    with pytest.raises(RecipeError, match="asks for nothing"):
        Aspects(aspects=(), overall=False)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_aspect_has_a_question_and_five_levels_in_both_languages(language: str) -> None:
    for aspect in (*ASPECTS, "overall"):
        lines = describe(aspect, language).splitlines()
        assert [line[0] for line in lines[1:]] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize(
    ("reply", "score", "why"),
    [
        ("減点：誤り（3点）寒天と取り違えている。\n[[2]]", 2.0, None),
        ("減点：誤り（3点）取り違え。\n減点：余計な文（1点）挨拶。\n[[1]]", 1.0, None),
        ("減点：なし\n[[5]]", 5.0, None),
        ("**減点：特になし。**\n[[5]]", 5.0, None),
        ("減点：無し\n［［５］］", 5.0, None),
        ("減点：ありませんが、文が不自然です。\n[[5]]", None, "inconsistent"),
        ("- **減点：** 余計な文 (1) 挨拶。\n[[4]]", 4.0, None),
        ("減点：余計な文（−1点）挨拶。\n[[4]]".replace("−", "-"), 4.0, None),
        ("減点：誤り（3点）取り違え。\n[[4]]", None, "inconsistent"),
        ("減点：誤り（2点）取り違え。\n[[3]]", None, "inconsistent"),
        ("減点：余計な文（1点）前。\n減点：余計な文（1点）後。\n[[3]]", None, "inconsistent"),
        ("減点：なし\n減点：余計な文（1点）挨拶。\n[[4]]", None, "inconsistent"),
        ("減点：余計な文\n[[4]]", None, "inconsistent"),
        ("減点：なし\n[[4]]", None, "inconsistent"),
        ("減点：冗長（1点）長い。\n[[4]]", None, "unknown_deduction"),
        ("よい答えです。\n[[5]]", None, "no_verdict"),
        ("減点：誤り（3点）取り違え。", None, "no_verdict"),
        ("減点：誤り（3点）取り違え。\n[[0]]", None, "off_scale"),
        ("減点：誤り（3点）取り違え。\n[[1.5]]", None, "not_whole"),
        ("減点：誤り（3点）取り違え。\n[[2]] [[3]]", None, "two_verdicts"),
    ],
)
def test_a_rubrics_score_is_what_its_deductions_leave(
    reply: str, score: float | None, why: str | None
) -> None:
    judge = Rubric(SHEET)
    opinion = opinion_of(judge, lambda _: reply)
    assert (opinion.score, opinion.why) == (score, why)
    assert why is None or why in judge.reasons
    assert opinion.parts["rubric"] == SHEET.id


def test_the_deductions_are_kept_with_their_reasons() -> None:
    parts = opinion_of(Rubric(SHEET), lambda _: "減点：誤り（3点）寒天と取り違えている。\n[[2]]").parts
    assert parts["deductions"] == [{"name": "誤り", "points": 3, "why": "寒天と取り違えている"}]
    assert parts["stated"] == 2.0


def test_an_english_rubric_is_shown_and_read_in_english() -> None:
    captured: list[Asked] = []
    reply = "Deduction: wrong fact (3) Agar is made of seaweed.\nDeduction: Needless text (1 point) Thanks.\n[[1]]"
    opinion = opinion_of(Rubric(read_sheet("en")), lambda _: reply, "en", captured)
    assert opinion.score == 1.0
    assert "off the point (4): It does not answer" in captured[0].text


def test_a_rubrics_id_changes_with_its_words_points_and_scale() -> None:
    sheets = [
        SHEET,
        Sheet((Criterion("誤り", 3, "誤りがある。"), SHEET.criteria[1])),
        Sheet((Criterion("誤り", 2, "誤っている。"), SHEET.criteria[1])),
        Sheet(SHEET.criteria, full=6),
        read_sheet("ja"),
        read_sheet("en"),
    ]
    assert len({sheet.id for sheet in sheets}) == len(sheets)
    assert Sheet(SHEET.criteria).id == SHEET.id


def test_the_rubrics_of_both_languages_take_the_same_points() -> None:
    ja, en = read_sheet("ja"), read_sheet("en")
    assert [one.points for one in ja.criteria] == [one.points for one in en.criteria]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Sheet(()), "needs criteria"),
        (lambda: Sheet((SHEET.criteria[0], SHEET.criteria[0])), "a name of its own"),
        (lambda: Sheet((Criterion("誤り", 0, ""),)), "points are 1 or more"),
        (lambda: Sheet(SHEET.criteria, low=5), "lowest score is below"),
    ],
)
def test_a_rubric_that_says_nothing_is_refused(make: Callable[[], Sheet], message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        make()
