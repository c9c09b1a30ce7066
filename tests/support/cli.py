"""The command line as a user meets it, and a small workplace for it: a recipe, a source, a script of replies, a run file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.source_tree import ROOT
from tanemaki.cli.main import main

RECIPE = '''"""One answer to a question that the source gives."""

from tanemaki.clean.filters.language import Language
from tanemaki.core.recipe import Recipe
from tanemaki.generate.ask import Ask


def build(language: str) -> Recipe:
    return Recipe(
        needs=("question",),
        steps=(Ask("answer", of="writer", given=("question",)), Language("answer", language)),
    )
'''
PROMPTS = {
    "ja": "次の問いに一文で答えてください。{{ question }}",
    "en": "Answer in one sentence. {{ question }}",
}
GOOD = "太陽の光が空気の粒にあたって散らばるからです。"
ENGLISH = "The sky is blue because the air scatters the light of the sun."


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Work:
    """A folder in which commands are run."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def __call__(self, *words: object) -> Done:
        """Run a command in this process."""
        self._capsys.readouterr()
        hook = sys.excepthook
        try:
            code = main([str(word) for word in words])
        finally:
            sys.excepthook = hook
        out, err = self._capsys.readouterr()
        return Done(code, out, err)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


def lay_out(folder: Path, n_rows: int = 6, replies: Sequence[Mapping[str, Any]] | None = None) -> None:
    """Write a recipe with one call, a source of questions, a script of replies, and run.yaml with output runs/a."""
    files = {
        f"one/prompts/{language}/answer.md": f"<!-- test -->\n\n{text}\n"
        for language, text in PROMPTS.items()
    }
    files["one/recipe.py"] = RECIPE
    files["q.jsonl"] = "".join(
        f'{{"question": "問い{i}。空はなぜ青いのですか。"}}\n' for i in range(1, n_rows + 1)
    )
    said = replies or (
        {"match": "問い3。", "reply": ENGLISH, "repeat": True},
        {"reply": GOOD, "repeat": True},
    )
    files["r.jsonl"] = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in said)
    files["run.yaml"] = run_file("{kind: scripted, file: r.jsonl}")
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def run_file(model: str) -> str:
    """Return a run file that binds this model."""
    return (
        "recipe: ./one\nlanguage: ja\nsource: {kind: jsonl, path: q.jsonl}\n"
        f"models:\n  writer: {model}\noutput: runs/a\n"
    )


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a process of its own."""
    return {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": "error", **more}


def process(folder: Path, *words: str, **more: Any) -> subprocess.Popen[str]:
    """Start a command in a process of its own."""
    command = [sys.executable, "-m", "tanemaki.cli.main", *words]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=folder, **{"env": environment(), **pipes, **more})
