"""A row in the forms of trainers."""

from __future__ import annotations

from typing import Any

import pytest

from tanemaki.core.errors import DataError, SetupError
from tanemaki.datasets.formats import FORMS, messages_of, training_row

Q = {"role": "user", "content": "俳句とは？"}
A = {"role": "assistant", "content": "五七五の詩です。"}


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
    assert training_row(form, row, "ja") == expected


def test_labels_are_those_of_the_language() -> None:
    assert training_row("roles", {"question": "Why?", "answer": "So."}, "en") == {
        "text": "User: Why?\nAssistant: So."
    }


def test_a_pair_of_answers_is_given_as_it_is() -> None:
    row = {
        "id": "x",
        "prompt": [Q],
        "chosen": [A],
        "rejected": [{"role": "assistant", "content": "知りません。"}],
    }
    assert training_row("preference", row, "ja") == {
        name: row[name] for name in ("prompt", "chosen", "rejected")
    }


@pytest.mark.parametrize(
    ("form", "row", "what"),
    [
        ("preference", {"chosen": "a"}, "the row holds no pair of answers"),
        ("messages", {"passage": "a"}, "the row holds no conversation"),
        ("qa", {"messages": [Q, A, Q, A]}, "one question with one answer was expected; more would be lost"),
        ("prompt_completion", {"messages": [Q, A, Q]}, "a completion must be the assistant's last turn"),
    ],
)
def test_a_form_that_would_lose_something_is_refused(form: str, row: dict[str, Any], what: str) -> None:
    with pytest.raises(DataError) as caught:
        training_row(form, row, "ja")
    assert caught.value.what == what


@pytest.mark.parametrize(
    ("form", "advice"), [("sharegtp", "did you mean 'sharegpt'?"), ("xyz", f"one of {', '.join(FORMS)}")]
)
def test_an_unknown_form_is_said_with_the_nearest(form: str, advice: str) -> None:
    with pytest.raises(SetupError) as caught:
        training_row(form, {}, "ja")
    assert caught.value.next == advice


def test_a_list_of_parts_and_a_text_side_by_side_are_no_pair() -> None:
    with pytest.raises(DataError, match="holds no conversation"):
        messages_of({"prompt": [Q], "completion": "蛙"})
