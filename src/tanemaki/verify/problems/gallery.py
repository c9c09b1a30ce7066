"""Writes one problem of every family with its solution: ``python -m tanemaki.verify.problems.gallery ja PAGE``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from tanemaki.verify.problems.catalogue import families, family_of
from tanemaki.verify.problems.problem import make, solve
from tanemaki.verify.problems.solution import STYLES
from tanemaki.verify.problems.wording import Language

_SEED = 2026
_HEADS = {
    "ja": (
        "# 問題の型の見本",
        "",
        "型ごとに1題ずつ、計算で作った問題とその解き方です。`make docs` が書き出します。手で直さないでください。",
    ),
    "en": (
        "# One problem of every family",
        "",
        "Posed, answered and worked by a program. Written by `make docs`; do not edit it by hand.",
    ),
}


def gallery(language: Language) -> str:
    """Return the page: topics as headings, one problem a family, levels, methods and styles in turn.

    >>> gallery("ja").splitlines()[0]
    '# 問題の型の見本'
    """
    lines = [*_HEADS[language]]
    before = ""
    for place, (name, topic) in enumerate(families().items()):
        if topic != before:
            lines += ["", f"## {topic}"]
            before = topic
        family = family_of(name)
        problem = make(name, seed=_SEED, k=place, language=language, level=place % family.levels + 1)
        style = STYLES[place % len(STYLES)]
        method = family.methods[place // len(STYLES) % len(family.methods)]
        solution = solve(problem, method=method, style=style, variant=place)
        told = f"level {problem.level} of {family.levels} · {method} · {style} · {solution.n_steps} steps"
        lines += [
            "",
            f"### {name}: {_title(topic, name, language)}",
            "",
            f"{told} · key `{problem.answer}`",
            "",
        ]
        lines += ["```text", problem.prompt, "", solution.text, "```"]
    return "\n".join(lines) + "\n"


def _title(topic: str, name: str, language: Language) -> str:
    """Return what people call the family: the first line of its wording."""
    path = files(f"tanemaki.verify.problems.{topic}").joinpath("wording", language, f"{name}.toml")
    return path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ").rstrip(".")


def main(words: Sequence[str]) -> None:
    """Write the page of a language into a file."""
    language, path = words
    Path(path).write_text(gallery("ja" if language == "ja" else "en"), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
