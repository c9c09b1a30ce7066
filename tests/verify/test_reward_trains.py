"""TRL's GRPOTrainer takes our reward as it is, on prompts that are texts and on conversations."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.source_tree import ROOT
from tanemaki.verify.problems.problem import make, solve


def row(k: int) -> dict[str, Any]:
    problem = make("cranes_and_turtles", seed=1, k=k, language="en")
    solution = solve(problem, method="equations", style="plain").text
    return {
        "answer": problem.answer,
        "answer_kind": problem.kind,
        "prompt": problem.prompt,
        "solution": solution,
    }


@pytest.mark.parametrize(("form", "kind"), [("text", "str"), ("chat", "list")])
def test_a_step_of_grpo_is_taken_under_the_reward(tmp_path: Path, form: str, kind: str) -> None:
    rows = [row(k) for k in range(4)]
    for one in rows if form == "chat" else ():
        one["prompt"] = [{"role": "user", "content": one["prompt"]}]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, str(ROOT / "tests/support/trl_rewards.py"), str(path)],
        env={**os.environ, "PYTHONWARNINGS": "ignore", "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    told = json.loads(ended.stdout.splitlines()[-1])
    assert (told["steps"], told["reward"]) == (1, 0.0)  # a model of random bytes says no answer
    assert told["calls"][0]["kinds"] == [kind]
    assert {"answer", "answer_kind", "prompts", "solution"} <= set(told["calls"][0]["columns"])
    assert told["calls"][0]["scores"] == [0.0] * 4
