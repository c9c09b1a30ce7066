"""The schema that editors use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tanemaki.config.schema import ModelSettings, RunFile
from tanemaki.config.schema_json import editor_schema, main, schema_text

GENERATED = Path(__file__).parents[2] / "docs" / "generated" / "run-file.schema.json"


def test_the_generated_schema_is_fresh() -> None:
    assert GENERATED.read_text(encoding="utf-8") == schema_text(), "stale: run `make docs`"


def test_every_key_is_in_the_schema_and_unknown_ones_are_not_allowed() -> None:
    schema = editor_schema()
    assert set(schema["properties"]) == {*RunFile.model_fields, "extends", "grid"}
    assert schema["additionalProperties"] is False
    model = schema["$defs"]["ModelSettings"]
    assert set(model["properties"]) == set(ModelSettings.model_fields)
    assert model["additionalProperties"] is False


def test_a_file_that_extends_another_need_not_say_everything() -> None:
    assert editor_schema()["anyOf"] == [
        {"required": ["recipe", "language", "source", "output"]},
        {"required": ["extends"]},
    ]


def test_the_module_writes_the_file_that_it_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "schema.json"
    assert main([str(target)]) == 0
    assert json.loads(target.read_text(encoding="utf-8")) == editor_schema()
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err
