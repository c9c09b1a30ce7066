"""How long a large run takes until it goes on: ``python -m benchmarks.resume FOLDER --make``, then without ``--make``.

A half-finished run is started until its first request. With ``--finish`` it is let go to its end; once more, it has nothing
to do. Seconds are those of the start alone, the memory is the process's greatest.
"""

from __future__ import annotations

import argparse
import resource
import time
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

from benchmarks.make_journal import make, order
from tanemaki.config.schema import Limits
from tanemaki.core.errors import LimitReached
from tanemaki.core.model import Reply, Request
from tanemaki.engine.calls import spent_so_far
from tanemaki.models.scripted import Scripted, last_text
from tanemaki.run.execute import execute
from tanemaki.run.folder import open_to_read


def until_first_request(folder: Path) -> float:
    """Return the seconds from this call to the first request; a limit stops the run there."""
    first: list[float] = []

    def say(request: Request) -> Reply:
        first.append(time.monotonic())
        print(f"first asked: {last_text(request)}")
        return Reply("はい。")

    with closing(open_to_read(folder / "run")) as db:
        allowed = spent_so_far(db).requests + 1
    started = time.monotonic()
    with suppress(LimitReached):
        limits = Limits(requests=allowed, accepted_share=None)
        execute(replace(order(folder, Scripted(say)), limits=limits))
    return first[0] - started


def to_its_end(folder: Path) -> tuple[str, float]:
    """Return how a start ended, and its seconds."""
    started = time.monotonic()
    report = execute(order(folder))
    return report.state, time.monotonic() - started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.resume", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--make", action="store_true")
    parser.add_argument("--finish", action="store_true")
    parser.add_argument("--source", type=int, default=1_000_000)
    parser.add_argument("--done", type=int, default=500_000)
    read = parser.parse_args()
    if read.make:
        print(f"made in {make(read.folder, read.source, read.done):.0f} s")
    elif read.finish:
        state, seconds = to_its_end(read.folder)
        print(f"{state}: {seconds:.1f} s")
    else:
        print(f"first request after {until_first_request(read.folder):.1f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
