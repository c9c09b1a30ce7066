"""What every case works with: rows, an endpoint, a measured run, and tables for the page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.contestants import BARE, HERE, OURS, Work, fresh, program, rows_of
from benchmarks.server.handle import Endpoint

WORK = HERE / ".work"
_TEXT = (
    "explain why the mill by the old bridge grinds more flour in autumn and how the miller keeps count of the "
    "sacks that "
    "the farmers of four villages bring before the first snow closes the road over the hill"
)
_WORDS = tuple(_TEXT.split())


@dataclass
class Table:
    """One measure of the results page."""

    title: str
    what: str
    """What was done, in a sentence or two."""
    bar: str
    """What must be seen."""
    columns: Sequence[str]
    rows: list[Sequence[object]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass
class Bench:
    """The settings of one session."""

    scale: float = 1.0
    passes: int = 1
    peers: tuple[str, ...] = ()
    say: Callable[[str], None] = print
    work: Path = WORK
    """Where rows, runs and logs lie."""
    other_cores: list[float] = field(default_factory=list)

    def size(self, n: int, least: int = 100) -> int:
        """Return a number of rows, scaled."""
        return max(least, round(n * self.scale))

    def rows(self, n: int) -> Path:
        """Return a JSONL file of so many rows with prompts of about 600 bytes."""
        path = self.work / f"rows-{n}.jsonl"
        if not path.exists():
            draft = path.with_suffix(".part")
            with draft.open("w", encoding="utf-8") as file:
                for i in range(n):
                    words = [_WORDS[(i * 31 + j * (1 + i % 7)) % len(_WORDS)] for j in range(116)]
                    row = {"number": str(i), "prompt": f"(row {i}) Topic {i}: {' '.join(words)}"}
                    file.write(json.dumps(row) + "\n")
            draft.replace(path)
        return path

    @contextmanager
    def endpoints(self, n: int = 1) -> Iterator[list[Endpoint]]:
        """Start endpoints for as long as the block lasts."""
        with ExitStack() as stack:
            yield [stack.enter_context(Endpoint()) for _ in range(n)]

    def run(self, name: str, work: Work, endpoints: Sequence[Endpoint] = (), **more: Any) -> dict[str, Any]:
        """Run a contestant; return its figures, what the first endpoint saw under ``seen``, and its ``rows``."""
        with self.running(name, work, endpoints, **more) as process:
            told = process.communicate()[0]
        figures = json.loads(told)
        if name == OURS and figures["exit"] not in (0, 4):
            raise AssertionError(_last_of(work.folder.parent / f"{name}.log"))
        figures.update(name=name, rows=rows_of(name, work) if figures["exit"] is not None else {})
        figures["seen"] = endpoints[0].seen() if endpoints else {}
        self.other_cores.append(figures["other_cores"])
        return self._noted(figures)

    @contextmanager
    def running(
        self,
        name: str,
        work: Work,
        endpoints: Sequence[Endpoint] = (),
        *,
        time_out_s: float = 300,
        keep: bool = False,
    ) -> Iterator[subprocess.Popen[str]]:
        """Start a contestant under ``measure``, whose standard output becomes the figures. SIGTERM kills the tree."""
        if not keep:
            fresh(work.folder)
        with measured(
            program(name, work), work.folder.parent / f"{name}.log", endpoints, time_out_s
        ) as process:
            yield process

    def _noted(self, figures: dict[str, Any]) -> dict[str, Any]:
        seen = {key: value for key, value in figures["seen"].items() if not key.endswith("_by_tick")}
        with (self.work / "raw.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({**figures, "seen": seen, "at": time.time()}) + "\n")
        self.say(
            f"  {figures['name']}: {figures['how']} {figures['exit']}, wall {figures['wall_s']} s, "
            f"CPU {figures['cpu_s']} s, "
            f"{figures['rss_mb']} MB, rows {figures['rows']}, other load {figures['other_cores']} cores"
        )
        return figures

    def contestants(self, *, bare: bool = True) -> tuple[str, ...]:
        """Return who runs: ours, the bare loop, and the peers that were asked for."""
        return (OURS, *((BARE,) if bare else ()), *self.peers)


@contextmanager
def measured(
    command: Sequence[str], log: Path, endpoints: Sequence[Endpoint] = (), time_out_s: float = 300
) -> Iterator[subprocess.Popen[str]]:
    """Start any program under ``measure``."""
    aside = [f"--aside={endpoint.pid}" for endpoint in endpoints]
    environment = {**os.environ, "TIKTOKEN_CACHE_DIR": str(HERE / ".peers" / "tiktoken")}
    full = [
        sys.executable,
        "-m",
        "benchmarks.measure",
        f"--time-out={time_out_s}",
        f"--log={log}",
        *aside,
        "--",
    ]
    process = subprocess.Popen(
        [*full, *command], cwd=HERE.parent, stdout=subprocess.PIPE, text=True, env=environment
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.communicate()


def _last_of(log: Path) -> str:
    return log.read_text(encoding="utf-8")[-1500:]


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return float(median(values))
