"""How a row came to be stands in the dataset: whatever was drawn for it is a column, and Parquet holds it as it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.runs import table
from tanemaki.core.fields import kind_of
from tanemaki.core.record import Json
from tanemaki.datasets import write_parquet
from tanemaki.recipes import catalogue
from tanemaki.recipes.catalogue import Loaded
from tanemaki.recipes.golden import Golden, golden

GOLDEN = {name: golden(catalogue.find(name).path) for name in catalogue.names()}
EACH = pytest.mark.parametrize("name", [name for name, rows in GOLDEN.items() if rows])
# tables of which nothing is drawn for a row
NOT_DRAWN = {
    ("annotate", "posts"),  # texts to try the recipe on
    ("annotate", "question"),  # one line, the same for every row
    ("constrained", "layouts"),  # how instruction and orders stand together: read in `messages`
    ("self_instruct", "blacklist"),  # patterns of a filter
    ("self_instruct", "encodings"),  # the layout of task and input: read in `messages`
}


def accepted(loaded: Loaded, row: Golden) -> list[dict[str, Json]]:
    """Return the accepted rows of a golden line as the dataset shows them: without what the recipe hides."""
    fields = [end.expected for end in row.ends if end.expected is not None]
    return [{key: one[key] for key in one if key not in loaded.recipe.hidden} for one in fields]


def loaded_for(name: str, row: Golden) -> Loaded:
    return catalogue.load(name, row.language, row.options)


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text in a value, names of keys included."""
    if isinstance(value, dict):
        yield from value
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts_in(one)
    elif isinstance(value, str):
        yield value


def shown_of(loaded: Loaded, row: Golden) -> set[str]:
    """Return every text that the recipe itself put into the accepted rows of a line."""
    mine = [[one[key] for key in loaded.recipe.writes if key in one] for one in accepted(loaded, row)]
    return set(texts_in(mine))


@EACH
def test_whatever_a_table_gave_to_a_row_is_a_column_of_it(name: str) -> None:
    """Fault 31: operator, mode and generation were lost at the export, so that nobody could count or balance them."""
    told: set[str] = set()
    tables: set[str] = set()
    for row in GOLDEN[name]:
        loaded = loaded_for(name, row)
        shown = shown_of(loaded, row)
        for of, lines in loaded.texts.tables.items():
            tables.add(of)
            named = set(lines[0]) & set(
                loaded.recipe.writes
            )  # a column of the dataset is called like one of the table
            if named or any(cell in shown for line in lines for cell in line.values() if not cell.isdigit()):
                told.add(of)
    assert {(name, of) for of in tables - told} <= NOT_DRAWN


@EACH
def test_parquet_holds_the_rows_of_the_golden_file_as_they_are(name: str, tmp_path: Path) -> None:
    """Fault 31 again: what the steps wrote, and the user's own columns, come back from the file with the same values."""
    seen: set[frozenset[str]] = set()  # one line of each set of columns is enough
    for row in GOLDEN[name]:
        loaded = loaded_for(name, row)
        rows = accepted(loaded, row)
        keys = frozenset(key for one in rows for key in one)
        if not rows or keys in seen:
            continue
        seen.add(keys)
        given = {key: kind_of([one.get(key) for one in rows]) for key in row.record.fields}
        written = {key: kind for key, kind in loaded.recipe.writes.items() if key in keys}
        columns = {**given, **written}
        assert keys == set(columns)
        path = tmp_path / f"{len(seen)}.parquet"
        assert write_parquet(rows, columns, path) == len(rows)
        for told, wanted in zip(table(path), rows, strict=True):
            for key, kind in columns.items():
                assert same(told[key], wanted.get(key), kind), (row.name, key)
    assert seen


def same(told: Any, wanted: Any, kind: str) -> bool:
    if kind == "json" and told is not None:
        told = json.loads(told)
    if kind == "messages" and wanted is not None:
        return [one["content"] for one in told] == [one.get("content") for one in wanted]
    return bool(told == wanted)


def is_a_tree(name: str) -> bool:
    return {"generation", "history"} <= set(catalogue.load(name, "ja").recipe.writes)


@pytest.mark.parametrize("name", [name for name in GOLDEN if is_a_tree(name)])
def test_a_generation_is_as_long_as_what_led_to_it(name: str) -> None:
    """Fault 17: children changed the list of ancestors that they shared with their parent."""
    rows = [one for row in GOLDEN[name] for one in accepted(loaded_for(name, row), row)]
    assert rows
    for one in rows:
        history = one["history"]
        assert isinstance(history, list)
        assert len(history) == one["generation"]
