"""The run files of examples/real fit together; with the real small model they keep what holds whatever a model says."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from support.runs import dataset, table
from support.source_tree import ROOT
from tanemaki.clean.filters.empty import NotEmpty
from tanemaki.clean.filters.language import Language
from tanemaki.clean.filters.refusal import Refusal
from tanemaki.clean.filters.repetition import Repetition
from tanemaki.config.load import load
from tanemaki.core.record import Record
from tanemaki.run.execute import execute
from tanemaki.run.order import Order, order_from

WRITTEN = {
    "persona_expand": "related_persona",
    "topic_dialogue": "messages",
    "magpie": "messages",
    "follow_up": "messages",
    "rewrite": "rewritten",
    "grounded_qa": "messages",
    "evol_instruct": "messages",
    "evol_quality": "evolved_response",
    "critique_rewrite": "rewritten_response",
    "preference": "chosen",
}
"""Recipe → the field that a model wrote."""
EACH_RECIPE = pytest.mark.parametrize("name", list(WRITTEN))
PAGE = ROOT / "docs/real-runs.md"


def order_of_example(name: str, folder: Path, *flags: tuple[str, str]) -> Order:
    [loaded] = load(ROOT / f"examples/real/{name}.yaml", (("output", str(folder / "run")), *flags))
    return order_from(loaded.run, loaded.base)


@EACH_RECIPE
def test_a_run_file_fits_its_recipe_and_its_source(name: str, tmp_path: Path) -> None:
    order = order_of_example(name, tmp_path)
    order.check()
    assert order.run is not None
    assert (order.run.recipe, order.language, order.rows) == (name, "en", 10)
    assert order.limit == (40 if name == "preference" else 200)
    assert {one.kind for one in order.settings.values()} == {"local"}
    assert (order.limits.failed_share, order.limits.accepted_share) == (None, None), "poor rows end no run"


def test_the_page_has_a_row_and_a_section_for_each_run_file() -> None:
    page = PAGE.read_text(encoding="utf-8")
    files = {path.stem for path in (ROOT / "examples/real").glob("*.yaml")}
    assert files == set(WRITTEN)
    assert set(re.findall(r"^## (\w+)$", page, re.MULTILINE)) == files
    rows = dict(re.findall(r"^\| \[`(\w+)`\]\(#\w+\) \| (\d+) \|", page, re.MULTILINE))
    assert set(rows) == files
    assert min(map(int, rows.values())) >= 10


@EACH_RECIPE
def test_a_readme_says_what_the_page_says(name: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    cells = re.search(rf"^\| \[`{name}`\]\(#{name}\) (\|.*\|)$", page, re.MULTILINE)
    assert cells is not None
    candidates, accepted, surplus, requests = (
        int(cell.replace(",", "")) for cell in cells[1].split("|")[1:5]
    )
    readme = (ROOT / f"src/tanemaki/recipes/{name}/README.md").read_text(encoding="utf-8")
    [(kept, of, sent)] = re.findall(
        r"^Measured on .* (\d+) of (\d+) candidates passed, with (\d+) requests", readme, re.MULTILINE
    )
    assert (int(kept), int(of), int(sent)) == (accepted + surplus, candidates, requests)


def test_remarks_belong_to_the_rows_that_the_page_shows() -> None:
    lines = (ROOT / "examples/real/remarks.tsv").read_text(encoding="utf-8").splitlines()
    told = [line.split("\t") for line in lines if not line.startswith("#")][1:]
    assert {len(row) for row in told} == {3}
    assert {row[0] for row in told} <= set(WRITTEN)
    page = PAGE.read_text(encoding="utf-8")
    assert all(row[2] in page for row in told)
    assert "Nobody has written a remark" not in page


@pytest.mark.long
@pytest.mark.real_model
@EACH_RECIPE
def test_a_real_model_loses_no_row_and_passes_no_filter_unseen(name: str, tmp_path: Path) -> None:
    slots = [(f"models.{role}.slots", "4") for role in ("writer", "judge") if has_role(name, tmp_path, role)]
    order = order_of_example(name, tmp_path, ("limit", "4"), ("rows", "4"), *slots)
    report = execute(order)
    counts, folder = report.accounting, tmp_path / "run"
    assert counts.balances
    assert counts.failed == 0
    assert counts.accepted + counts.rejected + counts.surplus >= 4

    reasons = {spec.name: spec.reasons for spec in order.recipe.specs}
    rejected = table(folder / "rejected.parquet")
    assert Counter((row["step"], row["reason"]) for row in rejected) == counts.reasons
    assert all(row["reason"] in (reasons[row["step"]] or ()) for row in rejected)

    kept = dataset(folder)
    assert len(kept) == counts.accepted
    for row in kept:
        assert set(order.columns) - set(order.recipe.hidden) <= set(row)
        assert_looked_at(WRITTEN[name], row)


def has_role(name: str, folder: Path, role: str) -> bool:
    return role in order_of_example(name, folder).settings


def assert_looked_at(field: str, row: dict[str, Any]) -> None:
    """What any recipe's filters would have rejected is not in its dataset."""
    value = (
        json.loads(row[field]) if isinstance(row[field], str) and row[field].startswith("[{") else row[field]
    )
    record = Record(row["id"], (1,), {"text": value})
    for one in (NotEmpty("text"), Language("text", "en"), Refusal("text", "en"), Repetition("text")):
        assert one(record) is record, (one, row[field])
