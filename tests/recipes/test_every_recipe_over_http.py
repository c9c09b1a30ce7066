"""Every recipe against the scripted server: each planted fault ends in its named reason, and none is in the dataset.

The rows are the golden file's, in copies of other ids and draws, and what must become of them is what that file says. A new
recipe folder is collected by itself.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from support.over_http import over_http
from support.planted import ACCEPTED, Planted, planted, scripted
from support.recipe_runs import accepted, rejected, run_recipe, without_lineage
from support.runs import table
from tanemaki.core.model import Model
from tanemaki.recipes import catalogue

POOLED = {"self_instruct"}
"""Prompts show what other rows wrote, so that a golden row beside others asks other things: ``test_self_instruct.py``."""
N_ROWS = 60
EACH = pytest.mark.parametrize("name", [name for name in catalogue.names() if name not in POOLED])
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ja", "en"])
MEASURED = ("prompt_tokens", "completion_tokens")
"""Columns that tell what the endpoint said of its work."""


def run(
    name: str, folder: Path, language: str, rows: Planted, model: Model, *, n: int, step: int = 1
) -> dict[str, Any]:
    """Run these rows to their end, ``n`` at once; look at what became of them, and return the accepted ones by id."""
    run_recipe(name, folder, language, rows.rows[::step], model, seed=0, options=rows.options, concurrency=n)
    assert table(folder / "failed.parquet") == []
    kept = without_lineage(accepted(folder))
    ends = Counter((row["step"], row["reason"]) for row in rejected(folder))
    assert ends + Counter({ACCEPTED: len(kept)}) == rows.ends
    return {key: {name: row[name] for name in row if name not in MEASURED} for key, row in kept.items()}


BY_CHANCE_ALONE = {"mixed_verified": {("exact_copy", "exact_copy")}}
"""What rows of a run come to only where two draws are alike by chance; the golden file has them."""


@EACH
@EACH_LANGUAGE
def test_every_planted_fault_ends_in_its_reason_and_none_in_the_dataset(
    name: str, language: str, tmp_path: Path
) -> None:
    """The server stumbles at one try in ten besides; the rows are those of a run without one, call by call, in reverse."""
    runs = planted(name, language, N_ROWS)
    model = scripted(runs)
    with over_http(model) as served:
        there = [run(name, tmp_path / str(k), language, rows, served, n=8) for k, rows in enumerate(runs)]
    longest = max(range(len(runs)), key=lambda k: len(runs[k].rows))
    assert run(name, tmp_path / "back", language, runs[longest], model, n=1, step=-1) == there[longest]
    named = {
        (spec.name, reason)
        for rows in runs
        for spec in catalogue.load(name, language, rows.options).recipe.specs
        for reason in spec.reasons or ()
    }
    ends = sum((rows.ends for rows in runs), Counter[tuple[str, str]]())
    assert set(ends) == {*named, ACCEPTED} - BY_CHANCE_ALONE.get(name, set())
    asks = any(catalogue.load(name, language, rows.options).recipe.roles for rows in runs)
    assert ends.total() >= 50 or not asks
