"""The eight usual shapes: each is found by itself, gives its fields, and reports rows of another form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.sources import bad_of, fields_of, notes_of, opened, write_lines
from tanemaki.core.errors import SetupError

Q = {"role": "user", "content": "俳句とは？"}
A = {"role": "assistant", "content": "五七五の詩です。"}
B = {"role": "assistant", "content": "知りません。"}

SHAPES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("messages", {"messages": [Q, A]}, {"messages": [Q, A]}),
    ("messages", {"conversations": [Q, A]}, {"messages": [Q, A], "conversations": [Q, A]}),
    (
        "sharegpt",
        {
            "conversations": [
                {"from": "human", "value": "俳句とは？"},
                {"from": "gpt", "value": "五七五の詩です。"},
            ]
        },
        {
            "messages": [Q, A],
            "conversations": [
                {"from": "human", "value": "俳句とは？"},
                {"from": "gpt", "value": "五七五の詩です。"},
            ],
        },
    ),
    ("qa", {"question": "俳句とは？", "answer": "詩"}, {"question": "俳句とは？", "answer": "詩"}),
    (
        "qa",
        {"質問": "俳句とは？", "回答": "詩"},
        {"question": "俳句とは？", "answer": "詩", "質問": "俳句とは？", "回答": "詩"},
    ),
    ("prompt_completion", {"prompt": "古池や", "completion": "蛙"}, {"prompt": "古池や", "completion": "蛙"}),
    ("prompt_completion", {"prompt": [Q], "completion": [A]}, {"prompt": [Q], "completion": [A]}),
    (
        "alpaca",
        {"instruction": "訳せ", "input": "犬", "output": "dog"},
        {"instruction": "訳せ", "input": "犬", "output": "dog"},
    ),
    (
        "alpaca",
        {"instruction": "詠め", "output": "古池や"},
        {"instruction": "詠め", "input": "", "output": "古池や"},
    ),
    (
        "alpaca",
        {"instruction": "訳せ", "context": "犬", "response": "dog", "category": "翻訳"},
        {
            "instruction": "訳せ",
            "input": "犬",
            "output": "dog",
            "context": "犬",
            "response": "dog",
            "category": "翻訳",
        },
    ),
    (
        "preference",
        {"prompt": "俳句とは？", "chosen": "詩", "rejected": "歌"},
        {"prompt": "俳句とは？", "chosen": "詩", "rejected": "歌"},
    ),
    ("preference", {"chosen": "詩", "rejected": "歌"}, {"chosen": "詩", "rejected": "歌"}),
    (
        "preference",
        {"chosen": [Q, A], "rejected": [Q, B]},
        {
            "prompt": [Q],
            "chosen": [A],
            "rejected": [B],
            "source_chosen": [Q, A],
            "source_rejected": [Q, B],
        },
    ),
    (
        "preference",
        {"prompt": "俳句とは？", "chosen": [A], "rejected": [B]},
        {
            "prompt": [Q],
            "chosen": [A],
            "rejected": [B],
            "source_prompt": "俳句とは？",
            "source_chosen": [A],
            "source_rejected": [B],
        },
    ),
    (
        "roles",
        {"text": "ユーザー：俳句とは？\nアシスタント：五七五の詩です。"},
        {"messages": [Q, A], "text": "ユーザー：俳句とは？\nアシスタント：五七五の詩です。"},
    ),
    ("text", {"text": "吾輩は猫である。"}, {"text": "吾輩は猫である。"}),
    ("text", {"本文": "吾輩は猫である。"}, {"text": "吾輩は猫である。", "本文": "吾輩は猫である。"}),
]


@pytest.mark.parametrize(("shape", "row", "fields"), SHAPES)
def test_each_shape_is_found_and_gives_its_fields_beside_the_columns(
    tmp_path: Path, shape: str, row: dict[str, Any], fields: dict[str, Any]
) -> None:
    write_lines(tmp_path / "rows.jsonl", [row, row])
    source = opened(tmp_path, "jsonl", path="rows.jsonl")
    assert fields_of(source) == [fields, fields]
    assert list(source.columns) == list(fields)
    assert notes_of(source).startswith(f"rows read as {shape!r} from ")
    named = opened(tmp_path, "jsonl", path="rows.jsonl", shape=shape)
    assert fields_of(named) == [fields, fields]


@pytest.mark.parametrize(
    ("good", "spoilt", "told"),
    [
        ({"messages": [Q, A]}, {"messages": [{"content": "a"}]}, "a message without a role"),
        ({"messages": [Q, A]}, {"messages": None}, "a list of turns was expected"),
        ({"messages": [Q, A]}, {"messages": []}, "the list of turns is empty"),
        (
            {"question": "a", "answer": "b"},
            {"question": "a", "answer": 42},
            "the column 'answer' must hold a text, got 42",
        ),
        (
            {"question": "a", "answer": "b"},
            {"question": "a"},
            "the column 'answer' must hold a text, got None",
        ),
        (
            {"prompt": "a", "completion": "b"},
            {"prompt": ["a"], "completion": "b"},
            "the column 'prompt' must hold a text",
        ),
        (
            {"instruction": "a", "output": "b"},
            {"instruction": "a", "output": None},
            "the column 'output' must hold a text",
        ),
        (
            {"conversations": [{"from": "human", "value": "a"}]},
            {"conversations": [{"from": "bird", "value": "a"}]},
            "a turn by an unknown speaker, got 'bird'",
        ),
        (
            {"chosen": [Q, A], "rejected": [Q, B]},
            {"chosen": [Q, A], "rejected": [B]},
            "a pair of answers without a prompt",
        ),
        (
            {"chosen": "a", "rejected": "b"},
            {"chosen": "a", "rejected": {}},
            "the column 'rejected' must hold a text",
        ),
        ({"text": "user: a\nassistant: b"}, {"text": "ただの文"}, "the text does not begin with a speaker"),
        ({"text": "a"}, {"text": False}, "the column 'text' must hold a text, got False"),
    ],
)
def test_a_row_of_another_form_is_reported_with_file_and_line(
    tmp_path: Path, good: dict[str, Any], spoilt: dict[str, Any], told: str
) -> None:
    write_lines(tmp_path / "rows.jsonl", [good, spoilt, good])
    source = opened(tmp_path, "jsonl", path="rows.jsonl")
    (bad,) = bad_of(source)
    assert bad.where == "rows.jsonl:2"
    assert told in bad.message
    assert len(fields_of(source)) == 2


def test_a_table_without_any_shape_keeps_its_columns_as_fields(tmp_path: Path) -> None:
    write_lines(
        tmp_path / "pages.jsonl",
        [{"title": "葛", "passage_id": "007", "year": 1905, "score": 0.5, "ok": True}],
    )
    source = opened(tmp_path, "jsonl", path="pages.jsonl")
    assert source.columns == {
        "title": "text",
        "passage_id": "text",
        "year": "integer",
        "score": "number",
        "ok": "boolean",
    }
    assert fields_of(source) == [{"title": "葛", "passage_id": "007", "year": 1905, "score": 0.5, "ok": True}]
    assert notes_of(source) == "rows have none of the usual shapes; their columns are the fields"


def test_what_most_rows_hold_decides_and_not_the_first_row(tmp_path: Path) -> None:
    write_lines(tmp_path / "rows.jsonl", [{"messages": "kaputt"}, {"messages": [Q, A]}, {"messages": [Q, B]}])
    source = opened(tmp_path, "jsonl", path="rows.jsonl")
    assert [row["messages"] for row in fields_of(source)] == [[Q, A], [Q, B]]
    assert source.columns == {"messages": "messages"}


def test_a_shape_that_the_rows_do_not_have_is_refused_with_their_columns(tmp_path: Path) -> None:
    write_lines(tmp_path / "rows.jsonl", [{"問い": "a", "答": "b"}])
    with pytest.raises(SetupError) as caught:
        opened(tmp_path, "jsonl", path="rows.jsonl", shape="qa")
    assert str(caught.value) == (
        "SetupError: the rows have not the shape 'qa'\n"
        "  where   source.shape\n"
        "  got     columns: ['問い', '答']\n"
        "  next    it needs question and answer; say with source.map which columns hold them"
    )


def test_a_map_makes_the_shape_fit_and_keeps_the_columns(tmp_path: Path) -> None:
    write_lines(tmp_path / "rows.jsonl", [{"問い": "a", "答": "b"}])
    source = opened(
        tmp_path, "jsonl", path="rows.jsonl", shape="qa", map={"question": "問い", "answer": "答"}
    )
    assert fields_of(source) == [{"question": "a", "answer": "b", "問い": "a", "答": "b"}]


def test_columns_with_the_right_names_but_other_contents_make_no_shape(tmp_path: Path) -> None:
    row = {"question": ["a"], "answer": {"b": 1}}
    write_lines(tmp_path / "rows.jsonl", [row])
    source = opened(tmp_path, "jsonl", path="rows.jsonl")
    assert fields_of(source) == [row]
    assert source.columns == {"question": "texts", "answer": "json"}
