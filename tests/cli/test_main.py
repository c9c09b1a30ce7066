from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from support.cli import RECIPE, Work, environment, lay_out, process
from tanemaki import __version__
from tanemaki.cli.main import GROUPS

COMMANDS = [name for names in GROUPS.values() for name in names]


def test_the_help_page_teaches_and_says_where_to_start(work: Work) -> None:
    done = work("--help")
    assert done.code == 0
    assert "Start here: tanemaki demo" in done.out
    assert "sources ──► clean ──► generate" in done.out
    for name in COMMANDS:
        assert f"\n  {name} " in done.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help_page(work: Work, name: str) -> None:
    done = work(name, "--help")
    assert (done.code, done.err) == (0, "")
    assert f"Usage: tanemaki {name}" in done.out
    assert "--help" in done.out


def test_the_version_is_that_of_the_package(work: Work) -> None:
    assert work("--version").out == f"tanemaki {__version__}\n"


def test_a_misspelt_command_is_told_the_nearest(work: Work) -> None:
    done = work("satus", "runs/a")
    assert done.code == 2
    assert (
        done.err
        == "SetupError: No such command 'satus'.\n  where   tanemaki\n  next    did you mean status?\n"
    )


def test_a_misspelt_option_is_told_the_nearest(work: Work) -> None:
    done = work("view", "runs/a", "--prat", "rejected")
    assert done.code == 2
    assert "No such option '--prat'." in done.err
    assert "did you mean --part?" in done.err


def test_a_missing_argument_is_named(work: Work) -> None:
    done = work("status")
    assert done.code == 2
    assert "Missing argument 'RUN'" in done.err
    assert "see `tanemaki status --help`" in done.err


def test_an_error_for_machines_is_one_document_on_standard_output(work: Work) -> None:
    done = work("status", "runs/nowhere", "--json")
    assert done.code == 2
    assert done.json["error"]["class"] == "SetupError"
    assert done.json["error"]["what"] == "no run lies here"
    assert done.json["error"]["exit_code"] == 2
    assert set(done.json["error"]) == {"class", "what", "where", "got", "next", "exit_code"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_asks_this_program(work: Work, shell: str) -> None:
    done = work("completion", shell)
    assert done.code == 0
    assert "_TANEMAKI_COMPLETE" in done.out


def test_completion_offers_the_keys_of_the_run_file(tmp_path: Path) -> None:
    asked = environment(
        _TANEMAKI_COMPLETE="bash_complete", COMP_WORDS="tanemaki run --limits.c", COMP_CWORD="2"
    )
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from tanemaki.cli.main import main; sys.exit(main([]))"],
        cwd=tmp_path,
        env=asked,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "plain,--limits.cost_usd" in done.stdout


def test_our_own_bug_keeps_its_traceback_and_says_that_it_is_one(tmp_path: Path) -> None:
    lay_out(tmp_path)
    broken = "\n\ndef boom(answer):\n    return 1 / 0\n"
    text = RECIPE.replace('Language("answer", language)', "boom") + broken
    (tmp_path / "one" / "recipe.py").write_text(text, encoding="utf-8")
    with process(tmp_path, "run", "run.yaml") as started:
        _, err = started.communicate(timeout=60)
    assert started.returncode == 1
    assert "ZeroDivisionError" in err
    assert "This is a bug of Tanemaki" in err


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    lay_out(tmp_path, n_rows=400)
    with process(tmp_path, "run", "run.yaml") as started:
        started.communicate(timeout=60)
    with process(tmp_path, "view", "runs/a", "--n", "400", "--json") as viewing:
        assert viewing.stdout is not None
        assert viewing.stderr is not None
        assert json.loads(viewing.stdout.readline())["part"] == "accepted"
        viewing.stdout.close()
        assert viewing.stderr.read() == ""
        assert viewing.wait(timeout=60) == 0


def test_a_recipe_that_ends_the_program_when_it_is_read_is_told(work: Work) -> None:
    recipe = work.folder / "one/recipe.py"
    recipe.write_text(recipe.read_text("utf-8") + "\nraise SystemExit(0)\n", encoding="utf-8")
    done = work("run", "run.yaml")
    assert done.code == 2
    assert "RecipeError: recipe 'one' cannot be read: SystemExit" in done.err


def test_a_recipe_that_ends_the_program_while_it_is_built_is_told(work: Work) -> None:
    recipe = work.folder / "one/recipe.py"
    text = recipe.read_text("utf-8").replace(
        "    return Recipe(", "    raise SystemExit(0)\n    return Recipe("
    )
    recipe.write_text(text, encoding="utf-8")
    done = work("run", "run.yaml")
    assert done.code == 2
    assert "RecipeError: what the recipe runs tried to end the program" in done.err
    assert "got     SystemExit(0)" in done.err
