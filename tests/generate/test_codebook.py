"""A codebook is read from any of its forms, and what is none is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tanemaki.core.errors import SetupError
from tanemaki.generate.codebook import Codebook, CodebookLabel, codebook_of, read_codebook

QUESTION = "この感想は店をすすめていますか。"
BOOK = Codebook(
    QUESTION,
    (
        CodebookLabel(
            "すすめる", "人に教えたい、また行きたいと言っている。", ("また来ます。", "友だちにも話しました。")
        ),
        CodebookLabel("すすめない", "行かないほうがよいと言っている。"),
        CodebookLabel("3", "どちらとも言っていない。"),
    ),
)
ROWS: list[dict[str, Any]] = [
    {"label": one.label, "definition": one.definition, "examples": list(one.examples)} for one in BOOK.labels
]


def written(folder: Path, ending: str) -> Path:
    path = folder / f"book{ending}"
    if ending == ".tsv":
        cells = [(row["label"], row["definition"], " | ".join(row["examples"]) or "-") for row in ROWS]
        lines = ["# 手引き", "label\tdefinition\texamples", *("\t".join(row) for row in cells)]
        path.write_text("\n".join(lines), encoding="utf-8-sig")
    elif ending == ".jsonl":
        path.write_text("\n".join(json.dumps(row) for row in ROWS), encoding="utf-8")
    elif ending == ".json":
        path.write_text(json.dumps({"question": QUESTION, "labels": ROWS}), encoding="utf-8")
    else:
        told = json.dumps([*ROWS[:2], {**ROWS[2], "label": 3}], ensure_ascii=False)  # YAML holds JSON
        path.write_text(f"question: {QUESTION}\nlabels: {told}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("ending", [".tsv", ".jsonl", ".json", ".yaml", ".yml"])
def test_every_form_gives_the_same_book(tmp_path: Path, ending: str) -> None:
    assert read_codebook(written(tmp_path, ending), QUESTION) == BOOK


def test_a_question_in_the_file_is_asked_and_the_users_goes_before_it(tmp_path: Path) -> None:
    path = written(tmp_path, ".yaml")
    assert read_codebook(path).question == QUESTION
    assert read_codebook(path, "別の問い").question == "別の問い"


def test_a_prompt_shows_a_line_for_each_definition_and_each_example() -> None:
    assert BOOK.shown("例：").splitlines() == [
        "すすめる: 人に教えたい、また行きたいと言っている。",
        "  例： また来ます。",
        "  例： 友だちにも話しました。",
        "すすめない: 行かないほうがよいと言っている。",
        "3: どちらとも言っていない。",
    ]
    row = {"label": "A", "definition": "d", "examples": "-"}
    assert codebook_of("q", [row]).labels == (CodebookLabel("A", "d"),)


def test_labels_that_hold_one_another_are_told_apart() -> None:
    assert BOOK.read("味をほめている。\nラベル：すすめる", "ラベル：") == "すすめる"
    assert BOOK.read("味をけなしている。\nラベル：すすめない", "ラベル：") == "すすめない"
    assert BOOK.read("ラベル：すすめるともすすめないとも言えない", "ラベル：") is None
    assert BOOK.read("迷っている。\nラベル：３", "ラベル：") == "3"
    assert BOOK.read("迷っている。\nラベル：三", "ラベル：") is None


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("語だけ", "the codebook holds no labels"),
        (["語だけ"], "the codebook holds no labels"),
        ([{"label": "A"}], "a label wants a word and a definition"),
        ([{"label": "A", "definition": " "}], "a label wants a word and a definition"),
        ([{"label": "A", "definition": "d"}], "wants two labels or more"),
        ([{"label": one, "definition": "d"} for one in ("Yes", "ｙｅｓ")], "cannot be told from another one"),
        ([{"label": one, "definition": "d"} for one in ("A", "「」")], "the label '「」' cannot be told"),
    ],
)
def test_what_is_no_codebook_is_refused(tmp_path: Path, rows: Any, message: str) -> None:
    path = tmp_path / "book.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    with pytest.raises(SetupError, match=message) as caught:
        read_codebook(path, "問い")
    assert "options.codebook: book.json" in str(caught.value)


def test_a_misspelt_key_a_missing_question_and_another_ending_say_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "book.json"
    path.write_text(json.dumps([{"label": "A", "defintion": "d"}]), encoding="utf-8")
    with pytest.raises(SetupError, match="did you mean 'definition'"):
        read_codebook(path, "問い")
    with pytest.raises(SetupError, match="the codebook asks no question") as caught:
        read_codebook(written(tmp_path, ".tsv"))
    assert "options.question" in str(caught.value)
    with pytest.raises(SetupError, match=r"did you mean \.yaml"):
        read_codebook(tmp_path / "book.yamll", "問い")
    with pytest.raises(SetupError, match="the codebook cannot be read") as caught:
        read_codebook(tmp_path / "none.tsv", "問い")
    assert (caught.value.got, caught.value.next) == (
        "No such file or directory",
        "check the path; it is relative to the run file's folder",
    )
    path.write_text("{", encoding="utf-8")
    with pytest.raises(SetupError, match="the codebook cannot be read"):
        read_codebook(path, "問い")
