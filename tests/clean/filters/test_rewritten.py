"""The filters that compare a rewritten text with what it was made from: each reason alone, and what passes unchanged."""

from __future__ import annotations

import time

import pytest

from support.texts import turn
from tanemaki.clean.filters.apology import Apology
from tanemaki.clean.filters.content import Content, says_something
from tanemaki.clean.filters.growth import Growth
from tanemaki.clean.filters.novelty import Novelty
from tanemaki.clean.filters.prompt_leak import PromptLeak
from tanemaki.core.errors import RecipeError
from tanemaki.core.record import Record
from tanemaki.core.step import spec_of
from tanemaki.core.verdict import Reject

LEAK = PromptLeak("text", ("元の指示", "given prompt"), run_letters=10)
ALL = (
    Growth("text", of="parent", plus_chars=100),
    Novelty("text", of="parent"),
    LEAK,
    Apology("text", "ja", asked="asked"),
    Content("text"),
)
ODD = {
    "ja": "春の海をよんだ句を三つ選んでください。",
    "en": "Pick three poems about the sea in spring.",
    "mixed": "Pythonのlistで春の句を並べ替えて。",
    "full_width": "ＡＢＣ順に三句を並べてください。",
    "half_width_kana": "ﾊﾙﾉｳﾐｦﾖﾝﾀﾞ句を選んで。",
    "emoji": "🌸のような句を選んで😊",
}


def made_of(parent: str, text: str) -> Record:
    return turn(text, parent=parent, asked=parent, prompt="")


@pytest.mark.parametrize("text", list(ODD.values()), ids=list(ODD))
def test_a_text_that_is_kept_comes_back_unchanged_and_again(text: str) -> None:
    record = made_of("句を選んで。", text)
    for step in ALL:
        assert spec_of(step).is_filter
        assert step(record) is record
        assert step(record) is record


def test_growth_is_measured_in_characters_never_in_words() -> None:
    keep = Growth("text", of="parent", plus_chars=10)
    parent = "俳句を書いて。"
    assert keep(made_of(parent, parent + "あ" * 10)).__class__ is Record
    assert keep(made_of(parent, parent + "あ" * 11)) == Reject("grew_too_much", 18, 17)
    # one word in English, one in Japanese; half-width kana with their sound marks count as the letters they stand for
    assert keep(made_of("ｶﾞｷﾞ", "ガギ" + "ｶﾞ" * 10)).__class__ is Record
    assert keep(made_of("ab", "ab" + "c" * 11)) == Reject("grew_too_much", 13, 12)


def test_growth_takes_the_larger_of_its_two_measures_and_has_a_lower_end() -> None:
    keep = Growth("text", of="parent", max_ratio=2.0, plus_chars=5, min_ratio=0.5)
    assert keep.reasons == ("grew_too_much", "shrank_too_much")
    assert isinstance(keep(made_of("あ" * 20, "い" * 40)), Record)
    assert keep(made_of("あ" * 20, "い" * 41)) == Reject("grew_too_much", 41, 40)
    assert isinstance(keep(made_of("あ", "い" * 6)), Record)
    assert isinstance(keep(made_of("あ" * 20, "い" * 10)), Record)
    assert keep(made_of("あ" * 20, "い" * 9)) == Reject("shrank_too_much", 9, 10)
    assert isinstance(keep(made_of("", "")), Record)


@pytest.mark.parametrize(
    ("max_ratio", "plus_chars", "min_ratio"), [(-1.0, 0, None), (1.0, -1, None), (1.0, 0, 1.5)]
)
def test_growth_refuses_limits_that_nothing_meets(
    max_ratio: float, plus_chars: int, min_ratio: float | None
) -> None:
    with pytest.raises(RecipeError, match="can keep nothing"):
        Growth("text", of="parent", max_ratio=max_ratio, plus_chars=plus_chars, min_ratio=min_ratio)


@pytest.mark.parametrize(
    ("parent", "text"),
    [
        ("春の俳句を書いて", "春の俳句を書いて！"),
        ("春の俳句を書いてください", "春の俳句を書いて"),
        ("Write a haiku about spring.", "WRITE a haiku about ｓｐｒｉｎｇ"),
        ("句", "句"),
        ("", ""),
    ],
)
def test_what_adds_no_letters_gains_nothing(parent: str, text: str) -> None:
    verdict = Novelty("text", of="parent")(made_of(parent, text))
    assert isinstance(verdict, Reject)
    assert (verdict.reason, verdict.limit) == ("no_information_gain", 4)


