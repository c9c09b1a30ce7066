"""Memory and rows a second without a network, which must not grow with the rows; and how soon a large run goes on."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.bench import Bench, Table, measured
from benchmarks.contestants import HERE, fresh

SIZES = (10_000, 100_000, 1_000_000)


def flat(bench: Bench) -> Table:
    """Measure 9."""
    table = Table(
        title="Memory and rows a second, from 10,000 to 1,000,000 rows",
        what="A scripted model in this process, one step, replies of 1 kB, prompts of 600 bytes from a JSONL "
        "file, journal with "
        "full sync, export to Parquet: everything but the network. A core is one second of CPU.",
        bar="RSS grows ≤ 20 % from 10,000 to 1,000,000 rows; ≥ 8,000 rows a second and core",
        columns=(
            "rows",
            "RSS MB",
            "× the first",
            "rows / CPU s",
            "CPU µs a row",
            "CPU s",
            "wall s",
            "journal MB",
        ),
    )
    first = 0.0
    for size in SIZES:
        n = bench.size(size)
        folder = _folder(bench, n)
        told = _start(bench, n, fresh(folder))
        first = first or told["rss_mb"]
        journal_mb = round((folder / "run" / "journal.sqlite").stat().st_size / 1e6)
        table.rows.append(
            (
                *(f"{n:,}", told["rss_mb"], f"{told['rss_mb'] / first:.2f}", f"{n / told['cpu_s']:,.0f}"),
                *(f"{told['cpu_s'] / n * 1e6:.0f}", told["cpu_s"], told["wall_s"], journal_mb),
            )
        )
        if size != SIZES[-1]:
            shutil.rmtree(folder)  # the last one is what `resume` starts again
    return table


def resume(bench: Bench) -> Table:
    """Measure 11."""
    n = bench.size(SIZES[-1])
    table = Table(
        title="A large run, started again",
        what=f"Finished: the run of {n:,} rows that the measure above made, started again, from the process's "
        "start to its end. "
        f"Half-finished: {n:,} rows in the source, half of them closed in the journal "
        "(`benchmarks/make_journal.py`), from the "
        "start of the run to its first request.",
        bar="finished ≤ 3 s until it says so; half-finished ≤ 30 s until the first request",
        columns=("run", "seconds", "CPU s", "RSS MB"),
    )
    folder = _folder(bench, n)
    if not (folder / "run" / "run.yaml").exists():
        _start(bench, n, fresh(folder))
    told = _start(bench, n, folder)
    table.rows.append(("finished", f"{told['wall_s']:.1f}", told["cpu_s"], told["rss_mb"]))
    shutil.rmtree(folder)
    half = fresh(bench.work / "half-finished")
    command = [sys.executable, "-m", "benchmarks.resume", str(half), f"--source={n}", f"--done={n // 2}"]
    _measure(bench, [*command, "--make"], "make-journal")
    told = _measure(bench, command, "half-finished")
    found = re.search(
        r"first request after ([0-9.]+) s", (bench.work / "half-finished.log").read_text(encoding="utf-8")
    )
    table.rows.append(("half-finished", found[1] if found else "no request", told["cpu_s"], told["rss_mb"]))
    shutil.rmtree(half)
    return table


def _folder(bench: Bench, n: int) -> Path:
    return bench.work / f"memory-{n}"


def _start(bench: Bench, n: int, folder: Path) -> dict[str, Any]:
    """Run so many rows by the scripted model; return the figures."""
    script = [sys.executable, str(HERE / "clients" / "scripted_rows.py")]
    return _measure(bench, [*script, "--rows", str(bench.rows(n)), "--folder", str(folder)], "memory")


def _measure(bench: Bench, command: Sequence[str], name: str) -> dict[str, Any]:
    log = bench.work / f"{name}.log"
    with measured(command, log, time_out_s=1200) as process:
        told: dict[str, Any] = json.loads(process.communicate()[0])
    assert told["exit"] == 0, log.read_text(encoding="utf-8")
    bench.other_cores.append(told["other_cores"])
    bench.say(f"  {name}: {told}")
    return told
