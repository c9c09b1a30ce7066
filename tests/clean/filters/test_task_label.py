"""Labels before an instruction, and openings of an assistant in the user's place."""

from __future__ import annotations

import time

import pytest

from support.texts import turn
from tanemaki.clean.filters.assistant_opening import AssistantOpening
from tanemaki.clean.filters.task_label import TaskLabel
from tanemaki.core.errors import RecipeError
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject

KEPT = [
    "葛湯の作り方は？",
    "質問が三つあります：一つ目は塩の量です。",
    "問題集の選び方を教えて",
    "課題図書を一冊すすめてください。",
    "3.5と3.14はどちらが大きいですか。",
    "2026年の祝日は？",
    "Context matters here: why?",
    "Questions about tax keep me awake. What should I read?",
    "What is a problem: a task or a gift?",
    "Task management: how do I begin?",
    "ｶﾞｽの元栓はどこ？",
    "🍵は何と読む？",
    '"Hello" and "Goodbye" in French, please.',
    "",
]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("質問：葛湯とは？", "葛湯とは？"),
        ("【質問１】葛湯とは？", "葛湯とは？"),
        ("**問題:** 葛湯とは？", "葛湯とは？"),
        ("## 指示：\n葛湯とは？", "葛湯とは？"),
        ("問３：葛湯とは？", "葛湯とは？"),
        ("1. 質問：葛湯とは？", "葛湯とは？"),
        ("「葛湯とは？」", "葛湯とは？"),
        ("Question: Why?", "Why?"),
        ("Ｑｕｅｓｔｉｏｎ：Why?", "Why?"),
        ("**Task 3:** Why?", "Why?"),
        ("**Instruction**\nWhy?", "Why?"),
        ("[Prompt] Why?", "Why?"),
        ("Q2. Why?", "Why?"),
        ("2) Why?", "Why?"),
        ("Question: Task: Why?", "Why?"),
        ('"Why?"', "Why?"),
    ],
)
def test_a_label_is_taken_off_and_the_rest_is_not_touched(text: str, left: str) -> None:
    judged = TaskLabel("text", "ja")(turn(text))
    assert isinstance(judged, Record)
    assert judged["text"] == left
    assert TaskLabel("text", "ja")(judged) is judged, "twice changes nothing"


@pytest.mark.parametrize("text", [text for text in KEPT if text])
def test_a_text_without_a_label_comes_back_as_it_was(text: str) -> None:
    for keep in (TaskLabel("text", "ja"), AssistantOpening("text", "ja")):
        given = turn(text)
        assert keep(given) is given


def test_nothing_but_labels_is_empty() -> None:
    assert TaskLabel("text", "ja")(turn("質問：")) == Reject("empty", 0, 1, "nothing after '質問：'")
    assert TaskLabel("text", "en")(turn("")) == Reject("empty", 0, 1, "nothing after ''")


def test_english_runs_do_not_know_japanese_labels() -> None:
    given = turn("質問：Why?")
    assert TaskLabel("text", "en")(given) is given


@pytest.mark.parametrize(
    "text",
    [
        "Hello! How can I help you today?",
        "How may I assist you?",
        "Hi there! I'm an AI assistant created to help.",
        "Please provide the text you want me to translate.",
        "Feel free to ask me any questions.",
        "こんにちは！何かお手伝いできることはありますか？",
        "何かお困りのことはございますか。",
        "私はＡＩアシスタントです。",
        "ご質問があれば、お気軽にどうぞ。",
        "お気軽にご質問ください。",
        "You are a helpful assistant.",
        "You are a helpful, honest and harmless AI assistant. You will answer politely.",
        "あなたは親切なアシスタントです。",
        "あなたは有能なAIアシスタントです。ユーザーの質問に丁寧に答えてください。",
    ],
)
def test_an_assistants_opening_is_told(text: str) -> None:
    judged = AssistantOpening("text", "ja")(turn(text))
    assert isinstance(judged, Reject)
    assert judged.reason == "assistant_opening"
    assert str(judged.measured)[0].casefold() == text[0].casefold()


@pytest.mark.parametrize(
    "text",
    [
        "Hello! My router blinks red. What does that mean?",
        "How can I help my daughter with fractions?",
        "How can I help you decide, my friend asked. Continue the story.",
        "こんにちは。味噌汁の塩気を減らしたいのですが、どうすればよいですか。",
        "AIアシスタントの選び方を教えてください。",
        "あなたはAIですか？",
        "君は言語モデルですか。それとも人ですか。",
        "あなたは旅行ガイドです。京都の一日を計画してください。",
        "あなたは優秀なアシスタントです。次の文を要約してください。雨が降った。",
        "You are a helpful assistant. Plan a trip to Rome for me.",
        "You are my assistant. You are to plan dinner.",
        "何か手伝えることはないかと祖母に聞かれたら、どう答えればよいですか。",
    ],
)
def test_a_user_who_greets_and_asks_is_kept(text: str) -> None:
    given = turn(text)
    assert AssistantOpening("text", "ja")(given) is given


@pytest.mark.parametrize("kind", [TaskLabel, AssistantOpening])
def test_an_unknown_language_is_refused(kind: type[TaskLabel | AssistantOpening]) -> None:
    with pytest.raises(RecipeError):
        kind("text", "fr")


@pytest.mark.parametrize("text", ["Question: " * 20_000, "「" * 100_000, "1. " * 30_000, "質問" * 50_000])
def test_a_very_long_line_takes_no_time(text: str) -> None:
    begun = time.perf_counter()
    TaskLabel("text", "ja")(turn(text))
    AssistantOpening("text", "ja")(turn(text))
    assert time.perf_counter() - begun < 5
