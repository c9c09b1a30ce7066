"""A row in the forms of trainers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tanemaki.core.errors import DataError, SetupError
from tanemaki.datasets.formats import FORMS, messages_of, training_rows

Q = {"role": "user", "content": "俳句とは？"}
A = {"role": "assistant", "content": "五七五の詩です。"}
WRONG = {"role": "assistant", "content": "知りません。"}


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("messages", {"messages": [Q, A]}),
        (
            "sharegpt",
            {
                "conversations": [
                    {"from": "human", "value": "俳句とは？"},
                    {"from": "gpt", "value": "五七五の詩です。"},
                ]
            },
        ),
        ("alpaca", {"instruction": "俳句とは？", "input": "", "output": "五七五の詩です。"}),
        ("qa", {"question": "俳句とは？", "answer": "五七五の詩です。"}),
        ("prompt_completion", {"prompt": [Q], "completion": [A]}),
        ("roles", {"text": "ユーザー：俳句とは？\nアシスタント：五七五の詩です。"}),
    ],
)
@pytest.mark.parametrize(
    "row",
    [
        {"messages": [Q, A], "id": "x"},
        {"question": "俳句とは？", "answer": "五七五の詩です。"},
        {"prompt": [Q], "completion": [A]},
        {"instruction": "俳句とは？", "input": None, "output": "五七五の詩です。"},
    ],
)
def test_every_form_is_made_of_every_field_that_holds_a_conversation(
    form: str, expected: dict[str, Any], row: dict[str, Any]
) -> None:
    assert training_rows(form, row, "ja") == [expected]


def test_labels_are_those_of_the_language() -> None:
    assert training_rows("roles", {"question": "Why?", "answer": "So."}, "en") == [
        {"text": "User: Why?\nAssistant: So."}
    ]


TOOLS = [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}]


@pytest.mark.parametrize("tools", [TOOLS, json.dumps(TOOLS)])
def test_tools_go_along_as_json_text_wherever_a_form_has_a_place_for_them(tools: Any) -> None:
    row = {"messages": [Q, A], "prompt": [Q], "chosen": [A], "rejected": [WRONG], "tools": tools}
    for form in ("messages", "prompt_completion", "sharegpt", "preference", "preference_implicit", "kto"):
        shaped = training_rows(form, row, "ja")
        assert [json.loads(one["tools"]) for one in shaped] == [TOOLS] * len(shaped)
    for form in ("alpaca", "qa", "roles"):
        with pytest.raises(DataError, match="no place for tools"):
            training_rows(form, row, "ja")
    assert training_rows("qa", {"messages": [Q, A], "tools": []}, "ja") == [
        {"question": "俳句とは？", "answer": "五七五の詩です。"}
    ]


PAIR = {"prompt": [Q], "chosen": [A], "rejected": [WRONG]}


@pytest.mark.parametrize(
    "row",
    [
        {"id": "x", **PAIR, "margin": 2.0},
        {"prompt": Q["content"], "chosen": [A], "rejected": [WRONG]},
        {"prompt": Q["content"], "chosen": [Q, A], "rejected": [Q, WRONG]},
        {"chosen": [Q, A], "rejected": [Q, WRONG]},
        {"prompt": [Q], "chosen": A["content"], "rejected": WRONG["content"]},
        {"prompt": [Q], "chosen": [Q, A], "rejected": [Q, WRONG]},
    ],
)
def test_a_pair_in_any_of_the_usual_forms_becomes_what_each_trainer_reads(row: dict[str, Any]) -> None:
    assert training_rows("preference", row, "ja") == [PAIR]
    assert training_rows("preference_implicit", row, "ja") == [{"chosen": [Q, A], "rejected": [Q, WRONG]}]
    assert training_rows("kto", row, "ja") == [
        {"prompt": [Q], "completion": [A], "label": True},
        {"prompt": [Q], "completion": [WRONG], "label": False},
    ]


def test_a_pair_of_texts_stays_one_of_texts() -> None:
    row = {"prompt": "空は", "chosen": "青い。", "rejected": "赤い。"}
    assert training_rows("preference", row, "ja") == [row]
    assert training_rows("preference_implicit", row, "ja") == [
        {"chosen": "空は青い。", "rejected": "空は赤い。"}
    ]
    assert [one["completion"] for one in training_rows("kto", row, "ja")] == ["青い。", "赤い。"]
    implicit = {"chosen": "空は青い。", "rejected": "空は赤い。"}
    assert training_rows("preference_implicit", implicit, "ja") == [implicit]


def test_a_talk_of_several_turns_is_the_prompt_as_far_as_both_sides_share_it() -> None:
    talk = [{"role": "system", "content": "短く。"}, Q, A, {"role": "user", "content": "もう一つ。"}]
    more = {"role": "assistant", "content": "季語が入ります。"}
    row = {"chosen": [*talk, more], "rejected": [*talk, WRONG, {"role": "user", "content": "本当？"}, A]}
    [pair] = training_rows("preference", row, "ja")
    assert pair == {"prompt": talk, "chosen": [more], "rejected": row["rejected"][4:]}
    assert training_rows("preference_implicit", row, "ja") == [row]
    assert training_rows("preference_implicit", pair, "ja") == [row], "there and back"


@pytest.mark.parametrize("form", ["preference", "preference_implicit", "kto"])
@pytest.mark.parametrize(
    ("row", "what"),
    [
        ({"prompt": [Q], "chosen": [A]}, "the row holds no pair of answers"),
        ({"prompt": [Q], "chosen": None, "rejected": None}, "the row holds no pair of answers"),
        ({"messages": [Q, A]}, "the row holds no pair of answers"),
        ({"prompt": [Q], "chosen": [A], "rejected": [A]}, "both sides of the pair are equal"),
        ({"prompt": "空は", "chosen": "青い。", "rejected": "青い。"}, "both sides of the pair are equal"),
        (
            {"prompt": "空は", "chosen": "青い。", "rejected": "　青\u200bい。\n"},
            "both sides of the pair are equal",
        ),
        ({"prompt": "空は", "chosen": "青い。", "rejected": "\u200b"}, "a side of the pair is empty"),
        ({"prompt": "空は", "chosen": "青い。", "rejected": " "}, "a side of the pair is empty"),
        ({"prompt": [Q], "chosen": 3, "rejected": [A]}, "'chosen' must be a text or messages"),
        ({"prompt": [Q], "chosen": [], "rejected": [A]}, "the list of turns is empty"),
        (
            {"prompt": "別の問い", "chosen": [Q, A], "rejected": [Q, WRONG]},
            "the sides of the pair begin with another prompt than the row's",
        ),
    ],
)
def test_no_row_without_two_different_sides_is_ever_a_pair(form: str, row: dict[str, Any], what: str) -> None:
    """Fault 19: skipped rows were exported with a chosen and a rejected side."""
    with pytest.raises(DataError) as caught:
        training_rows(form, row, "ja")
    assert caught.value.what == what


@pytest.mark.parametrize("form", ["preference", "kto"])
def test_sides_that_share_no_prompt_are_told_the_form_that_needs_none(form: str) -> None:
    with pytest.raises(DataError, match="share no beginning") as caught:
        training_rows(form, {"chosen": "青い。", "rejected": "赤い。"}, "ja")
    assert "preference_implicit" in str(caught.value.next)


@pytest.mark.parametrize(
    ("form", "row", "what"),
    [
        ("messages", {"passage": "a"}, "the row holds no conversation"),
        ("qa", {"messages": [Q, A, Q, A]}, "one question with one answer was expected; more would be lost"),
        ("prompt_completion", {"messages": [Q, A, Q]}, "a completion must be the assistant's last turn"),
    ],
)
def test_a_form_that_would_lose_something_is_refused(form: str, row: dict[str, Any], what: str) -> None:
    with pytest.raises(DataError) as caught:
        training_rows(form, row, "ja")
    assert caught.value.what == what


@pytest.mark.parametrize(
    ("form", "advice"), [("sharegtp", "did you mean 'sharegpt'?"), ("xyz", f"one of {', '.join(FORMS)}")]
)
def test_an_unknown_form_is_said_with_the_nearest(form: str, advice: str) -> None:
    with pytest.raises(SetupError) as caught:
        training_rows(form, {}, "ja")
    assert caught.value.next == advice


@pytest.mark.parametrize(
    "row",
    [
        PAIR,
        {"chosen": [Q, A], "rejected": [Q, WRONG]},
        {"prompt": Q["content"], "chosen": A["content"], "rejected": WRONG["content"]},
    ],
)
def test_of_a_pair_the_conversation_is_that_of_the_chosen_side(row: dict[str, Any]) -> None:
    assert training_rows("messages", row, "ja") == [{"messages": [Q, A]}]
    assert training_rows("prompt_completion", row, "ja") == [{"prompt": [Q], "completion": [A]}]


def test_a_chosen_text_that_answers_nothing_is_no_conversation() -> None:
    with pytest.raises(DataError, match="nobody asks"):
        messages_of({"chosen": "青い。", "rejected": "赤い。"})


def test_a_list_of_parts_and_a_text_side_by_side_are_no_pair() -> None:
    with pytest.raises(DataError, match="holds no conversation"):
        messages_of({"prompt": [Q], "completion": "蛙"})


@pytest.mark.parametrize(
    "beside",
    [
        {"question": "空はなぜ青い？", "answer": "元の答え"},
        {"instruction": "空はなぜ青い？", "output": "元の答え"},
        {"messages": [Q, {"role": "assistant", "content": "元の答え"}]},
    ],
)
def test_of_a_pair_the_chosen_side_is_taken_and_not_an_answer_that_its_source_had(
    beside: dict[str, Any],
) -> None:
    chosen, other = (
        {"role": "assistant", "content": text} for text in ("選ばれた答え", "選ばれなかった答え")
    )
    row = {**beside, "prompt": [Q], "chosen": [chosen], "rejected": [other]}
    assert training_rows("messages", row, "ja") == [{"messages": [Q, chosen]}]
    assert training_rows("prompt_completion", row, "ja") == [{"prompt": [Q], "completion": [chosen]}]
