"""``python -m benchmarks``: runs the measures and writes the results page. ``make bench-engine ARGS=…`` calls it."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.bench import WORK, Bench, Table
from benchmarks.cases import cpu, faults, kills, memory, money, pace, spans, stages
from benchmarks.contestants import HERE, is_installed
from benchmarks.page import page_of
from benchmarks.peers.setup import PACKAGES

CASES: Mapping[str, Callable[[Bench], Table]] = {
    "cpu": cpu.one_step,
    "steps": cpu.three_steps,
    "waves": spans.waves,
    "chain": spans.chain,
    "slots": pace.slots,
    "endpoints": pace.endpoints,
    "faults": faults.faults,
    "kills": kills.kills,
    "money": money.money,
    "memory": memory.flat,
    "resume": memory.resume,
    "stages": stages.budget,
}
PAGE = HERE / "engine.md"


def main() -> None:
    """Read the arguments, run, write."""
    read = _arguments()
    chosen = read.only.split(",")
    read.work.mkdir(parents=True, exist_ok=True)
    bench = Bench(scale=read.scale, passes=read.passes, peers=read.peers, say=_say, work=read.work)
    started = time.monotonic()
    tables: list[Table] = []
    failed: list[str] = []
    arguments = " ".join(sys.argv[1:])
    command = f'make bench-engine ARGS="{arguments}"' if arguments else "make bench-engine"
    draft = read.out or read.work / "engine.md"
    for name in chosen:
        since = time.monotonic()
        _say(f"{name} …")
        try:
            tables.append(CASES[name](bench))
        except AssertionError as error:
            failed.append(name)
            _say(f"{name} measured nothing: {error}")
        _say(f"{name}: {time.monotonic() - since:.0f} s")
        # after each measure: half an hour's figures must not hang on the last one
        draft.write_text(page_of(bench, tables, command, time.monotonic() - started), encoding="utf-8")
    print(draft.read_text(encoding="utf-8"))
    if failed:
        sys.exit(f"without figures: {', '.join(failed)}")
    if len(tables) == len(CASES) and read.scale == 1 and read.out is None:
        draft = draft.replace(PAGE)
    _say(f"written: {draft}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", default=",".join(CASES), help="measures, with commas: %(default)s")
    parser.add_argument(
        "--peers", default="installed", help=f"none, installed, or some of {', '.join(PACKAGES)}"
    )
    parser.add_argument("--scale", type=float, default=1.0, help="share of the rows; the page states it")
    parser.add_argument(
        "--passes", type=int, default=3, help="how often ours and the bare loop run, interleaved"
    )
    parser.add_argument("--quick", action="store_true", help="--scale 0.1 --passes 1 --peers none")
    parser.add_argument(
        "--out", type=Path, help="the page; engine.md beside this file if everything is run whole"
    )
    parser.add_argument("--work", type=Path, default=WORK, help="folder of rows, runs and logs: %(default)s")
    read = parser.parse_args()
    if unknown := set(read.only.split(",")) - CASES.keys():
        parser.error(f"unknown measure {min(unknown)!r}: one of {', '.join(CASES)}")
    if read.quick:
        read.scale, read.passes, read.peers = 0.1, 1, "none"
    if read.peers in ("none", "installed"):
        wanted = PACKAGES if read.peers == "installed" else {}
        read.peers = tuple(name for name in wanted if is_installed(name))
    else:
        read.peers = tuple(read.peers.split(","))
        if lacking := [name for name in read.peers if not is_installed(name)]:
            parser.error(
                f"{lacking[0]!r} is not installed: make bench-peers, with one of {', '.join(PACKAGES)}"
            )
    return read


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
