"""The engine's benchmark runs: a few rows of two measures, whose figures stand on the page."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from support.source_tree import ROOT


def bench(tmp_path: Path, arguments: str) -> subprocess.CompletedProcess[str]:
    places = ["--out", str(tmp_path / "page.md"), "--work", str(tmp_path)]
    command = [sys.executable, "-m", "benchmarks", *places, *arguments.split()]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_measures_run_and_their_figures_stand_on_the_page(tmp_path: Path) -> None:
    done = bench(tmp_path, "--only cpu,stages --scale 0.01 --passes 1 --peers none")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    [ours] = re.findall(
        r"^\| tanemaki \| ([0-9.]+) \| 1\.00 \|.*\| 100 \| accepted 100 \|$", page, re.MULTILINE
    )
    [bare] = re.findall(r"^\| aiohttp \| ([0-9.]+) \|.*\| 100 \| written 100 \|$", page, re.MULTILINE)
    assert float(ours) > float(bare) > 0
    stages = dict(re.findall(r"^\| ([a-z: ]+) \| ([0-9.]+) \|", page, re.MULTILINE))
    assert {
        "render",
        "hash",
        "reserve",
        "send",
        "journal put",
        "journal commit",
        "close",
        "close commit",
        "export",
    } <= stages.keys()


def test_an_unknown_measure_is_refused_by_name(tmp_path: Path) -> None:
    done = bench(tmp_path, "--only cpu,sped")
    assert done.returncode == 2
    assert "unknown measure 'sped': one of cpu, steps, waves" in done.stderr
