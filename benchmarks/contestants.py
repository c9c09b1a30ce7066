"""Who runs: how each contestant is started on the same rows against the same endpoint.

Tanemaki is driven as its user drives it: ``tanemaki run FILE`` in a fresh process and a fresh folder, with everything that
entails: imports, the run file, the recipe's folder, reading the JSONL source, the journal with a full sync per group, every
row with its lineage, and at the end the export to Parquet with card and counts. Nothing is switched off.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
RECIPES = {1: "one_call", 3: "three_calls"}
BARE = "aiohttp"
OURS = "tanemaki"


@dataclass(frozen=True)
class Work:
    """What a contestant is to do."""

    url: str
    rows: Path
    folder: Path
    """Its own, empty."""
    steps: int = 1
    concurrency: int | None = 256
    """Requests in flight; None: the contestant is not told."""
    timeout_s: float = 60.0
    more: dict[str, Any] = field(default_factory=dict)
    """Tanemaki: further keys of the run file. A peer: its own switches."""


def program(name: str, work: Work) -> list[str]:
    """Return the command line of a contestant; writes the files that it needs."""
    if name == OURS:
        return _ours(work)
    if name == BARE:
        return [sys.executable, str(HERE / "clients" / "bare_aiohttp.py"), *_common(work)]
    python = HERE / ".peers" / name / "bin" / "python"
    switches = [f"--{key}={value}" for key, value in work.more.items()]
    common = [*_common(work), "--timeout", str(work.timeout_s), "--work", str(work.folder)]
    return [str(python), "-m", f"benchmarks.peers.run_{name}", *common, *switches]


def _common(work: Work) -> list[str]:
    out = work.folder / "out.jsonl"
    told = ["--url", work.url, "--rows", str(work.rows), "--out", str(out), "--steps", str(work.steps)]
    return told if work.concurrency is None else [*told, "--concurrency", str(work.concurrency)]


def _ours(work: Work) -> list[str]:
    run = run_file(work)
    path = work.folder / "run.yaml"
    path.write_text(json.dumps(run, indent=1), encoding="utf-8")  # JSON is YAML
    return [str(Path(sys.executable).with_name("tanemaki")), "run", str(path), "--json"]


def run_file(work: Work) -> dict[str, Any]:
    """Return Tanemaki's run file."""
    model = {
        "endpoint": work.url,
        "name": "bench",
        "timeout_s": work.timeout_s,
        "sampling": {"max_tokens": 256},
    }
    if work.concurrency is not None:
        model["concurrency"] = work.concurrency
    more = dict(work.more)
    model.update(more.pop("model", {}))
    if "endpoints" in model:
        del model["endpoint"]
    return {
        "recipe": str(HERE / "recipes" / RECIPES[work.steps]),
        "language": "en",
        "source": {"kind": "jsonl", "path": str(work.rows)},
        "models": {"writer": model},
        "output": str(work.folder / "run"),
        **more,
    }


def fresh(folder: Path) -> Path:
    """Return the folder, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def rows_of(name: str, work: Work) -> dict[str, int]:
    """Return how many rows came out, by how they ended."""
    if name != OURS:
        out = work.folder / "out.jsonl"
        return {"written": sum(1 for _ in out.open("rb")) if out.exists() else 0}
    with closing(sqlite3.connect(work.folder / "run" / "journal.sqlite")) as db:
        found = db.execute("SELECT status, reason, count(*) FROM rows GROUP BY status, reason")
        ended: Counter[str] = Counter()
        for status, reason, n in found:
            ended[f"{status}: {reason}" if status == "failed" else status] += n
        return dict(ended)


def is_installed(name: str) -> bool:
    """Tell whether a contestant can run here."""
    return name in (OURS, BARE) or (HERE / ".peers" / name / "installed").exists()
