"""A blank that somebody was to fill is no text; signs of code, of mathematics and of forms are none."""

from __future__ import annotations

import pytest

from support.texts import turn
from tanemaki.clean.filters import Unfilled
from tanemaki.core.verdict import Reject


@pytest.mark.parametrize(
    ("language", "text", "blank"),
    [
        ("ja", "[名前]さんの一日を書いてください。", "[名前]"),
        ("ja", "［お名前］さんへのお礼を書いて。", "[お名前]"),
        ("ja", "[商品名]の良いところを三つ挙げて。", "[商品名]"),
        ("ja", "【ここに質問を入力】", "【ここに質問を入力】"),
        ("ja", "【質問をここに記入してください】", "【質問をここに記入してください】"),
        ("ja", "〇〇さんはりんごを3個買いました。", "〇〇"),
        ("ja", "「〇〇」とは何ですか。", "〇〇"),
        ("ja", "○○について教えてください。", "○○"),
        ("ja", "◯◯駅から歩いて何分ですか。", "◯◯"),
        ("ja", "△△の社長はだれですか。", "△△"),
        ("ja", "{{ 話題 }}について説明してください。", "{{ 話題 }}"),
        ("ja", "＜質問＞", "<質問>"),
        ("ja", "Tell me about [insert topic].", "[insert topic]"),
        ("en", "[your question here]", "[your question here]"),
        ("en", "Tell me about [topic].", "[topic]"),
        ("en", "Describe [Company Name] in two lines.", "[Company Name]"),
        ("en", "Where was [name of poet] born?", "[name of poet]"),
        ("en", "Write about {{topic}} for a child.", "{{topic}}"),
        ("en", "Explain {topic} to a child.", "{topic}"),
        ("en", "What is <question>?", "<question>"),
        ("en", "Ｗｈａｔ ｉｓ ［ｔｏｐｉｃ］？", "[topic]"),
    ],
)
def test_a_blank_is_named(language: str, text: str, blank: str) -> None:
    assert Unfilled("text", language)(turn(text)) == Reject("unfilled", blank)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ja", "二〇〇年前の暮らしを教えてください。"),
        ("ja", "二〇〇〇年問題とは何でしたか。"),
        ("ja", "一〇〇円玉の厚さは？"),
        ("ja", "結果は○○×○でした。勝ったのはだれですか。"),
        ("ja", "○×クイズを三問作って。"),
        ("ja", "丸を○○○と三つ書いて。"),
        ("ja", "「〇〇といえば△△」という言い方の例を三つ挙げて。"),
        ("ja", "「〇〇さん、お元気ですか」で始まる手紙を書いて。"),
        ("ja", "空欄〇〇に当てはまる語を答えなさい。"),
        ("ja", "テンプレートの[名前]を一度に置き換えるには？"),
        ("ja", "【質問】円とは何ですか。"),
        ("ja", "【至急】名前の書き方を教えて。"),
        ("ja", "[日時] 3月3日 [場所] 公民館。お知らせの文にして。"),
        ("ja", "配列[1, 2, 3]の和は？"),
        ("ja", "[リンク](https://example.org)の開き方は？"),
        ("ja", "`{{ name }}` の意味は？"),
        ("ja", "<p>と<div>の違いは？"),
        ("en", "Press [Enter] to go on. What does [Insert] do?"),
        ("en", "Fill in the template: Dear [Name],"),
        ("en", "See [your account](https://example.org)."),
        ("en", "Simplify \\frac{{x}}{y} and {{1, 2}, {3}}."),
        ("en", "What is $\\{topic\\}$ in set notation?"),
        ("en", "How do I write a {{ variable }} in Jinja?"),
        ("en", "What does `<question>` mean?"),
        ("en", "What does the <answer> tag do in this XML?"),
        ("en", "```\nprint('{topic}')\n```\nWhat is printed?"),
        ("en", "Is List[int] a type? And a[i]?"),
        ("en", "He wrote [sic]. Why?"),
        ("en", "Write each line in the format [name]: [age]."),
        ("en", 'Begin with "Dear [Name], thank you" and go on.'),
    ],
)
def test_code_formulas_forms_and_numerals_are_no_blanks(language: str, text: str) -> None:
    record = turn(text)
    assert Unfilled("text", language)(record) is record


@pytest.mark.parametrize(
    ("language", "text", "blank"),
    [
        ("ja", "【ここに回答を書いてください】", "【ここに回答を書いてください】"),
        ("ja", "「〇〇」。", "〇〇"),
        ("en", "[Your answer here]", "[Your answer here]"),
        ("en", "**[Name]**\n<answer>", "[Name]"),
    ],
)
def test_of_an_answer_only_a_blank_and_nothing_else_is_one(language: str, text: str, blank: str) -> None:
    assert Unfilled("text", language, alone=True)(turn(text)) == Reject("unfilled", blank)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ja", "〇〇様\n\nいつもお世話になっております。"),
        ("ja", "〇〇には年号が入ります。"),
        ("en", "Dear [Name],\n\nthank you for the tent.\n\n[Your name here]"),
        ("en", "Yes. <answer>"),
        ("en", "42"),
        ("en", ""),
    ],
)
def test_a_letter_that_is_drafted_has_blanks_by_right(language: str, text: str) -> None:
    record = turn(text)
    assert Unfilled("text", language, alone=True)(record) is record
