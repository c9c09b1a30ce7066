"""TRL's trainers take what a run of ``preference`` leaves: its folder as it is, and what ``tanemaki export`` writes."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.judging import longer_of
from support.recipe_runs import accepted, run_recipe
from support.source_tree import ROOT
from tanemaki.cli.main import main
from tanemaki.core.model import Request
from tanemaki.models.scripted import Scripted

ASKED = [{"instruction": f"花の名前を{n}つ教えてください。"} for n in range(1, 31)]
FLOWERS = ("桜", "梅", "菊", "藤", "牡丹", "椿", "百合", "朝顔")


def said(request: Request) -> str:
    """Answer in one sentence with as many flowers as the seed says; as a judge, prefer the longer answer."""
    verdict = longer_of(str(request.messages[-1]["content"]))
    if verdict is not None:
        return f"理由。{verdict}"
    n = (request.seed or 0) % len(FLOWERS)
    return f"{'、'.join(FLOWERS[: n + 1])}などがあります。"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("trained") / "run"
    run_recipe("preference", place, "ja", ASKED, Scripted(said))
    for form in ("preference", "preference_implicit", "kto", "messages", "prompt_completion"):
        assert main(["export", str(place), "--format", form]) == 0
    return place


@pytest.fixture(scope="module")
def trained(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Return what each trainer told: trainer and file → rows and loss."""
    given = [
        f"dpo={folder}", f"reward={folder}", f"dpo={folder / 'preference.jsonl'}",
        f"reward={folder / 'preference.jsonl'}", f"reward={folder / 'preference_implicit.jsonl'}",
        f"dpo={folder / 'preference_implicit.jsonl'}", f"kto={folder / 'kto.jsonl'}", f"sft={folder / 'messages.jsonl'}",
        f"sft={folder / 'prompt_completion.jsonl'}",
    ]  # fmt: skip
    alone = {
        "PYTHONWARNINGS": "ignore",
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(tmp_path_factory.mktemp("hub")),
    }
    ended = subprocess.run(
        [sys.executable, str(ROOT / "tests/support/trl_trains.py"), *given],
        env={**os.environ, **alone},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    told = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith('{"trainer"')]
    names = [re.sub(r"=.*/", "=", word) for word in given]
    return dict(zip(names, told, strict=True))


@pytest.mark.parametrize(
    ("name", "rows_of_a_pair"),
    [
        ("dpo=run", 1),
        ("reward=run", 1),
        ("dpo=preference.jsonl", 1),
        ("reward=preference.jsonl", 1),
        ("dpo=preference_implicit.jsonl", 1),
        ("reward=preference_implicit.jsonl", 1),
        ("kto=kto.jsonl", 2),
        ("sft=messages.jsonl", 1),
        ("sft=prompt_completion.jsonl", 1),
    ],
)
def test_a_trainer_takes_every_pair_and_makes_a_step(
    name: str, rows_of_a_pair: int, folder: Path, trained: dict[str, dict[str, Any]]
) -> None:
    n_pairs = len(accepted(folder))
    assert n_pairs >= 10
    assert trained[name]["rows"] == rows_of_a_pair * n_pairs
    assert math.isfinite(trained[name]["loss"])
    assert trained[name]["loss"] > 0


def test_a_reward_model_learns_from_the_form_without_our_margins(
    folder: Path, trained: dict[str, dict[str, Any]]
) -> None:
    """TRL adds a column ``margin`` to its loss: the folder has one, the exported form does not."""
    first = json.loads((folder / "preference.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert set(first) == {"prompt", "chosen", "rejected"}
    assert trained["reward=run"]["loss"] > trained["reward=preference.jsonl"]["loss"]
