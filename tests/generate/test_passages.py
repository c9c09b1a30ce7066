"""Passages of a record, and where in the document a quotation stands."""

from __future__ import annotations

import pytest

from tanemaki.core.record import Json, Record
from tanemaki.generate.passages import evidence_of, passages_of

TEXT = "見出し\n\n葛は秋に花が咲く。根からは澱粉が取れるという。\n\n葛湯は冬の飲み物である。飲むと体がよく温まる。\n\n終わり"


def row(**fields: Json) -> Record:
    return Record("a", (1,), {"text": TEXT, **fields})


def test_a_text_is_one_passage_unless_it_is_asked_apart() -> None:
    assert [one.text for one in passages_of(row(), apart=False)] == [TEXT]


def test_paragraphs_are_parts_and_short_ones_go_with_their_neighbours() -> None:
    parts = passages_of(row(span="chars 50-120", page=3, page_last=4), apart=True)
    second = TEXT.index("葛湯")
    assert [one.text for one in parts] == [TEXT[: second - 2], TEXT[second:]]
    assert [(one.start, one.page, one.page_last) for one in parts] == [(50, 3, 4), (50 + second, 3, 4)]


@pytest.mark.parametrize(
    ("text", "n"), [("一文だけである。", 1), ("一文めである。二文めである。", 2), ("。", 1)]
)
def test_a_single_paragraph_is_parted_where_a_sentence_ends(text: str, n: int) -> None:
    parts = passages_of(Record("a", (1,), {"text": text}), apart=True)
    assert len(parts) == n
    assert "".join(one.text for one in parts) == text


def test_passages_that_the_record_lists_go_before_its_text() -> None:
    listed = [{"text": "甲である。", "start": 10, "page": 1, "page_last": 2}, {"text": "乙である。"}]
    parts = passages_of(row(passages=listed), apart=True)
    assert [(one.text, one.start, one.page) for one in parts] == [
        ("甲である。", 10, 1),
        ("乙である。", 0, None),
    ]
    assert len(passages_of(row(passages=["甲である。"]), apart=False)) == 1, (
        "a list of another form is the user's own"
    )


def test_evidence_is_told_once_with_its_place_in_the_document() -> None:
    listed = [
        {"text": "葛湯は、冬の\n飲み物。", "start": 100, "page": 7, "page_last": 7},
        {"text": "葛湯は、冬の飲み物。", "start": 500},
    ]
    passages = passages_of(row(passages=listed), apart=True)
    assert list(evidence_of("「冬の飲み物」", passages)) == [
        {"quote": "冬の\n飲み物", "passage": 1, "page": 7, "page_last": 7, "span": "chars 104-110"}
    ]
    assert list(evidence_of("夏の飲み物", passages)) == []
