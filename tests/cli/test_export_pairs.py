"""Pairs in the forms of TRL's trainers, from the command on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support.cli import Work

ASKED = "空はなぜ青いのですか。"
RUN = """\
recipe: ./one
language: ja
source: {kind: jsonl, path: p.jsonl}
models:
  writer: {kind: scripted, file: r.jsonl}
output: runs/p
"""


@pytest.fixture
def pairs(work: Work) -> Work:
    """A run whose source had pairs: the recipe keeps their columns."""
    rows = [
        {
            "question": f"{n}。{ASKED}",
            "prompt": [{"role": "user", "content": f"{n}。{ASKED}"}],
            "chosen": [{"role": "assistant", "content": f"光の散乱です。{n}"}],
            "rejected": [{"role": "assistant", "content": f"海の色です。{n}"}],
            "margin": 2.5,
        }
        for n in range(1, 4)
    ]
    work.write("p.jsonl", "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    work.write("pairs.yaml", RUN)
    assert work("run", "pairs.yaml").code == 0
    return work


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_trainer_gets_its_columns_and_no_others(pairs: Work) -> None:
    wanted = {
        "preference": (3, ["prompt", "chosen", "rejected"]),
        "preference_implicit": (3, ["chosen", "rejected"]),
        "kto": (6, ["prompt", "completion", "label"]),
        "messages": (3, ["messages"]),
    }
    for form, (n, columns) in wanted.items():
        assert pairs("export", "runs/p", "--format", form).out == f"{n} rows in runs/p/{form}.jsonl\n"
        found = lines(pairs.folder / f"runs/p/{form}.jsonl")
        assert len(found) == n
        assert {tuple(row) for row in found} == {tuple(columns)}
    implicit = lines(pairs.folder / "runs/p/preference_implicit.jsonl")
    assert [turn["role"] for turn in implicit[0]["rejected"]] == ["user", "assistant"]
    kto = lines(pairs.folder / "runs/p/kto.jsonl")
    assert [row["label"] for row in kto] == [True] * 3 + [False] * 3
    assert [row["prompt"] for row in kto[:3]] == [row["prompt"] for row in kto[3:]]


def test_a_form_that_is_misspelt_is_told_with_the_nearest(pairs: Work) -> None:
    told = pairs("export", "runs/p", "--format", "preference_implict")
    assert told.code == 2
    assert "did you mean 'preference_implicit'?" in told.err


def test_rows_without_a_pair_are_refused_and_leave_no_file(work: Work) -> None:
    work("run", "run.yaml")
    for form in ("preference", "preference_implicit", "kto"):
        told = work("export", "runs/a", "--format", form)
        assert told.code == 2
        assert f"the rows do not fit the format {form!r}: the row holds no pair of answers" in told.err
        assert "row 0" in told.err
        assert not (work.folder / f"runs/a/{form}.jsonl").exists()
