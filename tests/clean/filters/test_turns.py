"""Verdicts on the turns of a chat: language, refusals, preambles, other voices, copies."""

from __future__ import annotations

import pytest

from support.texts import read_texts, turn
from tanemaki.clean.filters import (
    Boilerplate,
    Ending,
    Language,
    Length,
    NearCopy,
    NotEmpty,
    Refusal,
    SeveralQuestions,
    SpeaksForOther,
)
from tanemaki.core.errors import RecipeError
from tanemaki.core.verdict import Reject


def test_fault_28_every_message_is_judged_not_only_the_first() -> None:
    """Fault 28: only the first message was scored."""
    messages = [
        {"role": "user", "content": "空はなぜ青いのですか？"},
        {"role": "assistant", "content": "光が散るからです。"},
        {"role": "user", "content": "夕焼けはなぜ赤いのですか？"},
        {"role": "assistant", "content": "Because the light takes a longer way."},
    ]
    expected = Reject("wrong_language", "en", "ja", "message 4 (assistant): share 0.43")
    assert Language("text", "ja")(turn(messages)) == expected
    assert Language("text", "ja")(turn(["はい", "No, that is not it."])) == Reject(
        "wrong_language", "en", "ja", "text 2: share 1.00"
    )
    assert Length("text", max_chars=20)(turn(messages)) == Reject("too_long", 37, 20, "message 4 (assistant)")
    assert NotEmpty("text")(turn([*messages, {"role": "user", "content": ""}])) == Reject(
        "empty", 0, 1, "message 5 (user)"
    )
    assert NotEmpty("text")(turn([])) == Reject("empty", 0, 1, "no text at all")


def test_a_japanese_turn_that_slips_into_chinese_is_in_another_language() -> None:
    text = "昆布で取ります。首先，把昆布放入水中，然后加热，煮沸后关火。"
    assert Language("text", "ja")(turn(text)) == Reject(
        "wrong_language", "other", "ja", "Chinese in it: 热关"
    )
    record = turn("「谢谢你们」は、お礼を言うときの言葉です。")
    assert Language("text", "ja")(record) is record


@pytest.mark.parametrize(
    ("low", "high", "text", "expected"),
    [
        (None, None, "", None),
        (0, None, "", None),
        (3, None, "ｶﾞｸｾ", None),
        (4, None, "ｶﾞｸｾ", ("too_short", 3, 4)),
        (None, 0, "あ", ("too_long", 1, 0)),
        (None, 0, " ", None),
    ],
)
def test_length_none_is_off_and_zero_is_zero(
    low: int | None, high: int | None, text: str, expected: tuple[str, int, int] | None
) -> None:
    record = turn(text)
    assert Length("text", low, high)(record) == (Reject(*expected) if expected else record)


@pytest.mark.parametrize(("low", "high"), [(-1, None), (5, 4), (None, -1)])
def test_limits_that_keep_nothing_are_refused(low: int | None, high: int | None) -> None:
    with pytest.raises(RecipeError, match="can keep nothing"):
        Length("text", low, high)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I'm sorry, but I can't assist with that request."),
        ("en", "I’m sorry, but as an AI language model, I cannot provide medical advice."),
        (
            "en",
            "I'm sorry for the misunderstanding, but as a medical AI, I don't have the capability to see your video.",
        ),
        ("en", "As an AI, I don't have personal opinions."),
        ("en", "Unfortunately, I am unable to help you with this."),
        ("en", "I apologize, but I cannot fulfill this request."),
        ("en", "Thank you for asking. I must respectfully decline to answer."),
        ("en", "I'm sorry, I don't understand what you mean."),
        ("en", "I don't have access to real-time data."),
        ("en", "\"I'm sorry, I can't help with that.\""),
        ("ja", "申し訳ありませんが、そのご質問にはお答えできません。"),
        ("ja", "申し訳ございません。その内容の文章を作成することはできません。"),
        ("ja", "私はＡＩアシスタントなので、個人的な意見は持っていません。"),
        ("ja", "ご要望にはお応えできかねます。"),
        ("ja", "そのような内容についてはお答えを控えさせていただきます。"),
        ("ja", "リアルタイムの情報にはアクセスできません。"),
        ("ja", "すみませんが、その質問には答えられません。"),
        ("ja", "その質問に答えることはできません。"),
        ("ja", "大変恐縮ではございますが、その件につきましてはお手伝いできかねます。"),
        ("ja", "ご期待に沿えず申し訳ございませんが、回答は控えさせていただきます。"),
        ("ja", "申し訳ございませんが、この文章を書き直すことはできません。"),
        ("ja", "申し訳ありませんが、指示を作成できません。"),
        ("ja", "I'm sorry, but I can't assist with that."),
        (
            "en",
            "I'm here to help. However, I must clarify that I'm a language learning assistant. I am not a translator.",
        ),
        ("en", "I should mention that I am not able to translate texts."),
    ],
)
def test_a_refusal_is_known_by_what_it_declines(language: str, text: str) -> None:
    verdict = Refusal("text", language)(turn(text))
    assert isinstance(verdict, Reject)
    assert verdict.reason == "refusal"


