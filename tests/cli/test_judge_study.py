"""The annotation study from the command line: tables, a page, a plot, and a queue that comes back."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from support.cli import Work
from tanemaki.core.seeding import Draw

OUT = Path("runs/study-labels")
LABELS = ("賛成", "反対", "どちらでもない")
RIGHT = {"expert": 1.0, "crowd": 0.6, "gpt": 0.85}


def labelled(n: int = 40) -> list[dict[str, Any]]:
    """Two of each kind for every item, right with a known chance; a model's labels have tokens, a crowd's a price."""
    rows = []
    for k in range(n):
        truth = LABELS[k % 3]
        for kind, chance in RIGHT.items():
            for run in (1, 2):
                draw = Draw("study", kind, run, k)
                label = (
                    truth if draw.uniform() < chance else draw.choose([one for one in LABELS if one != truth])
                )
                row: dict[str, Any] = {
                    "item_id": f"投稿{k}",
                    "text": f"ごみ袋の有料化について{k}",
                    "label": label,
                    "run": run,
                }
                if kind == "gpt":
                    row |= {"annotator": "gpt", "annotator_type": "llm", "temperature": 0.2}
                    row |= {"prompt_tokens": 400, "completion_tokens": 50, "cost_usd": ""}
                else:
                    row |= {"annotator": f"{kind}{run}", "annotator_type": kind, "temperature": ""}
                    row |= {
                        "prompt_tokens": "",
                        "completion_tokens": "",
                        "cost_usd": "0.05" if kind == "crowd" else "",
                    }
                rows.append(row)
    return rows


@pytest.fixture
def table(work: Work) -> Path:
    path = work.folder / "labels.csv"
    rows = labelled()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_models_crowd_and_experts_are_compared_on_accuracy_agreement_and_cost(
    work: Work, table: Path
) -> None:
    done = work("judge", "labels.csv", "--study", "--price", "gpt=0.15/0.60", "--json")
    assert done.code == 0, done.err
    found = done.json["annotators"]
    for name, kind in (("crowd", "crowd"), ("gpt at 0.2", "gpt")):
        low, high = found[name]["accuracy_interval"]
        assert low < RIGHT[kind] < high, "the known accuracy lies in the interval"
    assert found["gpt at 0.2"]["cost_usd"] == "0.00720", (
        "80 labels of 400 and 50 tokens, to the cent and beyond"
    )
    assert found["crowd"]["cost_usd"] == "4.00"
    assert (done.json["items"], done.json["known"]) == (40, 40)
    text = work("judge", "labels.csv", "--study").out
    assert "| annotator | items | labels | without a label | accuracy | agreement | alpha |" in text
    assert "| crowd | 80 | $4.00 | $50.00 | $100.00 |" in text
    page = (work.folder / OUT / "report.html").read_text("utf-8")
    assert page.count("<svg") == 1
    assert "What crowd confuses" in page
    assert "<script" not in page
    assert (work.folder / OUT / "annotation.svg").read_text("utf-8").startswith("<svg")


def test_disputed_items_are_decided_by_a_person_and_stay_decided(work: Work, table: Path) -> None:
    before = work("judge", "labels.csv", "--study", "--json").json["doubtful"]
    assert before > 5
    path = work.folder / OUT / "doubtful.jsonl"
    queue = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    queue[0]["label"] = "反対"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in queue), encoding="utf-8")
    refused = work("judge", "labels.csv", "--study")
    assert refused.code == 2
    assert "the queue in the folder holds decisions" in refused.err
    done = work("judge", "labels.csv", "--study", "--decisions", path, "--json")
    assert done.json["doubtful"] == before - 1
    assert work("judge", "labels.csv", "--study", "--json").json["doubtful"] == before - 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--price", "gpt"], "a price is none"),
        (["--price", "gpt=x/1"], "a price is none"),
        (["--price", "gpt=-1/1"], "a price is none"),
        (["--against", "label"], "--against means nothing with --study"),
        (["--models.judge.name", "m"], "--models.judge.name means nothing with --study"),
        (["--estimate", "3"], "--estimate means nothing with --study"),
        (["--from", "x.yaml"], "--from means nothing with --study"),
        (["--decisions", "nothing.jsonl"], "there is no such file"),
    ],
)
def test_what_a_study_does_not_take_is_told(words: list[str], says: str, work: Work, table: Path) -> None:
    done = work("judge", "labels.csv", "--study", *words)
    assert done.code == 2
    assert says in done.err
    assert not (work.folder / OUT).exists()
