"""Reading run files: layers, origins, and one message for everything that can be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanemaki.config.load import Loaded, load
from tanemaki.config.resolved import explain
from tanemaki.core.errors import SetupError

RUN = """\
recipe: persona_dialogue
language: ja
rows: 5
source: {kind: personas}
models:
  writer: {endpoint: http://localhost:8000/v1, name: 種まき-7b}
output: runs/x
"""


@pytest.fixture(autouse=True)
def work_in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(text: str | bytes, name: str = "run.yaml") -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def load_one(text: str, *flags: tuple[str, str]) -> Loaded:
    [loaded] = load(write(text), flags)
    return loaded


def refused(text: str | bytes, *flags: tuple[str, str]) -> str:
    with pytest.raises(SetupError) as caught:
        load(write(text), flags)
    return str(caught.value)


def test_a_run_file_is_read_with_its_defaults_and_the_place_of_each_value() -> None:
    loaded = load_one(RUN)
    assert loaded.run.rows == 5
    assert loaded.run.seed == 0, "fault 29: a seed that is left out is 0, never None"
    assert loaded.run.models["writer"].name == "種まき-7b"
    assert loaded.run.formats == ["parquet"]
    assert (loaded.path, loaded.base, dict(loaded.grid)) == (Path("run.yaml"), Path(), {})
    origins = {row.key: (row.value, row.origin) for row in explain(loaded)}
    assert origins["rows"] == (5, "run.yaml:3")
    assert origins["models.writer.name"] == ("種まき-7b", "run.yaml:6")
    assert origins["seed"] == (0, "default")
    assert origins["limits.failed_share"] == (0.2, "default")


def test_each_layer_is_stronger_than_the_one_before() -> None:
    write(
        "recipe: persona_dialogue\nlanguage: ja\nrows: 1\nlimit: 2\nseed: 3\noutput: a\nsource: {kind: personas}\n",
        "base.yaml",
    )
    path = write("extends: base.yaml\nrows: 10\nlimit: 20\n")
    [loaded] = load(path, [("rows", "1000")], {"limit": 30})
    assert (loaded.run.rows, loaded.run.limit, loaded.run.seed) == (1000, 30, 3)
    origins = {row.key: row.origin for row in explain(loaded)}
    assert [origins[key] for key in ("rows", "limit", "seed", "licence")] == [
        "--rows",
        "argument",
        "base.yaml:5",
        "default",
    ]


UNKNOWN = [
    (RUN.replace("language", "langauge"), "run.yaml:2:1", "did you mean 'language'?"),
    (RUN + "limits: {cost_us: 5}\n", "run.yaml:8:10", "did you mean 'cost_usd'?"),
    (RUN.replace("name:", "nmae:"), "run.yaml:6:48", "did you mean 'name'?"),
    (RUN + "zzz: 1\n", "run.yaml:8:1", "known here: recipe, language, rows"),
    (RUN + "種: 1\n", "run.yaml:8:1", "known here: recipe, language, rows"),
]


@pytest.mark.parametrize(("text", "where", "tip"), UNKNOWN)
def test_an_unknown_key_is_an_error_with_its_place_and_the_nearest_right_name(
    text: str, where: str, tip: str
) -> None:
    message = refused(text)
    assert "unknown key" in message
    assert f"where   {where}\n" in message
    assert f"next    {tip}" in message


WRONG = [
    ("rows: 5", "rows: five", "`rows` must be a whole number", "run.yaml:3:7", "'five'"),
    ("rows: 5", "rows: '5'", "`rows` must be a whole number", "run.yaml:3:7", "'5'"),
    ("rows: 5", "rows: true", "`rows` must be a whole number", "run.yaml:3:7", "True"),
    ("rows: 5", "rows: 0", "`rows` must be at least 1", "run.yaml:3:7", "0"),
    ("rows: 5", "rows: [5]", "`rows` must be a whole number", "run.yaml:3:7", "[5]"),
    ("language: ja", "language: jp", "`language` must be 'ja' or 'en'", "run.yaml:2:11", "'jp'"),
    ("language: ja", "language:", "`language` must be 'ja' or 'en'", "run.yaml:2:1", "nothing"),
    ("種まき-7b", "7", "`models.writer.name` must be a text", "run.yaml:6:54", "7"),
    ("種まき-7b", "''", "`models.writer.name` must be a text that is not empty", "run.yaml:6:54", "''"),
    (
        "種まき-7b",
        "m, timeout_s: .inf",
        "`models.writer.timeout_s` must be a finite number",
        "run.yaml:6:68",
        "inf",
    ),
    ("種まき-7b", "m, timeout_s: 0", "`models.writer.timeout_s` must be more than 0", "run.yaml:6:68", "0"),
    (
        "種まき-7b",
        "m, send_seed: yes",
        "`models.writer.send_seed` must be true or false",
        "run.yaml:6:68",
        "'yes'",
    ),
    (
        "種まき-7b",
        "m, sampling: {top_p: 2}",
        "`models.writer.sampling.top_p` must be at most 1",
        "run.yaml:6:75",
        "2",
    ),
    (
        "種まき-7b",
        "m, capabilities: [chta]",
        "`models.writer.capabilities[0]` must be 'chat'",
        "run.yaml:6:72",
        "'chta'",
    ),
    (
        "{kind: personas}",
        "personas",
        "`source` must be a mapping of `key: value` lines",
        "run.yaml:4:9",
        "'personas'",
    ),
    (
        "output: runs/x",
        "output: runs/x\nformats: []",
        "`formats` must be a list of at least 1",
        "run.yaml:8:10",
        "[]",
    ),
    (
        "output: runs/x",
        "output: runs/x\nformats: parquet",
        "`formats` must be a list",
        "run.yaml:8:10",
        "'parquet'",
    ),
]


@pytest.mark.parametrize(("old", "new", "what", "where", "got"), WRONG)
def test_a_wrong_value_is_told_with_its_place_what_was_got_and_what_is_wanted(
    old: str, new: str, what: str, where: str, got: str
) -> None:
    message = refused(RUN.replace(old, new))
    assert message.startswith(f"SetupError: {what}")
    assert f"where   {where}\n" in message
    assert f"got     {got}\n" in message
    assert "next    " in message


def test_a_wrong_name_of_a_kind_gets_the_nearest_one() -> None:
    assert "did you mean 'jsonl'?" in refused(RUN.replace("personas}", "jsonI, path: x}"))


def test_a_number_where_a_text_belongs_is_told_to_be_quoted() -> None:
    assert "write it in quotes" in refused(RUN.replace("種まき-7b", "2024"))


def test_a_missing_key_is_named_with_what_it_is_for() -> None:
    message = refused(RUN.replace("output: runs/x\n", ""))
    assert "`output` is missing" in message
    assert "where   run.yaml\n" in message
    assert "next    add output: … (folder of the run)" in message


def test_several_problems_are_counted_and_the_misspelt_key_comes_first() -> None:
    message = refused(RUN.replace("language", "langauge").replace("rows: 5", "rows: x"))
    assert message.startswith("SetupError: unknown key 'langauge' (first of 3 problems)")


def test_a_base_file_is_found_beside_the_file_that_names_it_and_chains() -> None:
    write(
        RUN.replace("{kind: personas}", "{kind: jsonl, path: seeds/a.jsonl, licence: MIT}"),
        "deep/er/one.yaml",
    )
    write("extends: er/one.yaml\nseed: 4\n", "deep/two.yaml")
    loaded = load_one("extends: deep/two.yaml\nsource: {licence: CC0-1.0}\n")
    assert loaded.run.seed == 4
    assert loaded.run.source.path == "deep/er/seeds/a.jsonl", "a path is relative to the file that says it"
    assert loaded.run.source.licence == "CC0-1.0"
    assert loaded.run.output == "runs/x", "the run's folder is relative to the working folder"


def test_paths_in_flags_are_relative_to_the_working_folder() -> None:
    path = write(RUN, "runs_of_mine/run.yaml")
    [loaded] = load(path, [("source.kind", "csv"), ("source.path", "here.csv"), ("prompts", "/absolute")])
    assert loaded.run.source.path == "../here.csv"
    assert (loaded.base / str(loaded.run.source.path)).resolve() == Path("here.csv").resolve()
    assert loaded.run.prompts == "/absolute"


def test_a_mapping_is_joined_and_a_list_is_replaced() -> None:
    write(RUN + "formats: [parquet, jsonl]\noptions: {turns_min: 1, turns_max: 3}\n", "base.yaml")
    run = load_one("extends: base.yaml\nformats: [jsonl]\noptions: {turns_max: 2}\n").run
    assert run.formats == ["jsonl"]
    assert run.options == {"turns_min": 1, "turns_max": 2}


def test_another_kind_of_model_or_source_starts_anew() -> None:
    write(RUN.replace("{kind: personas}", "{kind: jsonl, path: a.jsonl}"), "base.yaml")
    run = load_one("extends: base.yaml\nsource: {kind: personas}\nmodels: {writer: {kind: local}}\n").run
    assert run.source.path is None
    assert (run.models["writer"].endpoint, run.models["writer"].name) == (None, None)
    same = load_one("extends: base.yaml\nmodels: {writer: {kind: openai, timeout_s: 5}}\n").run
    assert same.models["writer"].endpoint == "http://localhost:8000/v1"


def test_null_takes_a_base_files_value_away() -> None:
    write(RUN + "limits: {failed_share: 0.5}\n", "base.yaml")
    run = load_one("extends: base.yaml\nrows: null\nlimits: {failed_share: null}\n").run
    assert (run.rows, run.limits.failed_share) == (None, None)


def test_base_files_in_a_circle_are_refused() -> None:
    write("extends: run.yaml\n", "b.yaml")
    message = refused("extends: b.yaml\n")
    assert "circle" in message
    assert "got     run.yaml → b.yaml → run.yaml" in message


@pytest.mark.parametrize(
    ("said", "tip"), [("bsae.yaml", "did you mean base.yaml?"), ("qqq", "check the path")]
)
def test_a_missing_base_file_is_told_at_the_line_that_names_it(said: str, tip: str) -> None:
    write(RUN, "base.yaml")
    message = refused(f"extends: {said}\n")
    assert "where   run.yaml:1:10\n" in message
    assert f"next    {tip}" in message


def test_a_base_file_must_be_named_by_one_path() -> None:
    assert "`extends` must be the path of one file" in refused("extends: [a.yaml, b.yaml]\n")


def test_an_error_in_a_base_file_is_told_there() -> None:
    write(RUN.replace("rows: 5", "rows: x"), "base.yaml")
    assert "where   base.yaml:3:7\n" in refused("extends: base.yaml\n")


def test_a_missing_run_file_gets_the_nearest_name() -> None:
    write(RUN)
    with pytest.raises(SetupError, match="does not exist") as caught:
        load(Path("rum.yaml"))
    assert caught.value.next == "did you mean run.yaml?"


def test_a_run_can_be_given_from_python_alone() -> None:
    values = {
        "recipe": "persona_dialogue",
        "language": "en",
        "source": {"kind": "jsonl", "path": Path("a.jsonl")},
        "models": {"writer": {"kind": "scripted", "file": "replies.jsonl"}},
        "formats": ("jsonl",),
        "output": "runs/x",
    }
    [loaded] = load(None, values=values)
    assert loaded.run.source.path == "a.jsonl"
    assert (loaded.path, loaded.base) == (None, Path())
    with pytest.raises(SetupError) as caught:
        load(None, values={**values, "rows": "5"})
    assert (caught.value.where, caught.value.got) == ("argument", "'5'")


def test_nothing_at_all_is_refused_with_what_is_missing() -> None:
    with pytest.raises(SetupError, match=r"`recipe` is missing \(first of 4 problems\)"):
        load(None)
