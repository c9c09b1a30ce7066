"""Rows that hold their number alone."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
from pydantic import ValidationError

from tanemaki.config.schema import SourceSettings
from tanemaki.core.source import Item
from tanemaki.sources import open_source


def test_rows_are_numbered_from_one_and_start_anywhere() -> None:
    source = open_source(SourceSettings(kind="count"), "ja", 3, Path())
    assert list(islice(source.items(), 2)) == [Item({"number": 1}), Item({"number": 2})]
    assert next(iter(source.items(start=41))) == Item({"number": 42})
    assert source.columns == {"number": "integer"}
    assert (source.size, source.unlimited) == (None, True)
    assert source.fingerprint == open_source(SourceSettings(kind="count"), "en", 4, Path()).fingerprint


def test_it_has_no_path() -> None:
    with pytest.raises(ValidationError, match="path"):
        SourceSettings(kind="count", path="x.jsonl")
