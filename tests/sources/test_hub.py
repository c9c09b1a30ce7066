"""The Hub's layout, read from a local folder without any network."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.sources import write_lines
from tanemaki.core.record import FieldType
from tanemaki.datasets.parquet import write_shards
from tanemaki.sources.hub import feature_type

PROGRAM = """
import json, sys
from pathlib import Path
from tanemaki.config.schema import SourceSettings
from tanemaki.core.errors import SetupError
from tanemaki.core.source import Item
from tanemaki.sources import open_source
settings = json.loads(sys.argv[1])
try:
    source = open_source(SourceSettings(kind="hub", **settings), "ja", 0, Path(sys.argv[2]))
    items = list(source.items(settings.pop("start", 0)))
    print(json.dumps({
        "columns": dict(source.columns), "size": source.size, "fingerprint": source.fingerprint,
        "notes": source.notes, "again": items[1:] == list(source.items(1)),
        "fields": [dict(item.fields) for item in items if isinstance(item, Item)],
        "origins": [item.sources[0].id for item in items if isinstance(item, Item)],
    }))
except SetupError as error:
    print(json.dumps({"error": str(error)}))
"""


def read(folder: Path, **settings: Any) -> dict[str, Any]:
    """Open a hub source in a process of its own, offline: the library reads its switches when it is loaded."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM, json.dumps(settings), str(folder)],
        capture_output=True,
        text=True,
        env={
            "HF_HUB_OFFLINE": "1",
            "HF_HOME": str(folder / ".cache"),
            "PATH": "",
            "PYTHONPATH": ":".join(sys.path),
        },
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_a_local_folder_in_the_hubs_layout_is_read_with_its_types_and_in_order(tmp_path: Path) -> None:
    columns: dict[str, Any] = {
        "id": "text",
        "messages": "messages",
        "n": "integer",
        "tags": "texts",
        "meta": "json",
    }
    rows = [
        {
            "id": f"{n:03}",
            "messages": [{"role": "user", "content": f"問い{n}"}],
            "n": None,
            "tags": ["あ"],
            "meta": {"k": n},
        }
        for n in range(20)
    ]
    write_shards(rows, columns, tmp_path / "set" / "data", shard_bytes=500)
    told = read(tmp_path, name="set")
    assert told["columns"] == {
        "messages": "messages",
        "source_id": "text",
        "n": "integer",
        "tags": "texts",
        "meta": "text",
    }
    assert [row["source_id"] for row in told["fields"]] == [f"{n:03}" for n in range(20)]
    assert told["fields"][3]["messages"] == [{"role": "user", "content": "問い3"}]
    assert told["origins"][:2] == ["set:1", "set:2"]
    assert told["again"]
    assert read(tmp_path, name="set")["fingerprint"] == told["fingerprint"]


def test_jsonl_in_the_hubs_layout_keeps_digit_texts(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    write_lines(tmp_path / "set" / "train.jsonl", [{"question": "a", "answer": "b", "code": "007"}])
    told = read(tmp_path, name="set")
    assert told["fields"] == [{"question": "a", "answer": "b", "code": "007"}]


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"name": "set", "split": "trian"}, "trian"),
        ({"name": "nobody/nothing-at-all"}, "nobody/nothing-at-all"),
    ],
)
def test_a_split_or_name_that_is_not_there_is_said_in_one_message(
    tmp_path: Path, settings: dict[str, str], word: str
) -> None:
    (tmp_path / "set").mkdir()
    write_lines(tmp_path / "set" / "train.jsonl", [{"text": "a"}])
    told = read(tmp_path, **settings)
    assert told["error"].startswith("SetupError: the data set cannot be read\n")
    assert word in told["error"]
    assert "next    check name, config, split and revision" in told["error"]


class Value:
    """Stands where ``datasets`` puts a scalar feature; only its name and dtype are looked at."""

    def __init__(self, dtype: str) -> None:
        self.dtype = dtype


class List:
    """The same for a list."""

    def __init__(self, feature: Any) -> None:
        self.feature = feature


class Image:
    """The same for pictures."""


@pytest.mark.parametrize(
    ("feature", "kind"),
    [
        (Value("string"), "text"),
        (Value("large_string"), "text"),
        (Value("int64"), "integer"),
        (Value("uint64"), "json"),
        (Value("float32"), "number"),
        (Value("bool"), "boolean"),
        (Value("timestamp[s]"), "text"),
        (Value("binary"), "text"),
        (List(Value("string")), "texts"),
        ([Value("string")], "texts"),
        (List(Value("int32")), "json"),
        (List({"role": Value("string"), "content": Value("string"), "name": Value("string")}), "messages"),
        (List({"role": Value("string"), "content": List(Value("string"))}), "json"),
        (List({"from": Value("string"), "value": Value("string")}), "json"),
        ({"a": Value("int8")}, "json"),
        (Image(), None),
        ({"a": Image()}, None),
        (List(Image()), None),
    ],
)
def test_features_have_the_types_of_fields(feature: Any, kind: FieldType | None) -> None:
    assert feature_type(feature) == kind
