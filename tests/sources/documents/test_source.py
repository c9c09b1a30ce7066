"""The source: passages with their places, files in order, bad files as bad rows, and its fingerprint."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from support.small_documents import pdf_bytes, write_docx
from support.sources import bad_of, fields_of, notes_of, opened
from tanemaki.core.errors import SetupError
from tanemaki.core.record import Origin
from tanemaki.core.source import Item
from tanemaki.sources.documents import Documents
from tanemaki.sources.documents.parts import Block, Document, cut

LONG = "".join(f"第{n}文では、葛湯の作り方をもう少しくわしく述べる。" for n in range(60))


def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs" / "深い").mkdir(parents=True)
    (tmp_path / "docs" / "b.md").write_text("# 葛湯\n\n" + LONG, encoding="utf-8")
    (tmp_path / "docs" / "a.TXT").write_text("短い文。", encoding="utf-8")
    (tmp_path / "docs" / "深い" / "c.pdf").write_bytes(
        pdf_bytes([["一頁目の文。"], ["二頁目の文。"]], title="社内報")
    )
    (tmp_path / "docs" / "表.xlsx").write_bytes(b"PK")
    return tmp_path


def test_a_folder_becomes_passages_with_their_places(tmp_path: Path) -> None:
    source = opened(folder(tmp_path), "documents", path="docs")
    items = [item for item in source.items() if isinstance(item, Item)]
    assert [item.fields["file"] for item in items] == ["a.TXT", "b.md", "深い/c.pdf"]
    assert items[0].fields == {
        "text": "短い文。",
        "title": "a",
        "section": None,
        "page": None,
        "page_last": None,
        "span": "chars 0-4",
        "file": "a.TXT",
    }
    assert items[2].fields["text"] == "一頁目の文。\n\n二頁目の文。"
    assert items[2].sources == (Origin("深い/c.pdf", None, None, "pages 1-2, chars 0-14"),)
    assert set(source.columns) == set(items[0].fields)
    assert notes_of(source) == "1 .md, 1 .pdf, 1 .txt files are read"


def test_passages_are_whole_cover_the_document_and_stay_under_their_limit(tmp_path: Path) -> None:
    source = opened(
        folder(tmp_path), "documents", path="docs/b.md", chars_min=100, chars_max=400, licence="CC0-1.0"
    )
    rows = fields_of(source)
    assert len(rows) > 3
    assert all(100 <= len(row["text"]) <= 400 for row in rows)
    assert all(row["text"].endswith("。") and row["section"] == "葛湯" for row in rows)
    assert "".join(row["text"] for row in rows).replace("# 葛湯\n\n", "") == LONG
    whole = "# 葛湯\n\n" + LONG
    for row in rows:
        start, end = map(int, row["span"].removeprefix("chars ").split("-"))
        assert whole[start:end] == row["text"]
    assert {
        origin.licence for item in source.items() if isinstance(item, Item) for origin in item.sources
    } == {"CC0-1.0"}


def test_a_heading_begins_a_passage_once_the_one_before_is_long_enough() -> None:
    heads = [
        Block(text, section=(text[:1],), is_heading=n == 0)
        for text in "一二三"
        for n, text in enumerate((text, text * 30))
    ]
    document = Document(tuple(heads))
    assert [one.section for one in cut(document, chars_min=20, chars_max=200)] == [("一",), ("二",), ("三",)]
    assert len(list(cut(document, chars_min=100, chars_max=200))) == 1


def test_a_block_without_any_boundary_is_cut_at_the_limit() -> None:
    document = Document((Block("あ" * 1000), Block("い。")))
    passages = list(cut(document, chars_min=10, chars_max=300))
    assert max(len(one.text) for one in passages) == 300
    assert all(document.text[one.start : one.end] == one.text for one in passages)
    assert sum(len(one.text) for one in passages) == 1002


def test_files_that_cannot_be_read_are_bad_rows_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf_bytes([["あ"]], locked=True))
    (tmp_path / "b.pdf").write_bytes(pdf_bytes([["一頁目の文。"], None]))
    (tmp_path / "c.txt").write_bytes(b"")
    (tmp_path / "d.txt").write_bytes(b"caf\xe9")
    (tmp_path / "e.docx").write_bytes(b"PK\x03\x04")
    (tmp_path / "f.html").write_bytes(b"")
    write_docx(tmp_path / "g.docx")
    source = Documents("*", tmp_path)
    assert [(bad.where, bad.message.split(";")[0]) for bad in bad_of(source)] == [
        ("a.pdf", "the PDF file has a password"),
        ("b.pdf", "page 2 without text: an image alone"),
        ("c.txt", "the file holds no text"),
        ("d.txt", "the file is neither UTF-8 nor Shift_JIS nor EUC-JP nor ISO-2022-JP"),
        ("e.docx", "the file is no whole DOCX file"),
        ("f.html", "the file holds no page"),
    ]
    assert [row["file"] for row in fields_of(source)] == ["b.pdf", "g.docx"]


def test_several_passages_of_one_document_stand_together_and_each_once(tmp_path: Path) -> None:
    source = opened(folder(tmp_path), "documents", path="docs/b.md", chars_min=50, chars_max=200, together=3)
    rows = fields_of(source)
    spans = [span for row in rows for span in row["span"].split(", ")]
    assert len(spans) == len(set(spans)) > 6
    assert all(2 <= len(row["passages"]) <= 4 for row in rows)
    assert all(
        [one["start"] for one in row["passages"]] == sorted(one["start"] for one in row["passages"])
        for row in rows
    )
    assert all(row["text"] == "\n\n".join(one["text"] for one in row["passages"]) for row in rows)
    far = [row["passages"][-1]["start"] - row["passages"][0]["end"] for row in rows]
    assert max(far) > 400, "they come from all over the document"
    assert rows == fields_of(
        opened(tmp_path, "documents", path="docs/b.md", chars_min=50, chars_max=200, together=3)
    )


def test_a_start_in_the_middle_gives_the_rest(tmp_path: Path) -> None:
    source = opened(folder(tmp_path), "documents", path="docs", chars_min=100, chars_max=400)
    assert fields_of(source, 3) == fields_of(source)[3:]


def test_the_fingerprint_follows_contents_names_and_settings(tmp_path: Path) -> None:
    folder(tmp_path)
    prints = {
        opened(tmp_path, "documents", path="docs", **settings).fingerprint
        for settings in ({}, {"chars_max": 500}, {"chars_min": 10}, {"together": 2}, {"licence": "CC0-1.0"})
    }
    assert len(prints) == 5
    before = Documents("docs", tmp_path).fingerprint
    assert Documents("docs", tmp_path).fingerprint == before
    (tmp_path / "docs" / "a.TXT").write_text("短い文！", encoding="utf-8")
    assert Documents("docs", tmp_path).fingerprint != before


def test_a_list_of_files_is_taken_too_and_each_once(tmp_path: Path) -> None:
    folder(tmp_path)
    rows = fields_of(Documents(["docs/a.TXT", "docs/*.TXT", "docs/深い/c.pdf"], tmp_path))
    assert [row["file"] for row in rows] == ["a.TXT", "c.pdf"]


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        ({"path": "docs/表.xlsx"}, "files of the kind .xlsx are not read as documents"),
        ({"path": "docs/nothing.md"}, "there is no such file"),
        (
            {"path": "docs", "chars_min": 500, "chars_max": 400},
            "passages have chars_min characters, 1 or more",
        ),
    ],
)
def test_a_set_up_that_gives_no_passages_is_refused(
    tmp_path: Path, settings: dict[str, object], what: str
) -> None:
    folder(tmp_path)
    with pytest.raises(SetupError) as caught:
        opened(tmp_path, "documents", **settings)
    assert caught.value.what.startswith(what)


def test_a_missing_extra_is_named_with_the_command_that_brings_it(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf_bytes([["あ"]]))
    code = (
        "import sys, pathlib; sys.modules['pypdfium2'] = None\n"
        "from tanemaki.sources.documents import Documents\n"
        f"Documents('a.pdf', pathlib.Path({str(tmp_path)!r}))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "pip install 'tanemaki[documents]'" in done.stderr
