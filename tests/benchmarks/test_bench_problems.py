"""The benchmark of problems runs, its figures stand on the page, and the page names every family."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from support.source_tree import ROOT
from tanemaki.verify.problems.catalogue import families


def test_the_measure_runs_and_its_figures_stand_on_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    command = [sys.executable, "-m", "benchmarks.problems", "--quick", "--items", "20", "--out", str(page)]
    done = subprocess.run(
        [*command, "--only", "cranes_and_turtles"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    [(speed, distinct)] = re.findall(
        r"^\| word_problems \| `cranes_and_turtles` \| ([0-9,]+) \| .* \| ([0-9,]+) \|$",
        page.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert int(speed.replace(",", "")) > 0
    assert 2_400 < int(distinct.replace(",", "")) <= 2_500


def test_an_unknown_family_is_refused() -> None:
    command = [sys.executable, "-m", "benchmarks.problems", "--quick", "--only", "crane"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "unknown family 'crane'" in done.stderr


def test_pairs_name_families_that_there_are_and_the_page_has_every_family() -> None:
    lines = (ROOT / "benchmarks/peers/reasoning_gym.tsv").read_text(encoding="utf-8").splitlines()
    assert {line.split("\t")[0] for line in lines if not line.startswith("#")} - {"ours"} <= set(families())
    written = (ROOT / "benchmarks/problems.md").read_text(encoding="utf-8")
    assert [name for name in families() if f"`{name}`" not in written] == []
