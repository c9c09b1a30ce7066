"""Sets made elsewhere: the forms that are in use are recognised, and each row becomes what a judge takes."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from tanemaki.core.errors import DataError, SetupError
from tanemaki.judge.sets.forms import Form, find_form

Row = Mapping[str, Any]
USER = {"role": "user", "content": "春に咲く花は？"}
GOOD, BAD = "桜や菜の花が咲きます。", "知りません。"
SIDES = [USER, {"role": "assistant", "content": GOOD}], [USER, {"role": "assistant", "content": BAD}]
HUMAN = {"from": "human", "value": "春に咲く花は？"}
HH = "\n\nHuman: 春に咲く花は？\n\nAssistant: "


def form_of(*rows: Row, **told: Any) -> Form:
    return find_form(rows, list(dict.fromkeys(name for row in rows for name in row)), **told)


PAIRS: dict[str, Row] = {
    "TRL, texts": {"prompt": USER["content"], "chosen": GOOD, "rejected": BAD},
    "TRL, messages": {"prompt": [USER], "chosen": SIDES[0][1:], "rejected": SIDES[1][1:]},
    "TRL, the prompt in both sides": {"chosen": SIDES[0], "rejected": SIDES[1]},
    "UltraFeedback binarised": {
        "prompt": USER["content"],
        "chosen": SIDES[0],
        "rejected": SIDES[1],
        "score_chosen": 8.5,
    },
    "HH-RLHF, transcripts": {"chosen": HH + GOOD, "rejected": HH + BAD},
    "the prompt before both texts": {
        "prompt": USER["content"],
        "chosen": f"{USER['content']} {GOOD}",
        "rejected": f"{USER['content']} {BAD}",
    },
    "ShareGPT, sides as turns": {
        "conversations": [HUMAN],
        "chosen": {"from": "gpt", "value": GOOD},
        "rejected": {"from": "gpt", "value": BAD},
    },
    "ShareGPT, sides as conversations": {
        "chosen": [HUMAN, {"from": "gpt", "value": GOOD}],
        "rejected": [HUMAN, {"from": "gpt", "value": BAD}],
    },
    "question with responses": {
        "question": USER["content"],
        "chosen_response": GOOD,
        "rejected_response": BAD,
    },
    "better and worse": {"prompt": USER["content"], "better": GOOD, "worse": BAD},
    "UltraFeedback": {
        "instruction": USER["content"],
        "models": ["a", "b"],
        "completions": [
            {
                "model": "b",
                "response": BAD,
                "overall_score": 2.0,
                "annotations": {"honesty": {"Rating": "2"}},
            },
            {
                "model": "a",
                "response": GOOD,
                "overall_score": 9.0,
                "annotations": {"honesty": {"Rating": "5"}},
            },
            {
                "model": "c",
                "response": "桜。",
                "overall_score": 5.0,
                "annotations": {"honesty": {"Rating": "N/A"}},
            },
        ],
    },
    "distilabel": {
        "instruction": USER["content"],
        "generations": [BAD, GOOD],
        "ratings": [1.0, 5.0],
        "generation_models": ["b", "a"],
    },
    "plain, label B": {"question": USER["content"], "answer_a": BAD, "answer_b": GOOD, "label": "B"},
    "plain, winner in Japanese columns": {"質問": USER["content"], "回答A": GOOD, "回答B": BAD, "勝者": "A"},
    "responses with winner": {
        "prompt": USER["content"],
        "response_a": GOOD,
        "response_b": BAD,
        "winner": "response_a",
    },
    "Chatbot Arena": {
        "model_a": "tane-8b",
        "model_b": "mugi-2b",
        "conversation_a": SIDES[0],
        "conversation_b": SIDES[1],
        "winner": "model_a",
    },
    "Chatbot Arena, contents as parts": {
        "conversation_a": [
            {"role": turn["role"], "content": [{"type": "text", "text": turn["content"], "image": None}]}
            for turn in SIDES[0]
        ],
        "conversation_b": [
            {"role": turn["role"], "content": [{"type": "text", "text": turn["content"], "image": None}]}
            for turn in SIDES[1]
        ],
        "winner": "model_a",
    },
    "the winner by its model's name": {
        "prompt": USER["content"],
        "model_a": "tane-8b",
        "model_b": "mugi-2b",
        "response_a": BAD,
        "response_b": GOOD,
        "winner": "mugi-2b",
    },
    "numbered from 0": {
        "prompt": USER["content"],
        "response_0": BAD,
        "response_1": GOOD,
        "better_response_id": 1,
    },
    "numbered from 1": {"instruction": USER["content"], "output_1": BAD, "output_2": GOOD, "preference": 2.0},
    "signs of a judge": {"prompt": USER["content"], "answer_1": GOOD, "answer_2": BAD, "label": "A>B"},
    "brackets, full width": {"prompt": USER["content"], "first": BAD, "second": GOOD, "label": "[[Ｂ]]"},
}


@pytest.mark.parametrize("name", PAIRS)
def test_a_pair_in_use_is_read_with_its_prompt_both_sides_and_the_better_one(name: str) -> None:
    form = form_of(PAIRS[name])
    assert form.rows == "pairs"
    assert form.has_labels
    row = form.read(PAIRS[name])
    assert row["prompt"] == USER["content"]
    assert {row["first"], row["second"]} == {GOOD, BAD}
    assert row[row["label"]] == GOOD


ANSWERS: dict[str, Row] = {
    "messages": {"messages": SIDES[0]},
    "ShareGPT": {"conversations": [HUMAN, {"from": "gpt", "value": GOOD}]},
    "prompt and completion": {"prompt": USER["content"], "completion": GOOD},
    "question and answer": {"question": USER["content"], "answer": GOOD},
    "Alpaca": {"instruction": USER["content"], "input": "", "output": GOOD},
    "messages as JSON": {"messages": json.dumps(SIDES[0], ensure_ascii=False)},
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_single_answer_in_use_is_read_with_its_prompt(name: str) -> None:
    form = form_of(ANSWERS[name])
    assert form.rows == "answers"
    row = form.read(ANSWERS[name])
    assert (row["prompt"], row["answer"]) == (USER["content"], GOOD)


def test_alpacas_input_belongs_to_the_prompt_and_a_score_comes_along() -> None:
    row = {"instruction": "要約して。", "input": "長い文章", "output": "要約", "score": "4.5"}
    assert form_of(row).read(row) == {"prompt": "要約して。\n\n長い文章", "answer": "要約", "score": "4.5"}


def test_several_turns_stand_with_their_roles() -> None:
    history = [USER, {"role": "assistant", "content": "桜です。"}, {"role": "user", "content": "秋は？"}]
    row = {
        "chosen": [*history, {"role": "assistant", "content": "菊です。"}],
        "rejected": [*history, {"role": "assistant", "content": "桜です。"}],
    }
    read = form_of(row).read(row)
    assert read["prompt"] == "user: 春に咲く花は？\nassistant: 桜です。\nuser: 秋は？"
    assert {read["first"], read["second"]} == {"菊です。", "桜です。"}


def test_the_chosen_side_is_first_half_of_the_time_whichever_side_is_chosen() -> None:
    """A draw of the texts: always first, the label would be a place, and a judge with a liking for it right."""
    rows = [{"prompt": f"問い{k}", "chosen": f"良い{k}", "rejected": f"悪い{k}"} for k in range(400)]
    form = form_of(*rows)
    labels = Counter(form.read(row)["label"] for row in rows)
    assert sum((n - 200) ** 2 / 200 for n in labels.values()) < 10.83, (
        "one degree of freedom, one in a thousand"
    )
    for row in rows[:20]:
        turned = form.read({**row, "chosen": row["rejected"], "rejected": row["chosen"]})
        assert turned["first"] == form.read(row)["first"], "which text is first does not tell which is chosen"
        assert turned["label"] != form.read(row)["label"]


@pytest.mark.parametrize("label", ["tie", "C", "tie (bothbad)", "引き分け", "A=B"])
def test_a_tie_is_a_tie_and_an_empty_cell_no_label(label: str) -> None:
    rows = [{"prompt": "問い", "first": "甲", "second": "乙", "label": one} for one in (label, "", None)]
    form = form_of(*rows)
    assert [form.read(row)["label"] for row in rows] == ["tie", None, None]


@pytest.mark.parametrize("labels", [[0, 1], ["0", "1"], [True, False], [-3, 2], ["良い", "悪い"]])
def test_labels_that_nobody_can_guess_are_asked_for(labels: list[Any]) -> None:
    rows = [
        {"prompt": "問い", "answer_a": "甲", "answer_b": f"乙{k}", "label": one}
        for k, one in enumerate(labels)
    ]
    with pytest.raises(SetupError, match="the labels do not say which side is better") as caught:
        form_of(*rows)
    assert "--labels first=1,second=0" in str(caught.value)
    told = {str(labels[0]).lower(): "first", str(labels[1]).lower(): "second"}
    form = form_of(*rows, words=told)
    assert [form.read(row)["label"] for row in rows] == ["first", "second"]


def test_columns_of_any_name_are_told_and_go_before_known_ones() -> None:
    row = {"question": "別の列", "問い": "春の花は？", "甲": "桜", "乙": "柿", "人": "甲"}
    told = {"prompt": "問い", "first": "甲", "second": "乙", "label": "人"}
    form = form_of(row, told=told)
    read = form.read(row)
    assert (read["prompt"], read["first"], read["second"], read["label"]) == (
        "春の花は？",
        "桜",
        "柿",
        "first",
    )


@pytest.mark.parametrize(
    ("columns", "told", "says"),
    [
        (["promt", "chosn", "rejectd"], {}, "--columns prompt=promt"),
        (["本文"], {}, "--columns prompt=…,chosen=…,rejected=… or prompt=…,first=…"),
        ([], {}, "columns: none"),
        (["prompt", "a", "b"], {"fist": "a"}, "did you mean 'first'?"),
        (
            ["prompt", "ans_a", "ans_b"],
            {"first": "ans_c", "second": "ans_b"},
            "there is no column 'ans_c' for 'first'",
        ),
    ],
)
def test_what_is_not_recognised_names_the_nearest_and_what_to_say(
    columns: list[str], told: dict[str, str], says: str
) -> None:
    with pytest.raises(SetupError) as caught:
        find_form([], columns, told=told)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"prompt": "問い", "chosen": "同じ", "rejected": " 同じ\n"}, "both answers are the same"),
        ({"prompt": "問い", "chosen": "甲", "rejected": "　"}, "an answer or a prompt without any text"),
        ({"prompt": "問い", "chosen": "甲", "rejected": 7}, "an answer is neither a text nor turns"),
        ({"prompt": None, "chosen": "甲", "rejected": "乙"}, "a pair of answers without a prompt"),
        (
            {"prompt": "問い", "chosen": [{"from": "だれか", "value": "甲"}], "rejected": [HUMAN]},
            "unknown speaker",
        ),
    ],
)
def test_a_row_that_cannot_be_a_pair_says_why(row: Row, why: str) -> None:
    form = find_form([], ["prompt", "chosen", "rejected"])
    with pytest.raises(DataError, match=why):
        form.read(row)


def test_an_unknown_label_among_known_ones_is_a_bad_row() -> None:
    rows = [{"prompt": "問い", "first": "甲", "second": "乙", "label": one} for one in ("A", "B", "丙")]
    with pytest.raises(DataError, match="the label is no side"):
        form_of(*rows).read(rows[2])


def rated(*scores: Any, **annotations: Any) -> Row:
    answers = [{"response": f"答え{k}", "overall_score": one, **annotations} for k, one in enumerate(scores)]
    return {"instruction": "問い", "completions": answers}


def test_rated_answers_give_the_best_and_the_worst_and_a_tie_where_all_are_equal() -> None:
    form = form_of(rated(3, 9, 1, 9))
    read = form.read(rated(3, 9, 1, 9))
    assert read[read["label"]] == "答え1", "of equal ones the earlier"
    assert {read["first"], read["second"]} == {"答え1", "答え2"}
    assert form.read(rated(5, 5))["label"] == "tie"
    with pytest.raises(DataError, match="fewer than two answers that differ and have a score"):
        form.read(rated(5, "N/A"))


def test_scores_are_read_strictly_and_an_overall_score_against_its_aspects_is_an_alarm() -> None:
    """Fault 13: overall scores of 1/10 had become 10."""
    form = form_of(rated("1/10", "８"))
    read = form.read(rated("1/10", "８"))
    assert read[read["label"]] == "答え1"
    assert read["alarm"] is False
    low = {"annotations": {name: {"Rating": "1"} for name in ("honesty", "helpfulness")}}
    assert form.read(rated(10, 9, **low))["alarm"] is True
    assert form.read(rated(2, 1, **low))["alarm"] is False
    for bad in ("10/1", "ten", 11, True):
        with pytest.raises(DataError, match="1 with a score"):
            form.read(rated(bad, 4))


def test_very_long_texts_are_read_at_once() -> None:
    long = "花が咲く。" * 20_000
    rows = {"texts": {"chosen": HH + long + "甲", "rejected": HH + long + "乙"}}
    rows["turns"] = {"prompt": long, "chosen": long + "甲", "rejected": long + "乙"}
    began = time.process_time()
    for row in rows.values():
        read = form_of(row).read(row)
        assert read["first"].endswith(("甲", "乙"))
    assert time.process_time() - began < 0.5, "a hundred thousand characters, twice"


@pytest.mark.parametrize(
    "text",
    [
        "桜です。",
        "It is a cherry.",
        "GPUのmeta情報です。",
        "ＡＢＣ１２３",
        "ｶﾀｶﾅﾃﾞｽ",
        "🌸🌸",
        "a",
        "行1\n\n行2\n",
        "{{ prompt }} [[A]]",
    ],
)
def test_a_text_of_any_kind_comes_out_as_it_went_in(text: str) -> None:
    row = {"prompt": f"問い {text}", "chosen": text, "rejected": f"{text}?"}
    read = form_of(row).read(row)
    assert read["prompt"] == row["prompt"]
    assert {read["first"], read["second"]} == {text, f"{text}?"}
