"""How near a contestant comes to the time that the latencies allow: one step at 200 ms, and a chain with a long tail."""

from __future__ import annotations

import math

from benchmarks.bench import Bench, Table
from benchmarks.contestants import Work, is_installed
from benchmarks.ideal import barrier_floor_s, greedy_floor_s, latencies
from benchmarks.server.draws import Behaviour

SLOTS = 512


def waves(bench: Bench) -> Table:
    """Measure 3."""
    n = bench.size(20_000, least=SLOTS)
    ideal = math.ceil(n / SLOTS) * 0.2
    table = Table(
        title="Every slot full: 200 ms a reply, 512 slots",
        what=f"{n:,} rows of one call, 512 in flight. Ideal: {ideal:.1f} s from the first request to the last "
        "reply, as the "
        "endpoint saw it.",
        bar="Tanemaki ≥ 90 % of the ideal in one process",
        columns=(
            "client",
            "span s",
            "of the ideal",
            "CPU ms a request",
            "wall s",
            "peak in flight",
            "other cores",
        ),
    )
    chosen = [name for name in bench.contestants() if name not in ("curator", "distilabel", "datadesigner")]
    with bench.endpoints() as endpoints:
        for name in filter(is_installed, chosen):
            endpoints[0].behave(latency_ms=200, slots=SLOTS)
            work = Work(endpoints[0].url, bench.rows(n), bench.work / "waves" / name, 1, SLOTS)
            told = bench.run(name, work, endpoints)
            seen = told["seen"]
            table.rows.append(
                (
                    *(name, f"{seen['span_s']:.2f}", f"{ideal / seen['span_s']:.0%}"),
                    *(
                        f"{told['cpu_s'] / n * 1000:.3f}",
                        told["wall_s"],
                        seen["peak_in_flight"],
                        told["other_cores"],
                    ),
                )
            )
    if bench.peers:
        table.notes.append(
            "Curator, distilabel and DataDesigner are left out: their CPU alone takes many times as long."
        )
    return table


def chain(bench: Bench) -> Table:
    """Measure 4."""
    n, workers = bench.size(2_000), 256
    behaviour = {"latency_ms": 200, "sigma": 1.0, "slots": SLOTS}
    drawn = latencies(Behaviour(latency_ms=200, sigma=1.0), n, 3)
    floor = greedy_floor_s(drawn, workers)
    table = Table(
        title="No barrier: three calls a row, log-normal latency",
        what=f"{n:,} rows, median 200 ms, sigma 1, {workers} in flight, 512 slots. Greedy floor {floor:.2f} s; "
        "with a barrier "
        f"after each step {barrier_floor_s(drawn, workers):.2f} s. Ours filters and parses between the calls.",
        bar="Tanemaki ≤ 1.10 × the greedy floor",
        columns=(
            "client",
            "span s",
            "× the floor",
            "CPU ms a request",
            "wall s",
            "peak in flight",
            "rows out",
        ),
    )
    with bench.endpoints() as endpoints:
        for name in filter(is_installed, bench.contestants()):
            endpoints[0].behave(**behaviour)
            work = Work(endpoints[0].url, bench.rows(n), bench.work / "chain" / name, 3, workers)
            told = bench.run(name, work, endpoints)
            seen = told["seen"]
            table.rows.append(
                (
                    *(name, f"{seen['span_s']:.2f}", f"{seen['span_s'] / floor:.2f}"),
                    *(f"{told['cpu_s'] / max(1, seen['answered']) * 1000:.3f}", told["wall_s"]),
                    *(seen["peak_in_flight"], told["rows"]),
                )
            )
    return table
