"""Talk behind a text: what an assistant says when it has said it, and who else may end like that."""

from __future__ import annotations

import time

import pytest

from support.texts import turn
from tanemaki.clean.dialogue import question_filters
from tanemaki.clean.filters import Boilerplate
from tanemaki.core.verdict import Reject
from tanemaki.generate.looking import judge
from tanemaki.recipes.phase1 import question_filters as phase1_question_filters

FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
FAREWELLS = [
    ("ja", "海の句を一つ書いてください。\n", "※条件を一つ追加しました"),
    ("ja", "海の句を一つ書いてください。\n\n", "(※制約を一つ加えました。)"),
    ("ja", "海の句を書いてください。\n", "注:原文の表現を少し変更しています。"),
    ("ja", "海の句を書いてください。\n", "上記は、元の指示に条件を一つ加えたものです。"),
    ("ja", "梅干しは三年ほど保ちます。", "以上、いかがでしたでしょうか。"),
    ("ja", "梅干しは三年ほど保ちます。\n", "ご不明な点があればお知らせください"),
    ("ja", "塩を足します。", "他にもご質問があれば、お気軽にどうぞ!"),
    ("ja", "塩を足します。\n\n", "もし他に知りたいことがあれば、いつでも聞いてくださいね。"),
    ("ja", "塩を足します。", "この情報がお役に立てば幸いです。"),
    ("ja", "塩を足します。", "他に何かお手伝いできることはありますか?"),
    ("ja", "塩を足します。\n", "以上が回答になります。"),
    ("ja", "塩を足します。", "Let me know if you have any questions!"),
    ("en", "Dry them in the sun.\n\n", "I hope this helps!"),
    ("en", "Dry them in the sun. ", "Hope this helps you with your exam!"),
    ("en", "Dry them in the sun. ", "Let me know if you have any other questions."),
    ("en", "Dry them in the sun. ", "Let me know if you'd like me to expand on any part."),
    ("en", "Dry them in the sun. ", "If you have any further questions, feel free to ask!"),
    ("en", "Dry them in the sun. ", "Is there anything else I can help you with?"),
    ("en", "Dry them in the sun. ", "Would you like me to explain further?"),
    ("en", "Write a haiku.\n\n", "(Note: I have added a constraint on its length.)"),
    ("en", "Write a haiku. ", "This revised version adds a limit of 100 characters."),
]


@pytest.mark.parametrize(("language", "text", "farewell"), FAREWELLS)
def test_a_farewell_at_the_very_end_is_talk(language: str, text: str, farewell: str) -> None:
    expected = Reject("boilerplate", farewell, None, "at the end")
    assert Boilerplate("text", language)(turn(text + farewell)) == expected
    assert Boilerplate("text", language)(turn(text + farewell + " 😊\n")) == expected
    assert Boilerplate("text", language)(turn(text + farewell.translate(FULL_WIDTH))) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ja", "設定画面に、検索の条件を追加しました。"),
        ("ja", "旅行はいかがでしたか。"),
        ("ja", "夜行は疲れます。以上が私の提案です。"),
        ("ja", "入場は千円です。\n※価格は税込みです。"),
        ("ja", "わかりました。では、以下の場合はどうなりますか。"),
        ("ja", "了解です。次の日に雨が降ったら、どうしますか？"),
        ("ja", "承知しました。次の質問ですが、保証は何年ですか。"),
        ("ja", "漬け方はわかりました。他に気をつけることはありますか？"),
        ("ja", "困ったときは係員にお尋ねください。ご不明な点は係員にお尋ねください。"),
        ("ja", "宿題は今日までです。分からないことがあれば、先生に聞いてください。"),
        (
            "ja",
            "件名：納期について\n\n田中様\n\n机ができました。\nご不明な点がございましたら、お知らせください。",
        ),
        ("ja", "お客様各位\n明日から営業時間を変えます。\nご不明な点があればお知らせください。"),
        ("ja", "「お役に立てば幸いです」と駅員は笑った。"),
        ("en", "It leaves at six. Let me know if you are coming on Sunday."),
        ("en", "The bread is in the oven. Tell me if it is done."),
        ("en", "Dear Tom,\nThe desk is ready.\nPlease let me know if you have any questions."),
        ("en", "Hi Ana,\nthe tent is dry.\nLet me know if you need any more help."),
        ("en", 'He said, "I hope this helps." She smiled.'),
        ("en", "I am at the shop. Would you like me to bring a cake?"),
        ("en", "Find x. Note: this question requires a calculator."),
        ("en", "What do I pack? Let me know if I need a coat."),
    ],
)
def test_people_and_letters_may_end_like_that(language: str, text: str) -> None:
    record = turn(text)
    assert Boilerplate("text", language)(record) is record


