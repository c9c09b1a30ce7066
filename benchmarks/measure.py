"""Runs one program and tells what it used: ``python -m benchmarks.measure [--time-out S] -- PROGRAM…``, one JSON object.

CPU is user and system time of the program's whole process tree, start and imports included: this process is the reaper of
orphans, so what workers used is counted too. Memory is the largest sum of resident sizes over the tree, looked at every
50 ms (pages that processes share count once in each). ``other_cores`` is what the rest of the machine used meanwhile; the
processes of ``--aside`` (our own servers) are not part of it. Standard library only.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

_SET_CHILD_SUBREAPER = 36
_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
LOOK_EVERY_S = 0.05


def below(pid: int) -> list[int]:
    """Return every process below this one."""
    found: list[int] = []
    todo = [pid]
    while todo:
        tasks = Path(f"/proc/{todo.pop()}/task")
        with contextlib.suppress(OSError):
            for task in tasks.iterdir():
                children = [int(child) for child in (task / "children").read_text().split()]
                found += children
                todo += children
    return found


def _resident(pid: int) -> int:
    with contextlib.suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    return 0


def _machine_busy_s() -> float:
    user, nice, system, _, _, irq, soft = (int(n) for n in Path("/proc/stat").read_text().split()[1:8])
    return (user + nice + system + irq + soft) / _TICK


def _used_s(pid: int) -> float:
    with contextlib.suppress(OSError):
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / _TICK
    return 0.0


def _kill_all() -> None:
    for _ in range(40):
        left = below(os.getpid())
        for pid in left:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if not left:
            return
        time.sleep(0.05)


class _Told:
    """What SIGTERM sets: the driver asks that the tree be killed."""

    killed = False


def run(program: list[str], time_out_s: float, log: str | None, aside: list[int]) -> dict[str, Any]:
    """Run a program to its end, to the time-out, or until this process gets SIGTERM; return the figures."""
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGTERM, lambda *_: setattr(_Told, "killed", True))
    busy, aside_s = _machine_busy_s(), sum(_used_s(pid) for pid in aside)
    started = time.monotonic()
    with Path(log or os.devnull).open("wb") as out:
        child = subprocess.Popen(program, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    most = n_most = 0
    how = "ended"
    code = None
    me = os.getpid()
    own_s = time.process_time()
    while True:
        pid, status = os.waitpid(child.pid, os.WNOHANG)
        if pid:
            code = os.waitstatus_to_exitcode(status)
            break
        tree = below(me)
        most, n_most = max(most, sum(_resident(one) for one in tree)), max(n_most, len(tree))
        if _Told.killed or time.monotonic() - started > time_out_s:
            how = "killed" if _Told.killed else "timed out"
            break
        time.sleep(LOOK_EVERY_S)
    wall_s = time.monotonic() - started
    _kill_all()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = used.ru_utime + used.ru_stime
    aside_s = sum(_used_s(pid) for pid in aside) - aside_s
    other = _machine_busy_s() - busy - cpu_s - aside_s - (time.process_time() - own_s)
    return {
        "how": how,
        "exit": code,
        "wall_s": round(wall_s, 3),
        "cpu_s": round(cpu_s, 3),
        "system_s": round(used.ru_stime, 3),
        "rss_mb": round(most / 2**20, 1),
        "processes": n_most,
        "other_cores": round(max(0.0, other) / max(wall_s, 0.01), 2),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--time-out", type=float, default=600)
    parser.add_argument("--log")
    parser.add_argument("--aside", type=int, action="append", default=[])
    parser.add_argument("program", nargs="+")
    read = parser.parse_args()
    sys.stdout.write(json.dumps(run(read.program, read.time_out, read.log, read.aside)) + "\n")
