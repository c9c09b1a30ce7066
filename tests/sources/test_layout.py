"""Names of fields: the user's columns are kept, clashes are settled and said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.sources import fields_of, notes_of, opened, write_lines
from tanemaki.core.errors import SetupError


@pytest.mark.parametrize(
    ("row", "fields", "note"),
    [
        (
            {"id": "007", "text": "a"},
            {"text": "a", "source_id": "007"},
            "column 'id' is kept as 'source_id'",
        ),
        (
            {"sources": ["x"], "lineage": {"a": 1}, "text": "a"},
            {"text": "a", "source_sources": ["x"], "source_lineage": {"a": 1}},
            "column 'lineage' is kept as 'source_lineage'",
        ),
        (
            {"Id": 1, "text": "a", "source_id": 2},
            {"text": "a", "source_Id": 1, "source_source_id": 2},
            "column 'source_id' is kept as 'source_source_id'",
        ),
        (
            {"Question": "a", "Answer": "b"},
            {"question": "a", "answer": "b", "source_Question": "a", "source_Answer": "b"},
            "column 'Question' is kept as 'source_Question'",
        ),
        (
            {"messages": [{"from": "human", "value": "a"}], "score": 1},
            {
                "messages": [{"role": "user", "content": "a"}],
                "source_messages": [{"from": "human", "value": "a"}],
                "score": 1,
            },
            "column 'messages' is kept as 'source_messages'",
        ),
    ],
)
def test_a_column_whose_name_is_needed_is_kept_under_another(
    tmp_path: Path, row: dict[str, Any], fields: dict[str, Any], note: str
) -> None:
    write_lines(tmp_path / "rows.jsonl", [row])
    source = opened(tmp_path, "jsonl", path="rows.jsonl")
    assert fields_of(source) == [fields]
    assert note in notes_of(source)


def test_a_mapped_field_stands_beside_its_column_and_another_of_that_name_moves(tmp_path: Path) -> None:
    write_lines(tmp_path / "rows.jsonl", [{"body": "本文です。", "passage": 3}])
    source = opened(tmp_path, "jsonl", path="rows.jsonl", map={"passage": "body"})
    (row,) = fields_of(source)
    assert {name: row[name] for name in ("passage", "body", "source_passage")} == {
        "passage": "本文です。",
        "body": "本文です。",
        "source_passage": 3,
    }
    assert source.columns["passage"] == "text"


def test_a_field_mapped_to_the_column_of_its_own_name_is_that_column(tmp_path: Path) -> None:
    write_lines(tmp_path / "rows.jsonl", [{"topic": "桜"}])
    source = opened(tmp_path, "jsonl", path="rows.jsonl", map={"topic": "topic"})
    assert fields_of(source) == [{"topic": "桜"}]


@pytest.mark.parametrize(
    ("mapped", "message"),
    [
        (
            {"passage": "boddy"},
            (
                "SetupError: the source has no column 'boddy'\n"
                "  where   source.map.passage\n"
                "  got     columns: ['body', 'title']\n"
                "  next    did you mean 'body'?"
            ),
        ),
        (
            {"passage": "xyz"},
            (
                "SetupError: the source has no column 'xyz'\n"
                "  where   source.map.passage\n"
                "  got     columns: ['body', 'title']\n"
                "  next    name one of the columns"
            ),
        ),
        (
            {"id": "title"},
            (
                "SetupError: the field 'id' is every dataset's own\n"
                "  where   source.map.id\n"
                "  next    map the column 'title' to another field"
            ),
        ),
    ],
)
def test_a_map_that_cannot_be_is_refused(tmp_path: Path, mapped: dict[str, str], message: str) -> None:
    write_lines(tmp_path / "rows.jsonl", [{"body": "a", "title": "b"}])
    with pytest.raises(SetupError) as caught:
        opened(tmp_path, "jsonl", path="rows.jsonl", map=mapped)
    assert str(caught.value) == message