def test_what_the_instruction_orders_is_no_talk() -> None:
    asked = Boilerplate("text", "ja", asked="prompt")
    assert asked.reads == ("text", "prompt")
    text = "塩を足します。参考になれば幸いです。"
    ordered = turn(text, prompt="塩の役目は？最後は「参考になれば幸いです。」で終えてください。")
    assert asked(ordered) is ordered
    free = asked(turn(text, prompt="塩の役目は？"))
    assert free == Reject("boilerplate", "参考になれば幸いです。", None, "at the end")


def test_a_translation_may_begin_and_end_as_its_source_does() -> None:
    translated = Boilerplate("text", "ja", asked="passage")
    thanks = turn(
        "ご質問ありがとうございます。塩を足します。", passage="Thank you for your question. Add salt."
    )
    assert translated(thanks) is thanks
    text = "塩を足します。お役に立てば幸いです。"
    faithful = turn(text, passage="Add salt. I hope this helps!")
    assert translated(faithful) is faithful
    added = translated(turn(text, passage="Add salt."))
    assert added == Reject("boilerplate", "お役に立てば幸いです。", None, "at the end")


def test_of_messages_the_assistants_are_judged() -> None:
    farewell = "I hope this helps!"
    messages = [{"role": "user", "content": farewell}, {"role": "assistant", "content": f"Yes. {farewell}"}]
    assert Boilerplate("text", "en")(turn(messages)) == Reject(
        "boilerplate", farewell, None, "message 2 (assistant): at the end"
    )


@pytest.mark.parametrize(
    ("language", "reply"),
    [
        ("ja", "質問：はい、承知しました。\n葛湯は何度で作りますか。"),
        ("ja", "質問：承知しました。以下に質問を示します。葛湯は何度で作りますか。"),
        ("ja", "質問：葛湯は何度で作りますか。\n※条件を一つ追加しました。"),
        ("en", "Question: Sure! Here is a question:\nHow hot is the water for tea?"),
        ("en", "Question: How hot is the water for green tea? I hope this helps!"),
    ],
)
def test_talk_behind_the_marker_of_a_question_is_found(language: str, reply: str) -> None:
    marker = {"ja": "質問：", "en": "Question: "}[language]
    for filters in (question_filters(language, (marker,), (5, 300), ()), phase1_question_filters(language)):
        rejected = judge(turn(reply, earlier=[], examples=[]), filters)
        assert isinstance(rejected, Reject)
        assert rejected.reason == "boilerplate"
        kept = judge(turn(f"{marker}葛湯とtea、水は何度ですか。", earlier=[], examples=[]), filters[2:])
        assert kept == "葛湯とtea、水は何度ですか。"


@pytest.mark.parametrize("end", ["I hope this helps!", "ご不明な点があればお知らせください。"])
def test_a_very_long_text_is_judged_by_its_end_alone(end: str) -> None:
    started = time.process_time()
    for unit in ("あ", "様\n", "Hi ", "件名", "。"):
        Boilerplate("text", "ja")(turn((unit * 100_000)[:100_000] + "。\n" + end))
    assert time.process_time() - started < 2
