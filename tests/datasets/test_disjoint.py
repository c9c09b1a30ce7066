"""The proof that two sets ask different things."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tanemaki.core.errors import DataError, SetupError
from tanemaki.datasets.disjoint import check_disjoint, check_splits, overlaps
from tanemaki.datasets.parquet import write_parquet, write_shards
from tanemaki.datasets.spool import ColumnType


def asked(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


def said(text: str) -> list[dict[str, str]]:
    return [{"role": "assistant", "content": text}]


TRAIN = [
    {
        "prompt": asked(f"{n}の二乗は？"),
        "chosen": said(str(n * n)),
        "rejected": said("0"),
        "answers": [{"answer": "0"}],
    }
    for n in range(20)
]
PAIR: dict[str, ColumnType] = {
    "prompt": "messages",
    "chosen": "messages",
    "rejected": "messages",
    "answers": "json",
}


def jsonl(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_fault_20_a_test_set_that_asks_what_was_trained_on_is_refused(tmp_path: Path) -> None:
    """Fault 20: a published loop evaluates on its training prompts, and nothing told."""
    write_shards(TRAIN, PAIR, tmp_path / "run" / "data")
    test = jsonl(
        tmp_path / "test.jsonl",
        [
            {"question": "１９の二乗は？　", "answer": 361},
            {"question": "20の二乗は？", "answer": 400},
            {"messages": [*asked("7の二乗は?"), *said("49")]},
        ],
    )
    with pytest.raises(SetupError) as caught:
        check_disjoint({"train": tmp_path / "run", "test": test})
    assert caught.value.what == "prompts of 'test' are in 'train', too: 2"
    assert caught.value.where == "test: 3 different prompts; train: 20"
    assert caught.value.got == "'19の二乗は?', '7の二乗は?'"
    assert "split by prompt" in str(caught.value.next)


def test_fault_20_splits_that_were_mixed_again_are_refused(tmp_path: Path) -> None:
    """Fault 20: a published recipe mixes the test splits into the training mixture and splits row by row."""
    columns: dict[str, ColumnType] = {"question": "text", "answer": "text"}
    rows = [{"question": f"{n}の二乗は？", "answer": str(n * n)} for n in range(20)]
    folder = tmp_path / "data"
    folder.mkdir()
    write_parquet(rows[:15], columns, folder / "train-00000-of-00002.parquet")
    write_parquet(rows[15:17], columns, folder / "train-00001-of-00002.parquet")
    write_parquet(rows[17:], columns, folder / "test-00000-of-00001.parquet")
    [both] = check_splits(tmp_path)
    assert (both.first, both.second, both.n_first, both.n_second, both.shared) == ("test", "train", 3, 17, ())
    write_parquet(rows[16:], columns, folder / "test-00000-of-00001.parquet", replace=True)
    with pytest.raises(SetupError, match="prompts of 'train' are in 'test', too: 1"):
        check_splits(tmp_path)


def test_what_every_two_of_several_sets_share_is_told() -> None:
    found = overlaps({"one": TRAIN[:5], "two": TRAIN[3:8], "three": TRAIN[10:]})
    assert [(both.first, both.second, len(both.shared)) for both in found] == [
        ("one", "two", 2),
        ("one", "three", 0),
        ("two", "three", 0),
    ]
    assert found[0].shared == ("3の二乗は?", "4の二乗は?")


@pytest.mark.parametrize(
    "row",
    [
        {"prompt": "葛とは？"},
        {"prompt": asked("葛とは？"), "completion": said("根の澱粉")},
        {"messages": [*asked("葛とは？"), *said("根の澱粉")]},
        {"question": "葛とは？", "answer": "根の澱粉"},
        {"question": "葛とは？", "answer": 3},
        {"instruction": "葛とは？", "input": "", "output": "根の澱粉"},
        {"instruction": "葛とは？", "expected": "根"},
        {"query": "葛とは？"},
        {"chosen": [*asked("葛とは？"), *said("根")], "rejected": [*asked("葛とは？"), *said("豆")]},
    ],
)
def test_every_form_in_which_a_row_asks_is_compared(row: dict[str, Any]) -> None:
    [both] = overlaps({"one": [{"prompt": "葛とは？"}], "other": [row]})
    assert both.shared == ("葛とは?",)


def test_a_file_may_be_parquet_json_lines_or_a_folder_of_parquet(tmp_path: Path) -> None:
    write_parquet(TRAIN, PAIR, tmp_path / "rows.parquet")
    lines = jsonl(tmp_path / "rows.jsonl", TRAIN)
    found = overlaps({"file": tmp_path / "rows.parquet", "folder": tmp_path, "lines": lines})
    assert {len(both.shared) for both in found} == {20}


def test_nothing_is_proved_by_rows_that_ask_nothing(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="no row of 'test' asks anything") as caught:
        check_disjoint({"train": TRAIN, "test": [{"text": "葛の根。"}, {"prompt": "　"}]})
    assert caught.value.got == "2 rows"
    write_parquet([{"text": "葛の根。"}], {"text": "text"}, tmp_path / "x.parquet")
    with pytest.raises(SetupError, match="no row of 'test' asks anything"):
        check_disjoint({"train": TRAIN, "test": tmp_path / "x.parquet"})


def test_what_is_not_there_or_no_row_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="no such file or folder"):
        overlaps({"one": tmp_path / "none.jsonl", "two": TRAIN})
    with pytest.raises(SetupError, match="no dataset in this folder"):
        overlaps({"one": tmp_path, "two": TRAIN})
    (tmp_path / "bad.jsonl").write_text('{"prompt": "a"}\n\nb\n', encoding="utf-8")
    with pytest.raises(DataError, match="a line is no JSON") as caught:
        overlaps({"one": tmp_path / "bad.jsonl", "two": TRAIN})
    assert caught.value.where == f"{tmp_path / 'bad.jsonl'}:3"
    with pytest.raises(DataError, match="a line is no JSON object"):
        overlaps({"one": jsonl(tmp_path / "list.jsonl", [["a"]]), "two": TRAIN})
