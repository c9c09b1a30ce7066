"""Questions that speak of the passage, or begin with a word that points back; and good questions that look like them."""

from __future__ import annotations

import pytest

from tanemaki.clean.filters.pointing import Pointing
from tanemaki.core.errors import RecipeError
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject


def reason(text: str, language: str, *, alone: bool = True) -> str | None:
    row = Record("a", (1,), {"text": text})
    judged = Pointing("text", language, alone=alone)(row)
    if isinstance(judged, Reject):
        return judged.reason
    assert judged is row
    return None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ja", "この文章によると、有給休暇は何日ですか。"),
        ("ja", "本文では、休館日はいつだと書かれていますか。"),
        ("ja", "上の表で、いちばん高いのは何ですか。"),
        ("ja", "資料に書かれている手続きを教えてください。"),
        ("ja", "筆者は、なぜそう考えるのですか。"),
        ("ja", "上記の条件に当てはまるのは、だれですか。"),
        ("ja", "以下の文書で述べられている期限はいつですか。"),
        ("ja", "According to the passage, 休館日はいつですか。"),
        ("en", "According to the text, when is rent due?"),
        ("en", "What does the author say about hoses?"),
        ("en", "Which rule is mentioned above?"),
        ("en", "In the given excerpt, who pays?"),
        ("en", "What is the main point of this passage?"),
        ("en", "Based on the document, what is the fee?"),
    ],
)
def test_questions_about_the_passage_itself_are_refused(language: str, text: str) -> None:
    assert reason(text, language) == "points_at_passage"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ja", "それは何日ですか。"),
        ("ja", "この制度は、だれが使えますか。"),
        ("ja", "その場合、届けは要りますか。"),
        ("en", "They charge a fee for what?"),
        ("en", "This applies to whom?"),
    ],
)
def test_a_first_word_that_points_back_is_refused_unless_a_turn_stands_before(
    language: str, text: str
) -> None:
    assert reason(text, language) == "not_standalone"
    assert reason(text, language, alone=False) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ja", "有給休暇の届けには、どの書類が要りますか。"),
        ("ja", "これまで休んだことのない社員も、休暇を取れますか。"),
        ("ja", "それぞれの回数券はいくらですか。"),
        ("ja", "そのままの姿で食べられる海藻は何ですか。"),
        ("ja", "南町図書館で資料を延滞すると、どうなりますか。"),
        ("ja", "契約書の本文を変えるには、だれの承認が要りますか。"),
        ("ja", "文章を書くときに気をつけることは何ですか。"),
        ("ja", "２０２６年の休館日は何日ですか😀"),
        ("ja", "ﾌﾟｰﾙの休館日はいつですか。"),
        ("ja", ""),
        ("en", "Which documents must be handed in with the form?"),
        ("en", "Is it true that hoses are not allowed at Millbrook Allotments?"),
        ("en", "How long may a text message be?"),
        ("en", "Who is the author of the Tale of Genji?"),
        ("en", "How wide must a passage between shelves be?"),
        ("en", ""),
        ("en", "x" * 50_000),
    ],
)
def test_good_questions_are_kept(language: str, text: str) -> None:
    assert reason(text, language) is None


def test_a_language_it_does_not_know_is_refused() -> None:
    with pytest.raises(RecipeError):
        Pointing("text", "fr")
