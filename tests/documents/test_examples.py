"""Every example runs, or fits the run file's schema."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from support.cli import environment
from support.pages import Page
from support.source_tree import ROOT
from tanemaki.config.load import load
from tanemaki.recipes import catalogue

EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if path.is_file())
DOCS = [Page(path) for path in sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize(
    "path", [path for path in EXAMPLES if path.suffix == ".py"], ids=lambda path: path.name
)
def test_an_example_in_python_runs_offline(path: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(path)],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    _, mark, told = path.read_text(encoding="utf-8").partition("\n# prints\n")
    assert mark, "an example ends with what it prints"
    assert done.stdout.splitlines() == [
        line.removeprefix("#").removeprefix(" ") for line in told.splitlines()
    ]


@pytest.mark.parametrize(
    "path", [path for path in EXAMPLES if path.suffix == ".yaml"], ids=lambda path: path.name
)
def test_an_example_of_a_run_file_is_right(path: Path) -> None:
    assert load(path)[0].run.recipe in catalogue.names()


def test_every_example_is_of_a_kind_that_is_looked_at() -> None:
    assert {path.suffix for path in EXAMPLES} == {".py", ".yaml"}


@pytest.mark.parametrize("page", DOCS, ids=str)
def test_the_run_files_of_the_docs_are_right(page: Page, tmp_path: Path) -> None:
    for place, block in enumerate(block for block in page.blocks if block.language == "yaml"):
        text = block.text
        if "recipe:" not in text:
            text = f"recipe: r\nlanguage: ja\nsource: {{kind: personas}}\noutput: runs/x\n{text}"
        path = tmp_path / f"{place}.yaml"
        path.write_text(text, encoding="utf-8")
        assert load(path)


@pytest.mark.parametrize("page", DOCS, ids=str)
def test_the_python_of_the_docs_runs(page: Page, tmp_path: Path) -> None:
    for block in page.blocks:
        if block.language == "python":
            done = subprocess.run(
                [sys.executable, "-c", block.text],
                cwd=tmp_path,
                env=environment(),
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["concepts", "models", "large-runs", "preference-data"])
def test_a_page_in_two_languages_has_the_same_headings_and_blocks(name: str) -> None:
    english, japanese = (Page(ROOT / "docs" / f"{name}{tail}.md") for tail in ("", ".ja"))
    assert english.headings == japanese.headings
    assert [block.language for block in english.blocks] == [block.language for block in japanese.blocks]
