"""What faults cost: time, rows, replies paid twice."""

from __future__ import annotations

from typing import Any

from benchmarks.bench import Bench, Table
from benchmarks.contestants import OURS, Work, is_installed
from benchmarks.server.handle import Endpoint

SWITCHES = {"curator": {"require": 0}}
PLAIN = {"latency_ms": 50, "slots": 512}
FAULTS = {
    "overloaded": 0.02,
    "retry_after_s": 1.0,
    "broken": 0.01,
    "reset": 0.01,
    "hang": 0.005,
    "cut": 0.0025,
    "malformed": 0.0025,
    "poison": 0.005,
}


def faults(bench: Bench) -> Table:
    """Measure 7."""
    n = bench.size(2_000, least=400)
    table = Table(
        title="Faults",
        what=f"{n:,} rows of one call, 50 ms, 256 in flight, time-out 10 s, with and without faults: 2 % 429 "
        "(`Retry-After: 1`), "
        "1 % 500, 1 % reset, 0.5 % hang, 0.5 % cut in the body (half of them with the connection, half as half "
        "a JSON), all at "
        "a row's first request; 0.5 % of rows always get a 500.",
        bar="all rows but the poisoned; wall ≤ faultless + 3 s; no reply paid twice but by hedges, within the "
        "stated share",
        columns=(
            "client",
            "faultless wall s",
            "wall s",
            "+ s",
            "ended",
            "rows out",
            "requests",
            "paid twice",
            "given up by the client",
        ),
    )
    with bench.endpoints() as endpoints:
        for name in filter(is_installed, bench.contestants(bare=False)):
            plain = _run(bench, name, endpoints, n, PLAIN)["wall_s"]
            told = _run(bench, name, endpoints, n, {**PLAIN, **FAULTS})
            seen, ended = told["seen"], told["how"] == "ended" and told["exit"] == 0
            table.rows.append(
                (
                    *(name, f"{plain:.1f}", f"{told['wall_s']:.1f}"),
                    f"{told['wall_s'] - plain:+.1f}" if ended else "–",
                    f"exit {told['exit']}" if told["how"] == "ended" else told["how"],
                    *(told["rows"], seen["requests"], seen["answered_twice"], seen["aborted"]),
                )
            )
            if name == OURS:
                met = ", ".join(f"{fault} {count}" for fault, count in sorted(seen["faults"].items()))
                hedges = _hedged(seen, n)
                table.notes.append(
                    f"Faults that ours met: {met}; requests beyond one a row: {seen['requests'] - n}."
                )
                table.notes.append(
                    f"Of these, {hedges} raced a slow or hung request: {hedges / n:.2%} of the rows."
                )
    if "curator" in bench.peers:
        table.notes.append("Curator is told to go on without the replies that it could not get.")
    return table


def _run(
    bench: Bench, name: str, endpoints: list[Endpoint], n: int, behaviour: dict[str, Any]
) -> dict[str, Any]:
    endpoints[0].behave(**behaviour)
    folder, more = bench.work / "faults" / name, SWITCHES.get(name, {})
    work = Work(endpoints[0].url, bench.rows(n), folder, 1, 256, timeout_s=10, more=dict(more))
    return bench.run(name, work, endpoints, time_out_s=150)


def _hedged(seen: dict[str, Any], n: int) -> int:
    """Requests beyond one a row that no fault other than a hang called for; a hang is what a hedge is for."""
    met = seen["faults"]
    mended = sum(count for fault, count in met.items() if fault not in ("poison", "hang"))
    poisoned_rows = seen["rows"] - seen["rows_answered"]
    return int(seen["requests"] - n - mended - (met.get("poison", 0) - poisoned_rows))