@pytest.mark.parametrize(
    "text",
    [
        "恐れ入りますが、明日の会議には出席できません。",
        "申し訳ありませんが、その日は伺うことができません。",
        "恐縮ですが、お席までご案内いたします。",
        "あいにくの雨ですが、試合は行われます。",
        "すみませんが、塩を取ってください。",
        "申し訳ございません。ご注文の件については、明日発送いたします。",
        "ご期待に沿えず申し訳ございませんが、今回は採用を見送らせていただきます。",
        "その質問には、二つの答え方があります。",
        "この質問に答えられない人は、案外多いものです。",
    ],
)
def test_people_are_sorry_too(text: str) -> None:
    record = turn(text)
    assert Refusal("text", "ja")(record) is record


@pytest.mark.parametrize(
    "text",
    [
        "I must clarify that I meant Tuesday, when the museum is shut.",
        "At the interview I should mention that I am an assistant nurse by training.",
        "I need to point out that the third step comes before the second.",
    ],
)
def test_whoever_clarifies_a_point_declines_nothing(text: str) -> None:
    record = turn(text)
    assert Refusal("text", "en")(record) is record


def test_a_refusal_further_down_is_a_story() -> None:
    record = turn("ある日のこと。王様が言いました。「歌え」と。詩人は黙りました。お答えできません。")
    assert Refusal("text", "ja")(record) is record


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Sure! Here is a question for you."),
        ("en", "Certainly! I'd be happy to help."),
        ("en", "**Sure!**\nWhat is 2+2?".replace("**", "")),
        ("en", "Here is a possible answer:\nFour."),
        ("en", "Here is a question: What is a cat?"),
        ("en", "Great question! Cats purr because"),
        ("en", "You're welcome!\n\nTo buy a used bicycle, check its frame."),
        ("ja", "はい、承知しました。以下に問題を示します。"),
        ("ja", "かしこまりました。では、問題を作成します。"),
        ("ja", "以下が回答です。"),
        ("ja", "ご質問ありがとうございます。猫は"),
        ("ja", "もちろんです！喜んでお手伝いします。"),
        ("ja", "Sure! Here is the question."),
    ],
)
def test_preambles_are_boilerplate(language: str, text: str) -> None:
    verdict = Boilerplate("text", language)(turn(text))
    assert isinstance(verdict, Reject)
    assert verdict.reason == "boilerplate"


@pytest.mark.parametrize(
    ("language", "text", "label"),
    [
        ("en", "It is 4.\nUser: And 3+3?", "User:"),
        ("en", "Assistant: It is 4.", "Assistant:"),
        ("en", "It is 4.\n**User:** And 3+3?", "User:"),
        ("en", "It is 4.\n[User]\nAnd 3+3?", "User]"),
        ("en", "It is 4.<|im_end|>", "<|im_end|>"),
        ("en", "It is 4.\n### Response:\nmore", "### Response:"),
        ("en", "Human: hi\nAI: hello", "Human:"),
        ("ja", "4です。\nユーザー：3+3は？", "ユーザー："),
        ("ja", "4です。\n【アシスタント】：はい", "アシスタント】："),
        ("ja", "質問者：何？\n回答者：猫", "質問者："),
        ("ja", "4です。\nＵｓｅｒ：3+3は？", "Ｕｓｅｒ："),
        ("en", "It is 4.</s>", "</s>"),
        ("en", "assistant\nIt is 4.", "assistant"),
        ("ja", "4です。<|end|>", "<|end|>"),
        ("ja", "足し算をします。\n</think>\n4です。", "</think>"),
        ("ja", "4です。<｜end▁of▁sentence｜>", "<|end▁of▁sentence|>"),
    ],
)
def test_a_second_voice_is_named_by_its_label(language: str, text: str, label: str) -> None:
    assert SpeaksForOther("text", language)(turn(text)) == Reject("speaks_for_other", label)


