"""``make bench-problems``: finished items a second and core, for each family, beside reasoning-gym where both have one.

A finished item of ours is a problem, its answer and one worked solution, in Japanese; of the peer, a question and its answer
in English. Processor time, the best of three turns, both sides in one session. Writes ``benchmarks/problems.md``.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.peers.setup import HOME, error_of, install, version_of
from tanemaki.verify.problems.catalogue import families, family_of
from tanemaki.verify.problems.problem import make, solve
from tanemaki.verify.problems.solution import STYLES

HERE = Path(__file__).parent
PAGE = HERE / "problems.md"
PEER = "reasoning_gym"
SEEDS, EACH = range(42, 47), 500
"""Neighbouring seeds and items of each: the peer adds seed and number, and gives mostly the same items again."""


@dataclass(frozen=True, slots=True)
class Ours:
    """What was measured of one family."""

    name: str
    topic: str
    per_s: float
    distinct: int
    n_steps: float


def main() -> None:
    """Measure, print and write the page."""
    read = _arguments()
    began = time.perf_counter()
    if not read.quick:
        HOME.mkdir(exist_ok=True)
        install(PEER)
    names = read.only.split(",") if read.only else list(families())
    ours = [measure(name, read.items) for name in names]
    known = [pair for pair in pairs() if pair["ours"] in names]
    is_there = not read.quick and version_of(PEER) is not None
    theirs = _measure_peer([pair["theirs"] for pair in known], read.items) if is_there and known else {}
    page = _page(ours, known, theirs, read, time.perf_counter() - began)
    read.out.write_text(page, encoding="utf-8")
    print(page)


def measure(name: str, n: int) -> Ours:
    """Return how fast a family is, and what it gives under neighbouring seeds."""
    methods = family_of(name).methods
    best, n_steps = 0.0, 0.0
    for turn in range(3):
        began, steps = time.process_time(), 0
        for k in range(n):
            problem = make(name, seed=turn, k=k, language="ja")
            found = solve(problem, method=methods[k % len(methods)], style=STYLES[k % len(STYLES)], variant=k)
            steps += found.n_steps
        best, n_steps = max(best, n / (time.process_time() - began)), steps / n
    asked = {make(name, seed=seed, k=k, language="ja").prompt for seed in SEEDS for k in range(EACH)}
    return Ours(name, family_of(name).topic, best, len(asked), n_steps)


def _measure_peer(names: list[str], n: int) -> dict[str, Any]:
    script = HERE / "peers/run_reasoning_gym.py"
    command = [str(HOME / PEER / "bin/python"), str(script), str(n), *sorted(set(names))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    read: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return read


def pairs() -> list[dict[str, str]]:
    """Return the families that both have."""
    lines = (HERE / "peers/reasoning_gym.tsv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))


def _page(
    ours: list[Ours],
    known: list[dict[str, str]],
    theirs: dict[str, Any],
    read: argparse.Namespace,
    took_s: float,
) -> str:
    speeds = sorted(one.per_s for one in ours)
    slowest = min(ours, key=lambda one: one.per_s)
    peer = f"reasoning-gym {version_of(PEER)}" if theirs else _why_none(quick=read.quick)
    lines = [
        "# Exact problems: finished items a second",
        "",
        "Written by `make bench-problems`. An item of ours is finished: problem, answer and one worked solution, in",
        "Japanese, every style and method in turn. An item of reasoning-gym is a question and its answer in English,",
        "without a solution. Processor time of one core, the best of three turns of each, both sides in one session.",
        "",
        f"* {datetime.now(UTC):%Y-%m-%d}, {read.items} items a turn, {took_s / 60:.0f} minutes; Linux {platform.release()},",
        f"  {os.cpu_count()} cores, Python {platform.python_version()}, Tanemaki {version('tanemaki')}; peer: {peer}",
        f"* {len(ours)} families: median {median(speeds):,.0f} items/s, slowest {slowest.per_s:,.0f} (`{slowest.name}`)",
        "",
    ]
    if theirs:
        lines += _ratios(ours, known, theirs)
    lines += [
        "## Every family",
        "",
        f"Distinct: different texts among {len(SEEDS) * EACH:,} items, {EACH} each of seeds {SEEDS[0]} to {SEEDS[-1]}.",
        "",
        "| topic | family | items/s | steps of a solution, mean | distinct |",
        "|---|---|---|---|---|",
        *(
            f"| {one.topic} | `{one.name}` | {one.per_s:,.0f} | {one.n_steps:.1f} | {one.distinct:,} |"
            for one in ours
        ),
    ]
    return "\n".join(lines) + "\n"


def _ratios(ours: list[Ours], both: list[dict[str, str]], theirs: dict[str, Any]) -> list[str]:
    known = {one.name: one for one in ours}
    rows = []
    for pair in both:
        one, other = known[pair["ours"]], theirs[pair["theirs"]]
        distinct = f"{other['distinct']:,}" if other["items"] else "not tried: slow"
        speeds = (f"{one.per_s:,.0f}", f"{other['per_s']:,.0f}", f"{one.per_s / other['per_s']:.2f}")
        cells = (
            f"`{one.name}`",
            f"`{pair['theirs']}`",
            *speeds,
            f"{one.distinct:,}",
            distinct,
            pair["holds"],
        )
        rows.append(f"| {' | '.join(cells)} |")
    ratios = [known[pair["ours"]].per_s / theirs[pair["theirs"]]["per_s"] for pair in both]
    return [
        "## Beside reasoning-gym",
        "",
        f"Ratio above 1: ours is faster. Median ratio {median(ratios):.2f} over {len(ratios)} pairs; an item of ours holds",
        "a worked solution besides. The tasks of a pair are alike, not the same; the last column says what theirs is.",
        "",
        "| ours | theirs | ours, items/s | theirs | ratio | ours, distinct | theirs, distinct | an item of theirs |",
        "|---|---|---|---|---|---|---|---|",
        *rows,
        "",
    ]


def _why_none(*, quick: bool) -> str:
    return "none (--quick)" if quick else f"did not run ({error_of(PEER)})"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.problems", description=__doc__)
    parser.add_argument("--items", type=int, default=2_000, help="items of a turn: %(default)s")
    parser.add_argument("--only", default="", help="families, with commas; all if left out")
    parser.add_argument("--quick", action="store_true", help="200 items, without the peer")
    parser.add_argument("--out", type=Path, default=PAGE, help="the page: %(default)s")
    read = parser.parse_args()
    if read.quick:
        read.items = min(read.items, 200)
    if unknown := set(filter(None, read.only.split(","))) - set(families()):
        parser.error(f"unknown family {min(unknown)!r}: one of {', '.join(families())}")
    return read


if __name__ == "__main__":
    main()
