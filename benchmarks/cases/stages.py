"""Microseconds of each stage of the hot path."""

from __future__ import annotations

from benchmarks.bench import Bench, Table
from benchmarks.contestants import OURS, Work
from benchmarks.stages import Stages, export_of


def budget(bench: Bench) -> Table:
    """Measure 12."""
    n = bench.size(20_000, least=1_000)
    stages = Stages(n, bench.work / "stages", bench.rows(n))
    stages.run()
    ran_s, exported_s = export_of(bench.rows(n), n, bench.work / "stages")
    table = Table(
        title="What each stage of the hot path costs",
        what=f"CPU µs a call (close, export: a row), each stage alone and warm, {n:,} times, on the functions "
        "that the engine calls.",
        bar="the sum leaves room below 0.40 ms a request",
        columns=("stage", "µs", "what it is"),
    )
    table.rows = [(stage, f"{micros:.1f}", what) for stage, micros, what in stages.figures]
    table.rows.append(
        ("export", f"{exported_s / n * 1e6:.1f}", "a row from the journal to Parquet, the card included")
    )
    in_process = f"{(ran_s) / n * 1e6:.1f}"
    table.rows.append(
        ("a whole run", in_process, "all but the network: source, one step, scripted model, journal, export")
    )
    with bench.endpoints() as endpoints:
        endpoints[0].behave()
        told = bench.run(OURS, Work(endpoints[0].url, bench.rows(1), bench.work / "start" / OURS), endpoints)
    table.notes.append(
        f"Start and end of a process: a run of one row takes {told['cpu_s']:.2f} CPU s in all."
    )
    return table
