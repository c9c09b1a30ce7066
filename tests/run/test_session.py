from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

import tanemaki
from support.cli import GOOD, lay_out
from support.runs import FILES, dataset
from tanemaki import Recipe, Run, Scripted
from tanemaki.core.errors import LimitReached, RecipeError, SetupError
from tanemaki.core.verdict import Reject
from tanemaki.sources.given import Given


async def answer(question: str, *, writer: Any) -> str:
    return str((await writer(question)).text)


RECIPE = Recipe(steps=(answer,), needs=("question",))
ROWS = [{"question": "空はなぜ青い？"}, {"question": "海はなぜ青い？"}]


def make(folder: Path, **more: Any) -> Run:
    values: dict[str, Any] = {
        "recipe": RECIPE,
        "source": ROWS,
        "models": {"writer": Scripted({"青い": "光が散らばるから。"})},
        "language": "ja",
        "output": folder / "a",
    }
    return Run(**{**values, **more})


def test_a_plain_async_function_is_a_step_and_five_lines_are_a_run(tmp_path: Path) -> None:
    run = make(tmp_path)
    report = run.start()
    assert (report.state, report.exit_code) == ("complete", 0)
    assert [row["answer"] for row in run.rows()] == ["光が散らばるから。"] * 2
    assert list(next(run.rows())) == ["id", "question", "answer"]
    assert run.status().accounting.balances
    assert dataset(tmp_path / "a")[0]["answer"] == "光が散らばるから。"


def test_a_run_file_with_arguments_over_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path)
    monkeypatch.chdir(tmp_path)
    run = Run("run.yaml", rows=2)
    assert run.start().accounting.accepted == 2
    assert [row["answer"] for row in run.rows()] == [GOOD, GOOD]
    assert Run("run.yaml", rows=2).start().state == "nothing_to_do"


def test_settings_may_be_mappings_as_in_a_run_file(tmp_path: Path) -> None:
    lay_out(tmp_path)
    run = Run(
        recipe=str(tmp_path / "one"),
        source={"kind": "jsonl", "path": str(tmp_path / "q.jsonl")},
        models={"writer": {"kind": "scripted", "file": str(tmp_path / "r.jsonl")}},
        language="ja",
        output=tmp_path / "b",
    )
    assert "次の問いに一文で答えてください。" in str(run.preview())
    assert run.start().accounting.accepted == 5
    [rejected] = run.rejected()
    assert rejected.reason == "wrong_language"


def test_a_run_file_with_a_model_object_in_its_role(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path)
    monkeypatch.chdir(tmp_path)
    run = Run("run.yaml", models={"writer": Scripted(lambda _: GOOD)})
    assert run.start().accounting.accepted == 6


def test_it_works_inside_a_running_event_loop(tmp_path: Path) -> None:
    async def notebook() -> str:
        return make(tmp_path).start().state

    assert asyncio.run(notebook()) == "complete"


def test_failed_rows_are_shown_and_done_again(tmp_path: Path) -> None:
    broken = make(
        tmp_path, models={"writer": Scripted({"空": "光が散らばるから。"})}, limits={"failed_share": 1.0}
    )
    broken.start()
    [failed] = broken.failed()
    assert failed.reason == "bad_request"
    assert "the script has no reply to this request" in str(failed.note)
    mended = make(tmp_path)
    assert mended.start(retry=True).accounting.accepted == 2
    assert list(mended.failed()) == []


def test_a_source_object_is_taken_as_it_is(tmp_path: Path) -> None:
    run = make(tmp_path, source=Given(ROWS, licence="CC0-1.0"))
    run.start()
    assert dataset(tmp_path / "a")[0]["sources"][0]["licence"] == "CC0-1.0"


def test_the_run_is_the_same_whether_it_is_made_once_or_twice(tmp_path: Path) -> None:
    make(tmp_path / "x").start()
    make(tmp_path / "y").start()
    for name in FILES:
        assert (tmp_path / "x/a" / name).read_bytes() == (tmp_path / "y/a" / name).read_bytes()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"rowz": 3}, "did you mean 'rows'?"),
        ({"models": {"writter": Scripted([])}}, "rename models.writter to writer"),
        ({"models": {"writer": "gpt"}}, "give a model object"),
        ({"source": [{"qestion": "？"}]}, "set source.map.question: qestion"),
        ({"source": {"kind": "personaz"}}, "did you mean 'personas'?"),
        ({"recipe": Recipe(steps=())}, "list at least one in RECIPE"),
    ],
    ids=lambda part: part if isinstance(part, str) else next(iter(part)),
)
def test_what_does_not_fit_is_told_before_anything_is_asked(
    tmp_path: Path, more: dict[str, Any], told: str
) -> None:
    with pytest.raises((SetupError, RecipeError)) as caught:
        make(tmp_path, **more)
    assert told in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_grid_is_several_runs_and_this_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path)
    monkeypatch.chdir(tmp_path)
    with (tmp_path / "run.yaml").open("a", encoding="utf-8") as file:
        file.write("grid: {seed: [1, 2]}\n")
    with pytest.raises(SetupError, match="makes 2 runs, and this is one"):
        Run("run.yaml")


def test_a_model_that_writes_another_language_is_named(tmp_path: Path) -> None:
    async def answer(question: str, *, writer: Any) -> Reject:
        await writer(question)
        return Reject("wrong_language", measured="en", limit="ja")

    rows = [{"question": f"{n}番目"} for n in range(100)]
    run = make(
        tmp_path,
        recipe=Recipe(steps=(answer,), needs=("question",)),
        source=rows,
        models={"writer": Scripted(lambda _: "Blue.", name="tiny")},
        rows=10,
    )
    with pytest.raises(LimitReached) as caught:
        run.start()
    assert (
        caught.value.what == "the model of 'writer' (tiny) does not write Japanese, the language of the run"
    )
    assert "wrong_language 64" in str(caught.value.got)


def test_the_root_exports_few_names_and_all_of_them_exist() -> None:
    assert len(tanemaki.__all__) <= 12
    for name in tanemaki.__all__:
        assert getattr(tanemaki, name)
    assert set(tanemaki.__all__) <= set(dir(tanemaki))
    with pytest.raises(AttributeError, match="has no attribute 'Runn'"):
        getattr(tanemaki, "Runn")  # noqa: B009 - the name does not exist, on purpose


def test_the_stub_beside_the_root_names_the_same() -> None:
    stub = Path(tanemaki.__file__).with_name("__init__.pyi").read_text(encoding="utf-8")
    named = {line.rsplit(" as ", 1)[1] for line in stub.splitlines() if " as " in line}
    assert named == set(tanemaki.__all__) - {"__version__"}
    for line in stub.splitlines():
        if " as " in line:
            module, name = line.split(" ")[1], line.rsplit(" ", 1)[1]
            assert vars(tanemaki)["_PLACES"][name] == module


def test_a_path_as_source_is_told_to_say_its_kind(tmp_path: Path) -> None:
    path: Any = str(tmp_path / "rows.jsonl")
    with pytest.raises(SetupError, match="source is a path: say what kind of file it is"):
        Run(recipe="persona_dialogue", source=path, language="ja", output="x")
