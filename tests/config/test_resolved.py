"""What a run folder's run.yaml says, and that it says all of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanemaki.config.load import load
from tanemaki.config.resolved import dump, read_resolved, rebased
from tanemaki.config.schema import RunFile
from tanemaki.core.errors import SetupError

RUN: dict[str, Any] = {
    "recipe": "persona_dialogue",
    "language": "ja",
    "rows": 1000,
    "source": {"kind": "jsonl", "path": "seeds.jsonl", "map": {"persona": "人物"}},
    "models": {
        "writer": {"endpoint": "http://localhost:8000/v1", "name": "種 'x': #1", "key_env": "MODEL_KEY"},
        "judge": {"kind": "local", "slots": 4},
    },
    "options": {"turns_min": 2, "note": "改行\nあり", "list": [1, "1", None, True]},
    "limits": {"failed_share": None},
    "output": "runs/x",
}

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "run.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    run, extra = RunFile.model_validate(RUN), {"tanemaki": "0.1.0", "prompts": {"質問": "0012e3"}}
    path = write(tmp_path, dump(run, extra))
    assert read_resolved(path) == (run, extra)
    [loaded] = load(path)
    assert loaded.run == run, "run.yaml is a run file again"


@settings(max_examples=30)
@given(options=st.dictionaries(texts, plain, max_size=4), name=texts)
def test_any_plain_value_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, options: dict[str, Any], name: str
) -> None:
    run = RunFile.model_validate({**RUN, "options": options, "licence": name})
    path = write(tmp_path_factory.mktemp("resolved"), dump(run, {}))
    assert read_resolved(path) == (run, {})


def test_equal_runs_give_equal_bytes_in_the_schemas_order() -> None:
    one = RunFile.model_validate(RUN)
    other = RunFile.model_validate(dict(reversed(RUN.items())))
    assert dump(one, {"a": 1}) == dump(other, {"a": 1})
    keys = [line.split(":")[0] for line in dump(one, {}).splitlines() if line[0] not in " #-"]
    assert keys == ["recipe", "language", "rows", "seed", "source", "models", "options", "trial", "limits", "workers", "output", "reuse", "formats", "resolved"]  # fmt: skip  # noqa: E501


def test_no_limit_over_a_default_is_kept() -> None:
    assert "  failed_share:\n" in dump(RunFile.model_validate(RUN), {})


def test_what_means_nothing_for_a_kind_is_left_out() -> None:
    text = dump(RunFile.model_validate(RUN), {})
    assert text.count("slots:") == 1, "the local model's alone"
    assert "split:" not in text


def test_the_keys_value_is_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL_KEY", "sk-secret-4711")
    text = dump(RunFile.model_validate(RUN), {"tanemaki": "0.1.0"})
    assert "key_env: MODEL_KEY" in text
    assert "4711" not in text


def test_inputs_are_found_again_from_the_runs_folder(tmp_path: Path) -> None:
    run = RunFile.model_validate({**RUN, "prompts": "mine", "recipe": "./recipes/own"})
    moved = rebased(run, tmp_path, tmp_path / "runs" / "x")
    assert (moved.source.path, moved.prompts, moved.recipe) == (
        "../../seeds.jsonl",
        "../../mine",
        "../../recipes/own",
    )
    assert rebased(moved, tmp_path / "runs" / "x", tmp_path).source.path == "seeds.jsonl"
    assert moved.output == "runs/x"


def test_a_value_that_is_not_plain_is_refused() -> None:
    with pytest.raises(SetupError, match="plain values only"):
        dump(RunFile.model_validate(RUN), {"path": object()})


def test_a_run_file_that_was_spoilt_by_hand_is_told_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, dump(RunFile.model_validate(RUN), {}).replace("rows: 1000", "rows: many"))
    with pytest.raises(SetupError) as caught:
        read_resolved(path)
    assert (caught.value.where, caught.value.got) == (f"{path}:4:7", "'many'")