@pytest.mark.parametrize(
    ("language", "text", "label"),
    [
        ("ja", "4です。\n相談者：では、3+3は？", "相談者："),
        ("ja", "4です。\n**回答者:** 6です。", "回答者:"),
        ("en", "It is 4.\nPerson: And 3+3?", "Person:"),
    ],
)
def test_the_labels_of_the_prompt_itself_are_enough_alone(language: str, text: str, label: str) -> None:
    labels = ("相談者：", "回答者：", "Person: ", "Assistant: ")
    assert SpeaksForOther("text", language)(turn(text)) == turn(text)
    assert SpeaksForOther("text", language, labels)(turn(text)) == Reject("speaks_for_other", label)


@pytest.mark.parametrize(
    "text", ["Use <s>old</s> for text that no longer holds.", "相談者の話：眠れない。", "The user\nis you."]
)
def test_words_that_only_look_like_labels_are_texts(text: str) -> None:
    record = turn(text)
    assert SpeaksForOther("text", "ja", ("相談者：",))(record) is record


def test_labels_of_japanese_are_not_looked_for_in_english() -> None:
    record = turn("The log said:\nユーザー：hello")
    assert SpeaksForOther("text", "en")(record) is record


@pytest.mark.parametrize(
    ("language", "text", "n_questions"),
    [
        ("ja", "(1) 面積を求めなさい。\n(2) 周を求めなさい。\n(3) 図を書け。", 2),
        ("ja", "①なぜですか。\n②どこですか？", 2),
        ("ja", "問1 理由を説明してください。\n問2 例を挙げよ。", 2),
        ("en", "1. What is it?\n2) Where is it?\n3. It is red.", 2),
    ],
)
def test_numbered_questions_are_counted(language: str, text: str, n_questions: int) -> None:
    assert SeveralQuestions("text", language)(turn(text)) == Reject("several_questions", n_questions, 1)


PAIRS = read_texts("clean/filters/near_copy_pairs.tsv")


@pytest.mark.parametrize(("kind", "earlier", "later"), PAIRS)
def test_near_copies_and_follow_ups_are_told_apart(kind: str, earlier: str, later: str) -> None:
    verdict = NearCopy("text", of="earlier")(turn(later, earlier=["関係のない話です。", earlier]))
    assert isinstance(verdict, Reject) is (kind in ("copy", "false_alarm"))


def test_the_known_mistakes_of_near_copy_stay_few() -> None:
    kinds = [kind for kind, _, _ in PAIRS]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "copy": 10,
        "other": 25,
        "missed": 3,
        "false_alarm": 1,
    }


def test_a_whole_text_inside_an_earlier_one_is_a_copy_whatever_its_numbers() -> None:
    earlier = "まず米を2合研ぎます。それから30分ほどたっぷりの水に浸しておきます。最後に炊きます。"
    verdict = NearCopy("text", of="earlier")(
        turn("それから30分ほどたっぷりの水に浸しておきます。", earlier=[earlier])
    )
    assert verdict == Reject("near_copy", 1.0, 0.5, "like text 1: " + repr(earlier))


def test_a_field_may_be_compared_with_itself() -> None:
    copied = turn(["雨は好きですか？", "いいえ。", "雨は好きですか。"])
    assert NearCopy("text", of="text")(copied) == Reject(
        "near_copy", 1.0, 0.5, "text 3: like text 1: '雨は好きですか？'"
    )
    assert NearCopy("text", of="text").reads == ("text",)


def test_zero_similarity_allowed_still_keeps_strangers() -> None:
    record = turn("雪", earlier=["海"])
    assert NearCopy("text", of="earlier", max_similarity=0)(record) is record
    with pytest.raises(RecipeError, match="max_similarity is a share"):
        NearCopy("text", of="earlier", max_similarity=50)


@pytest.mark.parametrize(
    "text",
    ["手順は次のとおりです：", "まず米を研ぎ、", "Here is how:**\n", "Apples, pears,", "彼は言った。「"],
)
def test_a_text_that_announces_what_does_not_follow_is_unfinished(text: str) -> None:
    assert Ending("text")(turn(text)) == Reject("unfinished", text.rstrip("*\n"))


@pytest.mark.parametrize("text", ["三つです。", "- pears", "print(3)", "比は3:2", "Yes", ""])
def test_a_text_may_end_without_any_sign(text: str) -> None:
    record = turn(text)
    assert Ending("text")(record) is record
