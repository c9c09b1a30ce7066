"""CPU per request: one step, and three steps with parse and verdicts, at zero latency."""

from __future__ import annotations

from benchmarks.bench import Bench, Table, middle
from benchmarks.contestants import BARE, OURS, Work, is_installed

CONCURRENCY = 256


def one_step(bench: Bench) -> Table:
    """Measure 1."""
    return _measure(
        bench, steps=1, bar="Tanemaki ≤ 0.40 ms; ≤ 0.6 × datatrove; ≥ 5 × less than Curator, 9 × than others"
    )


def three_steps(bench: Bench) -> Table:
    """Measure 2."""
    return _measure(bench, steps=3, bar="Tanemaki ≤ 0.45 ms")


def _measure(bench: Bench, *, steps: int, bar: str) -> Table:
    n_rows = bench.size(10_000)
    table = Table(
        title="CPU per request" if steps == 1 else "CPU per request, three steps with parse and verdicts",
        what=f"{n_rows:,} rows, {steps} call(s) each, zero latency, {CONCURRENCY} in flight; start and export "
        "included. "
        "The bare loop makes the same calls, without filters and verdicts; the peers' three calls are in the "
        "chain below.",
        bar=bar,
        columns=("client", "ms a request", "× Tanemaki", "CPU s", "wall s", "RSS MB", "requests", "rows out"),
    )
    names = [
        name for name in bench.contestants() if is_installed(name) and (steps == 1 or name in (OURS, BARE))
    ]
    found: dict[str, list[dict[str, object]]] = {name: [] for name in names}
    costs: dict[str, list[float]] = {name: [] for name in names}
    with bench.endpoints() as endpoints:
        for turn in range(bench.passes):
            for name in names:
                if turn and name not in (OURS, BARE):
                    continue  # the peers' figures are many times larger than the noise: once is enough
                endpoints[0].behave()
                work = Work(
                    endpoints[0].url, bench.rows(n_rows), bench.work / "cpu" / name, steps, CONCURRENCY
                )
                figures = bench.run(name, work, endpoints)
                found[name].append(figures)
                costs[name].append(figures["cpu_s"] / max(1, figures["seen"]["answered"]) * 1000)
    ours = middle(costs[OURS])
    for name in names:
        last = found[name][-1]
        cost = middle(costs[name])
        seen = last["seen"]
        assert isinstance(seen, dict)
        table.rows.append(
            (
                *(name, f"{cost:.3f}", f"{cost / ours:.2f}", last["cpu_s"], last["wall_s"], last["rss_mb"]),
                *(seen["requests"], last["rows"]),
            )
        )
    return table
