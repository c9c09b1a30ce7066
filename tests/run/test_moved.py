"""Columns of the source that bear a name which the recipe writes."""

from __future__ import annotations

from collections.abc import Iterator

from tanemaki.core.source import BadItem, Item
from tanemaki.run.moved import make_way
from tanemaki.sources.given import Given


def test_a_source_without_such_columns_is_left_as_it_is() -> None:
    source = Given([{"question": "ｶﾀｶﾅは読めますか🍵"}])
    assert make_way(source, ("answer",)) is source


def test_a_column_keeps_its_value_its_type_and_its_origin_under_another_name() -> None:
    source = Given([{"question": "霧とは？", "answer": "小さな水の粒", "n": 3}], licence="CC0-1.0")
    moved = make_way(source, ("answer", "messages"))
    assert moved.columns == {"question": "text", "source_answer": "text", "n": "integer"}
    [item] = moved.items()
    assert isinstance(item, Item)
    assert item.fields == {"question": "霧とは？", "source_answer": "小さな水の粒", "n": 3}
    assert item.sources[0].licence == "CC0-1.0"
    assert list(moved.items(1)) == []
    assert moved.size == 1
    assert moved.fingerprint != source.fingerprint


def test_a_name_that_is_taken_is_passed_over_and_capitals_do_not_set_names_apart() -> None:
    rows = [{"Answer": "大文字", "source_answer": "前からある", "SOURCE_SOURCE_ANSWER": "これも"}]
    moved = make_way(Given(rows), ("answer", "source_answer"))
    assert list(moved.columns) == [
        "source_source_source_Answer",
        "source_source_source_source_answer",
        "SOURCE_SOURCE_ANSWER",
    ]


def test_rows_that_could_not_be_read_pass_through() -> None:
    class Broken(Given):
        def items(self, start: int = 0) -> Iterator[Item | BadItem]:
            yield from [BadItem("not JSON", "a.jsonl:2")][start:]

    [bad] = make_way(Broken([{"answer": "x"}]), ("answer",)).items()
    assert bad == BadItem("not JSON", "a.jsonl:2")
