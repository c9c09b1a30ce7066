"""The fixed menu: what every filter owes, whatever its criterion."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

import pytest

from support.texts import read_texts, turn
from tanemaki.clean import filters
from tanemaki.clean.filters import (
    AnswerLabel,
    Antecedent,
    Apology,
    AssistantOpening,
    AvoidTopics,
    Boilerplate,
    Changed,
    Content,
    CopiedRun,
    Drift,
    Ending,
    Growth,
    Heading,
    Language,
    Length,
    NearCopy,
    NotEmpty,
    Novelty,
    OnTopic,
    Opening,
    Pointing,
    PromptLeak,
    Refusal,
    Repetition,
    SameNumbers,
    SeveralItems,
    SeveralQuestions,
    SolutionLeak,
    SpeaksForOther,
    TaskLabel,
    Unfilled,
)
from tanemaki.core.errors import DataError, RecipeError
from tanemaki.core.record import Json, Record
from tanemaki.core.step import spec_of
from tanemaki.core.verdict import Reject


class Filter(Protocol):
    """What the engine calls."""

    @property
    def reads(self) -> tuple[str, ...]: ...
    @property
    def reasons(self) -> tuple[str, ...]: ...
    def __call__(self, record: Record) -> Record | Reject: ...


LOOP = "春になると桜が咲きます。" * 4
AGAIN = "雨が降っています。傘を持っていきます。雨が降っています。"
RUNS = "".join(
    f"{animal}は森の奥の小さな家で家族といっしょに静かに楽しく暮らしています。" for animal in "猫犬馬鳥鹿"
)
# The texts that a filter may compare with: what was said before, what was asked, what was rewritten, the prompt's wording.
SUBJECT = "空の色、夕方、listとtuple、ＡＢＣ順、ｶﾀｶﾅﾉ読み方、うれしい😊表情"
BEFORE: dict[str, Json] = {
    "earlier": ["空"],
    "none": [],
    "counted": ["りんごはいくつ？", "りんごは三個あります。", "本当に？"],
    "said": [f"{SUBJECT}について話します。"],
    "asked": "絵を描いて。",
    "parent": SUBJECT,
    "old": "古い文です。",
    "prompt": "渡された文に条件を一つ足してください。",
}
REASONS: list[tuple[Filter, str, str]] = [
    (NotEmpty("text"), "empty", ""),
    (Ending("text"), "unfinished", "："),
    (Length("text", min_chars=2), "too_short", "あ"),
    (Length("text", max_chars=1), "too_long", "あい"),
    (Language("text", "ja"), "wrong_language", "the"),
    (Language("text", "en"), "wrong_language", "は"),
    (Refusal("text", "ja"), "refusal", "お答えできません"),
    (Refusal("text", "en"), "refusal", "I can't assist"),
    (NearCopy("text", of="earlier"), "near_copy", "空"),
    (Repetition("text"), "loop", LOOP),
    (Repetition("text"), "repeated_sentences", AGAIN),
    (Repetition("text"), "repeated_runs", RUNS),
    (Opening("text", "問題："), "no_marker", "空"),
    (Opening("text", "問題："), "empty", "問題："),
    (Opening("text", "問題："), "second_marker", "問題：空\n問題："),
    (SolutionLeak("text", "ja"), "leaked_solution", "答え："),
    (SolutionLeak("text", "en", "reject"), "leaked_solution", "Answer:"),
    (Boilerplate("text", "ja"), "boilerplate", "良い質問ですね"),
    (Boilerplate("text", "en"), "boilerplate", "Good question!"),
    (SpeaksForOther("text", "ja"), "speaks_for_other", "ユーザー："),
    (SpeaksForOther("text", "en"), "speaks_for_other", "User:"),
    (SeveralQuestions("text", "ja"), "several_questions", "1.何？\n2.誰？"),
    (SeveralQuestions("text", "en"), "several_questions", "1. Who?\n2. Why?"),
    (AnswerLabel("text", "ja"), "empty", "答え："),
    (AnswerLabel("text", "en"), "empty", "A:"),
    (TaskLabel("text", "ja"), "empty", "質問："),
    (TaskLabel("text", "en"), "empty", "Q1."),
    (AssistantOpening("text", "ja"), "assistant_opening", "私はAIです"),
    (AssistantOpening("text", "en"), "assistant_opening", "I'm AI"),
    (Antecedent("text", of="none", language="ja"), "no_antecedent", "そのミキサーは？"),
    (Apology("text", "ja", asked="asked"), "short_apology", "申し訳"),
    (AvoidTopics("text", "ja"), "avoided_topic", "京都"),
    (AvoidTopics("text", "en"), "avoided_topic", "In 1950"),
    (Changed("text", of="old"), "unchanged", "古い文です。"),
    (Content("text"), "no_content", "…"),
    (Content("text", signs=False), "no_content", "😊"),
    (CopiedRun("text", of="old", letters=4), "copied_run", "古い文で"),
    (Drift("text", of=("parent",)), "drifted", "鉄道の運賃表を駅ごとに並べます。"),
    (Growth("text", of="old", plus_chars=60, min_ratio=0.5), "grew_too_much", "あ" * 67),
    (Growth("text", of="old", plus_chars=60, min_ratio=0.5), "shrank_too_much", "あ"),
    (Heading("text"), "only_heading", "# 空"),
    (Novelty("text", of="old"), "no_information_gain", "古い"),
    (OnTopic("text", of="said", language="ja"), "off_topic", "鉄道運賃の値上げと駅員配置の見直しは？"),
    (Pointing("text", "ja"), "points_at_passage", "この文章によると"),
    (Pointing("text", "ja"), "not_standalone", "それは何？"),
    (PromptLeak("text", ("元の指示",), run_letters=10), "leaked_prompt", "元の指示"),
    (SameNumbers("text", of="counted", language="ja"), "number_contradiction", "りんごは五個あります。"),
    (SeveralItems("text"), "several_items", "①②"),
    (Unfilled("text", "ja"), "unfilled", "〇〇"),
    (Unfilled("text", "en"), "unfilled", "[topic]"),
    (Unfilled("text", "ja", alone=True), "unfilled", "〇〇"),
]
FILTERS = list(dict.fromkeys(step for step, _, _ in REASONS))
KEEPERS = [
    step for step in FILTERS if not isinstance(step, Opening | TaskLabel)
]  # an empty text has a label less
MEASURES = NotEmpty | Length | Content | Growth | Novelty
ODD = {
    "ja": "空の色は、なぜ夕方に変わるのですか？",
    "mixed": "Pythonのlistとtupleは、どう違いますか？",
    "full_width": "ＡＢＣ順に並べると、どうなりますか？",
    "half_width_kana": "ｶﾀｶﾅﾉ読み方を教えてください。",
    "emoji": "うれしい😊ときの表情は？",
}


@pytest.mark.parametrize(("step", "reason", "text"), REASONS)
def test_each_reason_is_given_for_the_shortest_text_that_earns_it(
    step: Filter, reason: str, text: str
) -> None:
    verdict = step(turn(text, **BEFORE))
    assert isinstance(verdict, Reject)
    assert verdict.reason == reason


def test_the_closed_list_of_every_filter_is_met_by_the_texts_above() -> None:
    # WordList reads a recipe's table: its own test has the menu.
    assert {type(step).__name__ for step in FILTERS} == set(filters.__all__) - {"WordList"}
    for step in FILTERS:
        assert set(step.reasons) == {reason for one, reason, _ in REASONS if type(one) is type(step)}


@pytest.mark.parametrize("step", FILTERS)
def test_a_filter_is_a_pure_step_that_writes_nothing(step: Filter) -> None:
    spec = spec_of(step)
    assert spec.is_filter
    assert (spec.reads, spec.reasons) == (step.reads, step.reasons)


@pytest.mark.parametrize("step", [step for step in KEEPERS if getattr(step, "language", "ja") == "ja"])
@pytest.mark.parametrize("text", list(ODD.values()), ids=list(ODD))
def test_a_kept_record_comes_back_unchanged_and_again(step: Filter, text: str) -> None:
    record = turn(text, **BEFORE)
    if isinstance(step, Length):
        step = Length("text", min_chars=0, max_chars=100)
    assert step(record) is record
    assert step(record) is record


@pytest.mark.parametrize("step", [step for step in KEEPERS if not isinstance(step, MEASURES)])
def test_an_empty_text_is_the_business_of_those_that_measure_a_text_alone(step: Filter) -> None:
    for text in ("", None, " \n"):
        record = turn(text, **BEFORE)
        assert step(record) is record or (isinstance(step, SolutionLeak) and step.action == "cut")


@pytest.mark.parametrize("step", FILTERS)
@pytest.mark.parametrize("unit", ["あ", " ", "今日は良い天気です。", "#", "「", "the answer ", "\n", "1. "])
def test_one_very_long_text_is_judged_in_under_two_seconds(step: Filter, unit: str) -> None:
    record = turn((unit * 100_000)[:100_000], **BEFORE)
    started = time.process_time()
    step(record)
    assert time.process_time() - started < 2


@pytest.mark.parametrize("step", FILTERS)
def test_a_missing_field_is_named_with_the_nearest_one(step: Filter) -> None:
    with pytest.raises(DataError, match="lacks the field 'text'") as caught:
        step(Record("r1", (1,), {"txt": "空", **BEFORE}))
    assert caught.value.next == "did you mean 'txt'?"


@pytest.mark.parametrize("value", [3, {"a": "b"}, [3], [{"content": "x"}], b"raw"])
def test_a_field_that_holds_no_text_is_bad_data(value: Json) -> None:
    with pytest.raises(DataError, match="cannot be read as text"):
        NotEmpty("text")(turn(value))


@pytest.mark.parametrize("cleaner", [Opening("text", "問題："), SolutionLeak("text", "ja")])
def test_a_cleaner_refuses_a_field_of_several_texts(cleaner: Filter) -> None:
    with pytest.raises(DataError, match="cannot be read as text") as caught:
        cleaner(turn(["問題：一", "問題：二"]))
    assert caught.value.next == "the field must hold one text, because its text is rewritten"


@pytest.mark.parametrize(
    "kind",
    [
        AnswerLabel,
        AssistantOpening,
        Boilerplate,
        Language,
        Pointing,
        Refusal,
        SeveralQuestions,
        SolutionLeak,
        SpeaksForOther,
        TaskLabel,
        Unfilled,
    ],
)
def test_an_unknown_language_is_refused_with_the_nearest_one(kind: Callable[[str, str], Filter]) -> None:
    with pytest.raises(RecipeError, match="does not know the language 'jp'") as caught:
        kind("text", "jp")
    assert caught.value.next == "did you mean 'ja'?"
    with pytest.raises(RecipeError) as caught:
        kind("text", "fr")
    assert caught.value.next == "one of ja, en"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_fault_34_ordinary_good_texts_pass_every_filter(language: str) -> None:
    """Fault 34: a filter dropped every line with a common word."""
    rows = read_texts(f"clean/filters/good_{language}.tsv")
    assert len(rows) == 50
    for kind, text in rows:
        record = turn(text)
        steps: list[Filter] = [
            NotEmpty("text"),
            Length("text", min_chars=1, max_chars=4_000),
            Language("text", language),
            Refusal("text", language),
            Repetition("text"),
            Ending("text"),
            Boilerplate("text", language),
            SpeaksForOther("text", language),
            SeveralQuestions("text", language),
            Content("text"),
            Heading("text"),
            Unfilled("text", language),
        ]
        if kind == "question":
            steps += [SolutionLeak("text", language), SolutionLeak("text", language, "reject")]
            steps += [AssistantOpening("text", language), Content("text", signs=False)]
        else:
            steps.append(AnswerLabel("text", language))
        for step in steps:
            assert step(record) is record, (text, step)


def test_messages_are_judged_by_who_speaks() -> None:
    user = {"role": "user", "content": "I'm sorry, but I can't assist with that."}
    assistant = {"role": "assistant", "content": [{"type": "text", "text": user["content"]}]}
    tool = {"role": "tool", "content": "{}"}
    calls = {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]}
    kept = turn([user, calls, tool])
    assert Refusal("text", "en")(kept) is kept
    assert Refusal("text", "en")(turn([user, calls, tool, assistant])) == Reject(
        "refusal", "I'm sorry, but I can't assist with that.", None, "message 4 (assistant)"
    )
    problem = {"role": "user", "content": "What is 2+2?\nAnswer: 4"}
    answer = {"role": "assistant", "content": "Answer: 4"}
    leak = SolutionLeak("text", "en", "reject")
    assert leak(turn([problem, answer])) == Reject("leaked_solution", "Answer: 4", None, "message 1 (user)")
    assert isinstance(leak(turn([answer])), Record)
    several = {"role": "assistant", "content": "1. Who?\n2. Why?"}
    assert isinstance(SeveralQuestions("text", "en")(turn([several])), Record)
    preamble = {"role": "user", "content": "Good question!"}
    assert isinstance(Boilerplate("text", "en")(turn([preamble])), Record)
