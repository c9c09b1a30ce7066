"""JSON lines: values as they are, other tools' forms, nothing overwritten."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tanemaki.core.errors import DataError, SetupError
from tanemaki.core.record import Origin
from tanemaki.datasets.jsonl import write_jsonl

ROWS: list[dict[str, Any]] = [
    {
        "id": "a",
        "messages": [{"role": "user", "content": "やあ 😀"}],
        "meta": {"k": 10**30},
        "sources": [Origin("x", "MIT")],
    },
    {"id": "b", "messages": [{"role": "user", "content": "\ud83d"}]},
]


def test_a_line_has_every_column_with_its_value_as_it_is(tmp_path: Path) -> None:
    assert write_jsonl(ROWS, ["id", "messages", "meta", "sources"], tmp_path / "t.jsonl") == 2
    first, second = (
        json.loads(line) for line in (tmp_path / "t.jsonl").read_text(encoding="utf-8").splitlines()
    )
    assert first == {
        "id": "a",
        "messages": [{"role": "user", "content": "やあ 😀"}],
        "meta": {"k": 10**30},
        "sources": [{"id": "x", "licence": "MIT", "url": None, "span": None}],
    }
    assert second == {
        "id": "b",
        "messages": [{"role": "user", "content": "\ufffd"}],
        "meta": None,
        "sources": None,
    }
    assert "やあ" in (tmp_path / "t.jsonl").read_text(encoding="utf-8")


def test_rows_can_be_written_in_another_tools_form(tmp_path: Path) -> None:
    rows = [{"id": "a", "question": "空はなぜ青い？", "answer": "光の散乱です。"}]
    write_jsonl(rows, ["id"], tmp_path / "t.jsonl", form="sharegpt")
    assert json.loads((tmp_path / "t.jsonl").read_text()) == {
        "conversations": [
            {"from": "human", "value": "空はなぜ青い？"},
            {"from": "gpt", "value": "光の散乱です。"},
        ]
    }


def test_the_two_lines_of_a_pair_do_not_stand_side_by_side(tmp_path: Path) -> None:
    """KTO's trainer pairs a prompt with the next row's completion for its KL term: it must be an unrelated one."""
    rows = [{"prompt": f"{n}は", "chosen": "偶数", "rejected": "奇数"} for n in range(1003)]
    assert write_jsonl(rows, [], tmp_path / "t.jsonl", form="kto") == 2006
    lines = [json.loads(line) for line in (tmp_path / "t.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [one["label"] for one in lines] == [*[True] * 1000, *[False] * 1000, *[True] * 3, *[False] * 3]
    assert all(one["prompt"] != other["prompt"] for one, other in pairwise(lines))
    for label in (True, False):
        assert [one["prompt"] for one in lines if one["label"] is label] == [row["prompt"] for row in rows]


def test_a_row_that_the_form_cannot_hold_names_its_place_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        write_jsonl([{"question": "a", "answer": "b"}, *ROWS], [], tmp_path / "t.jsonl", form="alpaca")
    assert caught.value.where == "row 1"
    assert caught.value.what == "one question with one answer was expected; more would be lost"
    assert list(tmp_path.iterdir()) == []


def test_fault_23_a_file_that_is_there_is_not_overwritten_unless_that_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text("mine")
    with pytest.raises(SetupError, match="not overwritten"):
        write_jsonl(ROWS, ["id"], tmp_path / "t.jsonl")
    assert (tmp_path / "t.jsonl").read_text() == "mine"
    write_jsonl([], ["id"], tmp_path / "t.jsonl", replace=True)
    assert (tmp_path / "t.jsonl").read_text() == ""


def test_a_folder_that_is_not_there_is_one_message(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="could not be written"):
        write_jsonl(ROWS, ["id"], tmp_path / "nowhere" / "t.jsonl")
