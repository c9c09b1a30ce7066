"""A set made elsewhere as the source of a run: files of every kind, each row once, and labels that lie elsewhere."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from support.judge_voices import BAD, GOOD, pairs, write_lines
from tanemaki.core.errors import SetupError
from tanemaki.datasets import ColumnType, write_parquet
from tanemaki.judge.trust.compared import pair_key
from tanemaki.recipes import catalogue
from tanemaki.recipes.golden import golden
from tanemaki.run.foreign_set import open_set
from tanemaki.run.recognised import Recognised, write_rows

COLUMNS: dict[str, ColumnType] = dict.fromkeys(("prompt", "chosen", "rejected"), "text")


def taken(path: Path, to: Path, **more: Any) -> tuple[Recognised, list[dict[str, Any]]]:
    told = write_rows(open_set(path, {}, {}), to, **more)
    return told, [json.loads(line) for line in to.read_text("utf-8").splitlines()]


def written(folder: Path, kind: str) -> Path:
    rows = pairs(5)
    if kind == "jsonl":
        return write_lines(folder / "set.jsonl", rows)
    if kind == "json.gz":
        path = folder / "set.json.gz"
        path.write_bytes(gzip.compress(json.dumps(rows, ensure_ascii=False).encode()))
        return path
    if kind == "tsv":
        path = folder / "set.tsv"
        lines = ["\t".join(COLUMNS), *("\t".join(row[name] for name in COLUMNS) for row in rows)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path
    (folder / "run/data").mkdir(parents=True)
    write_parquet(rows, COLUMNS, folder / "run/data/train-00000-of-00001.parquet")
    write_parquet(rows[:1], COLUMNS, folder / "run/rejected.parquet")
    return folder / "run"


@pytest.mark.parametrize("kind", ["jsonl", "json.gz", "tsv", "run"])
def test_files_of_every_kind_give_the_same_rows_each_with_its_place(kind: str, tmp_path: Path) -> None:
    told, rows = taken(written(tmp_path, kind), tmp_path / "rows.jsonl")
    assert (told.n_rows, told.n_labelled, told.left_out) == (5, 5, ())
    assert [row["prompt"] for row in rows] == [row["prompt"] for row in pairs(5)]
    assert all(GOOD in row[row["label"]] for row in rows)
    assert len({row["origin"] for row in rows}) == 5
    assert not any("/" in row["origin"] for row in rows), "no folder of this machine"
    assert not (tmp_path / ".rows.jsonl.part").exists()


def test_labels_of_another_file_are_found_by_the_texts_in_whatever_order(tmp_path: Path) -> None:
    mine = write_lines(tmp_path / "mine.jsonl", pairs(3))
    rows = pairs(4)
    other = [
        {"question": r["prompt"], "answer_a": r["rejected"], "answer_b": r["chosen"], "winner": "B"}
        for r in rows
    ]
    other[1]["winner"] = "tie"
    other[2]["answer_a"] = "別の文"
    theirs = open_set(write_lines(tmp_path / "theirs.jsonl", other), {}, {})
    told, taken_rows = taken(mine, tmp_path / "rows.jsonl", others={"theirs": theirs})
    keys = [pair_key(row["prompt"], row["first"], row["second"]) for row in taken_rows]
    assert told.opinions == {"theirs": {keys[0]: taken_rows[0]["label"], keys[1]: "tie"}}
    assert "opinions" not in taken_rows[0], "what others say does not change what the judge is given"


def test_a_further_column_speaks_of_chosen_and_rejected_wherever_those_are_drawn_to(tmp_path: Path) -> None:
    rows = [{**row, "second_opinion": ("chosen", "rejected")[k % 2]} for k, row in enumerate(pairs(12))]
    told, taken_rows = taken(
        write_lines(tmp_path / "set.jsonl", rows), tmp_path / "rows.jsonl", columns=["second_opinion"]
    )
    said = told.opinions["second_opinion"]
    for k, row in enumerate(taken_rows):
        winner = row[said[pair_key(row["prompt"], row["first"], row["second"])]]
        assert (GOOD if k % 2 == 0 else BAD) in winner


@pytest.mark.parametrize(
    ("rows", "column", "says"),
    [
        ([{"prompt": "問い", "chosen": "同じ", "rejected": "同じ"}], None, "no row of the set can be read"),
        ([{"prompt": "問い", "first": "甲", "second": "乙"}], "labl", "there is no column 'labl'"),
        ([{"question": "問い", "answer": "甲"}], "answer", "'answer' is no column of sides"),
    ],
)
def test_what_cannot_be_taken_says_so_and_leaves_no_file(
    rows: list[dict[str, Any]], column: str | None, says: str, tmp_path: Path
) -> None:
    path = write_lines(tmp_path / "set.jsonl", rows)
    with pytest.raises(SetupError, match=says):
        taken(path, tmp_path / "rows.jsonl", columns=[column] if column else [])
    assert sorted(one.name for one in tmp_path.iterdir()) == ["set.jsonl"]


@pytest.mark.parametrize("recipe", ["preference", "ultrafeedback", "evolved_preference", "on_policy_pairs"])
def test_the_pairs_that_our_own_recipes_make_are_recognised(recipe: str, tmp_path: Path) -> None:
    ends = [end.expected for row in golden(catalogue.find(recipe).path) for end in row.ends]
    rows = [dict(one) for one in ends if one is not None and one.get("chosen")]
    told, _ = taken(write_lines(tmp_path / "set.jsonl", rows), tmp_path / "rows.jsonl")
    assert told.form.name == "preference"
    assert [why for _, why in told.left_out if not why.startswith("the same as")] == []
    assert told.n_rows + len(told.left_out) == len(rows) > 5


def test_a_file_without_labels_is_no_second_opinion(tmp_path: Path) -> None:
    mine = write_lines(tmp_path / "mine.jsonl", pairs(2))
    bare = write_lines(tmp_path / "bare.jsonl", [{"prompt": "問い", "first": "甲", "second": "乙"}])
    with pytest.raises(SetupError, match="the rows that the labels are to be compared with hold none"):
        taken(mine, tmp_path / "rows.jsonl", others={"bare": open_set(bare, {}, {})})
