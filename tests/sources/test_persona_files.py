"""FinePersonas and Persona Hub: their forms, labels, malformed rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.sources import bad_of, fields_of, opened, write_lines
from tanemaki.core.errors import DataError, SetupError
from tanemaki.datasets.parquet import write_parquet
from tanemaki.sources.persona_files import read_labels

FINE: list[dict[str, Any]] = [
    {"id": "<urn:uuid:1>", "persona": "京都で和菓子を作る職人。", "labels": '["和菓子", "職人"]'},
    {"id": "<urn:uuid:2>", "persona": "A nurse who paints.", "labels": '["Health"]'},
    {"id": "<urn:uuid:3>", "persona": "A bird watcher.", "labels": "['Nature']"},
    {"id": "<urn:uuid:4>", "persona": "A retired judge.", "labels": None},
    {"id": "<urn:uuid:5>", "persona": "A baker.", "labels": '["Food", "Health"]'},
]


def test_finepersonas_gives_personas_with_labels_as_a_list_and_reports_malformed_ones(tmp_path: Path) -> None:
    write_lines(tmp_path / "fine.jsonl", FINE)
    source = opened(tmp_path, "finepersonas", path="fine.jsonl")
    rows = fields_of(source)
    assert [row["labels"] for row in rows] == [["和菓子", "職人"], ["Health"], [], ["Food", "Health"]]
    assert rows[0]["source_id"] == "<urn:uuid:1>"
    assert rows[0]["source_labels"] == '["和菓子", "職人"]'
    (bad,) = bad_of(source)
    assert (bad.where, bad.message) == ("fine.jsonl:3", "the labels are not a JSON list, got \"['Nature']\"")
    assert source.columns["labels"] == "texts"
    assert source.size == 5


def test_only_rows_with_one_of_the_wanted_labels_are_taken_and_starting_anywhere_holds(
    tmp_path: Path,
) -> None:
    write_lines(tmp_path / "fine.jsonl", FINE)
    source = opened(tmp_path, "finepersonas", path="fine.jsonl", labels=["Health", "和菓子"])
    everything = list(source.items())
    assert [row["persona"] for row in fields_of(source)] == [
        "京都で和菓子を作る職人。",
        "A nurse who paints.",
        "A baker.",
    ]
    assert len(bad_of(source)) == 1
    assert list(source.items(2)) == everything[2:]
    assert source.size is None


def test_finepersonas_in_parquet_reads_alike(tmp_path: Path) -> None:
    write_parquet(FINE, {"id": "text", "persona": "text", "labels": "text"}, tmp_path / "fine.parquet")
    (tmp_path / "folder").mkdir()
    write_parquet(
        FINE, {"id": "text", "persona": "text", "labels": "text"}, tmp_path / "folder" / "fine.parquet"
    )
    write_lines(tmp_path / "fine.jsonl", FINE)
    expected = fields_of(opened(tmp_path, "finepersonas", path="fine.jsonl"))
    assert fields_of(opened(tmp_path, "finepersonas", path="fine.parquet")) == expected
    assert fields_of(opened(tmp_path, "finepersonas", path="folder")) == expected


@pytest.mark.parametrize(
    ("cell", "labels"), [(None, []), ("[]", []), ('["a"]', ["a"]), (["a", "b"], ["a", "b"]), ("null", [])]
)
def test_labels_are_read_from_a_text_or_a_list(cell: Any, labels: list[str]) -> None:
    assert read_labels(cell) == labels


@pytest.mark.parametrize("cell", ["", "Health", '{"a": 1}', "[1]", 7, '["a"', ["a", None]])
def test_labels_of_another_form_are_refused(cell: Any) -> None:
    with pytest.raises(DataError, match="the labels are not a"):
        read_labels(cell)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"persona": "一人の教師"}, {"persona": "一人の教師"}),
        (
            {"input persona": "一人の教師", "synthesized text": "問い：…", "description": "math problem"},
            {
                "persona": "一人の教師",
                "text": "問い：…",
                "input persona": "一人の教師",
                "synthesized text": "問い：…",
                "description": "math problem",
            },
        ),
    ],
)
def test_both_forms_of_persona_hub_are_read(
    tmp_path: Path, row: dict[str, Any], expected: dict[str, Any]
) -> None:
    write_lines(tmp_path / "persona.jsonl", [row])
    assert fields_of(opened(tmp_path, "persona_hub", path="persona.jsonl")) == [expected]


@pytest.mark.parametrize("persona", ["", "  ", None, 3])
def test_a_persona_without_words_is_a_bad_row(tmp_path: Path, persona: Any) -> None:
    write_lines(tmp_path / "persona.jsonl", [{"persona": "a"}, {"persona": persona}])
    (bad,) = bad_of(opened(tmp_path, "persona_hub", path="persona.jsonl"))
    assert bad.message.startswith("the column 'persona' must hold a text")


def test_a_column_called_otherwise_can_be_mapped(tmp_path: Path) -> None:
    write_lines(tmp_path / "persona.jsonl", [{"人物": "一人の教師"}])
    source = opened(tmp_path, "persona_hub", path="persona.jsonl", map={"persona": "人物"})
    assert fields_of(source) == [{"persona": "一人の教師", "人物": "一人の教師"}]


@pytest.mark.parametrize("kind", ["finepersonas", "persona_hub"])
def test_rows_without_a_persona_are_refused_with_their_columns(tmp_path: Path, kind: str) -> None:
    write_lines(tmp_path / "persona.jsonl", [{"human": "一人の教師"}])
    with pytest.raises(SetupError) as caught:
        opened(tmp_path, kind, path="persona.jsonl")
    assert caught.value.what == f"rows of {kind} have a column 'persona'"
    assert caught.value.got == "columns: ['human']"


@pytest.mark.parametrize("kind", ["finepersonas", "persona_hub"])
def test_an_empty_file_of_personas_is_legal(tmp_path: Path, kind: str) -> None:
    (tmp_path / "persona.jsonl").write_text("")
    assert list(opened(tmp_path, kind, path="persona.jsonl").items()) == []


def test_labels_where_there_are_none_are_refused(tmp_path: Path) -> None:
    write_lines(tmp_path / "persona.jsonl", [{"persona": "a"}])
    with pytest.raises(SetupError) as caught:
        opened(tmp_path, "finepersonas", path="persona.jsonl", labels=["Health"])
    assert str(caught.value) == (
        "SetupError: there are no labels to choose from\n"
        "  where   source.labels\n"
        "  got     fields: ['persona']\n"
        "  next    name a file with a column of labels, or leave the key out"
    )