@pytest.mark.parametrize(
    ("parent", "text"),
    [
        ("春の俳句を書いて", "春の俳句を子どもに向けて書いて"),
        ("Write a haiku.", "Write a haiku, briefly."),
        ("", "春の俳句"),
    ],
)
def test_a_phrase_more_is_enough(parent: str, text: str) -> None:
    record = made_of(parent, text)
    assert Novelty("text", of="parent", min_new_runs=2)(record) is record


def test_a_word_or_a_run_of_the_prompt_is_a_leak() -> None:
    prompt = "渡された文に条件を一つだけ書き足してください。"
    assert LEAK(turn("元の指示に従って俳句を", parent="俳句を", prompt=prompt)) == Reject(
        "leaked_prompt", "元の指示"
    )
    assert LEAK(turn("The GIVEN  prompt asks for a haiku", parent="haiku", prompt=prompt)) == Reject(
        "leaked_prompt", "given prompt"
    )
    verdict = LEAK(turn("俳句を、条件を一つだけ書き足してください", parent="俳句を", prompt=prompt))
    assert verdict == Reject("leaked_prompt", "条件を一つだけ書き足")


def test_what_the_original_says_is_no_leak() -> None:
    """Fault 34, in the published rule: every instruction that says "prompt" was dropped."""
    prompt = "渡された文に条件を一つだけ書き足してください。"
    for parent, text in (
        ("元の指示とは何かを説明して。", "元の指示とは何かを例を挙げて説明して。"),
        ("Say what a given prompt is.", "Say what a given prompt is, for a child."),
        ("条件を一つだけ書き足して表を直して。", "条件を一つだけ書き足してCSVの表を直して。"),
    ):
        record = turn(text, parent=parent, prompt=prompt)
        assert LEAK(record) is record


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("ja", "申し訳ないですが、条件が足りません。", "申し訳"),
        ("ja", "ごめんなさい。", "ごめんなさい"),
        ("ja", "Sorry、できません。", "sorry"),
        ("en", "I apologize, the table is missing.", "apologize"),
        ("en", "There is no such jam. Sorry.", "sorry"),
    ],
)
def test_a_short_apology_anywhere_is_seen(language: str, text: str, word: str) -> None:
    verdict = Apology("text", language, asked="asked")(turn(text, asked="jam 梅"))
    assert verdict == Reject("short_apology", word, {"ja": 160, "en": 400}[language])


@pytest.mark.parametrize(
    ("language", "asked", "text"),
    [
        (
            "ja",
            "遅刻した部下のおわびのメールを書いて。謝罪は一度だけ。",
            "このたびは遅刻してしまい、申し訳ありません。",
        ),
        ("en", "Write an apology to a customer.", "We are sorry about the late delivery."),
        ("ja", "駅員の会話を書いて。", "駅員は「すみません、遅れています」と頭を下げた。"),
        ("en", "Write a line of dialogue.", 'He said, "Sorry, mate," and left.'),
        (
            "ja",
            "梅について書いて。",
            "すみませんと言いながら祖母は梅を運んだ。" + "夏の縁側に香りが立つ。" * 15,
        ),
        ("en", "Name a sad word.", "Sorrow."),
    ],
)
def test_apologies_that_belong_there_are_kept(language: str, asked: str, text: str) -> None:
    record = turn(text, asked=asked)
    assert Apology("text", language, asked="asked")(record) is record


@pytest.mark.parametrize(
    "text", ["…", "！？、。", "それは", "これは……です。", "It is.", "the, of & and", "", " \n", "です"]
)
def test_punctuation_and_little_words_say_nothing(text: str) -> None:
    assert not says_something(text)
    verdict = Content("text")(turn(text))
    assert isinstance(verdict, Reject)
    assert (verdict.reason, verdict.measured) == ("no_content", text.strip())


@pytest.mark.parametrize(
    "text", ["42", "はい", "いいえ。", "Yes.", "no", "🌸", "x", "海", "それは海です。", "ﾊﾟﾝ", "→"]
)
def test_a_number_a_sign_or_one_word_says_something(text: str) -> None:
    record = turn(text)
    assert Content("text")(record) is record


def test_a_very_long_text_takes_no_time() -> None:
    record = made_of("春の句。", "春の海は静かです。" * 12_000)
    started = time.perf_counter()
    for step in ALL:
        step(record)
    assert time.perf_counter() - started < 5, "linear in the text"
