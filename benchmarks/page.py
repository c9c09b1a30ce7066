"""The results page: machine, versions, commit, and one table per measure."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.bench import Bench, Table, middle
from benchmarks.peers.setup import PACKAGES, error_of, version_of

LIBRARIES = ("aiohttp", "uvloop", "orjson", "duckdb", "pydantic")


_HEAD = """\
# The engine beside its peers

What a request costs and what happens when things go wrong, measured in one session on one machine. Written by
`{command}`; nothing here is typed by hand. Not here: how good the data is.
"""
_TERMS = """
CPU is user and system time of the client's whole process tree, its start included; wall times compare only within one
session. The endpoint is a process on the same machine (`benchmarks/server`) that draws latencies and faults from (seed, row,
attempt), so every client meets the same. Prompts have about 600 bytes, replies 128 words. Ours is `tanemaki run FILE` as a
user starts it, in a fresh folder: run file, recipe, JSONL source, journal with a full sync per group, lineage, and the
export to Parquet with its card.
"""


def page_of(bench: Bench, tables: Sequence[Table], command: str, took_s: float) -> str:
    """Return the page as Markdown."""
    circumstances = [f"* {line}" for line in _circumstances(bench, took_s)]
    parts = [_HEAD.format(command=command), *circumstances, _TERMS.rstrip()]
    for table in tables:
        parts += ["", *_table(table)]
    return "\n".join(parts) + "\n"


def _table(table: Table) -> list[str]:
    lines = [f"## {table.title}", "", table.what, "", f"**Must be seen:** {table.bar}", ""]
    lines.append("| " + " | ".join(table.columns) + " |")
    lines.append("|" + "---|" * len(table.columns))
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in table.rows]
    if table.notes:
        lines += ["", *(f"* {note}" for note in table.notes)]
    return lines


def _cell(cell: object) -> str:
    if isinstance(cell, dict):
        return ", ".join(f"{key} {value:,}" for key, value in cell.items())
    if isinstance(cell, int) and not isinstance(cell, bool):
        return f"{cell:,}"
    return str(cell).replace("|", "\\|")


def _circumstances(bench: Bench, took_s: float) -> list[str]:
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    others = bench.other_cores or [0.0]
    other = f"{min(others):.2f} to {max(others):.2f} cores, {middle(others):.2f} in the middle"
    when = f"{datetime.now(UTC):%Y-%m-%d}, commit {_commit()}"
    machine = f"{os.cpu_count()} cores ({_processor()}), {_memory_gb()} GB of memory"
    return [
        f"{when}, the whole session {took_s / 60:.0f} minutes, scale {bench.scale:g}",
        f"{machine}, Linux {platform.release()}",
        f"Python {platform.python_version()}, Tanemaki {version('tanemaki')}, {libraries}",
        f"peers: {_peers(bench)}",
        f"other work on the machine meanwhile: {other}",
    ]


def _peers(bench: Bench) -> str:
    told = [f"{name} {version_of(name)}" for name in bench.peers]
    told += [f"{name} did not run ({error_of(name)})" for name in PACKAGES if version_of(name) is None]
    return ", ".join(told) or "none were run"


def _commit() -> str:
    git = shutil.which("git") or "git"
    told = subprocess.run(
        [git, "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    )
    return told.stdout.strip() or "unknown"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory_gb() -> int:
    return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9)
