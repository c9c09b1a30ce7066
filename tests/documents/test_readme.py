"""The two READMEs: their blocks run, their commands exist, and they are twins."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from support.pages import Block, Page, commands
from support.source_tree import ROOT
from tanemaki import Run
from tanemaki.config.flags import read_flags
from tanemaki.config.load import load
from tanemaki.recipes import catalogue

NAMES = ("README.md", "README.ja.md")
SHELLS = ("sh", "bash", "shell", "console")
PROGRAMS = frozenset(
    {"make", "tanemaki", "pip", "cd", "git", "python", "python3", "export", "vllm", "ollama", "llama-server"}
)
EACH = pytest.mark.parametrize("name", NAMES)


def page(name: str) -> Page:
    return Page(ROOT / name)


def blocks(name: str, *languages: str) -> list[Block]:
    return [block for block in page(name).blocks if block.language in languages]


@EACH
def test_the_first_screen_is_short_and_shows_a_command(name: str) -> None:
    text = page(name).text
    assert len(text.splitlines()) <= 180
    assert page(name).blocks[0].line <= 20, "the first block begins by line 20"
    assert text.count("](https://img.shields.io") <= 3
    first_screen = "\n".join(text.splitlines()[:40])
    assert "make demo" in first_screen
    assert "make test" in first_screen


def test_the_readmes_are_twins() -> None:
    english, japanese = page("README.md"), page("README.ja.md")
    assert english.headings == japanese.headings
    assert [block.language for block in english.blocks] == [block.language for block in japanese.blocks]
    assert "](README.ja.md)" in english.text
    assert "](README.md)" in japanese.text


@EACH
def test_the_recipes_that_are_named_are_there(name: str) -> None:
    found = re.search(r"^## (?:Recipes|レシピ)\n(.+?)^## ", page(name).text, re.DOTALL | re.MULTILINE)
    assert found is not None
    cells = [line.split("|")[2] for line in found[1].splitlines() if line.startswith("|")]
    named = [recipe for cell in cells for recipe in re.findall(r"`(\w+)`", cell)]
    assert len(named) == len(set(named)) > 15
    assert set(named) <= set(catalogue.names())


@EACH
def test_every_block_says_its_language(name: str) -> None:
    assert [block.line for block in page(name).blocks if not block.language] == []


@EACH
def test_the_python_blocks_run_and_print_what_they_show(name: str, tmp_path: Path) -> None:
    found = page(name).blocks
    assert [block for block in found if block.language == "python"], "a README shows the Python API"
    for block, after in zip(found, [*found[1:], None], strict=True):
        if block.language != "python":
            continue
        # Offline, in an empty folder: what a reader has.
        environment = {**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(ROOT / "src")}
        done = subprocess.run(
            [sys.executable, "-c", block.text],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{name}:{block.line}\n{done.stderr}"
        if (
            after is not None
            and after.language == "text"
            and after.line - block.line - block.text.count("\n") <= 6
        ):
            assert done.stdout.strip() == after.text.strip(), f"{name}:{after.line}"


@EACH
def test_the_run_files_are_right(name: str, tmp_path: Path) -> None:
    found = [block for block in blocks(name, "yaml") if "recipe:" in block.text]
    assert found, "a README shows a run file"
    for place, block in enumerate(found):
        path = tmp_path / f"{place}.yaml"
        path.write_text(block.text, encoding="utf-8")
        assert load(path)[0].run.recipe


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def extras() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return set(project["optional-dependencies"])


def check_command(line: str) -> None:
    words = line.split()
    program = words[0].split("/")[-1]
    assert program in PROGRAMS, f"unknown program in `{line}`"
    if program == "make":
        named = {word for word in words[1:] if "=" not in word}
        assert named <= targets(), f"no such target: `{line}`"
    if program == "pip":
        named = {extra for found in re.findall(r"tanemaki\[([\w,]+)\]", line) for extra in found.split(",")}
        assert named <= extras(), f"no such extra: `{line}`"
    if program == "tanemaki" and len(words) > 1 and not words[1].startswith("-"):
        check_flags(words)


def check_flags(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tanemaki.cli.main", words[1], "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"no such command: tanemaki {words[1]}\n{done.stderr}"
    for flag in [word for word in words[2:] if word.startswith("--")]:
        name, _, value = flag.removeprefix("--").partition("=")
        if f"--{name}" not in done.stdout:
            assert read_flags([(name, value)]).values, f"no such flag: {flag}"


@EACH
def test_the_commands_of_the_shell_blocks_exist(name: str) -> None:
    lines = [line for block in blocks(name, *SHELLS) for line in commands(block)]
    assert any(line.startswith("tanemaki") for line in lines)
    for line in lines:
        check_command(line)


@pytest.mark.parametrize(
    "line", ["make dmo", "tanemaki runn x.yaml", "pip install 'tanemaki[lcoal]'", "curl x"]
)
def test_a_command_that_does_not_exist_is_found(line: str) -> None:
    with pytest.raises(AssertionError):
        check_command(line)


def test_the_readme_is_the_projects_description() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["readme"] == "README.md"


def test_the_problem_on_the_first_screen_is_one_that_the_demo_makes(tmp_path: Path) -> None:
    run = Run(ROOT / "src/tanemaki/cli/demo_exact.yaml", output=str(tmp_path / "run"))
    run.start()
    made = {f"{row['prompt']}\n\n{row['solution']}" for row in run.rows()}
    assert len(made) == 1000
    for name in NAMES:
        shown = next(block.text for block in blocks(name, "text") if "答え" in block.text)
        first, _, rest = shown.strip().partition("、\n")  # a long line is set in two
        assert f"{first}、{rest}" in made
